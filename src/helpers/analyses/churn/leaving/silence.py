"""Silence: order days, the gaps between them, and the first gap that is long enough to count as having left."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from helpers import parameters
from helpers.data import snapshot
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable, Sentence, facts, say
from helpers.findings.folding import OTHERS

GAP_SHARE = 0.95  # of the gaps between orders that a silence must outlast
LEAST_GAPS = 50  # from which a percentile of gaps can be read
LEAST_SHOWN = 20  # customers with a gap that a segment needs for a silence of its own
LEAST_REPEATERS = 0.05  # share of customers who order again, below which silence means nothing
FEW_RETURNS = 0.1  # share of silences that an order may follow, for silence to stand for leaving


def order_days(data: Dataset) -> ir.Table:
    """One row a customer and order day: amount, the next order day, its place among the customer's (from 0).

    The amount is the day's before refunds, which come later and would tell of the future.
    """
    policy = data.settings.policy
    known = snapshot.order_days(data.tables["orders"], policy)
    later = known.refunds if policy.refunds == "net" else 0.0
    days = known.filter(known.orders > 0).select("customer_id", "day", amount=known.net + later)
    by_customer = ibis.window(group_by="customer_id", order_by="day")
    return days.mutate(next_on=days.day.lead().over(by_customer), place=ibis.row_number().over(by_customer))


def usual_silence(days: ir.Table) -> int | NotApplicable:
    """The whole days that 95 % of the gaps between order days do not exceed."""
    gaps = days.next_on.delta(days.day, unit="day")
    counts = (
        days.aggregate(
            customers=(days.place == 0).ifelse(1, 0).sum().fill_null(0),
            repeaters=(days.place == 1).ifelse(1, 0).sum(),
            gaps=gaps.count(),
            days=gaps.quantile(GAP_SHARE),
        )
        .execute()
        .iloc[0]
    )
    if not counts["customers"]:
        return NotApplicable(say("no order names its customer."))
    share = counts["repeaters"] / counts["customers"]
    if counts["gaps"] < LEAST_GAPS and share >= LEAST_REPEATERS:
        few = say(
            "pauses between order days are too few to tell how long a silence is leaving ({gaps}; at least {least}). "
            "Give the days of silence to define it anyway.",
            gaps=facts.Count(counts["gaps"]),
            least=facts.Count(LEAST_GAPS),
        )
        return NotApplicable(few)
    if share < LEAST_REPEATERS:
        once = say(
            "{repeaters} of {customers} customers ({share}) ordered on a second day, so silence cannot be told from "
            "having bought once. Give the days of silence to define it anyway.",
            repeaters=facts.Count(counts["repeaters"]),
            customers=facts.Count(counts["customers"]),
            share=facts.Share(share),
        )
        return NotApplicable(once)
    return math.ceil(counts["days"])


def segment_silences(
    days: ir.Table, customers: ir.Table, column: str, usual_days: int
) -> tuple[pd.DataFrame, ir.Table]:
    """The usual silence of each value of a column of `customers`, and the order days with their segment, silence_days.

    The table has segment, gaps, silence_days, the most gaps first; values with fewer than `LEAST_GAPS` gaps, or
    `LEAST_SHOWN` customers who ordered again, are one segment that keeps `usual_days`. Raises ValueError unless
    `column` holds words.
    """
    wordy = [name for name, kind in customers.schema().items() if kind.is_string() and name != "customer_id"]
    segments = customers.select("customer_id", segment=customers[parameters.one_of("silence_by", column, wordy)])
    days = days.left_join(segments, "customer_id").drop("customer_id_right")
    gaps = days.next_on.delta(days.day, unit="day")
    counts = (
        days.group_by("segment")
        .agg(gaps=gaps.count(), days=gaps.quantile(GAP_SHARE), repeaters=(days.place == 1).ifelse(1, 0).sum())
        .execute()
    )
    enough = counts["segment"].notna() & (counts["gaps"] >= LEAST_GAPS) & (counts["repeaters"] >= LEAST_SHOWN)
    own = counts[enough].sort_values(["gaps", "segment"], ascending=[False, True])
    own = own.assign(silence_days=np.ceil(own["days"]).astype(int)).drop(columns=["days", "repeaters"])
    if not enough.all():
        rest = int(counts.loc[~enough, "gaps"].sum())
        own.loc[-1] = [OTHERS, rest, usual_days]
    silences = own.astype({"gaps": int, "silence_days": int}).reset_index(drop=True)
    days = days.mutate(segment=days.segment.isin(counts.loc[enough, "segment"].tolist()).ifelse(days.segment, OTHERS))
    return silences, days.join(ibis.memtable(silences[["segment", "silence_days"]]), "segment")


def no_column(column: str) -> Sentence:
    """That there is no table of customers whose column could part them."""
    return say("this data set has no table of customers, so no column “{column}”.", column=facts.Attribute(column))


def alone_share(stays: pd.DataFrame) -> float:
    """Share of stays (pauses, closed, returns of each) that silence would end by itself if nobody left, at least.

    As if each pause outlasted the silence by the chance q with which the pauses do that an order closed: 1 − (1 − q)^n
    of a customer with n of them. Too low where customers differ in pace, and as long pauses may be open still.
    """
    longer = stays["returns"].sum() / max(stays["closed"].sum(), 1)
    return float((1 - (1 - longer) ** stays["pauses"]).mean())


def doubt(return_rate: float) -> Sentence | None:
    """What stands before what silence says of leaving, where too many silences end; None elsewhere."""
    if not return_rate > FEW_RETURNS:
        return None
    return say(
        "How many leave cannot be told by silence: {share} of silences so long were followed by an order.",
        share=facts.Share(return_rate),
    )


def doubted(told: Sentence, instead: Sentence, return_rate: float) -> Sentence:
    """`told`, which takes silence for leaving; where too many silences end, in the second line of `instead`."""
    if doubt(return_rate) is None:
        return told
    silent = say("Still there means here only: not silent for so long yet.")
    return instead.resting_on(silent, replace(told, basis=()), *told.basis)


def silent_stays(days: ir.Table, as_of: dt.date) -> ir.Table:
    """One row for each customer whose first order lies silence_days before `as_of`: it, and the last before a silence.

    `days` are order days with the silence_days of their customer. `pauses` counts those of them that could be followed
    for a silence, `silences` those that one followed, `closed` those with an order after them, and `returns` both.
    """
    seen = days.filter(ibis.date(as_of).delta(days.day, unit="day") >= days.silence_days)
    silent = seen.next_on.isnull() | (seen.next_on.delta(seen.day, unit="day") > seen.silence_days)
    return seen.group_by("customer_id").agg(
        started_on=seen.day.min(),
        ended_on=seen.day.min(where=silent),
        first_order_amount=seen.amount.argmin(seen.day),
        silence_days=seen.silence_days.max(),
        pauses=seen.count(),
        closed=seen.next_on.count(),
        silences=silent.ifelse(1, 0).sum(),
        returns=(silent & seen.next_on.notnull()).ifelse(1, 0).sum(),
    )
