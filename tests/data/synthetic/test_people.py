"""Who the demo's customers are."""

from helpers.data.synthetic import people as crowd
from helpers.data.synthetic.clock import DAY, NEVER


def test_nobody_is_referred_by_who_joined_later_or_without_a_link(people):
    brought_by = crowd.referrals(people)
    referred = brought_by != NEVER
    joined = people["joined"].to_numpy()
    assert referred.any() and (joined[brought_by[referred]] // DAY < joined[referred] // DAY).all()
    assert set(people["channel"][referred]) <= set(crowd.REFERRING)
