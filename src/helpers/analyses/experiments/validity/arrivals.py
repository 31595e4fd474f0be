"""How customers came into the arms: from when to when, in one ratio from week to week, and none treated too early."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from scipy.stats import chi2_contingency

from helpers.analyses.experiments.trials.applicable import NO_EXPERIMENTS
from helpers.analyses.experiments.trials.arms import Trial
from helpers.analyses.experiments.trials.declared_rules import Rules
from helpers.analyses.experiments.trials.ratios import Ratio, ratio_states
from helpers.analyses.experiments.validity.vocabulary import (
    ARM_SHARE,
    CHANGED_RATIO_P_VALUE,
    CUSTOMERS_A_DAY,
    EXPOSED,
    EXPOSED_BEFORE,
    FIRST_ASSIGNED_ON,
    LAST_ASSIGNED_ON,
    MET_IN_TWO_ARMS,
    NEVER_EXPOSED,
    TREATED,
)
from helpers.analyses.experiments.vocabulary import EXPERIMENT, WEEK, WEEKS
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts

PLANNED_WEEKS = 4  # of assignment, of an experiment that declares no other size
SMALLEST_EXPECTED = 5  # customers of an arm in a week; the χ² approximation is off below


@dataclass(frozen=True)
class Assignment(Finding):
    """Days of assignment, whether the arms' shares changed on the way, and who was treated before being assigned."""

    table: pd.DataFrame
    weeks: pd.DataFrame  # experiment, arm, week (from the first assignment), customers, arm_share (of the week)
    states: dict[str, Ratio]  # experiment → whether the arms' shares stayed the same from week to week
    grouped: tuple[str, ...] = ()  # experiments that assigned whole groups
    shown = (
        EXPERIMENT, FIRST_ASSIGNED_ON, LAST_ASSIGNED_ON, CUSTOMERS_A_DAY, CHANGED_RATIO_P_VALUE, EXPOSED,
        EXPOSED_BEFORE, NEVER_EXPOSED, MET_IN_TWO_ARMS,
    )  # fmt: skip
    columns = (*shown, TREATED, WEEKS)

    def summary(self) -> pd.DataFrame:
        """One row an experiment; the weeks are in the figure, and exposure only where it is known."""
        unknown = [] if self.table["exposed"].any() else ["exposed", "exposed_before", "never_exposed"]
        return self.table.drop(columns=["treated", "weeks", *unknown])

    def plot(self, ax: Axes | None = None) -> Axes:
        """Share of each arm by week of assignment: level lines where the ratio held."""
        rows = self.weeks.assign(name=self.weeks["experiment"] + " · " + self.weeks["arm"])
        return charts.line(rows, x=WEEK, y=ARM_SHARE, group="name", ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("Did the arms keep their shares from week to week?")

    def headline(self) -> Sentence:
        """Whether the arms kept their shares; below it who was treated too early, never, or met twice."""
        p_values = self.table.set_index("experiment")["changed_ratio_p_value"].dropna()
        of = {state: p_values[p_values.index.map(self.states) == state] for state in Ratio}
        untested = self.table.loc[self.table["changed_ratio_p_value"].isna(), "experiment"]
        short = untested[~untested.isin(self.grouped)]
        return self._claim(of).resting_on(
            say("Shares that changed: {experiments}.", experiments=with_p(of[Ratio.BROKEN]))
            if len(of[Ratio.BROKEN])
            else None,
            say("Shares that may have changed: {experiments}.", experiments=with_p(of[Ratio.CLOSE]))
            if len(of[Ratio.CLOSE])
            else None,
            say("Shares that stayed the same: {experiments}.", experiments=with_p(of[Ratio.PLANNED]))
            if len(of[Ratio.PLANNED])
            else None,
            say(
                "Where whole groups were assigned, no change is tested: {experiments}.",
                experiments=listed(self.grouped),
            )
            if self.grouped
            else None,
            say(
                "Too few customers, or within one week, so no change can be tested: {experiments}.",
                experiments=listed(short),
            )
            if len(short)
            else None,
            *(_met_twice(row) for row in self.table[self.table["met_in_two_arms"] > 0].itertuples()),
            *self._treated(),
        )

    def _claim(self, of: dict[Ratio, pd.Series]) -> Sentence:
        if len(of[Ratio.BROKEN]):
            return say(
                "{experiments}: the arms' shares changed from week to week, so they differ in when customers came.",
                experiments=listed(of[Ratio.BROKEN].index),
            )
        if (self.table["exposed_before"] > 0).any():
            return say("Some customers were treated before they were assigned, so effects mix both.")
        if len(of[Ratio.CLOSE]):
            return say(
                "{experiments}: the arms' shares may have changed from week to week, so watch them.",
                experiments=listed(of[Ratio.CLOSE].index),
            )
        if len(of[Ratio.PLANNED]):
            return say("The arms kept their shares from week to week.")
        return say("Whether the arms kept their shares from week to week cannot be told.")

    def _treated(self) -> list[Sentence]:
        """Who was treated before the assignment, and who was to be treated and never was."""
        if not self.table["exposed"].any():
            return [say("When a customer was first treated is not in the data.")]
        early = [
            say(
                "{early} of {treated} customers of {experiment} were treated before they were assigned.",
                early=facts.Count(row.exposed_before),
                treated=facts.Count(row.exposed),
                experiment=facts.Name(row.experiment),
            )
            for row in self.table[self.table["exposed_before"] > 0].itertuples()
        ]
        never = [
            say(
                "{never} of {customers} customers whom {experiment} was to treat never were ({share}): effects are of "
                "the assignment, diluted by as much.",
                never=facts.Count(row.never_exposed),
                customers=facts.Count(row.treated),
                experiment=facts.Name(row.experiment),
                share=facts.Share(row.never_exposed / row.treated),
            )
            for row in self.table[self.table["never_exposed"] > 0].itertuples()
        ]
        return [*(early or [say("Nobody was treated before the assignment.")]), *never]


def _met_twice(row: Any) -> Sentence:
    return say(
        "{customers} customers of {experiment} were met in two arms, counting the rows that were set aside.",
        customers=facts.Count(row.met_in_two_arms),
        experiment=facts.Name(row.experiment),
    )


def listed(names: Iterable[str]) -> facts.Listed:
    """Names in a row."""
    return facts.Listed(tuple(map(facts.Name, names)))


def with_p(p_values: pd.Series) -> facts.Listed:
    """Names in a row, each with its p-value."""
    return facts.Listed(
        tuple(say("{experiment} ({p})", experiment=facts.Name(name), p=facts.PValue(p)) for name, p in p_values.items())
    )


@analysis
def assignment(trials: Sequence[Trial], data: Dataset, rules: Rules = Rules()) -> Assignment | NotApplicable:
    """How the customers of each experiment were assigned over time.

    Shares by week: χ² test that arm and week are independent, weeks with few customers counted with the one before;
    tested beside the sample ratio, which a ratio that changes half-way can pass. First exposure: `exposed_at` of the
    experiment's rows, else the first touch of a campaign with the experiment's name. Where an arm other than the
    control has any, those of its customers without one were never treated. They stay in every comparison, which is of
    arms as they were assigned: who is reached is no matter of the draw.
    """
    if not trials:
        return NO_EXPERIMENTS
    weeks = {trial.name: weekly(trial) for trial in trials}
    dated = [shares.assign(experiment=name) for name, shares in weeks.items() if len(shares)]
    if not dated:
        return NotApplicable(say("the data do not say when customers were assigned."))
    lines = [_line(trial, data) for trial in trials if len(weeks[trial.name])]
    grouped = tuple(trial.name for trial in trials if trial.groups and len(weeks[trial.name]))
    table = pd.DataFrame(lines)
    states = ratio_states(table["changed_ratio_p_value"], rules)
    by_name = dict(zip(table["experiment"], states, strict=True))
    return Assignment(table, pd.concat(dated, ignore_index=True), by_name, grouped)


def daily(trial: Trial) -> pd.DataFrame:
    """Customers in one arm alone by `arm` and `day` of assignment; those without a day are left out."""
    rows = trial.cells.rows(("variant", "day")).rename("customers").reset_index().rename(columns={"variant": "arm"})
    return rows.assign(day=pd.to_datetime(rows["day"])).dropna(subset="day").reset_index(drop=True)


def weekly(trial: Trial) -> pd.DataFrame:
    """Customers and share of each arm by week since the first assignment: arm, week, customers, arm_share."""
    rows = daily(trial)
    if rows.empty:
        return pd.DataFrame(columns=["arm", "week", "customers", "arm_share"])
    week = (rows["day"] - rows["day"].min()).dt.days // 7 + 1
    counts = rows.groupby(["arm", week.rename("week")])["customers"].sum().unstack("arm", fill_value=0)
    least = SMALLEST_EXPECTED / (counts.sum() / counts.to_numpy().sum()).min()
    kept = counts.index.where(counts.sum(axis="columns") >= least).to_series().ffill().bfill().to_numpy()
    joined = counts.groupby(np.where(np.isnan(kept), 1, kept).astype(int)).sum().rename_axis("week")
    long = joined.stack().rename("customers").reset_index()
    return long.assign(arm_share=long["customers"] / long.groupby("week")["customers"].transform("sum"))


def planned_size(trial: Trial) -> float:
    """Customers of all arms after four weeks at the pace of the first; everyone where no day is known.

    What a band for any look is planned for: known after the first week, and the same at each report from then on.
    """
    rows = daily(trial)
    first = rows[rows["day"] < rows["day"].min() + pd.Timedelta(days=7)]
    return float(PLANNED_WEEKS * first["customers"].sum() or trial.arms["customers"].sum())


def changed_ratio_p_value(trial: Trial) -> float:
    """χ² test that the arms' shares were the same in every week of assignment; NaN where there is one week or arm.

    NaN too where whole groups were assigned: their customers come together, which is no change of the assignment.
    """
    if trial.groups:
        return np.nan
    rows = weekly(trial)
    counts = rows.pivot(index="arm", columns="week", values="customers").to_numpy(dtype=float)
    return float(chi2_contingency(counts, correction=False).pvalue) if min(counts.shape) > 1 else np.nan


def _line(trial: Trial, data: Dataset) -> dict[str, object]:
    rows = daily(trial)
    first, last = rows["day"].min(), rows["day"].max()
    exposure = _NOBODY if trial.from_totals else _exposure(data, trial)
    return {
        "experiment": trial.name,
        "first_assigned_on": first,
        "last_assigned_on": last,
        "customers_a_day": rows["customers"].sum() / ((last - first).days + 1),
        "weeks": weekly(trial)["week"].nunique(),
        "changed_ratio_p_value": changed_ratio_p_value(trial),
        **exposure,
        "met_in_two_arms": np.nan if trial.from_totals else _in_two_arms(data, trial.name),
    }


def _in_two_arms(data: Dataset, experiment: str) -> int:
    """Customers met in more than one arm, in the rows used and in those that were set aside."""
    met = [table for table in (data.tables["experiments"], data.aside.get("experiments")) if table is not None]
    rows = ibis.union(*(table.select("experiment", "customer_id", "variant") for table in met)) if met[1:] else met[0]
    rows = rows.filter(rows.experiment == experiment, rows.customer_id.notnull(), rows.variant.notnull())
    arms = rows.group_by("customer_id").agg(first=rows.variant.min(), last=rows.variant.max())
    return int(arms.filter(arms["first"] != arms["last"]).count().execute())


def _exposure(data: Dataset, trial: Trial) -> dict[str, int]:
    """Customers whose first exposure is known, those exposed before they were assigned, and those never exposed."""
    table = data.tables["experiments"]
    rows = table.filter(table.experiment == trial.name)
    first = rows.exposed_at.min() if "exposed_at" in rows.columns else ibis.null("timestamp")
    assigned = rows.group_by("customer_id").agg(
        variant=rows.variant.min(), other=rows.variant.max(), assigned_at=rows.assigned_at.min(), exposed_at=first
    )
    touched = _touched(data, trial.name)
    if touched is not None and not assigned.exposed_at.notnull().any().execute():
        assigned = assigned.drop("exposed_at").left_join(touched, "customer_id")
    early = assigned.exposed_at < assigned.assigned_at
    arms = assigned.group_by(arm=assigned.variant).agg(
        exposed=(assigned.exposed_at.notnull() & assigned.assigned_at.notnull()).ifelse(1, 0).sum(),
        exposed_before=early.fill_null(False).ifelse(1, 0).sum(),
        alone=(assigned.variant == assigned.other).ifelse(1, 0).sum(),
        reached=((assigned.variant == assigned.other) & assigned.exposed_at.notnull()).ifelse(1, 0).sum(),
    )
    counts = arms.execute().set_index("arm")
    treated = counts[counts.index.isin(trial.treatments) & (counts["reached"] > 0)]
    return {
        "exposed": int(counts["exposed"].sum()),
        "exposed_before": int(counts["exposed_before"].sum()),
        "never_exposed": int((treated["alone"] - treated["reached"]).sum()),
        "treated": int(treated["alone"].sum()),
    }


_NOBODY = dict.fromkeys(("exposed", "exposed_before", "never_exposed", "treated"), 0)


def _touched(data: Dataset, experiment: str) -> ir.Table | None:
    """First touch of each customer by the campaign that has the experiment's name."""
    touches = data.tables.get("touches")
    if touches is None:
        return None
    rows = touches.filter(touches.campaign == experiment)
    return rows.group_by("customer_id").agg(exposed_at=rows.touched_at.min())
