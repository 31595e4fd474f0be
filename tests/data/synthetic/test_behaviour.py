"""The demo's customers at work, in minutes since 2024-01-01."""

import numpy as np
import pandas as pd

from helpers.data.synthetic import behaviour, draws
from helpers.data.synthetic.behaviour import DAY, DAYS, NEVER
from helpers.data.synthetic.truth import TRUTH

END = DAYS * DAY


def test_leave_rates_have_no_bias_over_many_shops(monkeypatch):
    left, expected = 0, 0.0
    for seed in range(12):
        monkeypatch.setattr(draws, "SEED", seed)
        people = behaviour.customers()
        members = behaviour.memberships(people)
        followed = np.where(members["ended"] < 0, behaviour.DAYS - 1, members["ended"]) - members["started"]
        channel = people["channel"].to_numpy()[members["customer"]]
        daily = [1 - TRUTH.stay_share(*each, 1) for each in zip(members["plan"], channel, strict=True)]
        left, expected = left + (members["ended"] >= 0).sum(), expected + (daily * followed).sum()
    assert abs(left - expected) < 3 * np.sqrt(expected)  # about 18,000 leavers: a bias of 2.3 % would show


def test_days_are_counted_from_the_first_one():
    assert [behaviour.day_number(day) for day in ("2024-01-01", "2024-02-29", "2025-12-31")] == [0, 59, DAYS - 1]


def test_a_day_is_as_busy_as_its_weekday_and_its_season():
    weights = behaviour.day_weights()
    assert len(weights) == DAYS
    assert weights[:7].tolist() == list(behaviour.WEEKDAY_WEIGHTS)  # an ordinary week from a Monday on
    friday_of_618 = behaviour.day_number("2024-06-07")
    assert weights[friday_of_618] == 108 * 150 // 100
    assert weights[behaviour.day_number("2024-11-11")] == 90 * 170 // 100 * 450 // 100
    assert weights[behaviour.day_number("2025-01-29")] == 92 * 45 // 100


def test_minutes_of_a_day_lie_within_it_and_most_in_the_evening():
    minutes = behaviour.minute_of_day(draws.uniforms("any"), 20_000)
    assert minutes.min() >= 0 and minutes.max() < DAY
    assert abs((minutes // 60 == 21).mean() - 14 / sum(behaviour.HOUR_WEIGHTS)) < 0.01


def test_orders_come_in_order_after_joining_and_before_buyers_are_lost(people, placed):
    buyer = people.loc[placed["customer"]].reset_index(drop=True)
    assert placed["minute"].is_monotonic_increasing and placed["minute"].max() < END
    assert (placed["minute"] > buyer["joined"]).all() and buyer["buys"].all()
    repeated = placed.duplicated("customer")
    assert (placed["minute"][repeated] // DAY <= buyer["lost_day"][repeated] + 1).all()


def test_refunds_are_of_orders_that_stand_and_never_more_than_these(placed):
    cents = np.full(len(placed), 1_001)
    given = behaviour.refunds(placed, cents)
    assert set(given) == {0, 500, 1_001} and not given[placed["cancelled"]].any()
    assert abs((given > 0).mean() - 0.06 * 0.97) < 0.01


def test_every_order_has_items_and_a_product_has_one_price(placed):
    items = behaviour.order_items(placed.head(2_000))
    assert items["order"].nunique() == 2_000 and items["quantity"].between(1, 3).all()
    assert (items.groupby("product")["price"].nunique() == 1).all() and (items["price"] % 100 == 90).all()


def test_a_session_takes_its_steps_in_order_three_minutes_apart(people, placed):
    steps = behaviour.events(people, placed)
    assert steps["minute"].is_monotonic_increasing and steps["minute"].min() >= 0
    counts = steps["step"].value_counts().sort_index()
    assert counts.is_monotonic_decreasing and counts.index.tolist() == [0, 1, 2, 3]


def test_messages_reach_nobody_who_opted_out_or_has_not_joined(people):
    sent = behaviour.touches(people)
    reached = people.loc[sent["customer"]].reset_index(drop=True)
    assert not reached["opted_out"].any() and (reached["joined"] < sent["sent"]).all()
    opened, clicked = sent["opened"] != NEVER, sent["clicked"] != NEVER
    assert (clicked <= opened).all() and (sent["clicked"][clicked] == sent["opened"][clicked] + 1).all()


def test_nobody_is_referred_by_who_joined_later_or_without_a_link(people):
    brought_by = behaviour.referrals(people)
    referred = brought_by != NEVER
    joined = people["joined"].to_numpy()
    assert referred.any() and (joined[brought_by[referred]] // DAY < joined[referred] // DAY).all()
    assert set(people["channel"][referred]) <= set(behaviour.REFERRING)


def test_experiments_enrol_who_had_joined_once_each(people):
    arms = behaviour.experiments(people)
    assert not arms.duplicated(["experiment", "customer"]).any()
    first = arms["experiment"].map(behaviour.EXPERIMENT_STARTS).map(behaviour.day_number)
    assert (people["joined"].to_numpy()[arms["customer"]] < first * DAY).all()
    assert arms["assigned"].between(first, first + 13).all()
    assert ((arms["spend"] == NEVER) == ~arms["converted"]).all()
    assert isinstance(arms, pd.DataFrame) and set(arms["experiment"]) == set(TRUTH.conversions)
