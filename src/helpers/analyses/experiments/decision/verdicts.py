"""The verdict on one arm whose experiment can be read: the first rule that fits, its reason, and what is at risk."""

from __future__ import annotations

import dataclasses
import math
from typing import NamedTuple, Protocol

import numpy as np
import pandas as pd
from scipy.stats import norm

from helpers.analyses.experiments.decision import guards as guardrails
from helpers.analyses.experiments.decision.harms import DIRECTIONS, PRIMARY
from helpers.analyses.experiments.decision.repeated_reports import Look
from helpers.analyses.experiments.effect.lifts import arm_effect, customers_for_unevenness, in_words, size_and_noise
from helpers.analyses.experiments.trials.arms import Trial
from helpers.analyses.experiments.trials.declared_rules import Rules
from helpers.analyses.experiments.validity.arrivals import daily
from helpers.findings import formats
from helpers.statistics.designs import sample_sizes
from helpers.statistics.effects import Exaggeration, Kind, Posterior, exaggeration, posterior

SHIP, KEEP, HARMED, EXTEND, UNREADABLE = "ship", "keep", "harmed", "extend", "unreadable"  # codes
LEAST_GROUPS = 10  # in an arm; with fewer the errors by group are too small
WORTH_SAYING = 1.05  # times as large as it is, from which on a lift that ships is said to look too large
NEVER_CERTAIN = 1e-9  # no chance is shown as 100 %, no loss as none


class Line(Protocol):
    """A row of `effect_table`: one metric of an arm beside the control."""

    Index: int
    arm: str
    metric: str
    label: str
    kind: Kind
    better: str
    control_n: int
    arm_n: int
    control_level: float
    effect: float
    lower: float
    upper: float
    p_value: float
    primary_p_value: float
    lift_rate: float


class Verdict(NamedTuple):
    """A decision (a code), its whole sentence, and what is believed: the loss is relative to the control's level."""

    decision: str
    reason: str
    days_to_extend: float = np.nan
    win_probability: float = np.nan
    expected_loss_rate: float = np.nan
    shrunken_lift_rate: float = np.nan
    overstated_by: float = np.nan


class Step(NamedTuple):
    """A decision (a code) and the end of its sentence."""

    decision: str
    why: str
    days: float = np.nan
    enough: bool = False  # whether it rests on there being customers enough


def verdict(
    trial: Trial, effects: pd.DataFrame, row: Line, tested: pd.DataFrame, look: Look, rules: Rules, days_missing: int
) -> Verdict:
    """The verdict on the arm of `row`, its primary line as one look would have it.

    `effects` are those of its experiment with the intervals of this `look`, `tested` the harms of all arms,
    `days_missing` how many days the experiment is short of the least days.
    """
    if min(row.control_n, row.arm_n) < rules.smallest_arm:
        return Verdict(UNREADABLE, f"Fewer than {rules.smallest_arm} customers in an arm: too few to test.")
    if trial.groups and trial.groups.sizes.reindex([trial.control, row.arm]).fillna(0).min() < LEAST_GROUPS:
        groups = f"{LEAST_GROUPS} groups ({trial.groups.label})"
        return Verdict(UNREADABLE, f"Fewer than {groups} in an arm: too few to test.")
    if np.isnan(row.p_value):
        return Verdict(UNREADABLE, f"{row.label} does not vary: nothing to test.")
    needed = customers_for_unevenness(trial, row.arm, row.metric)
    if needed > min(row.control_n, row.arm_n):
        return Verdict(
            UNREADABLE,
            f"Too few customers for {row.label} so uneven: a handful of them are the difference. "
            f"It takes {needed:,} in the smaller arm.",
        )
    guards = guardrails.guarded(trial, effects, row.arm, rules, tested)
    belief, shown = _belief(trial, row, rules), effects.loc[row.Index]
    most = -shown["lower"] if row.better == "lower" else shown["upper"]
    step = (
        _harm(row, guards, tested, rules)
        or _too_short(days_missing, rules)
        or _step(trial, row, most, guards, belief.loss_if_shipped, rules)
    )
    if look.running and step.enough:
        step = Step(EXTEND, f"{step.why[:-1]}: what decides is the look once the assignment has ended.")
    curse = _exaggeration(trial, row, look, rules) if step.decision == SHIP else Exaggeration(np.nan, np.nan)
    band = ", by the band that holds at any look, as customers are still being assigned" if look.running else ""
    reason = (
        f"{row.label} {in_words(shown, rules.level)}, {formats.p_value(row.primary_p_value)}{band}{_chance(belief)}: "
        f"{step.why}{_overstated(row.lift_rate, curse)}{_fallen(effects, row.arm, rules)}"
    )
    return Verdict(step.decision, reason, step.days, belief.chance_to_win, belief.loss_if_shipped, *curse)


