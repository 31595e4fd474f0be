"""What stands together in baskets beyond what their sizes and the goods' popularity explain, and what follows what.

`contents` counts goods and pairs, `margins` says how many pairs sizes and frequencies alone would give, `pairs`
tells which are more; `sequels` tells what is bought after something else rather than before it.
"""

from helpers.statistics.baskets.contents import incidence, pair_counts, rule_measures
from helpers.statistics.baskets.margins import Margins, kept_margins
from helpers.statistics.baskets.pairs import associations
from helpers.statistics.baskets.sequels import followed_shares, order_p_values

__all__ = [
    "Margins", "associations", "followed_shares", "incidence", "kept_margins", "order_p_values", "pair_counts",
    "rule_measures",
]  # fmt: skip
