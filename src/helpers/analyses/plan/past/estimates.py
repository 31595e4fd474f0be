"""Differences of the arms of a plan: of shares, and of money; and what one would claim without arms."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.analyses.plan.vocabulary import ARM, HOLDOUT_SHARE, PLAN_ON
from helpers.data.contracts import HOLDOUT, TREAT
from helpers.statistics.effects import (
    Differences,
    EffectOnReached,
    Moments,
    anderson_rubin,
    combined,
    differences,
    equal_effects,
    wald,
)
from helpers.statistics.shares import wilson_interval

CAPPED_AT = 0.99  # quantile of the money of those who spent, beyond which it counts as the quantile
LEAST_REACHED = 0.05  # lower end of the share done, below which the effect on those reached is not told
ONE_SIDED = 0.02  # share of those held out who got it, up to which nobody held out counts as reached
LEFT, SPEND = "left", "spend"


def arm_difference(rows: pd.DataFrame, value: pd.Series) -> tuple[Differences, float]:
    """The difference as assigned over all plans, and how often chance would make them differ so much."""
    held = pd.DataFrame({"value": value, "done": rows["done"].astype(float)}).dropna()
    strata = []
    for _, each in held.groupby([rows[PLAN_ON], rows[HOLDOUT_SHARE]]):
        arms = rows.loc[each.index, ARM]
        strata.append(differences(Moments.of(each[arms == HOLDOUT]), Moments.of(each[arms == TREAT])))
    known = [each for each in strata if each.covariance[0, 0] > 0]
    errors = [np.sqrt(each.covariance[0, 0]) for each in known]
    return combined(known), equal_effects([each.outcome for each in known], errors).p_value


def money(rows: pd.DataFrame) -> pd.Series:
    """Spend of each, capped, less what the spend before explains of it."""
    after, before = (_capped(rows[name].fillna(0.0)) for name in (SPEND, f"{SPEND}_before"))
    by_arm = rows[ARM]
    centred = [each - each.groupby(by_arm).transform("mean") for each in (after, before)]
    varies = float(centred[1] @ centred[1])
    slope = float(centred[0] @ centred[1]) / varies if varies > 0 else 0.0
    return after - slope * (before - before.mean())


def _capped(money: pd.Series) -> pd.Series:
    spent = money[money != 0]
    return money.clip(upper=spent.quantile(CAPPED_AT)) if len(spent) else money


def on_reached(found: Differences, assigned: pd.DataFrame, contaminated: float) -> EffectOnReached:
    """The effect on those reached; nothing where too few were for it to be told."""
    least, _ = wilson_interval(int(assigned["done"].sum()), len(assigned))
    if least < LEAST_REACHED:
        return EffectOnReached(np.nan, np.nan, np.nan)
    return wald(found) if contaminated > ONE_SIDED else anderson_rubin(found)


def claim(rows: pd.DataFrame, outcome: str) -> float:
    """What one would claim with nobody held out: those who got it beside their days before, or who did not get it."""
    got = rows[(rows[ARM] == TREAT) & rows["done"]]
    if outcome != LEFT:
        return float((got[outcome] - got[f"{outcome}_before"]).mean())
    missed = rows[(rows[ARM] == TREAT) & ~rows["done"]]
    return float(got[outcome].mean() - missed[outcome].mean())
