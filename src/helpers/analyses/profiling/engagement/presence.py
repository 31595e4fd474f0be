"""In which intervals each customer was there: one whole number a customer, whose bits are the intervals."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import numpy as np

from helpers.analyses.profiling.engagement.clock import Clock
from helpers.data import engine


def places(facts: ir.Table, clock: Clock, time: str) -> ir.IntegerValue:
    """The bit of each fact: 0 for all before the first interval of the clock, i + 1 for its interval i."""
    return ibis.greatest(clock.index(facts[time]) + 1, 0)


def presence(rows: ir.Table, **where: ir.BooleanColumn) -> ir.Table:
    """One row a customer, one column of bits for each condition in `where`; `bits` of all rows without any.

    `rows` has customer_id and `place`, the bit that the row sets; bits are null where no row meets the condition.
    """
    conditions = where or {"bits": None}
    bits = {name: engine.bits(rows.place, where=met) for name, met in conditions.items()}
    return rows.group_by("customer_id").agg(**bits)


def has(bits: ir.IntegerValue, place: int | ir.IntegerValue) -> ir.IntegerValue:
    """1 where the bit at `place` is set, else 0."""
    return engine.bits_from(bits, place) & 1


def lowest(bits: ir.IntegerValue) -> ir.IntegerValue:
    """The place of the lowest bit that is set."""
    return (bits & -bits).log2().round().cast("int64")


def patterns(rows: ir.Table) -> tuple[np.ndarray, np.ndarray]:
    """Each set of bits that any customer has, and how many have it; no customer is named."""
    bits = presence(rows)
    counts = bits.group_by("bits").agg(customers=bits.count()).execute()
    return counts["bits"].to_numpy(dtype="int64"), counts["customers"].to_numpy(dtype="int64")
