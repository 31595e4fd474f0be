"""Lifecycle stages, with limits from how long this data set's customers take between two order days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from helpers.analyses.segmentation_groups import Groups, buyers, group, unfit
from helpers.data import snapshot
from helpers.data.datasets import Dataset
from helpers.reports import formats
from helpers.reports.findings import NotApplicable

FEWEST_GAPS = 30  # between order days; below, their upper quantiles are chance
QUANTILES = (0.75, 0.90, 0.95)

NEW, ACTIVE, WON_BACK = "New 新客户", "Active 活跃客户", "Won back 回流客户"
NEED_ATTENTION, AT_RISK, LOST = "Need attention 待关注客户", "At risk 流失风险客户", "Lost 已流失客户"
POTENTIAL = "Potential 潜在客户"


def stages(
    data: Dataset, quantiles: Sequence[float] = QUANTILES, limits_days: Sequence[float] = ()
) -> Groups | NotApplicable:
    """The lifecycle stage of every customer by days since the last order; a customer without one is potential.

    The three limits end active, need attention and at risk. They are `limits_days`, or else `quantiles` of the days
    between consecutive order days, in whole days. New are those with a single order day within the active limit; won
    back are active customers whose latest return came after a silence longer than the last limit. Quantiles are of
    returns that happened: who never returned has no gap.
    """
    missing = unfit(data)
    if missing:
        return missing
    gaps = order_gaps(data)
    if len(limits_days):
        limits, origin = _checked_limits(limits_days), "as given"
    else:
        shares = _checked_quantiles(quantiles)
        returns = int(gaps.count().execute())
        if returns < FEWEST_GAPS:
            return NotApplicable(f"customers came back only {returns} times, and limits need {FEWEST_GAPS} returns. "
                                 "Give cuts.stage.")
        limits = gap_quantiles(gaps, shares)
        origin = f"within them came {_listed([formats.percent(share) for share in shares])} of {returns:,} returns"
    labels = staged(buyers(data), limits, _last_gaps(gaps, longer_than=limits[2]))
    said = _listed([formats.number(limit) for limit in limits])
    found = group(data, labels, _rules(limits), others=POTENTIAL)
    return replace(found, cuts=limits, remark=f"Limits: {said} days of silence ({origin}).")


def order_gaps(data: Dataset) -> ir.Table:
    """customer_id, day and gap_days of every order day that follows an earlier one of the same customer."""
    known = snapshot.order_days(data.tables["orders"], data.settings.policy)
    days = known.filter(known.orders > 0).select("customer_id", "day")
    before = days.day.lag().over(group_by=days.customer_id, order_by=days.day)
    gaps = days.mutate(gap_days=days.day.delta(before, unit="day"))
    return gaps.filter(gaps.gap_days.notnull())


def gap_quantiles(gaps: ir.Table, quantiles: Sequence[float]) -> tuple[int, ...]:
    """Quantiles of the gaps, up to whole days."""
    found = gaps.agg(**{f"q{place}": gaps.gap_days.quantile(share) for place, share in enumerate(quantiles)}).execute()
    return tuple(int(np.ceil(value)) for value in found.iloc[0])


def staged(known: pd.DataFrame, limits: Sequence[float], last_gaps: pd.Series) -> pd.Series:
    """The stage of each of the buyers `known`; `last_gaps` names those whose last gap was longer than all limits."""
    recency = known["recency_days"]
    active = recency <= limits[0]
    fits = [
        active & (known["frequency"] == 0), active & known.index.isin(last_gaps.index), active,
        recency <= limits[1], recency <= limits[2],
    ]
    names = np.select(fits, [NEW, WON_BACK, ACTIVE, NEED_ATTENTION, AT_RISK], LOST)
    return pd.Series(names, index=known.index, name="stage", dtype=object)


def _last_gaps(gaps: ir.Table, longer_than: float) -> pd.Series:
    """customer_id → days before the latest order day, of those for whom that was longer than `longer_than`."""
    place = ibis.row_number().over(group_by=gaps.customer_id, order_by=gaps.day.desc())
    last = gaps.mutate(place=place).filter(lambda row: (row.place == 0) & (row.gap_days > longer_than))
    return last.select("customer_id", "gap_days").execute().set_index("customer_id")["gap_days"]


def _rules(limits: Sequence[float]) -> Mapping[str, str]:
    active, attention, risk = (formats.number(limit) for limit in limits)
    return {
        ACTIVE: f"last order at most {active} days ago",
        NEW: f"one order day, at most {active} days ago",
        WON_BACK: f"active again after more than {risk} days of silence",
        NEED_ATTENTION: f"last order more than {active}, at most {attention} days ago",
        AT_RISK: f"last order more than {attention}, at most {risk} days ago",
        LOST: f"last order more than {risk} days ago",
    }


def _checked_limits(limits: Sequence[float]) -> tuple[float, ...]:
    if len(limits) != 3 or limits[0] < 0 or (np.diff(limits) < 0).any():
        raise ValueError(f"cuts.stage = {list(limits)}: give three numbers of days in rising order.")
    return tuple(limits)


def _checked_quantiles(quantiles: Sequence[float]) -> tuple[float, ...]:
    if len(quantiles) != 3 or not 0 < quantiles[0] <= quantiles[1] <= quantiles[2] < 1:
        raise ValueError(f"quantiles = {list(quantiles)}: give three shares between 0 and 1 in rising order.")
    return tuple(quantiles)


def _listed(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}"
