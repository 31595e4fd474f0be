"""How unequal customers are in what they bring: the Lorenz curve, its Gini coefficient, the share of the top."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from helpers.data.datasets import Dataset
from helpers.data.privacy import SMALLEST_GROUP
from helpers.reports import charts, formats
from helpers.reports.findings import NotApplicable

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
    whole, at = lorenz(kept), np.linspace(0, 1, POINTS + 1)
    curve = pd.DataFrame({"customers_share": at, "revenue_share": np.interp(at, *whole.to_numpy().T)})
    return Concentration(curve, tops, gini(kept), len(kept), int(len(money) - len(kept)))


def lorenz(values: ArrayLike) -> pd.DataFrame:
    """Cumulative shares (Lorenz 1905): customers_share and revenue_share from 0 to 1, the smallest value first.

    Raises ValueError for values below 0, for which there is no curve, and where all are 0.
    """
    ordered = np.sort(np.asarray(values, dtype=float))
    if not len(ordered) or not (ordered >= 0).all() or ordered[-1] == 0:
        raise ValueError("values: a Lorenz curve takes values of 0 and above, one of them positive. Leave others out.")
    sums = np.concatenate([[0.0], np.cumsum(ordered)])
    return pd.DataFrame({"customers_share": np.linspace(0, 1, len(sums)), "revenue_share": sums / sums[-1]})


def gini(values: ArrayLike) -> float:
    """Gini coefficient: twice the area between curve and diagonal; 0 when all are equal, (n − 1) / n if one has all."""
    curve = lorenz(values)
    return float(1 - 2 * np.trapezoid(curve["revenue_share"], curve["customers_share"]))


def top_share(values: ArrayLike, share: float) -> float:
    """Part of the total that the largest `share` of the values hold, read off the Lorenz curve between customers."""
    curve = lorenz(values)
    return float(1 - np.interp(1 - share, curve["customers_share"], curve["revenue_share"]))
