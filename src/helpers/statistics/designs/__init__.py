"""How large a test must be, and how often it may be looked at.

`sample_sizes` plans one look; `confidence_sequences` hold at every look, `group_sequential` boundaries at planned ones;
`holdouts` are drawn, and large enough.
"""

from helpers.statistics.designs.confidence_sequences import (
    always_valid_p_value,
    band_reach,
    confidence_sequence,
)
from helpers.statistics.designs.group_sequential import (
    Spending,
    boundaries,
    naive_error,
)
from helpers.statistics.designs.holdouts import (
    held_out,
    share_to_hold_out,
    smallest_seen,
)
from helpers.statistics.designs.sample_sizes import (
    days_to_run,
    minimum_effect,
    power,
    relative_spread,
    sample_size,
    spread,
)

__all__ = [
    "Spending",
    "always_valid_p_value",
    "band_reach",
    "boundaries",
    "confidence_sequence",
    "days_to_run",
    "held_out",
    "minimum_effect",
    "naive_error",
    "power",
    "relative_spread",
    "sample_size",
    "share_to_hold_out",
    "smallest_seen",
    "spread",
]
