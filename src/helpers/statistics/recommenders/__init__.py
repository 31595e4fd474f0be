"""Which goods a customer may take next: `rules` score all goods, `similarity` learns them, `shortlists` has the best.

A matrix has a row a customer and a column a good.
"""

from helpers.statistics.recommenders.rules import (
    BLOCK_ROWS,
    NO_TERM,
    Ranks,
    Rule,
    Weighted,
)
from helpers.statistics.recommenders.shortlists import (
    NONE,
    best,
)
from helpers.statistics.recommenders.similarity import (
    bought_together,
    cosines,
    ridge_weights,
)

__all__ = [
    "BLOCK_ROWS",
    "NONE",
    "NO_TERM",
    "Ranks",
    "Rule",
    "Weighted",
    "best",
    "bought_together",
    "cosines",
    "ridge_weights",
]
