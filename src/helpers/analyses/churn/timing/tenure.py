"""When in their stay customers leave: the monthly leave rate by group, from person-months counted in the engine."""

from __future__ import annotations

from dataclasses import dataclass, replace

import ibis
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from scipy.stats import hypergeom

from helpers.analyses.churn.leaving.definition import Stays, chosen_attribute
from helpers.analyses.churn.leaving.silence import doubted
from helpers.analyses.churn.timing.person_months import person_months
from helpers.analyses.churn.timing.vocabulary import (
    COX_HAZARD_RATIO,
    LATER_MONTHS_RATE,
    LEAVE_RATE,
    LEAVERS,
    LEAVERS_IN_MONTHS,
    MONTH_OF_STAY,
    MONTHS_1_TO_3_RATE,
    MONTHS_4_TO_12_RATE,
    MONTHS_AT_RISK,
)
from helpers.analyses.churn.vocabulary import EVERYBODY, HAZARD_RATIO, STAYS
from helpers.findings import Finding, NotApplicable, Sentence, facts, if_applicable, say
from helpers.findings.drawing import axes, charts
from helpers.findings.evidence import LEAST_AT_RISK, SIGNIFICANCE
from helpers.findings.folding import compared_groups
from helpers.findings.vocabulary import GROUP, LOWER, UPPER
from helpers.language import _
from helpers.statistics.hazards import GroupedHazards, fit_cox, fit_grouped_hazards
from helpers.statistics.inference import adjust
from helpers.statistics.shares import wilson_interval

LEAST_LEAVERS = 20
LEAST_MONTHS = 3
SHORTEST_MONTH_DAYS = 28
MOST_DRAWN = 4
TOO_FEW = 0.05  # of a group, to draw a month that no more of it reached
SPANS = {MONTHS_1_TO_3_RATE: (1, 3), MONTHS_4_TO_12_RATE: (4, 12), LATER_MONTHS_RATE: (13, np.inf)}