def _exaggeration(trial: Trial, row: Line, look: Look, rules: Rules) -> Exaggeration:
    """What is left of a lift that was found, and by how much lifts are overstated that are found where it is true."""
    error = _error(trial, row, rules.alpha) / (abs(row.control_level) or math.nan)
    single = float(look.p_value(pd.Series([row.p_value]), pd.Series([row.control_n + row.arm_n])).iloc[0])
    several = row.primary_p_value / single if single > 0 else 1.0  # what the correction over arms asks for
    needed = max(look.critical(row.control_n + row.arm_n, several) * error, rules.worthwhile_lift)
    gained = abs(row.lift_rate)
    shrunken, factor = exaggeration(gained, error, min(needed, gained))
    return Exaggeration(math.copysign(shrunken, row.lift_rate), factor)


def _overstated(lift: float, curse: Exaggeration) -> str:
    if math.isnan(curse.shrunken) or curse.factor < WORTH_SAYING:
        return ""
    expected = "it may be nothing" if curse.shrunken == 0 else f"expect {formats.percent(curse.shrunken)}"
    return f" A lift that ships looks larger than it is: {expected} rather than {formats.percent(lift)}."


def _belief(trial: Trial, row: Line, rules: Rules) -> Posterior:
    """What to believe of the lift, for the better; NaN where the control's level is 0."""
    level = abs(row.control_level) or math.nan
    error = _error(trial, row, rules.alpha)
    way = DIRECTIONS[row.better]
    prior = dataclasses.replace(rules.prior, mean=way * rules.prior.mean)
    return posterior(way * row.effect / level, error / level, prior=prior, alpha=rules.alpha)


def _error(trial: Trial, row: Line, alpha: float) -> float:
    """Standard error of a normal estimate with the effect's own interval on the side of 0: skewed money has two."""
    if row.kind in ("proportion", "ratio") or trial.groups:
        return arm_effect(trial, row.arm, row.metric, alpha=alpha).std_error
    towards_0 = row.effect - row.lower if row.effect > 0 else row.upper - row.effect
    return towards_0 / norm.isf(alpha / 2)


def _chance(belief: Posterior) -> str:
    if math.isnan(belief.chance_to_win):  # the control's level is 0
        return ""
    chance = np.clip(belief.chance_to_win, NEVER_CERTAIN, 1 - NEVER_CERTAIN)
    loss = max(belief.loss_if_shipped, NEVER_CERTAIN)
    return (
        f"; chance to be better {formats.percent(chance)}, "
        f"expected loss if shipped {formats.percent(loss)} of the control's level ({belief.prior})"
    )


def _step(trial: Trial, row: Line, most: float, guards: pd.DataFrame, risk: float, rules: Rules) -> Step:
    """The decision on an arm that does no harm, in an experiment that has run long enough.

    `most` is the largest effect for the better that this look does not rule out.
    """
    way, significant = DIRECTIONS[row.better], row.primary_p_value < rules.alpha
    worthwhile = rules.worthwhile_lift * abs(row.control_level)
    unproven = guards[guards["state"] == guardrails.UNPROVEN]
    change = f"a {'lift' if way > 0 else 'fall'} of {rules.worthwhile}"
    aim = f"see {change}"
    if significant and way * row.effect >= worthwhile:
        if risk > rules.largest_risk:
            limit = formats.percent(rules.largest_risk)
            return _extension(
                trial,
                _times(trial, row.arm, row, way * worthwhile, rules),
                rules,
                aim,
                f"better than control, but shipping risks more than the tolerated {limit}",
            )
        if len(unproven):
            times = max(
                _times(
                    trial,
                    row.arm,
                    guard,
                    DIRECTIONS.get(guard.better, 1) * guard.margin * abs(guard.control_level),
                    rules,
                )
                for guard in unproven.itertuples()
            )
            named = ", ".join(guardrails.in_words(guard) for guard in unproven.itertuples())
            return _extension(
                trial, times, rules, "show that it is safe", f"better than control, but not shown to be safe: {named}"
            )
        held = f", and safe: {', '.join(guardrails.in_words(guard) for guard in guards.itertuples())}"
        return Step(SHIP, f"better than control{held if len(guards) else ''}.")
    evidence = "too small to be worth it so far" if significant else "no evidence of an effect"
    if most < worthwhile:
        return Step(KEEP, f"{evidence}, and {change} can be ruled out.")
    return _extension(trial, _times(trial, row.arm, row, way * worthwhile, rules), rules, aim, evidence)


