"""What to do with each arm: ship, keep control, extend, stop or not readable, by rules declared beforehand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.experiments.decision.harms import harms
from helpers.analyses.experiments.decision.repeated_reports import Look, look
from helpers.analyses.experiments.decision.verdicts import EXTEND, HARMED, KEEP, SHIP, UNREADABLE, Verdict, verdict
from helpers.analyses.experiments.decision.vocabulary import (
    DAYS_TO_EXTEND,
    EXPECTED_LOSS_RATE,
    LOOK,
    OVERSTATED_BY,
    REASON,
    SHRUNKEN_LIFT_RATE,
    WHAT_TO_DO,
    WHY,
    WIN_PROBABILITY,
)
from helpers.analyses.experiments.effect.lifts import effect_table
from helpers.analyses.experiments.trials.applicable import NO_EXPERIMENTS
from helpers.analyses.experiments.trials.arms import Trial
from helpers.analyses.experiments.trials.declared_rules import Rules
from helpers.analyses.experiments.trials.ratios import Ratio, sample_ratio_states
from helpers.analyses.experiments.validity.arrivals import daily
from helpers.analyses.experiments.validity.faults import Fault, fault
from helpers.analyses.experiments.validity.faults import in_words as fault_in_words
from helpers.analyses.experiments.vocabulary import (
    ARM,
    DECISION,
    EFFECT,
    EXPERIMENT,
    KIND,
    LIFT_RATE,
    LIFT_RATE_LOWER,
    LIFT_RATE_UPPER,
)
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, formats, say
from helpers.findings.briefs import Brief, News, Topic
from helpers.findings.drawing import charts
from helpers.findings.vocabulary import LOWER, METRIC, P_VALUE, UPPER
from helpers.language import later
from helpers.statistics.inference import adjust

NO_OTHER_ARM = later("(no other arm)")
MOST_NAMED = 3  # arms in a headline
MOST_EXPLAINED = 2  # arms, below it; the table explains them all
NUMBERS = (
    EFFECT, LOWER, UPPER, P_VALUE, LIFT_RATE, LIFT_RATE_LOWER, LIFT_RATE_UPPER, WIN_PROBABILITY, EXPECTED_LOSS_RATE,
    SHRUNKEN_LIFT_RATE, OVERSTATED_BY,
)  # fmt: skip


@dataclass(frozen=True)
class Decisions(Finding):
    """One decision an arm, with its reason.

    `reasons` say it in sentences, row by row. The numbers are those of the primary metric, p_value is corrected over
    looks and arms, intervals are those of the band while customers are being assigned, and days_to_extend is NaN where
    there are none or nobody knows. What is left of a lift that ships only because it was found is shrunken_lift_rate.
    """

    table: pd.DataFrame
    reasons: tuple[Sentence, ...]
    shown = (ARM, WHAT_TO_DO, WHY)
    columns = (EXPERIMENT, ARM, DECISION, DAYS_TO_EXTEND, REASON, METRIC, LOOK, KIND, *NUMBERS)

    def summary(self) -> pd.DataFrame:
        """One row an arm, over all experiments: the numbers are in the reason and in the figure."""
        why = [reason.whole for reason in self.reasons]
        return pd.DataFrame({"arm": _named(self.table), "what_to_do": _advice(self.table), "why": why})

    def plot(self, ax: Axes | None = None) -> Axes:
        """Lift of the primary metric by arm, over all experiments."""
        rows = self.table.assign(row=_named(self.table) + formats.colon() + _advice(self.table))
        band = (LIFT_RATE_LOWER, LIFT_RATE_UPPER)
        return charts.forest(rows, estimate=LIFT_RATE, label="row", band=band, reference=0, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("By how much did each arm change the metric that decides, relative to the control?")

    def headline(self) -> Sentence:
        """What to ship and what to stop, else that there is nothing to ship; below it what to do with the others."""
        told, named = self._claim()
        if len(self.table) <= MOST_EXPLAINED:
            return told.resting_on(*(each for reason in self.reasons for each in (reason, *reason.basis)))
        others = self.table["decision"].map(lambda decision: decision not in named)
        return told.resting_on(
            *(_others(what, rows) for what, rows in self.table[others].groupby(_advice(self.table), sort=False))
        )

    def brief(self) -> Brief:
        """To ship what can ship and to stop what harms; of a data set of experiments alone, how many of them can."""
        of = {decision: self.table[self.table["decision"] == decision] for decision in (SHIP, HARMED)}
        if of[SHIP].empty and of[HARMED].empty:
            return Brief()
        known = {
            "arms": facts.Count(len(self.table)), "ships": facts.Count(len(of[SHIP])),
            "stops": facts.Count(len(of[HARMED])),
        }  # fmt: skip
        if len(of[SHIP]) == len(self.table) > 1:
            verdict = say("Each of the {arms} new versions can go live.", **known)
        elif of[HARMED].empty:
            verdict = say("Of {arms} new versions {ships} can go live; none does harm.", **known)
        elif of[SHIP].empty:
            verdict = say("Of {arms} new versions {stops} do harm; none can go live.", **known)
        else:
            verdict = say("Of {arms} new versions {ships} can go live and {stops} do harm.", **known)
        return Brief((
            News(Topic.VERDICT, "experiments", verdict.resting_on(*self._why(of))),
            News(Topic.ACTION, "experiments", self._asked(of[SHIP]), owner=say("Head of operations")),
        ))  # fmt: skip

    def _asked(self, ships: pd.DataFrame) -> Sentence:
        """What to do, by the headline; of several versions of one experiment only one can be shipped to a customer."""
        cost = say("What an arm costs is not in these data: weigh it first.")
        if len(ships) < 2 or ships["experiment"].nunique() > 1 or (self.table["decision"] == HARMED).any():
            return self._claim()[0].resting_on(cost)
        first, *others = _named(ships.sort_values(LIFT_RATE, ascending=False, kind="stable"))
        known = {"best": facts.Name(first), "others": facts.Listed(tuple(map(facts.Name, others)))}
        return say("Ship {best}, whose effect is largest; better than the control, too: {others}.", **known).resting_on(
            say("No test compared these versions with one another."), cost
        )

    def _why(self, decided: Collection[str]) -> Iterator[Sentence]:
        """Why arms were `decided` so, each by its name where there are several."""
        rows = zip(_named(self.table), self.table["decision"], self.reasons, strict=True)
        told = [(name, reason) for name, decision, reason in rows if decision in decided]
        for name, reason in told:
            yield say("{arm}: {why}", arm=facts.Name(name), why=reason) if len(told) > 1 else reason
            yield from reason.basis

    def _claim(self) -> tuple[Sentence, set[str]]:
        """The headline, and the decisions whose arms it names."""
        of = {decision: self.table[self.table["decision"] == decision] for decision in DECISION.words}
        ships, stops, extends = (of[decision] for decision in (SHIP, HARMED, EXTEND))
        if len(ships) + len(stops) > MOST_NAMED:
            return say(
                "Of {arms} arms {ships} can ship and {stops} must stop.",
                arms=facts.Count(len(self.table)),
                ships=facts.Count(len(ships)),
                stops=facts.Count(len(stops)),
            ), set()
        if len(ships) and len(stops):
            return say("Ship {ships}; stop {stops}.", ships=_listed(ships), stops=_listed(stops)), {SHIP, HARMED}
        if len(ships):
            return say("Ship {arms}.", arms=_listed(ships)), {SHIP}
        if len(stops):
            return say("Stop {arms}, where harm was found.", arms=_listed(stops)), {HARMED}
        if len(extends) > MOST_NAMED:
            return say(
                "Nothing is to be shipped yet: {arms} arms need more customers.", arms=facts.Count(len(extends))
            ), set()
        if len(extends):
            return say("Nothing is to be shipped yet: extend {arms}.", arms=_listed(extends)), {EXTEND}
        if len(of[KEEP]):
            return say("Nothing is to be shipped: keep the control."), {KEEP}
        return say("No experiment can be read: decide nothing on it yet."), set()


def _named(rows: pd.DataFrame) -> pd.Series:
    return rows["experiment"] + " · " + rows["arm"].map(formats.text)


def _listed(rows: pd.DataFrame) -> facts.Listed:
    return facts.Listed(tuple(map(facts.Name, _named(rows))))


def _others(what: str, rows: pd.DataFrame) -> Sentence:
    """Arms that the headline does not name, with what to do."""
    if len(rows) > MOST_NAMED:
        return say("{arms} arms: {what}.", arms=facts.Count(len(rows)), what=facts.Name(what))
    return say("{arm}: {what}.", arm=_listed(rows), what=facts.Name(what))


def _advice(rows: pd.DataFrame) -> pd.Series:
    """The decision as a reader sees it: extend by 14 days."""
    return pd.Series(
        [_in_words(*each) for each in zip(rows["decision"], rows["days_to_extend"], strict=True)], rows.index
    )


def _in_words(decision: str, days: float) -> str:
    if np.isnan(days):
        return DECISION.write(decision)
    return str(say("extend by {days}", days=facts.Days(days)))


@analysis
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
    secondary ones. While customers are being assigned all looks share a tenth of alpha, by a band that holds at any of
    them; nine tenths are kept for the one look once nobody was assigned for `least_days` (see `repeated_reports`).
    A secondary metric that fell significantly (over metrics × arms) is named in the sentence, not decided on.
    Chance to win and expected loss are those of a normal belief about the lift (`statistics.effects.posterior`, prior
    in `rules`), the control's level taken as known; they are not corrected over the arms.
    """
    if not trials:
        return NO_EXPERIMENTS
    states = zip(trials, sample_ratio_states(trials, rules), strict=True)
    warnings = [_warning(trial) if state is Ratio.CLOSE else None for trial, state in states]
    decided = [_decided(trial, rules, as_of, words) for trial, words in zip(trials, warnings, strict=True)]
    table = pd.concat(decided, ignore_index=True)
    table[REASON] = table[REASON].map(str)
    return Decisions(table, tuple(table.pop("why")))


