"""What customers with a running contract are worth: price × margin × the months they are expected to stay."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.value.contract.renewal import (
    Spans,
    Tenures,
    months_ahead,
    months_begun,
    months_completed,
)
from helpers.analyses.value.vocabulary import (
    CONTRACT_VALUE,
    EXPECTED_MONTHS,
    EXTRAPOLATED_SHARE,
    MEAN_EXPECTED_MONTHS,
    MEAN_PRICE,
    PLAN,
    PLAN_VALUE,
    PRICE,
    TENURE_DAYS,
)
from helpers.data import spans
from helpers.data.contract_stays import contract_stays
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import LEAST_AT_RISK, TAILS
from helpers.findings.folding import SMALL_GROUPS, SMALLEST_GROUP, UNKNOWN
from helpers.findings.privacy.disclosure import DOMINATED, dominated
from helpers.findings.privacy.members import Members
from helpers.findings.vocabulary import CUSTOMER_ID, CUSTOMERS, LOWER, UPPER
from helpers.statistics.inference import bootstrap, numbered_by_values

DRAWS = 200
CELL = [PLAN, TENURE_DAYS]
SPANS = [["first_day", "duration_days", "left"], ["first_month", "last_month", "left_in_month"]]  # in days, in months
ALIKE = [PLAN, *SPANS[0], *SPANS[1]]  # by which stays are of one kind


@dataclass(frozen=True)
class ContractValue(Members, Finding):
    """What each running contract is expected to bring over the horizon, and all of a plan together."""

    table: pd.DataFrame  # the most valuable first
    plans: pd.DataFrame  # as shown, small ones too
    expected_value: float
    lower: float
    upper: float
    extrapolated_share: float  # of the expected value, that falls at tenures beyond those observed
    horizon_days: int
    discount_rate: float  # a year
    margin: float
    unpriced: int  # customers whose contract runs at a price that is not known, left out
    currency: str = ""
    columns = (
        CUSTOMER_ID, PLAN, TENURE_DAYS, PRICE, EXPECTED_MONTHS, CONTRACT_VALUE, LOWER, UPPER, EXTRAPOLATED_SHARE,
    )  # fmt: skip
    shown = (
        PLAN, CUSTOMERS.but(adds_up=[()]), MEAN_PRICE.but(tells=PLAN_VALUE), MEAN_EXPECTED_MONTHS, PLAN_VALUE, LOWER,
        UPPER, EXTRAPOLATED_SHARE, DOMINATED,
    )  # fmt: skip

    def summary(self) -> pd.DataFrame:
        """One row a plan, the most valuable first."""
        return self.plans

    def plot(self, ax: Axes | None = None) -> Axes:
        """The expected value of each plan with its interval."""
        return charts.forest(self.to_show(), estimate=PLAN_VALUE, label=PLAN, band=(LOWER, UPPER), ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("What are the running contracts of each plan worth?")

    def headline(self) -> Sentence:
        """The expected value of all running contracts, its interval, and how much of it is extrapolated."""
        low, high = (facts.Money(limit, self.currency) for limit in (self.lower, self.upper))
        return say(
            "{customers} running contracts should bring {money} in the next {horizon}.",
            customers=facts.Count(len(self.table)),
            money=facts.Money(self.expected_value, self.currency),
            horizon=facts.Days(self.horizon_days),
        ).resting_on(
            say(
                "95% interval {interval}; it does not cover a change of prices or habits.",
                interval=facts.Range(low, high),
            ),
            say(
                "{margin} of the price, discounted by {rate} a year.",
                margin=facts.Share(self.margin),
                rate=facts.Share(self.discount_rate),
            ),
            say(
                "{share} of it lies beyond the tenures observed: an estimate.",
                share=facts.Share(self.extrapolated_share),
            ),
            say("{unpriced} more, whose price is not known, are left out.", unpriced=facts.Count(self.unpriced))
            if self.unpriced
            else None,
        )


@analysis
def contracts(
    data: Dataset, margin: float = 1.0, discount_rate: float = 0.1, horizon_days: int = 365
) -> ContractValue | NotApplicable:
    """The expected value of every running contract from `as_of` on.

    price a month × `margin` (the part of it that is earned) × months expected within `horizon_days`, discounted by
    `discount_rate` a year. Months go by the survival of contracts that began with the same plan, given the tenure so
    far (Kaplan–Meier), and beyond the tenures at which 20 contracts were observed by the retention of a shifted
    beta-geometric model of months. Limits are the quantiles of 200 resamples of customers; who has a contract now, and
    at what price, is taken as known. Plans of few contracts are taken together. Raises ValueError for numbers out of
    range. Assumes that contracts go on to end as they did, and prices to stay.
    """
    parameters.between("margin", margin, 0, 1)
    parameters.between("discount_rate", discount_rate, 0, 1)
    parameters.between("horizon_days", horizon_days, 1, parameters.LONGEST_WINDOW_DAYS)
    if "subscriptions" not in data.tables:
        return NotApplicable(say("this data set has no subscriptions: export them to see this."))
    stays = _observed(data)
    running = stays[~stays["left"]]
    priced = running.dropna(subset=PRICE)
    missing = _missing(stays, running, priced)
    if missing:
        return missing
    if unseen := spans.unseen(data.spans, "subscriptions", data.as_of):
        return NotApplicable(unseen)
    stays = stays.assign(**{PLAN: _folded(stays[PLAN], priced[PLAN])})
    cells, draws = _months(stays, priced.index, int(horizon_days), discount_rate)
    table, cell = _valued(stays.loc[priced.index], cells, draws, margin)
    at_stake = np.bincount(cell, margin * table[PRICE], len(cells))
    lower, upper = _limits(draws @ at_stake)
    total = table[CONTRACT_VALUE].sum()
    return ContractValue(
        table=table.sort_values([CONTRACT_VALUE, CUSTOMER_ID], ascending=[False, True], ignore_index=True),
        plans=_by_plan(table, cells[PLAN], at_stake, draws),
        expected_value=float(total),
        lower=float(lower),
        upper=float(upper),
        extrapolated_share=float(at_stake @ cells["extrapolated"] / total) if total else 0.0,
        horizon_days=int(horizon_days),
        discount_rate=discount_rate,
        margin=margin,
        unpriced=len(running) - len(priced),
        currency=data.settings.currency,
    )


def _observed(data: Dataset) -> pd.DataFrame:
    """The stays under observation, with left, duration_days, and the times from and to which they were at risk.

    A month of tenure in which a stay ended counts only where it is over for all that began on that day: else those
    who left would be counted early, and those who stay late.
    """
    table = contract_stays(data.tables["subscriptions"]).execute().sort_values(["customer_id", "started_on"])
    start, ended = (pd.to_datetime(table[name]) for name in ("started_on", "ended_on"))
    today = pd.Series(pd.Timestamp(data.as_of), index=table.index)
    since = parameters.date("observed_from", data.settings.observed_from)
    entry = start.clip(lower=pd.Timestamp(since)) if since else start
    left, end = ended.notna(), ended.fillna(today)
    month, whole_months = months_begun(start, end).clip(lower=1), months_completed(start, today)
    left_in_month = left & (month <= whole_months)
    table = table.assign(
        price=table["running_price"],
        plan=table["plan"].astype(object).where(table["plan"].notna(), UNKNOWN),
        left=left,
        duration_days=(end - start).dt.days,
        first_day=(entry - start).dt.days + (entry > start),
        first_month=months_begun(start, entry) + 1,
        last_month=month.where(left_in_month, whole_months),
        left_in_month=left_in_month,
    )
    return table[table["duration_days"] >= table["first_day"]].reset_index(drop=True)


def _missing(stays: pd.DataFrame, running: pd.DataFrame, priced: pd.DataFrame) -> NotApplicable | None:
    """What keeps running contracts from having a value."""
    if running.empty:
        return NotApplicable(say("no subscription is running."))
    if priced.empty:
        return NotApplicable(say("no price is known of the subscriptions that are running."))
    if stays["customer_id"].nunique() < LEAST_AT_RISK or not stays["left"].any():
        few = say(
            "{ended} of {stays} subscriptions have ended: too few to tell how long they last.",
            ended=facts.Count(stays["left"].sum()),
            stays=facts.Count(len(stays)),
        )
        return NotApplicable(few)
    return None


def _folded(plan: pd.Series, running: pd.Series) -> pd.Series:
    """Plans, those with few stays or few running contracts taken together."""
    stays, now = plan.value_counts(), running.value_counts()
    kept = stays.index[(stays >= LEAST_AT_RISK) & (now.reindex(stays.index, fill_value=0) >= SMALLEST_GROUP)]
    return plan.where(plan.isin(kept), SMALL_GROUPS)


def _months(
    stays: pd.DataFrame, priced: pd.Index, horizon_days: int, discount_rate: float
) -> tuple[pd.DataFrame, np.ndarray]:
    """plan, tenure_days, months, extrapolated of every kind of contract among the priced; draws of these months.

    Resamples draw customers with all their stays; one row a draw, one column a row of the table.
    """
    kind = stays.groupby(ALIKE).ngroup().to_numpy()
    kinds = stays[ALIKE].drop_duplicates().sort_values(ALIKE, ignore_index=True)
    counts = np.bincount(kind)
    cells = stays.loc[priced].rename(columns={"duration_days": TENURE_DAYS})[CELL].drop_duplicates()
    cells = cells.sort_values(CELL, ignore_index=True)
    by_plan = []
    for name, cells_of_plan in cells.groupby(PLAN, sort=False):
        rows = np.flatnonzero(kinds[PLAN] == name)
        observed = Tenures(*(Spans(*(kinds[column].to_numpy()[rows] for column in span)) for span in SPANS))
        by_plan.append((rows, observed, observed.watched(counts[rows]), cells_of_plan[TENURE_DAYS].to_numpy()))

    def ahead(counts: np.ndarray) -> np.ndarray:
        """Months, and those extrapolated, of all cells."""
        months = []
        for rows, observed, watched, tenures in by_plan:
            curve = observed.log_survival(counts[rows], watched, int(tenures.max()) + horizon_days)
            months.append(months_ahead(curve, tenures, watched, horizon_days, discount_rate))
        return np.concatenate(months, axis=1)

    months, extrapolated = ahead(counts)
    customers = numbered_by_values(stays["customer_id"], pd.DataFrame({"kind": kind}))
    draws = bootstrap(lambda drawn: dict(enumerate(ahead(np.bincount(kind, drawn))[0])), customers, draws=DRAWS)
    return cells.assign(months=months, extrapolated=extrapolated), draws.to_numpy()


def _valued(
    running: pd.DataFrame, cells: pd.DataFrame, draws: np.ndarray, margin: float
) -> tuple[pd.DataFrame, np.ndarray]:
    """One row a running contract with its expected value and the limits of that; the cell of each."""
    known = running.rename(columns={"duration_days": TENURE_DAYS})[[CUSTOMER_ID, *CELL, PRICE]]
    cell = pd.MultiIndex.from_frame(cells[CELL]).get_indexer(pd.MultiIndex.from_frame(known[CELL]))
    months, extrapolated = (cells[name].to_numpy()[cell] for name in ("months", "extrapolated"))
    low, high = _limits(draws)
    earned = margin * known[PRICE].to_numpy()
    worth = {
        EXPECTED_MONTHS: months,
        CONTRACT_VALUE: earned * months,
        LOWER: earned * low[cell],
        UPPER: earned * high[cell],
        EXTRAPOLATED_SHARE: extrapolated / months,
    }
    return known.assign(**worth), cell


def _by_plan(table: pd.DataFrame, plan: pd.Series, at_stake: np.ndarray, draws: np.ndarray) -> pd.DataFrame:
    """One row a plan, the most valuable first."""
    extrapolated = (table[EXTRAPOLATED_SHARE] * table[CONTRACT_VALUE]).groupby(table[PLAN]).sum()
    contracts_of = table.groupby(PLAN)
    value = contracts_of[CONTRACT_VALUE].sum()
    limits = {name: _limits(draws[:, plan == name] @ at_stake[plan == name]) for name in value.index}
    low, high = np.array([limits[name] for name in value.index]).T
    by_plan = pd.DataFrame(
        {
            CUSTOMERS: contracts_of.size(),
            MEAN_PRICE: contracts_of[PRICE].mean(),
            MEAN_EXPECTED_MONTHS: contracts_of[EXPECTED_MONTHS].mean(),
            PLAN_VALUE: value,
            LOWER: low,
            UPPER: high,
            EXTRAPOLATED_SHARE: extrapolated / value,
            DOMINATED: dominated(table[CONTRACT_VALUE], table[PLAN]),
        }
    )
    return by_plan.sort_values(PLAN_VALUE, ascending=False).reset_index()


def _limits(draws: np.ndarray) -> np.ndarray:
    """95 % limits over the draws of which the value is known."""
    return np.nanquantile(draws, TAILS, axis=0)
