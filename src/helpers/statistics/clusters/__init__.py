"""Groups that are found in data: `k_means`, the `search` for their number, `stability`, and `label_matching`."""

from helpers.statistics.clusters.k_means import (
    fit_k_means,
    nearest_centres,
    seeded_sample,
)
from helpers.statistics.clusters.label_matching import (
    matched_labels,
)
from helpers.statistics.clusters.search import (
    COUNTS,
    LEAST_SHARE,
    STABLE,
    cluster_counts,
)
from helpers.statistics.clusters.stability import (
    adjusted_rand,
    bootstrap_stability,
    overlaps,
)

__all__ = [
    "COUNTS",
    "LEAST_SHARE",
    "STABLE",
    "adjusted_rand",
    "bootstrap_stability",
    "cluster_counts",
    "fit_k_means",
    "matched_labels",
    "nearest_centres",
    "overlaps",
    "seeded_sample",
]
