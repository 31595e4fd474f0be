"""The verdict on one arm whose experiment can be read: the first rule that fits, its reason, and what is at risk."""

from __future__ import annotations

import dataclasses
import math
from typing import NamedTuple, Protocol

import numpy as np
import pandas as pd
from scipy.stats import norm

from helpers.analyses.experiments.decision import guards as guardrails
from helpers.analyses.experiments.decision import reasons
from helpers.analyses.experiments.decision.harms import DIRECTIONS, PRIMARY
from helpers.analyses.experiments.decision.reasons import Aim, Why
from helpers.analyses.experiments.decision.repeated_reports import Look
from helpers.analyses.experiments.effect.lifts import arm_effect, customers_for_unevenness, size_and_noise
from helpers.analyses.experiments.trials.arms import Trial
from helpers.analyses.experiments.trials.declared_rules import Rules
from helpers.analyses.experiments.validity.arrivals import daily
from helpers.findings import Sentence, facts, say
from helpers.statistics.designs import sample_sizes
from helpers.statistics.effects import Exaggeration, Kind, Posterior, exaggeration, posterior

SHIP, KEEP, HARMED, EXTEND, UNREADABLE = "ship", "keep", "harmed", "extend", "unreadable"  # codes
LEAST_GROUPS = 10  # in an arm; with fewer the errors by group are too small


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
    """A decision and its reason (codes), the sentences that say it, and what is believed.

    The loss is relative to the control's level.
    """

    decision: str
    reason: str
    why: Sentence
    days_to_extend: float = np.nan
    win_probability: float = np.nan
    expected_loss_rate: float = np.nan
    shrunken_lift_rate: float = np.nan
    overstated_by: float = np.nan


class Step(NamedTuple):
    """A decision and its reason (codes), the claim that says it, and what stands below its numbers."""

    decision: str
    reason: Why
    claim: Sentence
    details: tuple[Sentence, ...] = ()
    days: float = np.nan
    enough: bool = False  # whether it rests on there being customers enough


def verdict(
    trial: Trial, effects: pd.DataFrame, row: Line, tested: pd.DataFrame, look: Look, rules: Rules, days_missing: int
) -> Verdict:
    """The verdict on the arm of `row`, its primary line as one look would have it.

    `effects` are those of its experiment with the intervals of this `look`, `tested` the harms of all arms,
    `days_missing` how many days the experiment is short of the least days.
    """
    if untested := _untested(trial, row, rules):
        return untested
    guards = guardrails.guarded(trial, effects, row.arm, rules, tested)
    belief, shown = _belief(trial, row, rules), effects.loc[row.Index]
    most = -shown["lower"] if row.better == "lower" else shown["upper"]
    step = (
        _harm(row, guards, tested, rules)
        or _too_short(days_missing, rules)
        or _step(trial, row, most, guards, belief.loss_if_shipped, rules)
    )
    if look.running and step.enough:
        decides = say("What decides is the look once the assignment has ended.")
        step = step._replace(decision=EXTEND, details=(*step.details, decides))
    curse = _exaggeration(trial, row, look, rules) if step.decision == SHIP else Exaggeration(np.nan, np.nan)
    why = step.claim.resting_on(
        reasons.numbers(row.label, shown, row.primary_p_value, look.running, rules),
        reasons.chance(belief),
        *step.details,
        reasons.overstated(row.lift_rate, curse),
        reasons.fallen(effects, row.arm, rules),
    )
    return Verdict(step.decision, step.reason, why, step.days, belief.chance_to_win, belief.loss_if_shipped, *curse)


def _untested(trial: Trial, row: Line, rules: Rules) -> Verdict | None:
    """The verdict on an arm whose primary metric no test can tell; None where one can."""
    if min(row.control_n, row.arm_n) < rules.smallest_arm:
        least = facts.Count(rules.smallest_arm)
        few = say("Fewer than {customers} customers in an arm: too few to test.", customers=least)
        return Verdict(UNREADABLE, Why.SMALL_ARM, few)
    if trial.groups and trial.groups.sizes.reindex([trial.control, row.arm]).fillna(0).min() < LEAST_GROUPS:
        few = say(
            "Fewer than {groups} groups ({group}) in an arm: too few to test.",
            groups=facts.Count(LEAST_GROUPS),
            group=facts.Name(trial.groups.label),
        )
        return Verdict(UNREADABLE, Why.FEW_GROUPS, few)
    if np.isnan(row.p_value):
        alike = say("“{metric}” does not vary: nothing to test.", metric=facts.Name(row.label))
        return Verdict(UNREADABLE, Why.NO_VARIATION, alike)
    needed = customers_for_unevenness(trial, row.arm, row.metric)
    if needed > min(row.control_n, row.arm_n):
        uneven = say(
            "“{metric}” is too uneven for so few customers: a handful of them are the difference.",
            metric=facts.Name(row.label),
        ).resting_on(say("It takes {customers} in the smaller arm.", customers=facts.Count(needed)))
        return Verdict(UNREADABLE, Why.UNEVEN, uneven)
    return None