def _harm(row: Line, guards: pd.DataFrame, tested: pd.DataFrame, rules: Rules) -> Step | None:
    own = tested[(tested["arm"] == row.arm) & (tested["role"] == PRIMARY)]
    if (own["harm_p_value"] < rules.alpha).any():
        return Step(HARMED, "worse than control. Stop it.")
    broken = guards[guards["state"] == guardrails.BROKEN]
    if len(broken):
        named = ", ".join(guardrails.in_words(guard) for guard in broken.itertuples())
        return Step(HARMED, f"a guardrail is broken: {named}. Stop it.")
    return None


def _too_short(days_missing: int, rules: Rules) -> Step | None:
    if not days_missing:
        return None
    has, least = formats.days(rules.least_days - days_missing), formats.days(rules.least_days)
    return Step(EXTEND, f"too early to decide: it has run for {has}, and {least} are the least.", days_missing)


def _extension(trial: Trial, times: float, rules: Rules, aim: str, evidence: str) -> Step:
    """Extend to `times` as many customers if that is within reach, else keep the control."""
    if math.isinf(times):
        return Step(KEEP, f"{evidence}.")
    if times <= 1:
        return Step(KEEP, f"{evidence}, with customers enough to {aim}.", enough=True)
    days = _days_more(trial, times)
    pace = "" if math.isnan(days) else f", {formats.days(days)} more at the pace of its assignment"
    takes = f"{evidence}; to {aim} takes {formats.number(times)} times as many customers{pace}"
    if times <= rules.longest_extension:
        return Step(EXTEND, f"{takes}.", days)
    return Step(KEEP, f"{takes}, which is out of reach.")


def _times(trial: Trial, arm: str, row: Line | guardrails.Guard, effect: float, rules: Rules) -> float:
    """How many times its customers, or groups, a metric needs to show `effect`; infinite where no number would do."""
    if not row.control_n > 0:
        return math.inf
    n, of_arm, noise = size_and_noise(trial, arm, row.metric)
    if not noise or effect == 0 or ("rate" in noise and not 0 <= noise["rate"] + effect <= 1):
        return math.inf
    return sample_sizes.sample_size(effect, **noise, alpha=rules.alpha, power=rules.power, ratio=of_arm / n) / n


def _days_more(trial: Trial, times: float) -> float:
    """Days to assign the further customers, in whole weeks; NaN where all came on one day, or nobody knows when."""
    rows = daily(trial)
    if rows["day"].nunique() < 2:
        return math.nan
    a_day = rows["customers"].sum() / ((rows["day"].max() - rows["day"].min()).days + 1)
    return sample_sizes.days_to_run((times - 1) * rows["customers"].sum(), a_day)


def _fallen(effects: pd.DataFrame, arm: str, rules: Rules) -> str:
    """Secondary metrics that the arm made significantly worse, as a warning."""
    worse = effects[
        (effects["arm"] == arm)
        & (effects["role"] == "secondary")
        & (effects["adjusted_p_value"] < rules.alpha)
        & (effects["effect"] * effects["better"].map(DIRECTIONS) < 0)
    ]
    words = {way: ", ".join(worse.loc[worse["better"] == way, "label"]) for way in DIRECTIONS}
    said = [
        f"{words[way]} {moved} significantly" for way, moved in (("higher", "fell"), ("lower", "rose")) if words[way]
    ]
    return f" But {' and '.join(said)}." if said else ""