@dataclass(frozen=True)
class TenureHazards(Finding):
    """The leave rate in each month of the stay, and how it differs between groups."""

    table: pd.DataFrame
    # group, hazard_ratio, lower, upper, p_value, adjusted_p_value, cox_hazard_ratio; the reference first, of ratio 1
    ratios: pd.DataFrame
    trend: pd.Series  # of twice the time stayed: hazard_ratio, lower, upper, p_value
    by: str  # the column, or "" for everybody together
    once_share: float = 0.0  # of stays that are one order day and a silence, which are in no month
    return_rate: float = np.nan  # of silences that an order followed; NaN under contract
    columns = (
        GROUP,
        MONTH_OF_STAY,
        STAYS,
        MONTHS_AT_RISK,
        LEAVERS.but(of=STAYS),
        LEAVE_RATE.but(tells=LEAVERS),
        LOWER,
        UPPER,
    )
    shown = (GROUP, STAYS.but(adds_up=[()]), LEAVERS_IN_MONTHS, *SPANS, HAZARD_RATIO, LOWER, UPPER, COX_HAZARD_RATIO)

    def summary(self) -> pd.DataFrame:
        """One row a group: stays, leavers, the share that leaves in a month of each part of the stay, ratios."""
        sums = {STAYS: (STAYS, "max"), LEAVERS_IN_MONTHS: (LEAVERS, "sum")}
        table = self.table.groupby(GROUP, observed=True).agg(**sums)
        for name, (first, last) in SPANS.items():
            months = self.table[self.table[MONTH_OF_STAY].between(first, last)]
            counts = months.groupby(GROUP, observed=True)[[LEAVERS, MONTHS_AT_RISK]].sum()
            table[name] = counts[LEAVERS] / counts[MONTHS_AT_RISK]
        ratios = self.ratios.set_index(GROUP)[[HAZARD_RATIO, LOWER, UPPER, COX_HAZARD_RATIO]]
        shown = table.join(ratios).dropna(axis="columns", how="all").rename_axis(GROUP).reset_index()
        return shown if self.by else shown.assign(group=_("everybody"))

    def plot(self, ax: Axes | None = None) -> Axes:
        """The leave rate by month of the stay with its 95% band, of the largest groups that have leavers to tell."""
        most = self.table.groupby(GROUP, observed=True)[STAYS].transform("max")
        largest = self.table[STAYS].groupby(self.table[GROUP], observed=True).max().nlargest(MOST_DRAWN).index
        drawn = self.table[self.table[GROUP].isin(largest) & (self.table[STAYS] >= TOO_FEW * most)]
        rates = drawn.groupby(GROUP, observed=True)[LEAVE_RATE]
        emptied = rates.agg(
            lambda told: told.isna().any() and not (told > 0).any()
        )  # only months without leavers are left
        drawn = drawn[~drawn[GROUP].map(emptied).astype(bool)]
        if drawn.empty:
            return axes.new_unless(ax)
        group = GROUP if len(largest) > 1 else ""
        ax = charts.line(drawn, x=MONTH_OF_STAY, y=LEAVE_RATE, group=group, band=(LOWER, UPPER), ax=ax)
        ax.set_ylim(bottom=0)
        return ax

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("Which share leaves in each month of the stay?")

    def headline(self) -> Sentence:
        """The month that stands out, or whether the leave rate falls or rises; how groups differ below."""
        trend, peak = self._trend(), self._peak()
        told, other = (peak, trend) if peak else (trend, say("No single month stands out beyond chance."))
        told = told.resting_on(
            self._twice(),
            replace(other, basis=()),
            *other.basis,
            self._groups(),
            say(
                "{share} were silent right after their first order day and are in no month.",
                share=facts.Share(self.once_share),
            )
            if self.once_share
            else None,
        )
        unknown = say(
            "When customers leave cannot be told by silence: {share} of silences so long were followed by an order.",
            share=facts.Share(self.return_rate),
        )
        return doubted(told, unknown, self.return_rate)

    @property
    def standing_out(self) -> pd.DataFrame:
        """Months in which more leave than in all others together, beyond chance, the highest first.

        Columns month_of_stay, leave_rate, lower, upper (95 %), others_rate, of everybody together. The chance that of
        all leavers so many fall on one month (Fisher's, half of the like counted), Bonferroni over the months.
        """
        counts = self.table.groupby(MONTH_OF_STAY, as_index=False)[[MONTHS_AT_RISK, LEAVERS]].sum()
        left, at_risk = counts[LEAVERS], counts[MONTHS_AT_RISK]
        lower, upper = wilson_interval(left, at_risk)
        by_chance = hypergeom(at_risk.sum(), left.sum(), at_risk)
        p_values = by_chance.sf(left) + by_chance.pmf(left) / 2
        table = pd.DataFrame(
            {
                MONTH_OF_STAY: counts[MONTH_OF_STAY],
                LEAVE_RATE: left / at_risk,
                LOWER: lower,
                UPPER: upper,
                "others_rate": (left.sum() - left) / (at_risk.sum() - at_risk),
            }
        )
        sure = p_values < SIGNIFICANCE / len(counts)
        return table[sure].sort_values(LEAVE_RATE, ascending=False, ignore_index=True)

    def _trend(self) -> Sentence:
        """How many leave in a month, and whether more or fewer of those who stay longer."""
        rate = facts.Share(self.table[LEAVERS].sum() / self.table[MONTHS_AT_RISK].sum())
        if self.trend["p_value"] >= SIGNIFICANCE:
            return say("About {rate} of customers leave each month, whether they are new or old.", rate=rate)
        if self.trend["hazard_ratio"] < 1:
            return say("About {rate} of customers leave each month, fewer the longer they have stayed.", rate=rate)
        return say("About {rate} of customers leave each month, more the longer they have stayed.", rate=rate)

    def _twice(self) -> Sentence:
        """How the rate goes with the time stayed."""
        known = {
            "ratio": facts.Number(self.trend["hazard_ratio"]),
            "interval": facts.Range(facts.Number(self.trend["lower"]), facts.Number(self.trend["upper"])),
        }
        if self.trend["p_value"] >= SIGNIFICANCE:
            return say(
                "No evidence that the rate changes with the time stayed: twice the time goes with {ratio} times the "
                "rate (95% interval {interval}).",
                **known,
            )
        return say("Twice the time stayed goes with {ratio} times the rate (95% interval {interval}).", **known)

    def _peak(self) -> Sentence | None:
        """The month that stands out most; None where none does beyond chance."""
        if self.standing_out.empty:
            return None
        peak = self.standing_out.iloc[0]
        return say(
            "Month {month} of the stay stands out: {rate} leave in it, {others} in the other months.",
            month=facts.Count(peak[MONTH_OF_STAY]),
            rate=facts.Share(peak[LEAVE_RATE]),
            others=facts.Share(peak["others_rate"]),
        ).resting_on(
            say(
                "95% interval of that month {interval}.",
                interval=facts.Range(facts.Share(peak[LOWER]), facts.Share(peak[UPPER])),
            )
        )

    def _groups(self) -> Sentence | None:
        """The group that leaves most unlike the reference in the same month."""
        if len(self.ratios) < 2:
            return None
        by, sure = facts.Attribute(self.by), self.ratios[self.ratios["adjusted_p_value"] < SIGNIFICANCE]
        if sure.empty:
            return say("{by}: no evidence that groups leave at different rates in the same month.", by=by)
        row = sure.loc[np.log(sure["hazard_ratio"]).abs().idxmax()]
        return say(
            "{by}: in the same month “{group}” leave at {ratio} times the rate of “{reference}” (95% interval "
            "{interval}; {daily} from daily data).",
            by=by,
            group=facts.Name(row["group"]),
            ratio=facts.Number(row["hazard_ratio"]),
            reference=facts.Name(self.ratios["group"].iloc[0]),
            interval=facts.Range(facts.Number(row["lower"]), facts.Number(row["upper"])),
            daily=facts.Number(row["cox_hazard_ratio"]),
        )


