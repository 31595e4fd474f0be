"""What to do with each arm: ship, keep control, extend, stop or not readable, by rules declared beforehand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.experiments.decision.verdicts import EXTEND, HARMED, KEEP, SHIP, UNREADABLE, Verdict, verdict
from helpers.analyses.experiments.effect.lifts import effect_table
from helpers.analyses.experiments.trials.arms import Trial
from helpers.analyses.experiments.trials.declared_rules import Rules
from helpers.analyses.experiments.validity.arrivals import changed_ratio_p_value, daily
from helpers.analyses.experiments.validity.sample_health import NO_EXPERIMENTS
from helpers.findings import NotApplicable, charts, formats

SENTENCES_SHOWN = 2
NUMBERS = ["effect", "lower", "upper", "p_value", "lift_rate", "lift_rate_lower", "lift_rate_upper",
           "win_probability", "expected_loss_rate"]  # fmt: skip
COLUMNS = ["experiment", "arm", "decision", "days_to_extend", "reason", "metric", *NUMBERS]


@dataclass(frozen=True)
class Decisions:
    """One decision an arm, with the sentence that gives its reason.

    `table`: experiment, arm, decision, days_to_extend (NaN where none or unknown), reason, metric (the primary),
    effect, lower, upper, p_value (corrected over the arms), lift_rate, lift_rate_lower, lift_rate_upper,
    win_probability, expected_loss_rate (of shipping, relative to the control's level).
    """

    table: pd.DataFrame

    def summary(self) -> pd.DataFrame:
        """One row an arm, over all experiments: the numbers are in the reason and in the figure."""
        return pd.DataFrame({"arm": _named(self.table), "what_to_do": _advice(self.table), "why": self.table["reason"]})

    def plot(self, ax: Axes | None = None) -> Axes:
        """Lift of the primary metric by arm, over all experiments."""
        rows = self.table.assign(row=_named(self.table) + ": " + _advice(self.table))
        band = ("lift_rate_lower", "lift_rate_upper")
        return charts.forest(rows, estimate="lift_rate", label="row", band=band, reference=0, ax=ax)

    def headline(self) -> str:
        """The decisions: in full for up to two arms, by kind for more."""
        advice = _advice(self.table)
        if len(self.table) <= SENTENCES_SHOWN:
            return " ".join(_named(self.table) + ": " + advice + ". " + self.table["reason"])
        order = pd.Categorical(self.table["decision"], [SHIP, HARMED, EXTEND, KEEP, UNREADABLE], ordered=True)
        said = [
            f"{what}: {', '.join(names)}"
            for what, names in _named(self.table).iloc[order.argsort()].groupby(advice, sort=False)
        ]
        whole = "; ".join(said)
        return f"{whole[0].upper()}{whole[1:]}."


def _named(rows: pd.DataFrame) -> pd.Series:
    return rows["experiment"] + " · " + rows["arm"]


def _advice(rows: pd.DataFrame) -> pd.Series:
    """The decision as a reader sees it: extend by 14 days."""
    by = rows["days_to_extend"].map(lambda days: f" by {formats.days(days)}", na_action="ignore").fillna("")
    return rows["decision"] + by


def decisions(
    trials: Sequence[Trial], rules: Rules = Rules(), as_of: dt.date | None = None
) -> Decisions | NotApplicable:
    """A decision for each arm on the primary metric and the guardrails, by the first rule that fits.

    1. not readable: no control or primary metric; sample ratio, its change over the weeks of assignment, or the ratio
       of those eligible for the metric below `sample_ratio_alpha`; too many customers in two arms; an arm smaller
       than `smallest_arm`; nothing varies.
    2. stop: harmed: significantly worse than control, or a guardrail surely fell by more than its margin.
    3. extend: fewer than `least_days` lie between the first assignment and `as_of`, the report's day (not asked for
       where one of the two is unknown).
    4. ship: significantly better by at least the worthwhile lift, all guardrails within their margins, and an
       expected loss of no more than `largest_risk`.
    5. keep control: the interval leaves out the worthwhile lift.
    6. extend: more customers would show the worthwhile lift, or the guardrails to be safe (at `power`), up to
       `longest_extension` times as many. In days from the pace of the assignment, in whole weeks, where it took
       several days.
    7. keep control: they are there already, or out of reach.

    Significant: p below alpha after correction over the arms; the primary metric is not charged for the secondary
    ones. A secondary metric that fell significantly (over metrics × arms) is named in the sentence, not decided on.
    Chance to win and expected loss are those of a normal belief about the lift (`statistics.bayes`, prior in
    `rules`), the control's level taken as known; they are not corrected over the arms.
    """
    if not trials:
        return NO_EXPERIMENTS
    return Decisions(pd.concat([_decided(trial, rules, as_of) for trial in trials], ignore_index=True))


def _decided(trial: Trial, rules: Rules, as_of: dt.date | None) -> pd.DataFrame:
    table = effect_table(trial, rules)
    primary = table[table["role"] == "primary"] if len(table) else table
    fault = _fault(trial, rules)
    if primary.empty:
        return pd.DataFrame([_unread(trial, arm, fault) for arm in trial.treatments or ("no other arm",)])
    missing = _days_missing(trial, rules, as_of)
    found = [
        Verdict(UNREADABLE, fault) if fault else verdict(trial, table, row, rules, missing)
        for row in primary.itertuples()
    ]
    named = primary.assign(p_value=primary["primary_p_value"], experiment=trial.name)
    named = named.assign(**pd.DataFrame(found, index=named.index))
    # What cannot be read is not shown beside a decision either.
    named[NUMBERS] = named[NUMBERS].where(named["decision"] != UNREADABLE)
    return named[COLUMNS].reset_index(drop=True)


def _fault(trial: Trial, rules: Rules) -> str:
    """Why nothing in the experiment can be read; empty when it can."""
    ratio, crossed = trial.sample_ratio, trial.in_two_arms
    customers = trial.arms["customers"].sum() + crossed
    if len(trial.treatments) == 0:
        return "Nobody was in another arm up to this day."
    if trial.arms["customers"].iloc[0] == 0:
        return f"The control {trial.control} has no customers; name an arm that has."
    if ratio.p_value < rules.sample_ratio_alpha:
        return f"The arms are not as large as planned ({formats.p_value(ratio.p_value)}): find out why first."
    changed = changed_ratio_p_value(trial)
    if changed < rules.sample_ratio_alpha:
        return f"The arms' shares changed from week to week ({formats.p_value(changed)}): compare within weeks instead."
    if crossed > rules.largest_two_arm_share * customers:
        share = formats.percent(crossed / customers)
        return f"{share} of the customers were met in two arms: repair the assignment first."
    if not trial.primary:
        return "The primary metric has no value up to this day."
    eligible = trial.eligible_p_value(trial.primary)
    if eligible < rules.sample_ratio_alpha:
        return f"The arms lose customers of {trial.primary} unequally ({formats.p_value(eligible)}): unlike groups."
    return ""


def _unread(trial: Trial, arm: str, fault: str) -> dict[str, object]:
    """A line without numbers: there is no primary effect."""
    words = {"experiment": trial.name, "arm": arm, "metric": trial.primary}
    return {**dict.fromkeys(COLUMNS, np.nan), **words, **Verdict(UNREADABLE, fault)._asdict()}


def _days_missing(trial: Trial, rules: Rules, as_of: dt.date | None) -> int:
    """Days until the experiment has run for the least days, counted from the first assignment."""
    first = daily(trial)["day"].min()
    if as_of is None or pd.isna(first):
        return 0
    return max(0, rules.least_days - (as_of - first.date()).days - 1)
