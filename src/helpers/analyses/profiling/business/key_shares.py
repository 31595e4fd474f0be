"""Key figures that are shares: of customers who stay, come back, complain; of orders refunded or cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.profiling.business.activity import stickiness_shares
from helpers.analyses.profiling.business.figures import UNKNOWN, Definition, Share, reading
from helpers.analyses.profiling.business.key_figures import Kpis, last_run
from helpers.analyses.profiling.business.movement import RETENTION, churn_shares, retention_shares
from helpers.analyses.profiling.business.repurchase import repeat_shares, repurchase_shares
from helpers.analyses.profiling.business.voice import complaint_shares, satisfied_shares
from helpers.analyses.profiling.business.windows import (
    Trade,
    Window,
    known_customers,
    running,
    subscriptions_have_history,
)
from helpers.analyses.profiling.vocabulary import (
    COUNT,
    DENOMINATOR,
    FORMULA,
    KPI,
    LAST_RUN_RATE,
    PREVIOUS_ON,
    PREVIOUS_RATE,
    RATE,
    TELLS_MOST,
    WINDOW,
)
from helpers.data.datasets import Dataset
from helpers.findings import Finding, Listing, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.vocabulary import LOWER, OF, UPPER
from helpers.parameters import LONGEST_WINDOW_DAYS
from helpers.statistics.shares import independent_rows, wilson_interval

SHARES_TOLD = 4  # below the headline


@dataclass(frozen=True)
class Rates(Finding):
    """Shares of customers and of orders, with their 95% CI and the window before.

    `last_run_rate` is there where an earlier report's table was given. `reading` says of each share its formula, window
    and denominator, the last day of its window before, and whether it tells most of customers staying.
    """

    table: pd.DataFrame
    reading: pd.DataFrame
    columns = (KPI, RATE, LOWER, UPPER, PREVIOUS_RATE, COUNT, OF.but(people=True), LAST_RUN_RATE)

    def plot(self, ax: Axes | None = None) -> Axes:
        """The shares with their intervals."""
        return charts.forest(self.table, estimate=RATE, label=KPI, band=(LOWER, UPPER), ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How large are the shares of customers and of orders?")

    def headline(self) -> Sentence:
        """The share that says most about customers staying; those that say much with their intervals below."""
        known = self.table.dropna(subset=[RATE])
        if known.empty:
            return say("There is nothing yet to take a share of.")
        most = known[self.reading.loc[known.index, TELLS_MOST]]
        told = (most if len(most) else known).head(SHARES_TOLD)
        return _first(told.iloc[0]).resting_on(
            *(
                say(
                    "{kpi}: {share} (95% interval {interval}).",
                    kpi=facts.Word(line.kpi, KPI),
                    share=facts.Share(line.rate),
                    interval=facts.Range(facts.Share(line.lower), facts.Share(line.upper)),
                )
                for line in told.itertuples()
            )
        )


def _first(line: pd.Series) -> Sentence:
    """The share that the headline tells, beside that of the window before where it is known."""
    now, before = facts.Share(line[RATE]), facts.Share(line[PREVIOUS_RATE])
    kpi, earlier = facts.Word(line[KPI], KPI), not np.isnan(line[PREVIOUS_RATE])
    if line[KPI] == RETENTION:
        if earlier:
            return say(
                "{share} of the last period's buyers bought again, {before} a period earlier.",
                share=now,
                before=before,
            )
        return say("{share} of the last period's buyers bought again.", share=now)
    if earlier:
        return say("{kpi}: {share}, {before} a period earlier.", kpi=kpi, share=now, before=before)
    return say("{kpi}: {share}.", kpi=kpi, share=now)


@dataclass(frozen=True)
class Definitions(Listing):
    """How each key figure and share is made, and what it is a share or a mean of."""

    columns = (KPI, FORMULA, WINDOW, DENOMINATOR)


@analysis
def rates(
    data: Dataset,
    window_days: int = 90,
    active_days: Sequence[int] = (30, 90),
    before: pd.DataFrame | None = None,
) -> Rates | NotApplicable:
    """Shares as of `as_of`, those that the data set has.

    Active within each of `active_days`; stickiness (DAU ÷ MAU); retention and churn against the window before;
    buyers with two orders or more; repurchase within `window_days` of the first order, among customers followed for so
    long; refunds, cancellations; subscribed; satisfied (CSAT); complaining: in the `window_days` days to `as_of`.
    Intervals are Wilson's at 95%, of orders for customers who have several (see `independent_rows`); that of stickiness
    is of a mean over customers. `before` is the table of an earlier report. Raises ValueError for `before` without kpi
    and rate, and for days of less than one or of more than ten years.
    """
    for name, days in (("window_days", window_days), *(("active_days", days) for days in active_days)):
        parameters.between(name, days, 1, LONGEST_WINDOW_DAYS)
    window, trade, last = Window(data.as_of, window_days), Trade(data), last_run(before, RATE)
    shares = [
        *_active_within_each(trade, active_days), *stickiness_shares(data), *retention_shares(trade, window),
        *churn_shares(trade, window), *_of_orders(trade, window), *_subscribed(data, window),
        *satisfied_shares(data, window), *complaint_shares(data, window),
    ]  # fmt: skip
    if not shares:
        return NotApplicable(say("this data set has no orders, subscriptions, events, answers or complaints."))
    table = _measured(shares)
    if table[KPI].isin(last).any():
        table[LAST_RUN_RATE] = table[KPI].map(last).astype(float)
    how_to_read = reading(shares).assign(**{
        PREVIOUS_ON: [share.previous_on or window.before.end for share in shares],
        TELLS_MOST: [share.tells_most for share in shares],
    })  # fmt: skip
    return Rates(table, how_to_read)


@analysis
def definitions(*answers: Kpis | Rates | NotApplicable) -> Definitions:
    """How every key figure and share among these `answers` is made: kpi, formula, window and denominator."""
    names = list(Definitions.columns)
    parts = [answer.reading[names] for answer in answers if not isinstance(answer, NotApplicable)]
    return Definitions(pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=names))


def _measured(shares: Sequence[Share]) -> pd.DataFrame:
    """The table of `Rates`, without the report before."""
    count, of = np.array([share.now for share in shares], dtype=float).T
    before = np.array([share.before for share in shares], dtype=float)
    own = np.array([share.limits or UNKNOWN for share in shares])
    wilson = np.column_stack(wilson_interval(count, of))
    lower, upper = np.where(np.isnan(own), wilson, own).T
    return pd.DataFrame({
        KPI: [share.kpi for share in shares],
        RATE: count / np.where(of > 0, of, np.nan), LOWER: lower, UPPER: upper,
        PREVIOUS_RATE: before[:, 0] / np.where(before[:, 1] > 0, before[:, 1], np.nan),
        COUNT: count.astype("int64"), OF: of.astype("int64"),
    })  # fmt: skip


def _active_within_each(trade: Trade, lengths: Sequence[int]) -> list[Share]:
    """Customers with an order in the last so many days; none where orders name no customers."""
    if "orders" not in trade.data.tables or not trade.names_customers:
        return []
    return [_active(trade, Window(trade.data.as_of, days)) for days in dict.fromkeys(lengths)]


def _active(trade: Trade, window: Window) -> Share:
    now, then = ((trade.sums(w)["buyers"], known_customers(trade.data, w.end)) for w in (window, window.before))
    words = Definition(
        "customers with an order in the window ÷ customers", str(window), f"customers known on {window.end}"
    )
    before = then if trade.covers(window.before) else UNKNOWN
    return Share(f"active in {window.days} days", now, before, words, previous_on=window.before.end)


def _of_orders(trade: Trade, window: Window) -> list[Share]:
    """Who bought again, where orders name customers, and orders given back."""
    if "orders" not in trade.data.tables:
        return []
    again = [repeat_shares, repurchase_shares] if trade.names_customers else []
    return [share for shares in (*again, _given_back) for share in shares(trade, window)]


def _given_back(trade: Trade, window: Window) -> list[Share]:
    """Refunded and cancelled orders, as far as the data set marks any."""
    now, then = trade.orders_in(window), trade.orders_in(window.before)
    before = then if trade.covers(window.before) else then * np.nan
    paid = "paid orders" if trade.dates_payment else "orders placed"
    refunded = Definition(f"orders with a refund ÷ {paid}", str(window), paid)
    cancelled = Definition("cancelled orders ÷ orders placed", str(window), "orders placed")
    shares = {
        part: Share(kpi, (now[part], now[of]), (before[part], before[of]), words, _limits(now, part, of))
        for part, of, kpi, words in (
            ("refunded", "paid", "refund", refunded), ("cancelled", "placed", "cancellation", cancelled)
        )
    }  # fmt: skip
    marked = trade.orders_in(Window.up_to(window.end))
    return [share for name, share in shares.items() if marked[name] > 0]


def _limits(orders: pd.Series, part: str, of: str) -> tuple[float, float]:
    """Wilson's interval of a share of orders, of which a customer has several."""
    size = independent_rows(orders[part], orders[of], orders[f"{part}_squares"], orders["customers"])
    share = orders[part] / orders[of] if orders[of] else np.nan
    lower, upper = wilson_interval(share * size, size) if size > 0 else UNKNOWN
    return float(lower), float(upper)


def _subscribed(data: Dataset, window: Window) -> list[Share]:
    """Customers with a running subscription of all known."""
    if "subscriptions" not in data.tables or data.customers.empty:
        return []
    now, then = (
        (running(data, day)["customers"], known_customers(data, day)) for day in (window.end, window.before.end)
    )
    before = then if subscriptions_have_history(data, window.before.end) else UNKNOWN
    words = Definition(
        "customers with a running subscription ÷ customers", f"on {window.end}", f"customers known on {window.end}"
    )
    return [Share("subscribed", now, before, words)]