def _exaggeration(trial: Trial, row: Line, look: Look, rules: Rules) -> Exaggeration:
    """What is left of a lift that was found, and by how much lifts are overstated that are found where it is true."""
    error = _error(trial, row, rules.alpha) / (abs(row.control_level) or math.nan)
    single = float(look.p_value(pd.Series([row.p_value]), pd.Series([row.control_n + row.arm_n])).iloc[0])
    several = row.primary_p_value / single if single > 0 else 1.0  # what the correction over arms asks for
    needed = max(look.critical(row.control_n + row.arm_n, several) * error, rules.worthwhile_lift)
    gained = abs(row.lift_rate)
    shrunken, factor = exaggeration(gained, error, min(needed, gained))
    return Exaggeration(math.copysign(shrunken, row.lift_rate), factor)


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


def _step(trial: Trial, row: Line, most: float, guards: pd.DataFrame, risk: float, rules: Rules) -> Step:
    """The decision on an arm that does no harm, in an experiment that has run long enough.

    `most` is the largest effect for the better that this look does not rule out.
    """
    way, significant = DIRECTIONS[row.better], row.primary_p_value < rules.alpha
    worthwhile = rules.worthwhile_lift * abs(row.control_level)
    times, aim = _times(trial, row.arm, row, way * worthwhile, rules), Aim.LIFT if way > 0 else Aim.FALL
    if significant and way * row.effect >= worthwhile:
        if risk > rules.largest_risk:
            claim = say(
                "Better than control, but shipping risks more than the tolerated {risk}.",
                risk=facts.Share(rules.largest_risk),
            )
            return _extension(trial, times, rules, aim, Step(KEEP, Why.RISKY, claim))
        return _safety(trial, row, guards, rules)
    if significant:
        step = Step(KEEP, Why.TOO_SMALL, say("Too small to be worth it so far."))
    else:
        step = Step(KEEP, Why.NO_EVIDENCE, say("No evidence of an effect."))
    if most < worthwhile:
        return step._replace(details=(reasons.ruled_out(aim, rules),))
    return _extension(trial, times, rules, aim, step)


def _safety(trial: Trial, row: Line, guards: pd.DataFrame, rules: Rules) -> Step:
    """The decision on an arm that is better: ship, once its guardrails are shown to be safe."""
    unproven = guards[guards["state"] == guardrails.UNPROVEN]
    if unproven.empty:
        safe = say("Better than control, and safe.") if len(guards) else say("Better than control.")
        return Step(SHIP, Why.BETTER, safe, tuple(reasons.guarded(guards.itertuples())))
    times = max(
        _times(trial, row.arm, guard, DIRECTIONS.get(guard.better, 1) * guard.margin * abs(guard.control_level), rules)
        for guard in unproven.itertuples()
    )
    claim = say("Better than control, but not shown to be safe.")
    step = Step(KEEP, Why.NOT_SHOWN_SAFE, claim, tuple(reasons.guarded(unproven.itertuples())))
    return _extension(trial, times, rules, Aim.SAFETY, step)


def _harm(row: Line, guards: pd.DataFrame, tested: pd.DataFrame, rules: Rules) -> Step | None:
    own = tested[(tested["arm"] == row.arm) & (tested["role"] == PRIMARY)]
    if (own["harm_p_value"] < rules.alpha).any():
        return Step(HARMED, Why.WORSE, say("Worse than control. Stop it."))
    broken = guards[guards["state"] == guardrails.BROKEN]
    if len(broken):
        claim = say("A guardrail is broken. Stop it.")
        return Step(HARMED, Why.GUARDRAIL, claim, tuple(reasons.guarded(broken.itertuples())))
    return None


def _too_short(days_missing: int, rules: Rules) -> Step | None:
    if not days_missing:
        return None
    early = say(
        "Too early to decide: it has run for {days}, and {least} are the least.",
        days=facts.Days(rules.least_days - days_missing),
        least=facts.Days(rules.least_days),
    )
    return Step(EXTEND, Why.EARLY, early, days=days_missing)


def _extension(trial: Trial, times: float, rules: Rules, aim: Aim, step: Step) -> Step:
    """Extend to `times` as many customers if that is within reach, else keep the control, as `step` does."""
    if math.isinf(times):
        return step
    if times <= 1:
        return step._replace(details=(*step.details, reasons.enough(aim, rules)), enough=True)
    details = (*step.details, reasons.takes(aim, times, rules))
    days = _days_more(trial, times)
    if not math.isnan(days):
        details = (*details, say("That is {days} more at the pace of its assignment.", days=facts.Days(days)))
    if times <= rules.longest_extension:
        return step._replace(decision=EXTEND, details=details, days=days)
    return step._replace(details=(*details, say("That is out of reach.")))


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
