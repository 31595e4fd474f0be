"""Through whom sales changed, of shops that are counted by hand; the news that follow; the demo's against pandas."""

from __future__ import annotations

import ibis
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.profiling.standing.sales_parts import sales_change
from helpers.findings import NotApplicable
from helpers.findings.briefs import Direction, Topic
from shops import shop

DAYS = 10


def by_part(answer) -> pd.DataFrame:
    return answer.compared


def test_new_and_existing_customers_add_up_to_all_sales(fading):
    lines = by_part(sales_change(fading, DAYS))
    old = 60 * 40 + sum(place % 7 for place in range(60)), 60 * 20 + sum(place % 7 for place in range(60))
    assert lines.loc["new", ["sales", "earlier_sales", "buyers", "earlier_buyers"]].to_list() == [500, 5000, 5, 50]
    assert lines.loc["existing", ["sales", "earlier_sales"]].to_list() == list(old)
    assert lines.loc["all", "change_amount"] == lines.loc[["new", "existing"], "change_amount"].sum()


def test_the_factors_add_up_to_the_change_of_all(fading):
    lines = by_part(sales_change(fading, DAYS))
    factors = lines.loc[["buyers", "orders_each", "basket"], "change_amount"]
    assert factors.sum() == pytest.approx(lines.loc["all", "change_amount"], abs=1e-9)


def test_the_verdict_names_who_brought_the_change(fading):
    assert str(sales_change(fading, DAYS).headline()) == (
        "Sales are 51.8% below last year: existing customers buy more, new ones have all but stopped coming."
    )


@pytest.mark.parametrize(
    ("numbers", "verdict"),
    [
        ((50, 50, 20, 20), "Sales of the last 10 days are €6,370: no change beyond chance on last year."),
        ((3, 3, 1, 1), "Sales of the last 10 days are €534: too few buyers to tell a change on last year."),
        (
            (5, 50, 92, 20),
            "Sales are level with last year: existing customers bring more, new ones have all but stopped coming.",
        ),
        ((25, 60, 76, 20), "Sales are level with last year: existing customers bring more, new ones less."),
        ((40, 20, 20, 30), "Sales are level with last year: new customers bring more, existing ones less."),
        ((90, 50, 40, 20), "Sales are 81.6% above last year: both new and existing customers bring more."),
        ((20, 50, 10, 20), "Sales are 56.5% below last year: both new and existing customers bring less."),
        ((1, 1, 10, 20), "Sales are 40.7% below last year: existing customers bring less."),
    ],
)
def test_each_story_has_its_verdict(shop_of, numbers, verdict):
    assert str(sales_change(shop_of(*numbers), DAYS).headline()) == verdict


def test_of_fewer_buyers_than_have_an_interval_nothing_can_be_told(shop_of):
    data = shop_of(50, 50, 20, 20)
    few = data.tables["orders"].filter(lambda rows: rows.customer_id.isin([f"old{place}" for place in range(9)]))
    answer = sales_change(shop(as_of=data.as_of, orders=few), DAYS)
    assert "too few buyers to tell" in str(answer.headline())
    assert "the change is " in words_of(answer) and "interval" not in words_of(answer)


def test_news_are_told_of_parts_that_changed_beyond_chance_alone(fading, shop_of):
    told = sales_change(fading, DAYS).brief().news
    assert [(each.topic, each.subject, each.direction) for each in told] == [
        (Topic.VERDICT, "sales", Direction.UNKNOWN),
        (Topic.CHANGE, "new customers", Direction.WORSE),
        (Topic.CHANGE, "existing customers", Direction.BETTER),
        (Topic.ACTION, "new customers", Direction.UNKNOWN),
    ]
    quiet = sales_change(shop_of(50, 50, 20, 20), DAYS).brief().news
    assert [each.topic for each in quiet] == [Topic.VERDICT]


def test_stakes_are_told_for_ninety_days(fading):
    change = next(each for each in sales_change(fading, DAYS).brief().news if each.topic is Topic.CHANGE)
    assert change.stake == pytest.approx(4500 * 9)


