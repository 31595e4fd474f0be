"""How soon customers of each arm order, or leave: who has not yet is censored, so that late arrivals do not mislead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.experiments.effect.awaited_events import EVENTS, Event, counts_of
from helpers.analyses.experiments.effect.vocabulary import (
    COUNTED_FOR,
    DIFFERENCE_DAYS,
    DONE_SO_FAR_SHARE,
    DONE_WITHIN_SHARE,
    EVENT,
    FOLLOWED_DAYS,
    HAPPENED,
    LOG_RANK_P_VALUE,
    MEAN_DAYS,
    MEAN_DAYS_P_VALUE,
    SINCE_ASSIGNMENT,
    SO_FAR_P_VALUE,
    SO_FAR_SHARE,
    WITHIN_SHARE,
)
from helpers.analyses.experiments.trials.applicable import NO_EXPERIMENTS, hindrance, one_by_one
from helpers.analyses.experiments.trials.arms import Trial
from helpers.analyses.experiments.trials.declared_rules import Rules
from helpers.analyses.experiments.validity.faults import distrust, not_to_be_trusted
from helpers.analyses.experiments.vocabulary import ARM
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.vocabulary import CUSTOMERS, LOWER, UPPER
from helpers.statistics import survival
from helpers.statistics.effects import Moments, compare
from helpers.statistics.inference import adjust

AT_RISK_TIMES = 6
FOLLOWED_ALIKE = 0.05  # by how much arms may differ in how long they were followed, before plain shares mislead
KEYS = ["experiment", "customer_id"]


@dataclass(frozen=True)
class TimeToEvent(Finding):
    """The time from assignment to an event, arm by arm, up to a horizon that every arm was followed to.

    `table` begins with the control. The p-values of the means and of the log-rank test are corrected over arms and
    events, that of the shares so far is of the pooled z test. `curve` is a Kaplan–Meier table by arm.
    """

    table: pd.DataFrame
    experiment: str
    event: Event
    curve: pd.DataFrame
    horizon_days: int
    distrust: Sentence | None  # why nothing of it can be trusted; None where it can
    rules: Rules
    shown = (
        ARM,
        CUSTOMERS,
        DONE_SO_FAR_SHARE,
        DONE_WITHIN_SHARE,
        DIFFERENCE_DAYS,
        LOWER,
        UPPER,
        LOG_RANK_P_VALUE,
    )
    columns = (
        ARM,
        CUSTOMERS,
        HAPPENED,
        FOLLOWED_DAYS,
        SO_FAR_SHARE,
        WITHIN_SHARE,
        MEAN_DAYS,
        DIFFERENCE_DAYS,
        LOWER,
        UPPER,
        MEAN_DAYS_P_VALUE,
        LOG_RANK_P_VALUE,
        SO_FAR_P_VALUE,
    )

    def summary(self) -> pd.DataFrame:
        """One row an arm: the share so far and by the horizon, and days without the event against the control."""
        kept = [ARM, CUSTOMERS, SO_FAR_SHARE, WITHIN_SHARE, DIFFERENCE_DAYS, LOWER, UPPER, LOG_RANK_P_VALUE]
        names = {
            SO_FAR_SHARE: DONE_SO_FAR_SHARE.format(self.event.done),
            WITHIN_SHARE: DONE_WITHIN_SHARE.format(self.event.done, self.horizon_days),
        }
        return self.table[kept].rename(columns=names)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Share without the event by days since the assignment, with the numbers at risk."""
        names = {"time": str(SINCE_ASSIGNMENT), "survival": str(self.event.waiting)}
        step = max(1, -(-self.horizon_days // (AT_RISK_TIMES - 1)))
        at_risk = survival.at(self.curve, np.arange(0, self.horizon_days + 1, step))
        start = pd.DataFrame({"group": self.table["arm"], "time": 0.0, "survival": 1.0, "lower": 1.0, "upper": 1.0})
        curve = self.curve[self.curve["time"] <= self.horizon_days].astype({"group": str})
        return charts.steps(
            pd.concat([start, curve], ignore_index=True).rename(columns=names),
            x=SINCE_ASSIGNMENT,
            y=self.event.waiting,
            group="group",
            band=(LOWER, UPPER),
            at_risk=at_risk.rename(columns=names),
            ax=ax,
        )

    def title(self) -> Sentence:
        """What the figure answers."""
        return say(
            "{experiment}: how long until the {event}?",
            experiment=facts.Name(self.experiment),
            event=facts.Word(self.event.table, EVENT),
        )

    def headline(self) -> Sentence:
        """Whether it came sooner or later than in the control; below it by how much, and whether counts mislead."""
        if self.distrust:
            return not_to_be_trusted(self.experiment, self.distrust)
        arms = self.table.iloc[1:]
        return self._claim(arms).resting_on(
            *(self._arm_words(row) for _, row in arms.iterrows()),
            say(
                "Days without the {event} within {days} of the assignment, {counted}.",
                event=facts.Word(self.event.table, EVENT),
                days=facts.Days(self.horizon_days),
                counted=facts.Word(self.event.table, COUNTED_FOR),
            ),
            self._misleading(),
        )

    def _claim(self, arms: pd.DataFrame) -> Sentence:
        """The arm whose curve differs most clearly from the control's; else that none is seen to."""
        names = {"experiment": facts.Name(self.experiment), "event": facts.Word(self.event.table, EVENT)}
        if arms["log_rank_p_value"].isna().all():
            return say("{experiment}: whether the {event} comes sooner or later cannot be told.", **names)
        surest = arms.loc[arms["log_rank_p_value"].idxmin()]
        if surest["log_rank_p_value"] >= self.rules.alpha:
            return say("{experiment}: no evidence that the {event} comes sooner or later.", **names)
        names |= {"arm": facts.Name(surest["arm"]), "days": facts.Days(abs(surest["difference_days"]))}
        if surest["mean_days_p_value"] >= self.rules.alpha:
            return say(
                "{experiment} · {arm}: the {event} comes at other times, yet not sooner or later in sum.", **names
            )
        if surest["difference_days"] > 0:
            return say("{experiment} · {arm}: the {event} comes {days} later than in the control.", **names)
        return say("{experiment} · {arm}: the {event} comes {days} sooner than in the control.", **names)

    def _arm_words(self, row: pd.Series) -> Sentence:
        """The mean difference of one arm with its interval, and the test of the curves."""
        names = {
            "arm": facts.Name(row["arm"]),
            "days": facts.Difference(row["difference_days"]),
            "level": facts.Name(self.rules.level),
            "interval": facts.Range(facts.Number(row["lower"]), facts.Number(row["upper"])),
        }
        if np.isnan(row["log_rank_p_value"]):
            return say("{arm}: {days} days in the mean ({level} interval {interval}), which cannot be tested.", **names)
        return say(
            "{arm}: {days} days in the mean ({level} interval {interval}; corrected log-rank test, {p}).",
            **names,
            p=facts.PValue(row["log_rank_p_value"]),
        )

    def _misleading(self) -> Sentence | None:
        """The arms whose plain share differs beyond chance because they were followed for other times."""
        control, rest = self.table.iloc[0], self.table.iloc[1:]
        more = rest["so_far_share"] > control["so_far_share"]
        backed = (rest["log_rank_p_value"] < self.rules.alpha) & (more == (rest["difference_days"] < 0))
        unlike = (rest["followed_days"] / control["followed_days"] - 1).abs() > FOLLOWED_ALIKE
        misled = rest.loc[(rest["so_far_p_value"] < self.rules.alpha) & ~backed & unlike, "arm"]
        if misled.empty:
            return None
        return say(
            "The plain share so far misleads for {arms}, followed for other times than the control.",
            arms=facts.Listed(tuple(map(facts.Name, misled))),
        )


@analysis
def time_to_event(
    data: Dataset, trials: Sequence[Trial], rules: Rules = Rules()
) -> tuple[TimeToEvent | NotApplicable, ...]:
    """One finding an experiment and event: how long customers take to their first order, and to leave.

    Whole days. An order counts from the moment of the assignment, unless it was cancelled and the data set's policy
    minds. Leaving is the end of the subscription that ran on the day of the assignment, of those who had one; periods
    that touch or overlap are one. Customers in whom nothing has happened by the day of the report are censored there.
    The horizon is the longest time for which every arm has the rules' smallest arm of customers followed so long,
    whatever happened to them. Log-rank test and restricted mean difference of each arm against the control; they
    assume that the day of assignment tells nothing of the time to the event.
    """
    events = {event.table: event for event in EVENTS if event.table in data.tables}
    if not trials:
        return (NO_EXPERIMENTS,)
    if not events:
        return (NotApplicable(say("this data set has no orders and no subscriptions to follow the assignments.")),)
    counts = {table: counts_of(data, event) for table, event in events.items() if one_by_one(trials)}
    answers: list[TimeToEvent | NotApplicable] = []
    for trial in trials:
        if reason := hindrance(trial):
            answers.append(reason)
            continue
        of_trial = {table: rows[rows["experiment"] == trial.name] for table, rows in counts.items()}
        answers += _corrected([_time_to_event(of_trial[table], trial, event, rules) for table, event in events.items()])
    return tuple(answers)


def _time_to_event(counts: pd.DataFrame, trial: Trial, event: Event, rules: Rules) -> TimeToEvent | NotApplicable:
    """The finding with p-values as they come."""
    names = {"experiment": facts.Name(trial.name), "event": facts.Word(event.table, EVENT)}
    if counts.empty:
        return NotApplicable(say("{experiment} has no customer who can have the {event}.", **names))
    if not counts["happened"].any():
        return NotApplicable(say("{experiment}: no {event} is dated since the assignment.", **names))
    sizes = counts.groupby("variant")["customers"].sum()
    arms = [arm for arm in trial.arms["arm"] if sizes.get(arm, 0) >= rules.smallest_arm]
    if len(arms) < 2 or arms[0] != trial.control:
        return NotApplicable(
            say(
                "{experiment}, {event}: the control, or all other arms, have fewer than {customers} customers.",
                **names,
                customers=facts.Count(rules.smallest_arm),
            )
        )
    counts = counts[counts["variant"].isin(arms)]
    curve = survival.kaplan_meier(
        counts["days"],
        counts["happened"],
        weights=counts["customers"],
        groups=pd.Categorical(counts["variant"], arms),
        level=1 - rules.alpha,
    )
    horizon = _horizon(counts, curve, rules.smallest_arm)
    if horizon < 1:
        return NotApplicable(say("{experiment}, {event}: customers were not followed for a day.", **names))
    table = _table(counts, curve, horizon, arms, rules.alpha)
    return TimeToEvent(table, trial.name, event, curve, horizon, distrust(trial, rules), rules)


def _horizon(counts: pd.DataFrame, curve: pd.DataFrame, least: int) -> int:
    """Days for which each arm has `least` customers followed so long, and a curve that is known."""
    longest = counts.sort_values("followed_days", ascending=False)
    enough = longest[longest.groupby("variant")["customers"].cumsum() >= least]
    ends = curve.groupby("group", observed=True).last()
    known = ends["time"].where(ends["survival"] > 0, np.inf)
    return int(min(enough.groupby("variant")["followed_days"].max().min(), known.min()))


def _table(counts: pd.DataFrame, curve: pd.DataFrame, horizon: int, arms: list[str], alpha: float) -> pd.DataFrame:
    """The table of a finding, without correction."""
    n = counts["customers"]
    sums = counts.assign(events=n * counts["happened"], followed_days=n * counts["followed_days"])
    table = sums.groupby("variant")[["customers", "events", "followed_days"]].sum().reindex(arms)
    means = survival.restricted_mean(curve, horizon, level=1 - alpha)
    against = survival.restricted_mean_difference(means, arms[0], level=1 - alpha)
    table = table.assign(
        followed_days=table["followed_days"] / table["customers"],
        so_far_share=table["events"] / table["customers"],
        within_share=1 - survival.at(curve, horizon)["survival"].to_numpy(),
        mean_days=means["mean"].to_numpy(),
    ).join(
        against.set_index("group")[["difference", "lower", "upper", "p_value"]].rename(
            columns={"difference": "difference_days", "p_value": "mean_days_p_value"}
        )
    )
    tests = {arm: _tests(counts, table, [arms[0], arm]) for arm in arms[1:]}
    return table.join(pd.DataFrame(tests).T).rename_axis("arm").reset_index()


def _tests(counts: pd.DataFrame, table: pd.DataFrame, pair: list[str]) -> Mapping[str, float]:
    """P-values of two arms: of the log-rank test, and of the plain shares so far."""
    rows = counts[counts["variant"].isin(pair)]
    sums = [(row.customers, {"event": row.events}) for row in table.loc[pair].itertuples()]
    so_far = compare(*(Moments.from_sums(n, events, events) for n, events in sums), kind="proportion")
    return {"log_rank_p_value": _log_rank(rows), "so_far_p_value": so_far.p_value}


def _log_rank(rows: pd.DataFrame) -> float:
    """P-value of two arms; NaN where they cannot be compared: no event, or all on one day."""
    return survival.log_rank(rows["days"], rows["happened"], rows["variant"], weights=rows["customers"]).p_value


def _corrected(answers: list[TimeToEvent | NotApplicable]) -> list[TimeToEvent | NotApplicable]:
    """The findings of one experiment with p-values corrected over all their arms and events."""
    tables = {place: answer.table for place, answer in enumerate(answers) if isinstance(answer, TimeToEvent)}
    if not tables:
        return answers
    whole = pd.concat(tables)
    for column in (MEAN_DAYS_P_VALUE, LOG_RANK_P_VALUE):
        whole[column] = adjust(whole[column], answers[next(iter(tables))].rules.correction)
    return [
        replace(answer, table=whole.loc[place]) if place in tables else answer for place, answer in enumerate(answers)
    ]
