"""Whether an outcome, or how many there are, jumps at a threshold that a rule draws: regression discontinuity.

    jump = discontinuities.jump(spend, later_orders, threshold=2000)

`local_polynomials` fit one side of the threshold, `bandwidths` say how far from it, `jumps` of an outcome and of the
`densities` of those who lie there: where these bunch on one side, a jump of the outcome says nothing. `approach` asks
whether the same customers act more often as they come near to it; of many customers `approach_of` tells it from what
`periods_near` counts of them block by block.
"""

from helpers.statistics.discontinuities.approaches import (
    Approach,
    approach,
    approach_of,
    periods_near,
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
    "approach_of",
    "density_jump",
    "jump",
    "periods_near",
]
