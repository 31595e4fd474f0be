"""Whether an outcome, or how many there are, jumps at a threshold that a rule draws: regression discontinuity.

    jump = discontinuities.jump(spend, later_orders, threshold=2000)

`local_polynomials` fit one side of the threshold, `bandwidths` say how far from it, `jumps` of an outcome and of the
`densities` of those who lie there: where these bunch on one side, a jump of the outcome says nothing. `approach` asks
whether the same customers act more often as they come near to it.
"""

from helpers.statistics.discontinuities.approaches import (
    Approach,
    approach,
)
from helpers.statistics.discontinuities.densities import (
    density_jump,
)
from helpers.statistics.discontinuities.jumps import (
    Jump,
    jump,
)

__all__ = [
    "Approach",
    "Jump",
    "approach",
    "density_jump",
    "jump",
]
