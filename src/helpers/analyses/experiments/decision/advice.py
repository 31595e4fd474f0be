"""What to do with each arm: ship, keep control, extend, stop or not readable, by rules declared beforehand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.experiments.decision.harms import harms
from helpers.analyses.experiments.decision.repeated_reports import Look, look
from helpers.analyses.experiments.decision.verdicts import EXTEND, HARMED, KEEP, SHIP, UNREADABLE, Verdict, verdict
from helpers.analyses.experiments.effect.lifts import effect_table
from helpers.analyses.experiments.trials.applicable import NO_EXPERIMENTS
from helpers.analyses.experiments.trials.arms import Trial
from helpers.analyses.experiments.trials.declared_rules import Rules
from helpers.analyses.experiments.trials.ratios import Ratio, sample_ratio_states
from helpers.analyses.experiments.validity.arrivals import daily
from helpers.analyses.experiments.validity.faults import fault
from helpers.analyses.experiments.validity.faults import in_words as fault_in_words
from helpers.analyses.experiments.vocabulary import (
    ARM,
    DAYS_TO_EXTEND,
    DECISION,
    EFFECT,
    EXPECTED_LOSS_RATE,
    EXPERIMENT,
    LIFT_RATE,
    LIFT_RATE_LOWER,
    LIFT_RATE_UPPER,
    LOOK,
    OVERSTATED_BY,
    SHRUNKEN_LIFT_RATE,
    WHAT_TO_DO,
    WHY,
    WIN_PROBABILITY,
)
from helpers.findings import Finding, NotApplicable, charts, formats
from helpers.findings.vocabulary import LOWER, METRIC, P_VALUE, REASON, UPPER
from helpers.statistics.inference import adjust

SENTENCES_SHOWN = 2
NUMBERS = (
    EFFECT, LOWER, UPPER, P_VALUE, LIFT_RATE, LIFT_RATE_LOWER, LIFT_RATE_UPPER, WIN_PROBABILITY, EXPECTED_LOSS_RATE,
    SHRUNKEN_LIFT_RATE, OVERSTATED_BY,
)  # fmt: skip


@dataclass(frozen=True)
class Decisions(Finding):
    """One decision an arm, with the sentence that gives its reason.

    The numbers are those of the primary metric, p_value is corrected over looks and arms, intervals are those of the
    band while customers are being assigned, and days_to_extend is NaN where there are none or nobody knows. What is
    left of a lift that ships only because it was found is shrunken_lift_rate.
    """

    table: pd.DataFrame
    shown = (ARM, WHAT_TO_DO, WHY)
    columns = (EXPERIMENT, ARM, DECISION, DAYS_TO_EXTEND, REASON, METRIC, LOOK, *NUMBERS)

    def summary(self) -> pd.DataFrame:
        """One row an arm, over all experiments: the numbers are in the reason and in the figure."""
        return pd.DataFrame({"arm": _named(self.table), "what_to_do": _advice(self.table), "why": self.table["reason"]})

    def plot(self, ax: Axes | None = None) -> Axes:
        """Lift of the primary metric by arm, over all experiments."""
        rows = self.table.assign(row=_named(self.table) + ": " + _advice(self.table))
        band = (LIFT_RATE_LOWER, LIFT_RATE_UPPER)
        return charts.forest(rows, estimate=LIFT_RATE, label="row", band=band, reference=0, ax=ax)

    def headline(self) -> str:
        """The decisions: in full for up to two arms, by kind for more."""
        advice = _advice(self.table)
        if len(self.table) <= SENTENCES_SHOWN:
            return " ".join(_named(self.table) + ": " + advice + ". " + self.table["reason"])
        order = pd.Categorical(self.table["decision"], [SHIP, HARMED, EXTEND, KEEP, UNREADABLE], ordered=True)
        whole = "; ".join(
            f"{what}: {', '.join(names)}"
            for what, names in _named(self.table).iloc[order.argsort()].groupby(advice, sort=False)
        )
        return f"{whole[0].upper()}{whole[1:]}."


def _named(rows: pd.DataFrame) -> pd.Series:
    return rows["experiment"] + " · " + rows["arm"]


def _advice(rows: pd.DataFrame) -> pd.Series:
    """The decision as a reader sees it: extend by 14 days."""
    by = rows["days_to_extend"].map(lambda days: f" by {formats.days(days)}", na_action="ignore").fillna("")
    return rows["decision"].map(DECISION.write) + by


def decisions(
    trials: Sequence[Trial], rules: Rules = Rules(), as_of: dt.date | None = None
) -> Decisions | NotApplicable:
    """A decision for each arm on the primary metric and the guardrails, by the first rule that fits.

    1. unreadable: no control or primary metric; sample ratio, its change over the weeks of assignment, or the ratio
       of those eligible for the metric below `sample_ratio_alpha`; too many customers in two arms; an arm smaller
       than `smallest_arm`; nothing varies; a handful of customers are the difference of unequal arms.
    2. harmed: significantly worse than control, or a guardrail surely fell by more than its margin, all of these tested
       as one family over arms.
    3. extend: fewer than `least_days` lie between the first assignment and `as_of`, the report's day (not asked for
       where one of the two is unknown).
    4. ship: significantly better by at least the worthwhile lift, all guardrails within their margins, and an
       expected loss of no more than `largest_risk`.
    5. keep: the interval leaves out the worthwhile lift.
    6. extend: more customers would show the worthwhile lift, or the guardrails to be safe (at `power`), up to
       `longest_extension` times as many. In days from the pace of the assignment, in whole weeks, where it took
       several days.
    7. keep: they are there already, or out of reach.

    A ratio that is only close to plan (p below .05, corrected over experiments) is said beside the decision.
    Significant: p below alpha after correction over the looks and the arms; the primary metric is not charged for the
    secondary ones. While customers are being assigned all looks share a fifth of alpha, by a band that holds at any of
    them; four fifths are kept for the one look once nobody was assigned for `least_days` (see `repeated_reports`).
     A secondary metric that fell significantly (over metrics × arms) is named in the sentence, not decided on.
    Chance to win and expected loss are those of a normal belief about the lift (`statistics.effects.posterior`, prior
    in `rules`), the control's level taken as known; they are not corrected over the arms.
    """
    if not trials:
        return NO_EXPERIMENTS
    states = zip(trials, sample_ratio_states(trials, rules), strict=True)
    warnings = [_warning(trial) if state is Ratio.CLOSE else "" for trial, state in states]
    decided = [_decided(trial, rules, as_of, words) for trial, words in zip(trials, warnings, strict=True)]
    return Decisions(pd.concat(decided, ignore_index=True))


def _warning(trial: Trial) -> str:
    p_value = formats.p_value(trial.sample_ratio.p_value)
    return f" The arms are only close to plan ({p_value}): watch how customers are assigned."


def _decided(trial: Trial, rules: Rules, as_of: dt.date | None, warning: str) -> pd.DataFrame:
    once = effect_table(trial, rules)
    unreadable = fault(trial, rules)
    reason = fault_in_words(unreadable, trial) if unreadable else ""
    if once.empty or not (once["role"] == "primary").any():
        return pd.DataFrame([_unread(trial, arm, reason) for arm in trial.treatments or ("no other arm",)])
    this, missing = look(trial, rules, as_of), _days_missing(trial, rules, as_of)
    effects, primary = this.stretched(once), _primary(once, this, rules)
    tested = harms(trial, once, rules, this)
    verdicts = [
        Verdict(UNREADABLE, reason) if unreadable else verdict(trial, effects, row, tested, this, rules, missing)
        for row in primary.itertuples()
    ]
    named = effects.loc[primary.index].assign(p_value=primary["primary_p_value"], experiment=trial.name)
    named = named.assign(look="running" if this.running else "ended").assign(
        **pd.DataFrame(verdicts, index=named.index)
    )
    named[REASON] = named[REASON].where(named["decision"] == UNREADABLE, named[REASON] + warning)
    # What cannot be read is not shown beside a decision either.
    numbers = list(NUMBERS)
    named[numbers] = named[numbers].where(named["decision"] != UNREADABLE)
    return named[list(Decisions.columns)].reset_index(drop=True)


def _primary(once: pd.DataFrame, this: Look, rules: Rules) -> pd.DataFrame:
    """The effects on the metric that decides, their p-values corrected for looks and arms."""
    primary = once[once["role"] == "primary"]
    p_values = this.p_value(primary["p_value"], primary["control_n"] + primary["arm_n"])
    return primary.assign(primary_p_value=adjust(p_values, rules.correction))


def _unread(trial: Trial, arm: str, reason: str) -> dict[str, object]:
    """A line without numbers: there is no primary effect."""
    names = {"experiment": trial.name, "arm": arm, "metric": trial.primary}
    return {**dict.fromkeys(map(str, Decisions.columns), np.nan), **names, **Verdict(UNREADABLE, reason)._asdict()}


def _days_missing(trial: Trial, rules: Rules, as_of: dt.date | None) -> int:
    """Days until the experiment has run for the least days, counted from the first assignment."""
    first = daily(trial)["day"].min()
    if as_of is None or pd.isna(first):
        return 0
    return max(0, rules.least_days - (as_of - first.date()).days - 1)
