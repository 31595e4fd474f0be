"""How few customers bring how much: the Lorenz curve, its Gini coefficient, top shares, and whether 80/20 holds."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.segmentation.groups import unfit
from helpers.analyses.segmentation.vocabulary import CUMULATIVE_CUSTOMERS, CUMULATIVE_REVENUE, TOP_SHARE
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, charts, formats
from helpers.findings.evidence import CI
from helpers.findings.folding import SMALLEST_GROUP
from helpers.findings.vocabulary import CUSTOMERS, LOWER, REVENUE_SHARE, UPPER
from helpers.statistics.distributions import fewest_holders, gini_limits, lorenz, top_limits

TOPS = (0.01, 0.05, 0.10, 0.20)
PARETO_TOP, PARETO_SHARE = 0.20, 0.80  # what "80/20" says
POINTS = 200  # of the drawn curve


@dataclass(frozen=True)
class Concentration(Finding):
    """Shares of net revenue by shares of buyers, with their errors, beside the rule that 20% bring 80%."""

    table: pd.DataFrame  # a row a top of at least 5 buyers
    curve: pd.DataFrame  # cumulative_customer_share, cumulative_revenue_share, the smallest first
    gini: pd.Series  # gini, std_error, lower, upper
    most_from: float  # share of buyers, the largest first, who bring 80% of revenue
    buyers: int  # of net revenue of 0 and above
    without_revenue: int  # of these, with none left
    left_out: int  # buyers whose net revenue is negative
    revenue: str = "revenue"  # what it is called: net where money given back is taken off
    columns = (TOP_SHARE, CUSTOMERS, REVENUE_SHARE, LOWER, UPPER)

    def plot(self, ax: Axes | None = None) -> Axes:
        """The Lorenz curve against the diagonal of equal customers."""
        return charts.concentration(self.curve, x=CUMULATIVE_CUSTOMERS, y=CUMULATIVE_REVENUE, ax=ax)

    def headline(self) -> str:
        """Whether the top 20% bring 80%, who does, the Gini coefficient, and who brings nothing."""
        gini = f"Gini {self.gini['gini']:.2f}, {CI} {self.gini['lower']:.2f} to {self.gini['upper']:.2f}"
        nothing = (
            f" {self.without_revenue:,} of the {self.buyers:,} buyers brought no {self.revenue}."
            if self.without_revenue
            else ""
        )
        out = f" {self.left_out:,} whose refunds exceed their orders are left out." if self.left_out else ""
        return f"{self._pareto()} ({gini}).{nothing}{out}"

    def _pareto(self) -> str:
        most = f"80% of {self.revenue} comes from the top {formats.percent(self.most_from)} of buyers"
        top = self.table[self.table[TOP_SHARE] == PARETO_TOP]
        if top.empty:
            return f"{most}, and the top 20% are too few to show"
        row = top.iloc[0]
        brought = (
            f"The top 20% of buyers bring {formats.percent(row['revenue_share'])} of {self.revenue} "
            f"({CI} {formats.interval(row['lower'], row['upper'], formats.percent)})"
        )
        if row["lower"] <= PARETO_SHARE <= row["upper"]:
            return f"{brought}, so “80/20” holds within chance"
        less = "less" if row["upper"] < PARETO_SHARE else "more"
        return f"{brought}, so “80/20” does not hold: revenue is {less} concentrated, and {most}"


def concentration(data: Dataset) -> Concentration | NotApplicable:
    """How net revenue to `as_of` is spread over the customers with an order; those below zero are only counted.

    Limits are of the shares that would be seen in other samples of such customers, from influence functions (see
    `statistics.concentration`); a few very large customers make them too narrow.
    """
    missing = unfit(data)
    if missing:
        return missing
    money = data.customers.loc[data.customers["orders"] > 0, "monetary"]
    kept = money[money >= 0].to_numpy(dtype=float)
    if not kept.any():
        return NotApplicable("no order brought any money.")
    shown = [top for top in TOPS if round(top * len(kept)) >= SMALLEST_GROUP]
    tops = top_limits(kept, shown).rename(columns={"total_share": REVENUE_SHARE}).drop(columns="std_error")
    tops.insert(1, CUSTOMERS, [round(top * len(kept)) for top in shown])
    curve = lorenz(kept, POINTS).set_axis([CUMULATIVE_CUSTOMERS, CUMULATIVE_REVENUE], axis="columns")
    return Concentration(
        tops,
        curve,
        gini_limits(kept).loc[0],
        fewest_holders(kept, PARETO_SHARE),
        len(kept),
        int((kept == 0).sum()),
        int((money < 0).sum()),
        data.revenue,
    )
