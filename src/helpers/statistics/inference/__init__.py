"""What all tests share: `corrections` for many at once, and limits by `resampling`."""

from helpers.statistics.inference.corrections import (
    CORRECTIONS,
    adjust,
)
from helpers.statistics.inference.resampling import (
    bootstrap,
    numbered_by_values,
    percentile_limits,
)

__all__ = [
    "CORRECTIONS",
    "adjust",
    "bootstrap",
    "numbered_by_values",
    "percentile_limits",
]
