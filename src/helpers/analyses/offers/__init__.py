"""What to offer to whom: what counts as a good, and what goes together in a basket.

Rooms: goods (what counts as one, what goes together); `vocabulary` declares the columns.
"""

from helpers.analyses.offers.goods.baskets import Together, together
from helpers.analyses.offers.goods.levels import Level, level

__all__ = ["Level", "Together", "level", "together"]
