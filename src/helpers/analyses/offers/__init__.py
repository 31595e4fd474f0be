"""What to offer to whom: goods that go together or follow each other, who rises or is due, which rule recommends best.

Rooms: goods (what counts as one, pairs, sequences, ladders of price, consumables), choice (which rule recommends best, and its lists);
`vocabulary` declares the columns.
"""

from helpers.analyses.offers.choice.lists import Offers, recommend
from helpers.analyses.offers.choice.time_trial import Trial, tried
from helpers.analyses.offers.goods.baskets import Together, together
from helpers.analyses.offers.goods.ladders import ReadyCustomers, UpSell, ready_customers, up_sell
from helpers.analyses.offers.goods.levels import Level, level
from helpers.analyses.offers.goods.repeats import Due, due
from helpers.analyses.offers.goods.sequels import NextGoods, next_goods
from helpers.analyses.offers.goods.trial_of_repeats import DueTrial, due_trial

__all__ = [
    "Due", "DueTrial", "Level", "NextGoods", "Offers", "ReadyCustomers", "Together", "Trial", "UpSell", "due",
    "due_trial", "level", "next_goods", "ready_customers", "recommend", "together", "tried", "up_sell",
]  # fmt: skip
