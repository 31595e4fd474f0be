"""What to do with each arm: ship, keep control, harmed, extend, or not readable, by rules declared beforehand."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.experiments_arms import Trial
from helpers.analyses.experiments_effects import effect_table, in_words, spread
from helpers.analyses.experiments_health import NO_EXPERIMENTS
from helpers.analyses.experiments_rules import Rules
from helpers.reports import charts, formats
from helpers.reports.findings import NotApplicable
from helpers.statistics import power

SHIP, KEEP, HARMED, EXTEND, UNREADABLE = "ship", "keep control", "harmed", "extend", "not readable"
SENTENCES_SHOWN = 2
NUMBERS = ["effect", "lower", "upper", "p_value", "lift_rate", "lift_rate_lower", "lift_rate_upper"]
COLUMNS = ["experiment", "arm", "decision", "reason", "metric", *NUMBERS]


@dataclass(frozen=True)
class Decisions:
    """One decision an arm, with the sentence that gives its reason.

    `table`: experiment, arm, decision, reason, metric (the primary), effect, lower, upper, p_value (corrected over the
    arms), lift_rate, lift_rate_lower, lift_rate_upper.
    """

    table: pd.DataFrame

    def summary(self) -> pd.DataFrame:
        """One row an arm, over all experiments: the numbers are in the reason and in the figure."""
        return pd.DataFrame({"arm": _named(self.table), "what_to_do": self.table["decision"],
                             "why": self.table["reason"]})

    def plot(self, ax: Axes | None = None) -> Axes:
        """Lift of the primary metric by arm, over all experiments."""
        rows = self.table.assign(row=_named(self.table) + ": " + self.table["decision"])
        band = ("lift_rate_lower", "lift_rate_upper")
        return charts.forest(rows, estimate="lift_rate", label="row", band=band, reference=0, ax=ax)

    def headline(self) -> str:
        """The decisions: in full for up to two arms, by kind for more."""
        if len(self.table) <= SENTENCES_SHOWN:
            return " ".join(_named(self.table) + ": " + self.table["decision"] + ". " + self.table["reason"])
        groups = [(decision, self.table[self.table["decision"] == decision])
                  for decision in (SHIP, HARMED, EXTEND, KEEP, UNREADABLE)]
        said = [f"{decision}: {', '.join(_named(rows))}" for decision, rows in groups if len(rows)]
        whole = "; ".join(said)
        return f"{whole[0].upper()}{whole[1:]}."


def _named(rows: pd.DataFrame) -> pd.Series:
    return rows["experiment"] + " · " + rows["arm"]


def decisions(trials: Sequence[Trial], rules: Rules = Rules()) -> Decisions | NotApplicable:
    """A decision for each arm on the primary metric, by the first rule that fits.

    1. not readable: no control or primary metric; sample ratio, or ratio of those eligible for the metric, below
       `sample_ratio_alpha`; too many customers in two arms; an arm smaller than `smallest_arm`; nothing varies.
    2. harmed: significantly worse than control.
    3. ship: significantly better, and by at least the worthwhile lift.
    4. keep control: the interval leaves out the worthwhile lift.
    5. extend: more customers would show the worthwhile lift (at `power`), up to `longest_extension` times as many.
    6. keep control: they are there already, or out of reach.

    Significant: p below alpha after correction over the arms; the primary metric is not charged for the secondary
    ones. A secondary metric that fell significantly (over metrics × arms) is named in the sentence, not decided on.
    """
    if not trials:
        return NO_EXPERIMENTS
    return Decisions(pd.concat([_decided(trial, rules) for trial in trials], ignore_index=True))


def _decided(trial: Trial, rules: Rules) -> pd.DataFrame:
    table = effect_table(trial, rules)
    primary = table[table["role"] == "primary"] if len(table) else table
    fault = _fault(trial, rules)
    if primary.empty:
        return pd.DataFrame([_unread(trial, arm, fault) for arm in trial.treatments or ("no other arm",)])
    verdicts = [_verdict(row, trial, rules, fault, _fallen(table, row, rules)) for row in primary.itertuples()]
    named = primary.assign(p_value=primary["primary_p_value"], experiment=trial.name)
    named[["decision", "reason"]] = verdicts
    # What cannot be read is not shown beside a decision either.
    named[NUMBERS] = named[NUMBERS].where(named["decision"] != UNREADABLE)
    return named[COLUMNS].reset_index(drop=True)


def _verdict(row: object, trial: Trial, rules: Rules, fault: str, warning: str) -> tuple[str, str]:
    """Decision and whole sentence for one arm."""
    if fault:
        return UNREADABLE, fault
    if min(row.control_n, row.arm_n) < rules.smallest_arm:
        return UNREADABLE, f"Fewer than {rules.smallest_arm} customers in an arm: too few to test."
    if np.isnan(row.p_value):
        return UNREADABLE, f"{row.label} does not vary: nothing to test."
    decision, why = _decision(row, trial, rules)
    return decision, f"{row.label} {in_words(row, rules.level)}, {formats.p_value(row.primary_p_value)}: {why}{warning}"


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
    words = dict(zip(COLUMNS, (trial.name, arm, UNREADABLE, fault, trial.primary), strict=False))
    return {**words, **dict.fromkeys(NUMBERS, np.nan)}


def _decision(row: object, trial: Trial, rules: Rules) -> tuple[str, str]:
    """Decision and reason for a readable primary effect."""
    worthwhile = rules.worthwhile_lift * abs(row.control_level)
    lift = rules.worthwhile
    significant = row.primary_p_value < rules.alpha
    evidence = "too small to be worth it so far" if significant else "no evidence of an effect"
    if significant and row.effect < 0:
        return HARMED, "worse than control. Stop it."
    if significant and row.effect >= worthwhile:
        return SHIP, "better than control."
    if row.upper < worthwhile:
        return KEEP, f"{evidence}, and a lift of {lift} can be ruled out."
    times = _customers_needed(row, trial, worthwhile, rules) / row.control_n
    if math.isinf(times):
        return KEEP, f"{evidence}."
    if times <= 1:
        return KEEP, f"{evidence}, with customers enough to see a lift of {lift}."
    takes = f"{evidence}; to see a lift of {lift} takes {formats.number(times)} times as many customers"
    if times <= rules.longest_extension:
        return EXTEND, f"{takes}."
    return KEEP, f"{takes}, which is out of reach."


def _customers_needed(row: object, trial: Trial, worthwhile: float, rules: Rules) -> float:
    """Customers in control with whom the worthwhile effect would be seen; infinite where none would do."""
    noise = spread(trial.moments[trial.control, row.metric], row.kind)
    if not noise or worthwhile == 0 or noise.get("rate", 0) + worthwhile > 1:
        return math.inf
    ratio = row.arm_n / row.control_n
    return power.sample_size(worthwhile, **noise, alpha=rules.alpha, power=rules.power, ratio=ratio)


def _fallen(table: pd.DataFrame, primary: object, rules: Rules) -> str:
    """Secondary metrics that the arm made significantly worse, as a warning."""
    worse = table[(table["arm"] == primary.arm) & (table["role"] == "secondary")
                  & (table["adjusted_p_value"] < rules.alpha) & (table["effect"] < 0)]
    return f" But {', '.join(worse['label'])} fell significantly." if len(worse) else ""
