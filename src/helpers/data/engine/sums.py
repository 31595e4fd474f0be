"""Sums that are the same in every run and on every engine: floats added in threads differ in their last digits."""

from __future__ import annotations

import ibis.expr.types as ir

EXACT = "decimal(38, 6)"  # millionths, up to 1e32


def total(value: ir.NumericValue, where: ir.BooleanValue | None = None) -> ir.FloatingScalar:
    """The sum of `value`, to the millionth, whatever the order of its rows; null of no rows.

    Each value is made a decimal and these are added exactly, so two runs, one thread or many, agree to the last digit.
    """
    return value.cast(EXACT).sum(where=where).cast("float64")
