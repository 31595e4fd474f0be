"""Key figures in numbers and money: customers, orders, revenue, and what a customer, a buyer and an order bring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.profiling.business.activity import activity_figures
from helpers.analyses.profiling.business.figures import UNKNOWN, Definition, Figure, reading
from helpers.analyses.profiling.business.movement import quick_ratio_figures
from helpers.analyses.profiling.business.repurchase import second_order_figures
from helpers.analyses.profiling.business.spending import AOV, ARPU, ORDERS, REVENUE, spending_changes, spending_figures
from helpers.analyses.profiling.business.voice import net_promoter_figures
from helpers.analyses.profiling.business.windows import (
    Trade,
    Window,
    known_customers,
    running,
    subscriptions_have_history,
)
from helpers.analyses.profiling.vocabulary import (
    CHANGE,
    CHANGE_LOWER,
    CHANGE_RATE,
    CHANGE_UPPER,
    KPI,
    PREVIOUS,
    SINCE_LAST_RUN_RATE,
    UNIT,
)
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.briefs import Brief, News, Topic
from helpers.findings.drawing import charts
from helpers.findings.evidence import LEAST_AT_RISK
from helpers.findings.vocabulary import LOWER, UPPER, VALUE
from helpers.parameters import LONGEST_WINDOW_DAYS

CUSTOMERS = "customers"
MONTHLY = "monthly subscription revenue"


class Change(StrEnum):
    """What a change against the window before is, where chance is known."""

    MORE = "more"
    LESS = "less"
    NO_EVIDENCE = "no_evidence"


@dataclass(frozen=True)
class Kpis(Finding):
    """Key figures of a window beside those of the window before it, with their 95% CI.

    Totals have no interval, and no previous value where the data begin too late. Changes of orders and money have one
    over customers, whose two windows are pairs; a change is told only where it leaves none out.
    `since_last_run_rate` is there where an earlier report's table was given. `reading` says of each figure its formula,
    window and denominator.
    """

    table: pd.DataFrame
    reading: pd.DataFrame
    window: Window
    currency: str = ""
    is_net: bool = False  # money given back is taken off
    columns = (
        KPI,
        VALUE,
        LOWER,
        UPPER,
        PREVIOUS,
        CHANGE_RATE,
        CHANGE_LOWER,
        CHANGE_UPPER,
        CHANGE,
        UNIT,
        SINCE_LAST_RUN_RATE,
    )

    def plot(self, ax: Axes | None = None) -> Axes:
        """The changes against the window before with their intervals; the values where no change has one."""
        compared = self.table.dropna(subset=[CHANGE_RATE, CHANGE_LOWER])
        if compared.empty:
            return charts.bars(self.table, value=VALUE, label=KPI, ax=ax)
        band = (CHANGE_LOWER, CHANGE_UPPER)
        return charts.forest(compared, estimate=CHANGE_RATE, label=KPI, band=band, reference=0, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        if self.table[[CHANGE_RATE, CHANGE_LOWER]].notna().all(axis="columns").any():
            return say("How much did the key figures change against the window before?")
        return say("How large are the key figures?")

    def headline(self) -> Sentence:
        """Revenue of the window and its change; orders, the change's interval and what a customer brings below."""
        at = self.table.set_index(KPI)
        if ORDERS not in at.index:
            return self._without_orders(at[VALUE])
        window, last = facts.Days(self.window.days), facts.Day(self.window.end)
        if not at.loc[ORDERS, VALUE]:
            return say("No order was placed in the {window} to {day}.", window=window, day=last)
        orders, revenue = facts.Count(at.loc[ORDERS, VALUE]), at.loc[REVENUE]
        net = (
            say("{orders} orders, net of cancellations and refunds.", orders=orders)
            if self.is_net
            else say("{orders} orders.", orders=orders)
        )
        return self._revenue(revenue).resting_on(
            net,
            say("From {first} to {last}.", first=facts.Day(self.window.start), last=last),
            self._change_limits(revenue),
            self._mean(at),
        )

    def brief(self) -> Brief:
        """What comes in, which stands first on the page where nothing says how that changed."""
        comes_in = self.table[KPI].isin([ORDERS, MONTHLY]).any()
        return Brief((News(Topic.VERDICT, "sales", self.headline()),) if comes_in else ())

    def _revenue(self, revenue: pd.Series) -> Sentence:
        """What the window brought, and its change against the one before where chance is known."""
        known = {"window": facts.Days(self.window.days), "money": self._money(revenue[VALUE])}
        change = facts.Share(abs(revenue[CHANGE_RATE]))
        if revenue[CHANGE] == Change.MORE:
            return say(
                "Sales of the last {window} are {money}, {change} above the {window} before.", change=change, **known
            )
        if revenue[CHANGE] == Change.LESS:
            return say(
                "Sales of the last {window} are {money}, {change} below the {window} before.", change=change, **known
            )
        if revenue[CHANGE] == Change.NO_EVIDENCE:
            return say(
                "Sales of the last {window} are {money}; the change on the {window} before is within chance.", **known
            )
        return say("Sales of the last {window} are {money}.", **known)

    def _change_limits(self, revenue: pd.Series) -> Sentence | None:
        """The interval of the change, where it has one."""
        if revenue[CHANGE] is None:
            return None
        low, high = facts.Change(revenue[CHANGE_LOWER]), facts.Change(revenue[CHANGE_UPPER])
        return say("95% interval of the change {interval}.", interval=facts.Range(low, high))

    def _mean(self, at: pd.DataFrame) -> Sentence:
        """What a customer brought on average; an order, where orders name no customer."""
        mean = at.loc[ARPU if ARPU in at.index else AOV]
        money = self._money(mean[VALUE])
        if pd.isna(mean[LOWER]):
            few = facts.Count(LEAST_AT_RISK)
            if ARPU in at.index:
                return say(
                    "On average a customer brought {money}; fewer than {least} buyers are too few for an interval.",
                    money=money,
                    least=few,
                )
            return say(
                "On average an order brought {money}; fewer than {least} buyers are too few for an interval.",
                money=money,
                least=few,
            )
        spread = facts.Range(self._money(mean[LOWER]), self._money(mean[UPPER]))
        if ARPU in at.index:
            return say("On average a customer brought {money} (95% interval {interval}).", money=money, interval=spread)
        return say("On average an order brought {money} (95% interval {interval}).", money=money, interval=spread)

    def _without_orders(self, values: pd.Series) -> Sentence:
        customers = facts.Count(values[CUSTOMERS])
        if MONTHLY in values.index:
            return say(
                "{customers} customers are known; running subscriptions bring {money} a month.",
                customers=customers,
                money=self._money(values[MONTHLY]),
            )
        return say(
            "{customers} customers are known; without orders there is no revenue to report.", customers=customers
        )

    def _money(self, value: float) -> facts.Money:
        return facts.Money(value, self.currency)


