"""How unequal customers are in what they bring: the Lorenz curve, its Gini coefficient, the share of the top."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from helpers.data.datasets import Dataset
from helpers.data.privacy import SMALLEST_GROUP
from helpers.reports import charts, formats
from helpers.reports.findings import NotApplicable
from helpers.statistics.concentration import gini, lorenz, top_share

TOPS = (0.01, 0.05, 0.10, 0.20)
POINTS = 200  # of the drawn curve


@dataclass(frozen=True)
class Concentration:
    """Shares of net revenue by shares of buyers, the largest last."""

    curve: pd.DataFrame  # customers_share, revenue_share
    tops: pd.DataFrame   # top_share, customers, revenue_share
    gini: float
    buyers: int
    left_out: int        # buyers whose net revenue is negative

    def summary(self) -> pd.DataFrame:
        """One line for each top that holds at least 5 customers."""
        return self.tops

    def plot(self, ax: Axes | None = None) -> Axes:
        """The Lorenz curve."""
        return charts.concentration(self.curve, x="customers_share", y="revenue_share", ax=ax)

    def headline(self) -> str:
        """The share of the largest top shown, the Gini coefficient, and who is left out."""
        said = f"The Gini coefficient of net revenue over {self.buyers:,} buyers is {self.gini:.2f}"
        if len(self.tops):
            top = self.tops.iloc[-1]
            said = (
                f"The top {formats.percent(top['top_share'])} of buyers bring {formats.percent(top['revenue_share'])} "
                f"of net revenue (Gini {self.gini:.2f}, {self.buyers:,} buyers)"
            )
        out = f" {self.left_out:,} whose refunds exceed their orders are left out." if self.left_out else ""
        return f"{said}.{out}"


def concentration(data: Dataset) -> Concentration | NotApplicable:
    """How net revenue to `as_of` is spread over the customers with an order; those below zero are only counted."""
    if "monetary" not in data.customers:
        return NotApplicable("this data set has no orders.")
    money = data.customers.loc[data.customers["orders"] > 0, "monetary"]
    kept = money[money >= 0].to_numpy(dtype=float)
    if len(kept) < SMALLEST_GROUP:
        return NotApplicable(f"fewer than {SMALLEST_GROUP} customers are named by an order.")
    if kept.sum() == 0:
        return NotApplicable("no order brought any money.")
    shares = [top for top in TOPS if top * len(kept) >= SMALLEST_GROUP]
    tops = pd.DataFrame({
        "top_share": shares, "customers": [round(top * len(kept)) for top in shares],
        "revenue_share": [top_share(kept, top) for top in shares],
    })  # fmt: skip
    curve = lorenz(kept, POINTS).set_axis(["customers_share", "revenue_share"], axis="columns")
    return Concentration(curve, tops, gini(kept), len(kept), int(len(money) - len(kept)))
