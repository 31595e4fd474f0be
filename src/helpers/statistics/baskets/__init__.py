"""What stands together in baskets beyond what their sizes and the goods' popularity explain.

`contents` counts goods and pairs, `margins` says how many pairs sizes and frequencies alone would give, `pairs`
tells which are more.
"""

from helpers.statistics.baskets.contents import incidence, pair_counts, rule_measures
from helpers.statistics.baskets.margins import Margins, kept_margins
from helpers.statistics.baskets.pairs import associations

__all__ = ["Margins", "associations", "incidence", "kept_margins", "pair_counts", "rule_measures"]
