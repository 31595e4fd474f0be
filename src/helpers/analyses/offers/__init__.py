"""What to offer to whom: what counts as a good, and what goes together in a basket, which rule recommends best.

Rooms: goods (what counts as one, what goes together), choice (which rule recommends best); `vocabulary` declares the
columns.
"""

from helpers.analyses.offers.choice.time_trial import Trial, tried
from helpers.analyses.offers.goods.baskets import Together, together
from helpers.analyses.offers.goods.levels import Level, level

__all__ = ["Level", "Together", "Trial", "level", "together", "tried"]
