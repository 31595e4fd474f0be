"""What became of orders: created, paid, refunded."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.profiling.vocabulary import OF_CREATED_SHARE, OF_STAGE_BEFORE_SHARE, STAGE
from helpers.data.datasets import Dataset
from helpers.data.intake.rows import purchases
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.vocabulary import LOWER, ORDERS, UPPER
from helpers.statistics.shares import wilson_interval


class Stage(StrEnum):
    """How far an order came."""

    CREATED = "created"
    PAID = "paid"
    REFUNDED = "refunded"


@dataclass(frozen=True)
class OrderFunnel(Finding):
    """Orders created, of them paid, of these refunded in whole or in part where the data record refunds.

    One row a stage; the Wilson interval is that of the share of the stage before.
    """

    table: pd.DataFrame
    columns = (STAGE, ORDERS.but(people=True), OF_CREATED_SHARE, OF_STAGE_BEFORE_SHARE, LOWER, UPPER)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Orders that reached each stage, with their share of the stage before."""
        worded = self.table.assign(**{STAGE: self.table[STAGE].map(STAGE.write)})
        return charts.bars(worded, value=ORDERS, label=STAGE, share=OF_STAGE_BEFORE_SHARE, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How many orders reach each stage?")

    def headline(self) -> Sentence:
        """The share paid and the share of these refunded; their intervals below."""
        at = self.table.set_index(STAGE)
        paid = at.loc[Stage.PAID]
        known = {"orders": facts.Count(at.loc[Stage.CREATED, ORDERS]), "paid": facts.Share(paid[OF_STAGE_BEFORE_SHARE])}
        sure = say("Paid: 95% interval {interval}.", interval=_limits(paid))
        if Stage.REFUNDED not in at.index:
            return say("{paid} of {orders} orders were paid; the data record no refunds.", **known).resting_on(sure)
        refunded = at.loc[Stage.REFUNDED]
        share = facts.Share(refunded[OF_STAGE_BEFORE_SHARE])
        return say(
            "{paid} of {orders} orders were paid; of these {refunded} were refunded, in whole or in part.",
            refunded=share,
            **known,
        ).resting_on(sure, say("Refunded: 95% interval {interval}.", interval=_limits(refunded)))


@analysis
def order_funnel(data: Dataset) -> OrderFunnel | NotApplicable:
    """Orders up to `as_of` by the stage that they reached; NotApplicable where no order says when it was paid."""
    if "orders" not in data.tables:
        return NotApplicable(say("this data set has no orders: export them to see this."))
    orders = data.tables["orders"]
    orders = orders.filter(~purchases.below_zero(orders, data.settings.policy))
    paid = orders.paid_at.notnull()
    sums = (
        orders.agg(
            created=orders.count(),
            paid=orders.count(where=paid),
            refunded=orders.count(where=paid & (orders.refund > 0)),
            refunds_recorded=orders.refund.count(),
        )
        .execute()
        .iloc[0]
    )
    if not sums["paid"]:
        return NotApplicable(say("no order says when it was paid."))
    stages = [stage for stage in Stage if stage is not Stage.REFUNDED or sums["refunds_recorded"]]
    counts = sums[stages].to_numpy(dtype="int64")
    before = np.concatenate([counts[:1], counts[:-1]])
    lower, upper = wilson_interval(counts, before)
    lower, upper = (np.where(np.arange(len(counts)) > 0, limit, np.nan) for limit in (lower, upper))
    return OrderFunnel(pd.DataFrame({
        STAGE: [str(stage) for stage in stages], ORDERS: counts, OF_CREATED_SHARE: counts / counts[0],
        OF_STAGE_BEFORE_SHARE: counts / before, LOWER: lower, UPPER: upper,
    }))  # fmt: skip


def _limits(stage: pd.Series) -> facts.Range:
    """The interval of a stage's share of the one before."""
    return facts.Range(facts.Share(stage[LOWER]), facts.Share(stage[UPPER]))