def test_channels_that_all_fell_are_said_to_be_no_reason(shop_of):
    answer = sales_change(shop_of(new_now=5, new_then=90, old_now=40, old_then=20), DAYS)
    assert "New: the first order of all in these days." in words_of(answer)
    news = answer.brief().news
    assert "All 2 channels brought" in news[1].said.whole


def test_without_the_shop_s_beginning_new_means_no_order_in_days_that_both_windows_have(shop_of):
    """The first order is 51 days before the window of 2024 begins."""
    answer = sales_change(shop_of(5, 50, 40, 20, history=False), DAYS)
    assert answer.lookback_days == 51
    # In June 2025 the old customers have not ordered for a year: they count as new.
    assert by_part(answer).loc["new", "buyers"] == 65


def test_a_window_without_an_earlier_one_has_no_answer(fading):
    assert isinstance(sales_change(fading, 3000), NotApplicable)
    assert isinstance(sales_change(shop(customers={"customer_id": ["a"]}), 90), NotApplicable)


def test_money_in_another_unit_changes_money_alone(fading):
    orders = fading.tables["orders"]
    dearer = shop(as_of=fading.as_of, settings=fading.settings, **fading.tables | {
        "orders": orders.mutate(amount=orders.amount * 7, refund=orders.refund * 7)})  # fmt: skip
    before, after = (by_part(sales_change(data, DAYS)) for data in (fading, dearer))
    money = ["sales", "earlier_sales", "change_amount", "change_amount_lower", "change_amount_upper"]
    pd.testing.assert_frame_equal(after[money], 7 * before[money])
    assert after["buyers"].equals(before["buyers"])


def test_the_demo_s_new_customers_equal_those_that_pandas_counts(demo):
    answer = sales_change(demo)
    placed = demo.tables["orders"].filter(lambda orders: ~orders.cancelled.fill_null(False)).execute()
    placed = placed.dropna(subset=["customer_id"]).assign(day=placed["ordered_at"].dt.normalize())
    first = placed.groupby("customer_id")["day"].min()
    window = answer.window
    assert by_part(answer).loc["new", "buyers"] == first.between(str(window.start), str(window.end)).sum()


def test_the_action_says_what_was_spent_on_winning_customers_where_that_is_known(fading, demo):
    actions = [news for news in sales_change(fading, DAYS).brief().news if news.topic is Topic.ACTION]
    assert "The cause is not in these data" in actions[0].said.whole
    (action,) = [news for news in sales_change(demo).brief().news if news.topic is Topic.ACTION]
    assert "On winning customers ¥34,500 were spent in these months, ¥184,000 then." in action.said.whole
    assert "The cause" not in action.said.whole


def test_what_one_customer_makes_of_a_part_is_told_by_no_number_and_the_verdict_stands(shop_of):
    data = shop_of(20, 50, 50, 30)
    orders = data.tables["orders"]
    whale = orders.mutate(amount=ibis.ifelse(orders.customer_id == "now3", 2345.67, orders.amount))
    answer = sales_change(shop(as_of=data.as_of, orders=whale, customers=data.tables["customers"]), DAYS)
    shown = answer.to_show().query("against == 'last_year'").set_index("part")
    numbers = ["sales", "earlier_sales", "change_amount", "change_amount_lower", "change_amount_upper"]
    assert shown.loc[["new", "existing"], numbers].isna().all(axis=None)
    assert shown.loc["all", numbers].notna().all() and shown.loc["new", "buyers"] == 20
    assert "dominated" not in shown and answer.compared["dominated"].sum() == 2
    told = answer.to_tell().whole
    assert "New customers: " not in told
    assert not [
        each for each in ("4,250", "4,245", "2,345", "2,346") if each in told
    ]  # of the new ones, and of the one
    assert sales_change(data, DAYS).to_show()["sales"].notna().sum() == 6
