"""What to offer to whom: goods that go together or follow each other, who rises or is due, which rule recommends best.

Rooms: goods (pairs, sequences, ladders of price, dearer plans, consumables), choice (which rule recommends best, and
its lists), loyalty (membership, points, discounts); each room's `vocabulary` declares its columns, the word's those
that they share.
"""

from helpers.analyses.offers.choice.lists import Offers, recommend
from helpers.analyses.offers.choice.time_trial import Trial, tried
from helpers.analyses.offers.goods.baskets import Together, together
from helpers.analyses.offers.goods.ladders import ReadyCustomers, UpSell, up_sell
from helpers.analyses.offers.goods.levels import Level, level
from helpers.analyses.offers.goods.readiness import ready_customers
from helpers.analyses.offers.goods.repeats import Due, due
from helpers.analyses.offers.goods.sequels import NextGoods, next_goods
from helpers.analyses.offers.goods.trial_of_repeats import DueTrial, due_trial
from helpers.analyses.offers.goods.upgrades import MovedUp, moved_up
from helpers.analyses.offers.loyalty.contributions import Scenarios, scenarios
from helpers.analyses.offers.loyalty.costs import Membership, membership
from helpers.analyses.offers.loyalty.discounts import DiscountBuyers, discount_buyers
from helpers.analyses.offers.loyalty.gradients import GoalGradient, goal_gradient
from helpers.analyses.offers.loyalty.liability import Points, points
from helpers.analyses.offers.loyalty.thresholds import TierEffects, tier_effects

__all__ = [
    "DiscountBuyers", "Due", "DueTrial", "GoalGradient", "Level", "Membership", "MovedUp", "NextGoods", "Offers",
    "Points", "ReadyCustomers", "Scenarios", "TierEffects", "Together", "Trial", "UpSell", "discount_buyers", "due",
    "due_trial", "goal_gradient", "level", "membership", "moved_up", "next_goods", "points", "ready_customers",
    "recommend", "scenarios", "tier_effects", "together", "tried", "up_sell",
]  # fmt: skip
