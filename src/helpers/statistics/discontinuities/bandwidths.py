"""How far from a threshold rows still say what happens at it: the least mean squared error of the jump.

Source: Imbens & Kalyanaraman (2012); Calonico, Cattaneo & Titiunik (2014), Calonico, Cattaneo & Farrell (2020).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from helpers.statistics.discontinuities.local_polynomials import Side

PILOT = 2.576  # of a triangular kernel: Silverman's rule
LEAST_DISTANCES = 10  # on each side, that every bandwidth holds
REACH = 1 + 1e-8  # of a bandwidth beyond the last row that it is to hold


@dataclass(frozen=True)
class Pilot:
    """A side, and the rows of it within the width at which variances are first judged."""

    side: Side
    close: Side
    width: float
    variances: np.ndarray  # of the outcomes in `close`

    @classmethod
    def of(cls, side: Side, width: float) -> Pilot:
        """The pilot of a side."""
        close = side.within(width)
        return cls(side, close, width, close.variances())


def bandwidth(below: Side, above: Side) -> float:
    """Bandwidth of a jump told by local lines, in the unit of the score, the same on both sides.

    It takes in ten values of the score on each side where the best one is narrower; 0 where the outcome does not vary.
    """
    sides = (below, above)
    least = max(side.distances[min(LEAST_DISTANCES, len(side.distances)) - 1] for side in sides) * REACH
    widest = max(side.distances[-1] for side in sides)
    pilot = max(min(_pilot(below, above), widest), least)

    pilots = [Pilot.of(side, pilot) for side in sides]
    third = _optimal(pilots, 3, 3, [side.distances[-1] * REACH for side in sides], regular=False)
    second = _optimal(pilots, 2, 2, [max(min(third, widest), least)] * 2)
    best = _optimal(pilots, 1, 0, [max(min(second, widest), least)] * 2)
    return min(max(best, least), widest) if best > 0 else 0.0


def _pilot(below: Side, above: Side) -> float:
    """Where the density and variances are first judged."""
    x = np.concatenate([below.x, above.x])
    low, high = np.quantile(x, (0.25, 0.75), method="averaged_inverted_cdf")
    spread = min(x.std(ddof=1), (high - low) / 1.349) or x.std(ddof=1)
    return PILOT * float(spread) * (len(below.distances) + len(above.distances)) ** -0.2


def _optimal(pilots: list[Pilot], order: int, derivative: int, around: list[float], regular: bool = True) -> float:
    """Bandwidth for the difference of a derivative at the threshold, by a polynomial of `order`.

    Its bias is told from a polynomial one order higher within `around` on each side. `regular` adds that one's variance
    to the squared bias, so that a bias which happens to be told as 0 does not make the bandwidth endless.
    """
    variance, biases, doubt = 0.0, [], 0.0
    for pilot, reach in zip(pilots, around, strict=True):
        weights = pilot.close.weights(pilot.width, order)[derivative]
        scaled = weights * pilot.width**derivative
        variance += (2 * derivative + 1) * pilot.width * float(scaled**2 @ pilot.variances)
        constant = float(scaled @ (pilot.close.x / pilot.width) ** (order + 1))
        wide = pilot.side.within(reach)
        higher = wide.weights(reach, order + 1)[-1]
        biases.append(constant * float(higher @ wide.y))
        doubt += 3 * constant**2 * float(higher**2 @ wide.variances()) if regular else 0.0
    squared = 2 * (order + 1 - derivative) * ((biases[1] - biases[0]) ** 2 + doubt)
    return float((variance / squared) ** (1 / (2 * order + 3))) if squared > 0 else 0.0
