"""What an action is expected to bring: its effect, as far as it is known, on what is at stake, less its cost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm

from helpers.analyses.plan.due.portraits import Portraits
from helpers.analyses.plan.past.estimates import LEFT
from helpers.analyses.plan.past.judgement import ActionEffects
from helpers.analyses.plan.vocabulary import ACTION, EFFECT, EFFECT_LOWER, EFFECT_UPPER, LEVEL, VERDICT
from helpers.data.days import YEAR_DAYS
from helpers.data.intake.wording.plans import Plan, PlannedAction
from helpers.findings import NotApplicable
from helpers.findings.evidence import Z

QUARTILE = float(norm.ppf(0.25))
UNTOLD = ("unreadable", "not_carried_out", "early")  # verdicts by which nothing is measured
STOPPED = ("stop", "cannot_pay")
LEAST_TENURE_DAYS = 30  # over which money of the past is spread at least


@dataclass(frozen=True)
class Belief:
    """By which part of itself an action changes its outcome for the better: the mean, and the lower quartile.

    Actions are ranked by the quartile: of many estimates the largest are the lucky ones (Smith & Winkler 2006).
    """

    mean: float
    quartile: float
    source: str  # measured or assumed


def belief(action: PlannedAction, effects: ActionEffects | NotApplicable) -> Belief:
    """What is believed of an action: what is assumed, as uncertain as it is large, updated by what was measured.

    Both are normal; an action that was stopped is believed to do nothing.
    """
    assumed = Belief(action.effect, action.effect * (1 + QUARTILE), "assumed")
    if isinstance(effects, NotApplicable):
        return assumed
    rows = effects.table[effects.table[ACTION] == action.name]
    if rows.empty or rows[VERDICT].iloc[0] in UNTOLD:
        return assumed
    row = rows.iloc[0]
    if row[VERDICT] in STOPPED:
        return Belief(0.0, 0.0, "measured")
    direction = -1 if action.outcome == LEFT else 1
    error = (row[EFFECT_UPPER] - row[EFFECT_LOWER]) / (2 * Z) / row[LEVEL] if row[LEVEL] else np.nan
    if not error > 0:
        return assumed
    weights = np.array([1 / action.effect**2, 1 / error**2])
    mean = float(weights @ [action.effect, direction * row[EFFECT] / row[LEVEL]] / weights.sum())
    return Belief(mean, mean + QUARTILE / float(np.sqrt(weights.sum())), "measured")


def stake(action: PlannedAction, known: Portraits, plan: Plan) -> pd.Series:
    """What the outcome of an action is worth, for each customer: money; missing where it is not known.

    Of leaving: what the customer is worth times the chance to leave in 90 days. Of an offer: what 08_offers expects it
    to bring, which has its chance in it, or its chance times an order. Else what the customer is expected to spend
    within the horizon, by the models of 05_value, or at the pace of the past; all times the margin.
    """
    horizon = action.horizon_days or plan.horizon_days
    if action.outcome == LEFT:
        leaves = known.column("leave_90d_rate").astype(float).fillna(1 - known.column("p_alive").astype(float))
        return known.column("worth").astype(float) * leaves * plan.margin
    expected = known.column("expected_orders").astype(float) * known.column("expected_spend").astype(float) / YEAR_DAYS
    past = known.column("monetary").astype(float) / known.column("tenure_days").astype(float).clip(LEAST_TENURE_DAYS)
    pace = expected.fillna(past) * horizon * plan.margin
    if not action.offer:
        return pace
    task = action.offer.removesuffix("_good")
    one = known.column(f"{task}_chance").astype(float) * known.column("expected_spend").astype(float)
    return known.column(f"{task}_margin").astype(float).fillna(one) * plan.margin
