"""Sums that are the same in every run and on every engine: floats added in threads differ in their last digits."""

from __future__ import annotations

import ibis.expr.types as ir


def total(value: ir.NumericValue, where: ir.BooleanValue | None = None, places: int = 6) -> ir.FloatingScalar:
    """The sum of `value`, to so many decimal `places`, whatever the order of its rows; null of no rows.

    Each value is made a decimal and these are added exactly, so two runs, one thread or many, agree to the last digit.
    Sums of millionths reach to 1e32.
    """
    return value.cast(f"decimal(38, {places})").sum(where=where).cast("float64")
