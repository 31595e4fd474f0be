"""How good lists are whose first place counts most: `accuracy` against what came, `catalogues`, and `hit_gains`."""

from helpers.statistics.rankings.accuracy import (
    discounted_gain,
    hits,
    list_accuracy,
)
from helpers.statistics.rankings.catalogues import (
    catalogue_share,
    mean_rank,
)
from helpers.statistics.rankings.hit_gains import (
    hit_gain,
)

__all__ = [
    "catalogue_share",
    "discounted_gain",
    "hit_gain",
    "hits",
    "list_accuracy",
    "mean_rank",
]