@analysis
def kpis(data: Dataset, window_days: int = 90, before: pd.DataFrame | None = None) -> Kpis | NotApplicable:
    """Key figures of the `window_days` days to `as_of`, each with the same of the window before.

    Orders and money; daily, weekly and monthly active customers; the quick ratio; the time to the second purchase; the
    net promoter score: those that the data set has. `before` is the table of an earlier report, with which values
    are compared. Changes of orders and money are told beyond chance only (`spending_changes`). Means of customers and
    of orders are ratios of sums over customers, with the interval for skewed values of `ratio_interval`; each other
    figure's formula says what its interval rests on. Where orders name no customer only orders are counted, and each
    stands for a customer of its own. Raises ValueError for `before` without kpi and value, and for a window of less
    than a day or of more than ten years.
    """
    parameters.between("window_days", window_days, 1, LONGEST_WINDOW_DAYS)
    window, trade, last = Window(data.as_of, window_days), Trade(data), last_run(before, VALUE)
    now = [figure for measure, _ in PARTS for figure in measure(trade, window)]
    if not now:
        return NotApplicable(say("this data set has neither customers nor orders."))
    measured_then = [measure for measure, reaches in PARTS if reaches(trade, window.before)]
    then = {figure.kpi: figure.value for measure in measured_then for figure in measure(trade, window.before)}
    rates, between = [_change(figure, then) for figure in now], spending_changes(trade, window)
    limits = [between.get(figure.kpi, UNKNOWN) for figure in now]
    table = pd.DataFrame({
        KPI: [figure.kpi for figure in now], VALUE: [figure.value for figure in now],
        LOWER: [figure.limits[0] for figure in now], UPPER: [figure.limits[1] for figure in now],
        PREVIOUS: [then.get(figure.kpi, np.nan) for figure in now],
        CHANGE_RATE: rates, CHANGE_LOWER: [lower for lower, _ in limits], CHANGE_UPPER: [upper for _, upper in limits],
        CHANGE: pd.Series(list(map(_beyond_chance, rates, limits)), dtype=object),
        UNIT: [figure.unit for figure in now],
    })  # fmt: skip
    if table[KPI].isin(last).any():
        table[SINCE_LAST_RUN_RATE] = [_change(figure, last) for figure in now]
    return Kpis(table, reading(now), window, data.settings.currency, data.is_net)


