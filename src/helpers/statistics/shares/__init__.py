"""Shares of customers and scores made of shares: `proportions` and their intervals, `net_promoter` scores."""

from helpers.statistics.shares.net_promoter import (
    net_promoter_score,
    score_change,
)
from helpers.statistics.shares.proportions import (
    equal_shares,
    leads,
    wilson_interval,
)

__all__ = [
    "equal_shares",
    "leads",
    "net_promoter_score",
    "score_change",
    "wilson_interval",
]
