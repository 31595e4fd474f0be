"""How soon customers of each arm order, or leave: who has not yet is censored, so that late arrivals do not mislead."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.experiments.trials.applicable import NO_EXPERIMENTS, hindrance, one_by_one
from helpers.analyses.experiments.trials.arms import Trial
from helpers.analyses.experiments.trials.declared_rules import Rules
from helpers.analyses.experiments.validity.faults import distrust
from helpers.analyses.experiments.vocabulary import (
    ARM,
    DIFFERENCE_DAYS,
    DONE_SO_FAR_SHARE,
    DONE_WITHIN_SHARE,
    FOLLOWED_DAYS,
    HAPPENED,
    LOG_RANK_P_VALUE,
    MEAN_DAYS,
    MEAN_DAYS_P_VALUE,
    NO_ORDER_YET_SHARE,
    SINCE_ASSIGNMENT,
    SO_FAR_P_VALUE,
    SO_FAR_SHARE,
    STILL_SUBSCRIBED_SHARE,
    WITHIN_SHARE,
)
from helpers.data.contract_stays import contract_stays
from helpers.data.datasets import Dataset
from helpers.data.intake import purchases
from helpers.findings import Column, Finding, NotApplicable, Sentence, charts, formats
from helpers.findings.vocabulary import CUSTOMERS, LOWER, UPPER
from helpers.statistics import survival
from helpers.statistics.effects import Moments, compare
from helpers.statistics.inference import adjust

AT_RISK_TIMES = 6
FOLLOWED_ALIKE = 0.05  # by how much arms may differ in how long they were followed, before plain shares mislead
KEYS = ["experiment", "customer_id"]


@dataclass(frozen=True)
class Event:
    """What is waited for, in the words of its sentences, and the table that dates it."""

    table: str
    name: str
    done: str  # heading of those who did
    waiting: Column  # the share that has not yet
    counted: str  # who can have it
    dated: Callable[[Dataset, ir.Table], ir.Table]  # assigned customers → those counted, with happened_on or null


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

    def headline(self) -> str:
        """How many days sooner or later than in the control, with interval and test, and whether counts mislead."""
        if self.distrust:
            return f"{self.experiment}: no curve of it can be trusted. {self.distrust}"
        about = (
            f"{self.experiment}, {self.event.name} within {self.horizon_days} days of the assignment, "
            f"{self.event.counted}:"
        )
        arms = [self._arm_words(row) for _, row in self.table.iloc[1:].iterrows()]
        return " ".join([about, "; ".join(arms) + ".", *self._misleading()])

    def _arm_words(self, row: pd.Series) -> str:
        limits = formats.interval(row["lower"], row["upper"], _sooner)
        test = f"corrected log-rank {formats.p_value(row['log_rank_p_value'])}"
        return (
            f"{row['arm']} {_sooner(row['difference_days'])} than {self.table['arm'].iloc[0]} in the mean "
            f"({self.rules.level} CI {limits}; {test}), {self._verdict(row)}"
        )

    def _verdict(self, row: pd.Series) -> str:
        if np.isnan(row["log_rank_p_value"]):
            return "which cannot be tested"
        if row["log_rank_p_value"] >= self.rules.alpha:
            return "no evidence that the arms differ"
        if row["mean_days_p_value"] < self.rules.alpha:
            return "beyond chance"
        return "the curves differ beyond chance but their means within these days do not"

    def _misleading(self) -> list[str]:
        """The arms whose plain share differs beyond chance because they were followed for other times."""
        control, rest = self.table.iloc[0], self.table.iloc[1:]
        more = rest["so_far_share"] > control["so_far_share"]
        backed = (rest["log_rank_p_value"] < self.rules.alpha) & (more == (rest["difference_days"] < 0))
        unlike = (rest["followed_days"] / control["followed_days"] - 1).abs() > FOLLOWED_ALIKE
        named = ", ".join(rest.loc[(rest["so_far_p_value"] < self.rules.alpha) & ~backed & unlike, "arm"])
        if not named:
            return []
        return [f"The share that {self.event.done} so far misleads for {named}, followed for other times than control."]


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
        return (NotApplicable("this data set has no orders and no subscriptions to follow the assignments."),)
    counts = {table: _counts(data, event) for table, event in events.items() if one_by_one(trials)}
    answers: list[TimeToEvent | NotApplicable] = []
    for trial in trials:
        if reason := hindrance(trial):
            answers.append(reason)
            continue
        of_trial = {table: rows[rows["experiment"] == trial.name] for table, rows in counts.items()}
        answers += _corrected([_time_to_event(of_trial[table], trial, event, rules) for table, event in events.items()])
    return tuple(answers)


def _sooner(days: float) -> str:
    """A difference in words: 1.5 days sooner."""
    return f"{formats.days(abs(days))} {'later' if days > 0 else 'sooner'}"


def waits(data: Dataset, event: Event) -> ir.Table:
    """One row an experiment and customer in one arm alone, of those who can have the event.

    Columns experiment, customer_id, variant, followed_days (assignment to the day of the report), days (to the event,
    else followed_days), happened (0 or 1).
    """
    rows = data.tables["experiments"]
    arms = rows.group_by(KEYS).agg(
        variant=rows.variant.min(), other=rows.variant.max(), assigned_at=rows.assigned_at.min()
    )
    alone = arms.filter(arms.variant == arms.other, arms.assigned_at.notnull())
    assigned = alone.select(*KEYS, "variant", "assigned_at", assigned_on=alone.assigned_at.date())
    dated = event.dated(data, assigned)
    followed = ibis.date(data.as_of).delta(dated.assigned_on, unit="day")
    waited = dated.happened_on.delta(dated.assigned_on, unit="day")
    return dated.select(
        *KEYS,
        "variant",
        followed_days=followed,
        days=ibis.coalesce(waited, followed),
        happened=waited.notnull().ifelse(1, 0),
    )


def _first_orders(data: Dataset, assigned: ir.Table) -> ir.Table:
    """The day of the first order since the assignment of everyone; null for none."""
    orders = purchases.made(data.tables["orders"], data.settings.policy)
    both = assigned.left_join(orders.select("customer_id", "ordered_at"), "customer_id")
    since = both.ordered_at.min(where=both.ordered_at >= both.assigned_at)
    return both.group_by(assigned.columns).agg(happened_on=since.date())


def _ends(data: Dataset, assigned: ir.Table) -> ir.Table:
    """The last day of the stay that ran on the day of assignment, of those who had one; null where it still runs."""
    both = assigned.join(contract_stays(data.tables["subscriptions"]), "customer_id")
    there = ibis.coalesce(both.ended_on, both.assigned_on) >= both.assigned_on
    running = both.filter(both.started_on <= both.assigned_on, there)
    return running.select(*assigned.columns, happened_on=running.ended_on)


EVENTS = (
    Event("orders", "first order", "ordered", NO_ORDER_YET_SHARE, "all customers", _first_orders),
    Event(
        "subscriptions",
        "end of the subscription",
        "left",
        STILL_SUBSCRIBED_SHARE,
        "customers who had one when assigned",
        _ends,
    ),
)


def _counts(data: Dataset, event: Event) -> pd.DataFrame:
    """Customers by experiment, variant, followed_days, days and happened."""
    customers = waits(data, event)
    keys = ["experiment", "variant", "followed_days", "days", "happened"]
    return customers.group_by(keys).agg(customers=customers.count()).order_by(keys).execute()


def _time_to_event(counts: pd.DataFrame, trial: Trial, event: Event, rules: Rules) -> TimeToEvent | NotApplicable:
    """The finding with p-values as they come."""
    if counts.empty:
        return NotApplicable(f"{trial.name} has no customer with a day of assignment who can have an {event.name}.")
    if not counts["happened"].any():
        return NotApplicable(f"no {event.name} of a customer of {trial.name} is dated since the assignment.")
    sizes = counts.groupby("variant")["customers"].sum()
    arms = [arm for arm in trial.arms["arm"] if sizes.get(arm, 0) >= rules.smallest_arm]
    if len(arms) < 2 or arms[0] != trial.control:
        return NotApplicable(
            f"{event.name}: {trial.name} has fewer than {rules.smallest_arm} customers in the control or all others."
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
        return NotApplicable(f"{event.name}: customers of {trial.name} were not followed for a day.")
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
