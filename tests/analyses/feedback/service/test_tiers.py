"""The tier of a request is that of its eve; where only today's tiers are known, only late requests are taken."""

from __future__ import annotations

import pandas as pd

from helpers.analyses.feedback.service.tiers import BELOW, tiered
from helpers.data.intake.wording.programme import Loyalty, Tier
from helpers.findings import NotApplicable
from shops import shop, words

RULES = Loyalty(tiers=(Tier("Gold", 300, window_days=60), Tier("Silver", 100, window_days=90)))


def asked(**columns) -> dict:
    """Requests of customers c0, c1 … of these days ago."""
    days = columns["days_ago"]
    return {"ticket_id": [f"t{row}" for row in range(len(days))], **columns}


def bought(customers: list[str], days_ago: list[int], amounts: list[float]) -> dict:
    return {
        "order_id": [f"o{row}" for row in range(len(amounts))], "customer_id": customers, "days_ago": days_ago,
        "amount": amounts,
    }  # fmt: skip


def test_tiers_of_enough_customers_stand_from_the_highest_and_early_requests_are_left_out():
    people = [f"c{row}" for row in range(30)]
    spends = [10.0] * 10 + [120.0] * 10 + [500.0] * 10
    data = shop(
        settings=words(loyalty=RULES),
        orders=bought([*people, "c0"], [40] * 30 + [130], [*spends, 1.0]),
        tickets=asked(
            customer_id=people * 2, days_ago=[20] * 30 + [41] * 30
        ),  # of the latter the days are not all known
    )
    found = tiered(data, data.tables["tickets"], None)
    tiers = found.tickets.execute().set_index("customer_id")["tier"]
    assert found.tiers == ("Gold", "Silver", BELOW) and found.ranked and found.on_the_day
    assert tiers[people].tolist() == [BELOW] * 10 + ["Silver"] * 10 + ["Gold"] * 10
    assert len(tiers) == 30


def test_a_tier_of_too_few_customers_is_not_told_by_itself():
    people = [f"c{row}" for row in range(30)]
    data = shop(
        settings=words(loyalty=RULES),
        orders=bought([*people, "c0"], [40] * 30 + [130], [10.0] * 26 + [500.0] * 4 + [1.0]),
        tickets=asked(customer_id=people, days_ago=[20] * 30),
    )
    found = tiered(data, data.tables["tickets"], None)
    assert set(found.tickets.execute()["tier"]) == {"(small groups)"} == set(found.tiers)


def test_the_edges_of_a_tiers_days_count():
    """Silver takes 100 within 90 days: the 90th day before counts, the 91st and the day itself do not."""
    for days_before, tier in ((0, BELOW), (1, "Silver"), (90, "Silver"), (91, BELOW)):
        people = [f"c{row}" for row in range(10)]
        data = shop(
            settings=words(loyalty=RULES),
            orders=bought(["x", *people], [400] + [5 + days_before] * 10, [1.0] + [100.0] * 10),
            tickets=asked(customer_id=people, days_ago=[5] * 10),
        )
        assert set(tiered(data, data.tables["tickets"], None).tickets.execute()["tier"]) == {tier}


def test_levels_of_today_stand_for_late_requests_alone_and_are_ranked_by_spend():
    people = [f"c{row}" for row in range(20)]
    levels = pd.DataFrame({"customer_id": people, "level": ["plain"] * 10 + ["VIP"] * 10})
    data = shop(
        customers=levels,
        orders=bought(people, [50] * 20, [1.0] * 10 + [9.0] * 10),
        tickets=asked(customer_id=people * 2, days_ago=[89] * 20 + [91] * 20),
    )
    found = tiered(data, data.tables["tickets"], None)
    assert found.tiers == ("VIP", "plain") and found.ranked and not found.on_the_day
    assert found.tickets.count().execute() == 20


def test_labels_stand_in_where_the_data_set_has_no_tiers_of_its_own():
    people = [f"c{row}" for row in range(20)]
    data = shop(tickets=asked(customer_id=people, days_ago=[5] * 20))
    assert isinstance(tiered(data, data.tables["tickets"], None), NotApplicable)
    labels = pd.Series(["a"] * 10 + ["b"] * 10, people)
    found = tiered(data, data.tables["tickets"], labels)
    assert set(found.tiers) == {"a", "b"} and not found.ranked
