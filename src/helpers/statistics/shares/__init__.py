"""Shares of customers and scores made of shares: `proportions` and their intervals, `several_shares` at once,
`rows_of_customers` that have several rows each, `stratified_differences` of two, `trends` along groups in order,
`weights` that make a score of measures, `net_promoter` scores, and `score_heaps`, by which answers on two scales at
once are known.
"""

from helpers.statistics.shares.net_promoter import (
    net_promoter_score,
    score_change,
)
from helpers.statistics.shares.proportions import (
    equal_shares,
    independent_rows,
    leads,
    wilson_interval,
)
from helpers.statistics.shares.rows_of_customers import (
    alike_groups,
    clustered_shares,
)
from helpers.statistics.shares.score_heaps import (
    mixed_scales,
)
from helpers.statistics.shares.several_shares import (
    alike_means,
    alike_shares,
    shrunken,
)
from helpers.statistics.shares.stratified_differences import (
    StratifiedDifference,
    stratified_difference,
)
from helpers.statistics.shares.trends import (
    Trend,
    trend_in_shares,
)
from helpers.statistics.shares.weights import (
    Weights,
    nonnegative_logistic,
    proved_weights,
)

__all__ = [
    "StratifiedDifference",
    "Trend",
    "Weights",
    "alike_groups",
    "alike_means",
    "alike_shares",
    "clustered_shares",
    "equal_shares",
    "independent_rows",
    "leads",
    "mixed_scales",
    "net_promoter_score",
    "nonnegative_logistic",
    "proved_weights",
    "score_change",
    "shrunken",
    "stratified_difference",
    "trend_in_shares",
    "wilson_interval",
]
