"""How a quantity is spread: `concentration` on a few, `scoring` by quantiles, `population_stability` over time."""

from helpers.statistics.distributions.concentration import (
    fewest_holders,
    gini,
    gini_limits,
    lorenz,
    top_limits,
    top_share,
)
from helpers.statistics.distributions.population_stability import (
    SMALLEST_SHARE,
    bin_shares,
    index_by_chance,
    quantile_edges,
    stability_index,
)
from helpers.statistics.distributions.scoring import (
    quantile_cuts,
    scores,
)

__all__ = [
    "SMALLEST_SHARE",
    "bin_shares",
    "fewest_holders",
    "gini",
    "gini_limits",
    "index_by_chance",
    "lorenz",
    "quantile_cuts",
    "quantile_edges",
    "scores",
    "stability_index",
    "top_limits",
    "top_share",
]