@if_applicable
def hazard_over_tenure(stays: Stays, by: str = "") -> TenureHazards | NotApplicable:
    """Leave rates of `stays` by calendar month, by their attribute `by`, by default the first of words.

    The ratios are those of a complementary log-log model of the counts; Cox's of the same groups, fitted to the days
    of each stay, stands beside them as a check: they agree where the ratio holds over the stay. A rate that falls
    need not mean that customers grow loyal: those who leave easily go first. Under silence a stay ends with its last
    order, so who was silent right after the first has no month to leave in (such ends would
    all stand on day 0): they are told apart, as a share. ValueError for an attribute that there is not.
    """
    by = chosen_attribute(stays, by)
    once = stays.once
    table = stays.table[~once]
    table = table.assign(group=compared_groups(table[by]) if by else EVERYBODY).dropna(subset="group")
    counts = _counted(table)
    months = _reached(counts)
    leavers, reached = months[LEAVERS].sum(), months[MONTH_OF_STAY].nunique()
    if leavers < LEAST_LEAVERS or reached < LEAST_MONTHS:
        few = say(
            "{leavers} leavers in {months} months that enough customers reached are too few to tell when in their stay "
            "customers leave.",
            leavers=facts.Count(leavers),
            months=facts.Count(reached),
        )
        return NotApplicable(few)
    cells = _cells(counts[counts[GROUP].isin(months[GROUP])])
    groups = [GROUP] if cells[GROUP].nunique() > 1 else []
    trend = fit_grouped_hazards(cells, groups, trend=True).coefficients.iloc[0]
    ratios = _ratios(fit_grouped_hazards(cells, groups), table) if groups else _one(EVERYBODY)
    return TenureHazards(
        months, ratios, trend[["hazard_ratio", "lower", "upper", "p_value"]], by, float(once.mean()), stays.return_rate
    )


def _counted(table: pd.DataFrame) -> pd.DataFrame:
    """The person-months of a table of stays, groups in their order."""
    dates = {"entered_on": "entry_days", "ended_on": "duration_days"}
    rows = table[["started_on", "left"]].assign(
        group=table["group"].astype(str),
        **{name: table["started_on"] + pd.to_timedelta(table[days], unit="D") for name, days in dates.items()},
    )
    longest = int(table["duration_days"].max()) // SHORTEST_MONTH_DAYS + 1
    counts = person_months(ibis.memtable(rows), longest).execute()
    order = table["group"].cat.categories.astype(str) if hasattr(table["group"], "cat") else [EVERYBODY]
    counts = counts.assign(group=pd.Categorical(counts["group"], order))
    return counts.sort_values([GROUP, MONTH_OF_STAY], ignore_index=True)


def _reached(counts: pd.DataFrame) -> pd.DataFrame:
    """The months that enough stays of a group reached, with rates and their limits."""
    kept = counts[counts[STAYS] >= LEAST_AT_RISK]
    kept = kept.assign(group=kept[GROUP].cat.remove_unused_categories()).reset_index(drop=True)
    lower, upper = wilson_interval(kept[LEAVERS], kept[MONTHS_AT_RISK])
    return kept.assign(leave_rate=kept[LEAVERS] / kept[MONTHS_AT_RISK], lower=lower, upper=upper)


def _cells(counts: pd.DataFrame) -> pd.DataFrame:
    """The counts as `fit_grouped_hazards` takes them; groups without a leaver have no finite ratio and are left out."""
    left = counts.groupby(GROUP, observed=True)[LEAVERS].transform("sum") > 0
    cells = counts[left].rename(columns={MONTHS_AT_RISK: "at_risk", LEAVERS: "events"})
    return cells.assign(period=cells[MONTH_OF_STAY] - 1)


def _ratios(fit: GroupedHazards, table: pd.DataFrame) -> pd.DataFrame:
    """Hazard ratios of the groups in the model against the largest, and Cox's of the same customers."""
    reference = fit.references["group"]
    ratios = fit.coefficients.assign(group=fit.coefficients["covariate"].str.removeprefix("group: "))
    group = table["group"].astype(str)
    rows = table[group.isin([reference, *ratios["group"]])]
    indicators = pd.DataFrame({name: (group[rows.index] == name).astype(float) for name in ratios["group"]})
    cox = fit_cox(indicators, rows["duration_days"], rows["left"], entry=rows["entry_days"]).coefficients
    ratios = ratios.assign(
        adjusted_p_value=adjust(ratios["p_value"], "holm"), cox_hazard_ratio=cox["hazard_ratio"].to_numpy()
    )
    return pd.concat([_one(reference), ratios], ignore_index=True)[_one(reference).columns]


def _one(reference: str) -> pd.DataFrame:
    """The row of the reference itself."""
    unknown = dict.fromkeys(["lower", "upper", "p_value", "adjusted_p_value"], np.nan)
    return pd.DataFrame([{"group": reference, "hazard_ratio": 1.0, **unknown, "cox_hazard_ratio": 1.0}])
