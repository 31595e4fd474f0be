"""Cuts that all engines make alike: a quantile, and what is added up of prices, differ in their last digits."""

from __future__ import annotations

import ibis.expr.types as ir

NOISE = 1e-9  # relative: three times 2.55 is 7.65 as it is written, and less in 64 bits


def up_to(number: ir.NumericValue, cut: ir.NumericValue | float) -> ir.BooleanValue:
    """Whether a number is at most the `cut`, or so little above it that it is the cut itself."""
    return number - number.abs() * NOISE <= cut
