"""Lifecycle stages, with limits from how long this data set's customers take between two order days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from helpers.analyses.segmentation.groups import Groups, group, unfit, unsorted_buyers
from helpers.analyses.segmentation.standing.gaps import LIMITS, QUANTILES, Limits, StageLimits, order_gaps, stage_limits
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable, Sentence, facts, say

NEW, ACTIVE, WON_BACK = "New 新客户", "Active 活跃客户", "Won back 回流客户"
NEED_ATTENTION, AT_RISK = "Need attention 待关注客户", "At risk 流失风险客户"
DORMANT, LOST = "Dormant 休眠客户", "Lost 已流失客户"
POTENTIAL = "Potential 潜在客户"
NAMES = (ACTIVE, NEW, WON_BACK, NEED_ATTENTION, AT_RISK, DORMANT, LOST)  # from the best on


@dataclass(frozen=True)
class Stages(Groups):
    """Every customer in one lifecycle stage, and the limits between the stages."""

    limits: StageLimits = field(kw_only=True)


def stages(
    data: Dataset, quantiles: Sequence[float] = QUANTILES, limits_days: Limits = (), by: str = ""
) -> Stages | NotApplicable:
    """The lifecycle stage of every customer by days since the last order; a customer without one is potential.

    The four limits end active, need attention, at risk and dormant; who is silent for longer is lost. They are
    `limits_days`, or else `quantiles` of the days between consecutive order days, in whole days, for everybody or for
    each value of the customers' column `by`. New are those with a single order day within the active limit; won back
    are active customers whose latest return came after a silence longer than the at-risk limit, from dormant or lost.
    Quantiles are of returns that happened: who never returned has no gap. Raises ValueError for limits or quantiles
    that do not rise, or a column that the snapshot lacks.
    """
    missing = unfit(data)
    if missing:
        return missing
    known = unsorted_buyers(data, ["recency_days", "frequency", *([by] if by in data.customers else [])])
    gaps = order_gaps(data).cache()  # asked twice, and to sort all order days takes longer than all else here
    limits = stage_limits(data, known, gaps, quantiles, limits_days, by)
    if isinstance(limits, NotApplicable):
        return limits
    each = limits_of_each(limits)
    last_gaps = _last_gaps(gaps, longer_than=min(limits.table["at_risk_days"])).reindex(known.index)
    labels = staged(known, each, last_gaps)
    groups = group(data, labels, _rules(limits), others=POTENTIAL)
    told = limits.headline()
    return Stages(**vars(groups) | {"cuts": limits.overall, "remarks": (told, *told.basis)}, limits=limits)


def limits_of_each(limits: StageLimits) -> np.ndarray:
    """The four limits of each buyer, one row a buyer in the order of `limits.groups`."""
    by_group = limits.table.set_index("group")[list(LIMITS)].astype(float)
    return by_group.reindex(limits.groups.cat.categories).to_numpy()[limits.groups.cat.codes]


def staged(known: pd.DataFrame, limits: np.ndarray, last_gaps: pd.Series) -> pd.Series:
    """The stage of each of the buyers `known`, from their own four limits (a row each, or one row for all) and the
    days before their latest order day, missing where there is no earlier one."""
    recency = known["recency_days"].to_numpy(dtype=float)
    active_days, attention_days, at_risk_days, dormant_days = np.broadcast_to(limits, (len(known), len(LIMITS))).T
    active = recency <= active_days
    once = known["frequency"].to_numpy() == 0
    fits = {
        NEW: active & once,
        WON_BACK: active & (last_gaps.to_numpy(dtype=float) > at_risk_days),
        ACTIVE: active,
        NEED_ATTENTION: recency <= attention_days,
        AT_RISK: recency <= at_risk_days,
        DORMANT: recency <= dormant_days,
    }
    codes = np.select(list(fits.values()), [NAMES.index(name) for name in fits], NAMES.index(LOST))
    return pd.Series(pd.Categorical.from_codes(codes, NAMES), index=known.index, name="stage")


def _last_gaps(gaps: ir.Table, longer_than: float) -> pd.Series:
    """customer_id → days before the latest order day, of those for whom that was longer than `longer_than`."""
    last = gaps.group_by("customer_id").agg(gap_days=gaps.gap_days.argmax(gaps.day))
    return last.filter(last.gap_days > longer_than).execute().set_index("customer_id")["gap_days"]


def _rules(limits: StageLimits) -> Mapping[str, Sentence]:
    active, attention, risk, dormant = _limits(limits)
    return {
        ACTIVE: say("last order at most {limit} ago", limit=active),
        NEW: say("one order day, at most {limit} ago", limit=active),
        WON_BACK: say("active again after more than {limit} of silence", limit=risk),
        NEED_ATTENTION: say("last order more than {least}, at most {most} ago", least=active, most=attention),
        AT_RISK: say("last order more than {least}, at most {most} ago", least=attention, most=risk),
        DORMANT: say("last order more than {least}, at most {most} ago", least=risk, most=dormant),
        LOST: say("last order more than {limit} ago", limit=dormant),
    }


def _limits(limits: StageLimits) -> tuple[object, ...]:
    """The four limits as rules name them: in days, or those of a customer's own group."""
    if not limits.by:
        return tuple(map(facts.Days, limits.overall))
    by = facts.Attribute(limits.by)
    return (
        say("the active limit of its {by}", by=by),
        say("the attention limit of its {by}", by=by),
        say("the at-risk limit of its {by}", by=by),
        say("the dormant limit of its {by}", by=by),
    )
