"""Months to pay back: young customers count as far as seen; the demo's planted channel falls short; naive numbers beside."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.value.acquisition.payback import Pays, payback, verdict
from helpers.analyses.value.future.terms import Terms
from helpers.data.intake.wording.plans import Plan
from helpers.data.synthetic.truth import TRUTH
from helpers.findings import NotApplicable
from shops import AS_OF, shop, words


def steady(monthly: float = 10.0, cost: float = 65.0, months: int = 18, late_cost: float | None = None, **settings):
    """30 customers a month come by one channel and pay about so much every 30 days; the second half may cost more."""
    rng = np.random.default_rng(1)
    starts = pd.date_range(end=pd.Timestamp(AS_OF) - pd.offsets.MonthBegin(1), periods=months, freq="MS")
    people, orders = [], []
    for place, start in enumerate(starts):
        for each in range(30):
            who = f"c{place}-{each}"
            people.append((who, "web"))
            days = pd.date_range(start + pd.Timedelta(days=each % 20), pd.Timestamp(AS_OF), freq="30D")
            orders += [(who, day, monthly * rng.uniform(0.5, 1.5)) for day in days]
    spent = [
        ("web", start, 30 * (cost if late_cost is None or place < months // 2 else late_cost))
        for place, start in enumerate(starts)
    ]
    return shop(
        settings=words(currency="CNY", **settings),
        customers=pd.DataFrame(people, columns=["customer_id", "channel"]),
        orders=pd.DataFrame(orders, columns=["customer_id", "ordered_at", "amount"]).assign(
            order_id=lambda rows: rows.index.astype(str)
        ),
        spending=pd.DataFrame(spent, columns=["channel", "month", "cost"]),
    )


def test_customers_who_pay_ten_every_30_days_bring_65_with_the_seventh_order():
    """It comes on day 180, in the sixth month."""
    line = payback(steady()).table.iloc[0]
    assert line["new_customers"] == 18 * 30 and line["cost_each"] == pytest.approx(65)
    assert (line["payback_months"], line["soonest_months"], line["latest_months"]) == (6, 6, 6)
    assert line["pays"] == "paid"
    assert words_of(payback(steady())).startswith(
        "Each channel's customers bring what they cost; “web” last, in month 6. All that customers pay is counted; "
    )


def test_young_customers_count_as_far_as_they_were_seen():
    """What all have brought so far, over all of them, falls short of the cost though every customer earns it in time."""
    data = steady(cost=100)
    line = payback(data).table.iloc[0]
    so_far = data.tables["orders"].amount.sum().execute() / line["new_customers"]
    assert so_far < 0.98 * line["cost_each"]
    assert line["payback_months"] == 10 and line["pays"] == "paid"


def test_old_cohorts_alone_would_call_dear_new_ones_cheap():
    """Customers of the last nine months cost twice as much: by those who came a year ago all is earned back."""
    found = payback(steady(cost=65, late_cost=160), by="cohort")
    assert found.table["pays"].iloc[0] == "paid" and found.table["pays"].iloc[-1] == "open"
    assert found.table["cost_each"].iloc[-1] == pytest.approx(160)
    whole = payback(steady(cost=65, late_cost=160)).table.iloc[0]
    assert whole["cost_each"] == pytest.approx((65 + 160) / 2)


def test_a_channel_that_falls_short_is_told_and_weighs_its_late_spending():
    found = payback(steady(cost=300), Terms())
    (news,) = found.brief().news
    line = found.table.iloc[0]
    assert (line["pays"], line["followed_months"]) == ("short", 12) and np.isnan(line["payback_months"])
    assert str(news.said).startswith("Spend less on “web”: a customer costs ¥300 and brings ¥1")
    assert news.stake == pytest.approx(3 * 30 * 300 * (1 - line["earned_share"])) and news.sure > 0.99
    assert words_of(found).startswith("“web” does not pay back in 12 months: a customer costs ¥300 and brings ¥1")


def test_each_channel_that_falls_short_has_its_own_limits():
    data = steady(cost=300)
    twice = {name: data.tables[name].execute() for name in ("customers", "orders", "spending")}
    other = {name: table.copy() for name, table in twice.items()}
    other["customers"] = other["customers"].assign(channel="app", customer_id="x" + other["customers"]["customer_id"])
    other["orders"] = other["orders"].assign(
        customer_id="x" + other["orders"]["customer_id"], order_id="x" + other["orders"]["order_id"]
    )
    other["spending"] = other["spending"].assign(channel="app", cost=2 * other["spending"]["cost"])
    both = shop(**{name: pd.concat([table, other[name]], ignore_index=True) for name, table in twice.items()})
    news = payback(both).brief().news
    assert [str(each.said)[:21] for each in news] == ["Spend less on “app”: ", "Spend less on “web”: "]
    assert str(news[0].said.basis[0]) != str(news[1].said.basis[0])
    assert str(payback(both).headline()).startswith("“app” does not pay back in 12 months")


def test_the_margin_is_that_of_the_page_else_of_the_plan():
    planned = steady(cost=32, plan=Plan(margin=0.5))
    assert payback(planned).table["payback_months"].tolist() == [6]
    assert payback(planned, Terms(margin=0.25)).table["payback_months"].tolist() == [12]
    assert payback(planned, Terms(margin=1)).table.equals(payback(steady(cost=32)).table)
    assert "50.0% of what customers pay is counted." in words_of(payback(planned))


def test_cheap_and_free_channels_have_no_end_of_earning():
    line = payback(steady(cost=0)).table.iloc[0]
    assert line["payback_months"] == 1 and line["pays"] == "paid" and np.isnan(line["earned_share"])


def test_verdicts_need_all_of_the_interval():
    course = pd.DataFrame({"month": [11, 12], "mean": [90.0, 100], "lower": [85.0, 94], "upper": [96.0, 107]})
    assert [verdict(course, cost, 12) for cost in (94, 95, 107, 108)] == [Pays.PAID, Pays.OPEN, Pays.OPEN, Pays.SHORT]
    assert verdict(course, 108, 13) is Pays.OPEN  # nobody was followed so far
    assert verdict(course.head(0), 1, 12) is Pays.OPEN


def test_too_few_new_customers_are_not_told():
    few = steady(months=18)
    people = few.customers["customer_id"].head(19).tolist()
    orders = few.tables["orders"].execute()
    data = shop(
        customers=pd.DataFrame({"customer_id": people, "channel": "web"}),
        orders=orders[orders["customer_id"].isin(people)], spending=few.tables["spending"].execute(),
    )  # fmt: skip
    found = payback(data)
    assert isinstance(found, NotApplicable) and "fewer than 20 new customers" in str(found.headline())


def test_the_demos_dear_channel_is_found_and_no_other(demo):
    found = payback(demo)
    lines = found.table.set_index("channel")
    assert lines.index[lines["pays"] == "short"].tolist() == ["抖音"]
    assert (lines["pays"] == "paid").sum() == 4
    for channel, cost in TRUTH.acquisition_costs.items():
        assert lines.loc[channel, "cost_each"] == pytest.approx(cost, rel=0.05)
    assert found.margin == 0.35