def last_run(before: pd.DataFrame | None, column: str) -> dict[str, float]:
    """The values of an earlier report by key figure, those without one left out; none without a report.

    Raises ValueError for a table of another kind.
    """
    if before is None or before.empty:
        return {}
    if not {KPI, column} <= set(before.columns):
        names = ", ".join(map(str, before.columns))
        raise ValueError(f"before = a table of {names}: it has kpi and {column}. Give the table of an earlier report.")
    values = before.dropna(subset=[column])
    return dict(zip(values[KPI], values[column].astype(float), strict=True))


def _change(figure: Figure, earlier: Mapping[str, float]) -> float:
    """By how much a figure is above its earlier value; NaN where that is not above zero, or where it says nothing."""
    value = earlier.get(figure.kpi, np.nan)
    return figure.value / value - 1 if figure.relative and value > 0 else np.nan


def _beyond_chance(change: float, limits: tuple[float, float]) -> Change | None:
    """Whether an interval of a change leaves no change out; None where there is no change or no interval."""
    if np.isnan([change, *limits]).any():
        return None
    return Change.MORE if limits[0] > 0 else Change.LESS if limits[1] < 0 else Change.NO_EVIDENCE


def _customers(trade: Trade, window: Window) -> list[Figure]:
    if trade.data.customers.empty:
        return []
    words = Definition("customers who had joined, or were first seen, by the last day", f"on {window.end}")
    return [Figure(CUSTOMERS, known_customers(trade.data, window.end), "customers", words)]


def _customers_reach(trade: Trade, window: Window) -> bool:
    """Whether any customer was known by the window's end."""
    tenures = trade.data.customers.get("tenure_days", pd.Series(dtype=float))
    return bool((tenures >= (trade.data.as_of - window.end).days).any())


def _orders_reach(trade: Trade, window: Window) -> bool:
    return "orders" in trade.data.tables and trade.covers(window)


def _subscriptions(trade: Trade, window: Window) -> list[Figure]:
    if "subscriptions" not in trade.data.tables:
        return []
    sums = running(trade.data, window.end)
    if not sums["priced"]:
        return []
    words = Definition("sum of the monthly prices of running subscriptions", f"on {window.end}")
    unit = f"{trade.data.settings.currency} a month".strip()
    return [Figure(MONTHLY, float(sums["monthly_revenue"]), unit, words)]


def _subscriptions_reach(trade: Trade, window: Window) -> bool:
    return "subscriptions" in trade.data.tables and subscriptions_have_history(trade.data, window.end)


def _second_orders(trade: Trade, window: Window) -> list[Figure]:
    names_buyers = "orders" in trade.data.tables and trade.names_customers
    return second_order_figures(trade, window.end) if names_buyers else []


def _always(trade: Trade, window: Window) -> bool:
    """These figures see themselves to how far the data reach back."""
    return True


PARTS = (  # what measures figures of a window, and whether the data reach back to it
    (_customers, _customers_reach),
    (spending_figures, _orders_reach),
    (_subscriptions, _subscriptions_reach),
    (lambda trade, window: activity_figures(trade.data, window.end), _always),
    (quick_ratio_figures, _always),
    (_second_orders, _always),
    (lambda trade, window: net_promoter_figures(trade.data, window), _always),
)
