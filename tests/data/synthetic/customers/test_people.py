"""Who the demo's customers are."""

import numpy as np

from helpers.data.synthetic.clock import DAY, NEVER, day_number, day_weights
from helpers.data.synthetic.customers import people as crowd
from helpers.data.synthetic.trade.goods import ORDINARY_WEIGHTS
from helpers.data.synthetic.truth import TRUTH


def test_nobody_is_referred_by_who_joined_later_or_without_a_link(people):
    brought_by = crowd.referrals(people)
    referred = brought_by != NEVER
    joined = people["joined"].to_numpy()
    assert referred.any() and (joined[brought_by[referred]] // DAY < joined[referred] // DAY).all()
    assert set(people["channel"][referred]) <= set(crowd.REFERRING)


def test_newcomers_collapse_as_planted(people):
    """As many a busy day as the levels say, beside the usual one."""
    day, busy = people["joined"].to_numpy() // DAY, day_weights()
    edges = [*map(day_number, TRUTH.newcomers), len(busy)]
    counts = np.histogram(day, edges)[0]
    rate = counts / np.add.reduceat(busy, edges[:-1])
    usual = rate[1]
    for count, each, level in zip(counts, rate, TRUTH.newcomers.values(), strict=True):
        assert abs(each / usual / level - 1) < 3 * np.sqrt(1 / count + 1 / counts[1])


def test_a_category_is_liked_as_often_as_it_is_popular_by_those_who_buy_much_and_little(people):
    expected = np.array(ORDINARY_WEIGHTS) / sum(ORDINARY_WEIGHTS)
    size = people["daily_rate"] * (people["lost_busy"] - people["joined_busy"])
    for half in (size < size.median(), size >= size.median()):
        shares = np.bincount(people["first_taste"][half], minlength=10) / half.sum()
        assert np.abs(shares - expected).max() < 0.003  # by chance it would be .013