def _warning(trial: Trial) -> Sentence:
    p_value = facts.PValue(trial.sample_ratio.p_value)
    return say("The arms are only close to plan ({p}): watch how customers are assigned.", p=p_value)


def _decided(trial: Trial, rules: Rules, as_of: dt.date | None, warning: Sentence | None) -> pd.DataFrame:
    """The rows of one experiment, with the sentences of each as `why`."""
    once = effect_table(trial, rules)
    unreadable = fault(trial, rules)
    if unreadable and (once.empty or not (once["role"] == "primary").any()):
        return pd.DataFrame([_unread(trial, arm, unreadable) for arm in trial.treatments or (NO_OTHER_ARM,)])
    this, missing = look(trial, rules, as_of), _days_missing(trial, rules, as_of)
    effects, primary = this.stretched(once), _primary(once, this, rules)
    tested = harms(trial, once, rules, this)
    verdicts = [
        Verdict(UNREADABLE, unreadable, fault_in_words(unreadable, trial))
        if unreadable
        else verdict(trial, effects, row, tested, this, rules, missing)
        for row in primary.itertuples()
    ]
    verdicts = [
        each if each.decision == UNREADABLE else each._replace(why=each.why.resting_on(warning)) for each in verdicts
    ]
    named = effects.loc[primary.index].assign(p_value=primary["primary_p_value"], experiment=trial.name)
    named = named.assign(look="running" if this.running else "ended").assign(
        **pd.DataFrame(verdicts, index=named.index)
    )
    # What cannot be read is not shown beside a decision either.
    numbers = list(NUMBERS)
    named[numbers] = named[numbers].where(named["decision"] != UNREADABLE)
    return named[[*Decisions.columns, WHY]].reset_index(drop=True)


def _primary(once: pd.DataFrame, this: Look, rules: Rules) -> pd.DataFrame:
    """The effects on the metric that decides, their p-values corrected for looks and arms."""
    primary = once[once["role"] == "primary"]
    p_values = this.p_value(primary["p_value"], primary["control_n"] + primary["arm_n"])
    return primary.assign(primary_p_value=adjust(p_values, rules.correction))


def _unread(trial: Trial, arm: str, reason: Fault) -> dict[str, object]:
    """A line without numbers: there is no primary effect."""
    names = {"experiment": trial.name, "arm": arm, "metric": trial.primary}
    unread = Verdict(UNREADABLE, reason, fault_in_words(reason, trial))
    return {**dict.fromkeys(map(str, Decisions.columns), np.nan), **names, **unread._asdict()}


def _days_missing(trial: Trial, rules: Rules, as_of: dt.date | None) -> int:
    """Days until the experiment has run for the least days, counted from the first assignment."""
    first = daily(trial)["day"].min()
    if as_of is None or pd.isna(first):
        return 0
    return max(0, rules.least_days - (as_of - first.date()).days - 1)
