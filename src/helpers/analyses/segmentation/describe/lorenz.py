"""How few customers bring how much: the Lorenz curve, its Gini coefficient, top shares, and whether 80/20 holds."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.segmentation.groups import unfit
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable, charts, formats
from helpers.findings.folding import SMALLEST_GROUP
from helpers.statistics.distributions import fewest_holders, gini_limits, lorenz, top_limits

TOPS = (0.01, 0.05, 0.10, 0.20)
PARETO_TOP, PARETO_SHARE = 0.20, 0.80  # what "80/20" says
POINTS = 200  # of the drawn curve


@dataclass(frozen=True)
class Concentration:
    """Shares of net revenue by shares of buyers, with their errors, beside the rule that 20% bring 80%."""

    curve: pd.DataFrame  # customers_share, revenue_share, the smallest first
    tops: pd.DataFrame  # top_share, customers, revenue_share, lower, upper; only tops of at least 5 customers
    gini: pd.Series  # gini, std_error, lower, upper
    most_from: float  # share of buyers, the largest first, who bring 80% of revenue
    buyers: int  # of net revenue of 0 and above
    without_revenue: int  # of these, with none left
    left_out: int  # buyers whose net revenue is negative

    def summary(self) -> pd.DataFrame:
        """One row a top, with the 95% limits of what it brings."""
        return self.tops

    def plot(self, ax: Axes | None = None) -> Axes:
        """The Lorenz curve against the diagonal of equal customers."""
        return charts.concentration(self.curve, x="customers_share", y="revenue_share", ax=ax)

    def headline(self) -> str:
        """Whether the top 20% bring 80%, who does, the Gini coefficient, and who brings nothing."""
        gini = f"Gini {self.gini['gini']:.2f}, 95% CI {self.gini['lower']:.2f} to {self.gini['upper']:.2f}"
        nothing = (
            f" {self.without_revenue:,} of the {self.buyers:,} buyers brought nothing net."
            if self.without_revenue
            else ""
        )
        out = f" {self.left_out:,} whose refunds exceed their orders are left out." if self.left_out else ""
        return f"{self._pareto()} ({gini}).{nothing}{out}"

    def _pareto(self) -> str:
        most = f"80% of net revenue comes from the top {formats.percent(self.most_from)} of buyers"
        top = self.tops[self.tops["top_share"] == PARETO_TOP]
        if top.empty:
            return f"{most}, and the top 20% are too few to show"
        row = top.iloc[0]
        said = (
            f"The top 20% of buyers bring {formats.percent(row['revenue_share'])} of net revenue "
            f"(95% CI {formats.interval(row['lower'], row['upper'], formats.percent)})"
        )
        if row["lower"] <= PARETO_SHARE <= row["upper"]:
            return f"{said}, so “80/20” holds within chance"
        less = "less" if row["upper"] < PARETO_SHARE else "more"
        return f"{said}, so “80/20” does not hold: revenue is {less} concentrated, and {most}"


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
    tops = top_limits(kept, shown).rename(columns={"total_share": "revenue_share"}).drop(columns="std_error")
    tops.insert(1, "customers", [round(top * len(kept)) for top in shown])
    curve = lorenz(kept, POINTS).set_axis(["customers_share", "revenue_share"], axis="columns")
    return Concentration(
        curve,
        tops,
        gini_limits(kept).loc[0],
        fewest_holders(kept, PARETO_SHARE),
        len(kept),
        int((kept == 0).sum()),
        int((money < 0).sum()),
    )
