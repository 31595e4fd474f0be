"""What became of orders: created, paid, refunded."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable, charts, formats
from helpers.statistics.shares import wilson_interval


@dataclass(frozen=True)
class OrderFunnel:
    """Orders created, of them paid, of these refunded in whole or in part where the data record refunds."""

    stages: pd.DataFrame  # stage, orders, of_created_share, of_stage_before_share, lower, upper

    def summary(self) -> pd.DataFrame:
        """One line a stage; the 95 % Wilson interval is that of the share of the stage before."""
        return self.stages

    def plot(self, ax: Axes | None = None) -> Axes:
        """Orders that reached each stage, with their share of the stage before."""
        return charts.bars(self.stages, value="orders", label="stage", share="of_stage_before_share", ax=ax)

    def headline(self) -> str:
        """The share paid and the share refunded, with their intervals."""
        at = self.stages.set_index("stage")
        said = f"Of {at.loc['created', 'orders']:,} orders, {self._share('paid')} were paid"
        if "refunded" not in at.index:
            return f"{said}; the data record no refunds."
        return (
            f"{said}; of the {at.loc['paid', 'orders']:,} paid, {self._share('refunded')} "
            "were refunded in whole or in part."
        )

    def _share(self, stage: str) -> str:
        found = self.stages.set_index("stage").loc[stage]
        spread = formats.interval(found["lower"], found["upper"], formats.percent)
        return f"{formats.percent(found['of_stage_before_share'])} (95 % interval {spread})"


def order_funnel(data: Dataset) -> OrderFunnel | NotApplicable:
    """Orders up to `as_of` by the stage that they reached; NotApplicable where no order says when it was paid."""
    if "orders" not in data.tables:
        return NotApplicable("this data set has no orders.")
    orders = data.tables["orders"]
    paid = orders.paid_at.notnull()
    found = (
        orders.agg(
            created=orders.count(),
            paid=orders.count(where=paid),
            refunded=orders.count(where=paid & (orders.refund > 0)),
            refunds_recorded=orders.refund.count(),
        )
        .execute()
        .iloc[0]
    )
    if not found["paid"]:
        return NotApplicable("no order says when it was paid.")
    found = found[["created", "paid", "refunded"] if found["refunds_recorded"] else ["created", "paid"]]
    counts = found.to_numpy(dtype="int64")
    before = np.concatenate([counts[:1], counts[:-1]])
    lower, upper = wilson_interval(counts, before)
    lower, upper = (np.where(np.arange(len(counts)) > 0, limit, np.nan) for limit in (lower, upper))
    return OrderFunnel(pd.DataFrame({
        "stage": list(found.index), "orders": counts, "of_created_share": counts / counts[0],
        "of_stage_before_share": counts / before, "lower": lower, "upper": upper,
    }))  # fmt: skip
