"""A plan rehearses a test on the history: who came when, what they did, and so how large and how long a test must be."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.experiments.next_test.rehearsal import plan
from helpers.analyses.experiments.trials.declared_rules import Rules
from helpers.analyses.experiments.vocabulary import ORDER_METRIC
from helpers.findings import NotApplicable
from helpers.statistics.designs import sample_sizes
from shops import AS_OF, shop

FIRST = pd.Timestamp(AS_OF) - pd.Timedelta(days=28 + 55)  # of the eight weeks that can be watched for 28 days


def dataset(orders, **tables):
    return shop(as_given=True, orders=orders, **tables)


def made(customers, times, amounts=10.0):
    table = pd.DataFrame({"customer_id": customers, "ordered_at": pd.to_datetime(times).floor("s"), "amount": amounts})
    return table.assign(order_id=[f"o{i}" for i in range(len(table))], refund=0.0, cancelled=False)


@pytest.fixture(scope="module")
def orders() -> pd.DataFrame:
    """Six hundred customers who buy at a pace of their own, over 200 days."""
    rng = np.random.default_rng(4)
    n = rng.poisson(rng.gamma(1, 6, 600))
    days = rng.uniform(0, 200, n.sum())
    return made(
        np.repeat([f"c{i}" for i in range(600)], n),
        pd.Timestamp(AS_OF) + pd.Timedelta(days=1) - pd.to_timedelta(days, unit="D"),
        rng.gamma(2, 20, n.sum()),
    )


@pytest.fixture(scope="module")
def found(orders):
    return plan(dataset(orders))


@pytest.fixture(scope="module")
def rehearsed(orders) -> pd.DataFrame:
    """What the plan should see, one customer after the other: week, and the orders and spend after and before."""
    lines = []
    for _, own in orders.groupby("customer_id"):
        days = own["ordered_at"].dt.normalize()
        came = days[(days >= FIRST) & (days <= pd.Timestamp(AS_OF) - pd.Timedelta(days=28))]
        if len(came):
            distance = (days - came.min()).dt.days
            after, before = distance.between(1, 28), distance.between(-28, -1)
            lines.append(
                {
                    "week": (came.min() - FIRST).days // 7 + 1,
                    "bought": float(after.any()),
                    "orders": float(after.sum()),
                    "net_spend": own["amount"][after].sum(),
                    "before bought": float(before.any()),
                    "before orders": float(before.sum()),
                    "before net_spend": own["amount"][before].sum(),
                }
            )
    return pd.DataFrame(lines)


METRICS = ["bought", "orders", "net_spend"]


def lines(found, metric):
    """The sizes of a metric: as it is, and adjusted."""
    return found.table[found.table["metric"] == metric].set_index("adjusted_days")


def test_customers_come_in_the_week_of_their_first_order_and_are_counted_once(found, rehearsed):
    assert found.arrivals["week"].tolist() == list(range(1, 9))
    assert found.arrivals["customers"].tolist() == rehearsed["week"].value_counts().sort_index().tolist()
    assert found.arrivals["customers_so_far"].iloc[-1] == len(rehearsed)


@pytest.mark.parametrize("name", METRICS)
def test_levels_are_those_of_the_days_after_the_customer_came(found, rehearsed, name):
    assert lines(found, name)["level"].tolist() == pytest.approx([rehearsed[name].mean()] * 2)


@pytest.mark.parametrize("name", METRICS)
def test_the_size_is_the_one_that_sees_the_worthwhile_lift_at_the_stated_power(found, rehearsed, name):
    n = lines(found, name).loc[0, "customers_an_arm"]
    noise = {"rate": rehearsed[name].mean()} if name == METRICS[0] else {"std_dev": rehearsed[name].std()}
    assert sample_sizes.power(0.05 * rehearsed[name].mean(), n, **noise) == pytest.approx(0.8)


@pytest.mark.parametrize("name", METRICS)
def test_adjusting_saves_the_squared_correlation_of_two_windows(found, rehearsed, name):
    """The variance that is left has one degree of freedom less."""
    plain, adjusted = lines(found, name).loc[0], lines(found, name).loc[28]
    n, correlation = len(rehearsed), np.corrcoef(rehearsed[name], rehearsed[f"before {name}"])[0, 1]
    assert adjusted["variance_saved_share"] == pytest.approx(1 - (1 - correlation**2) * (n - 1) / (n - 2))
    assert adjusted["customers_an_arm"] / plain["customers_an_arm"] == pytest.approx(
        1 - adjusted["variance_saved_share"]
    )
    assert correlation**2 > 0.02  # or the test would show nothing


def test_the_lift_in_reach_is_seen_at_the_stated_power_with_the_customers_who_came(found, rehearsed):
    for row in found.lifts[found.lifts["metric"] == "net_spend"].itertuples():
        assert row.customers_an_arm == (rehearsed["week"] <= row.weeks).sum() / 2
        saved = lines(found, row.metric).loc[row.adjusted_days, "variance_saved_share"]
        std_dev = rehearsed[row.metric].std() * np.sqrt(1 - saved)
        seen = sample_sizes.power(
            row.smallest_lift_rate * rehearsed[row.metric].mean(), row.customers_an_arm, std_dev=std_dev
        )
        assert seen == pytest.approx(0.8, abs=0.002)
    assert found.lifts.groupby(["metric", "adjusted_days"])["weeks"].agg(list).map(tuple).unique().tolist() == [
        (2, 4, 6, 8)
    ]


def test_a_size_met_within_the_rehearsal_takes_the_weeks_until_so_many_came(orders, found):
    large = plan(dataset(orders), Rules(worthwhile_lift=0.4))
    for row in large.table[large.table["weeks_to_assign"] <= 8].itertuples():
        so_far = large.arrivals.set_index("week")["customers_so_far"]
        assert so_far[row.weeks_to_assign] >= 2 * row.customers_an_arm > so_far.get(row.weeks_to_assign - 1, 0)
        assert row.days_to_run == 7 * row.weeks_to_assign + 28
    assert (large.table["weeks_to_assign"] <= 8).any()


def test_beyond_the_rehearsal_weeks_go_on_at_the_pace_of_its_second_half(orders):
    found = plan(dataset(orders), Rules(worthwhile_lift=0.2))
    row = lines(found, "bought").loc[0]
    pace = found.arrivals["customers"].iloc[4:].mean()
    more = 2 * row["customers_an_arm"] - found.arrivals["customers_so_far"].iloc[-1]
    assert row["weeks_to_assign"] == 8 + np.ceil(more / pace) > 8


def test_what_would_take_longer_than_two_years_is_said_so(orders):
    found = plan(dataset(orders), Rules(worthwhile_lift=0.001))
    assert np.isinf(found.table["weeks_to_assign"]).all()
    assert "more than two years" in words_of(found)


def test_the_headline_starts_with_the_metric_that_shows_the_lift_first(found):
    sizes = found.table[found.table["adjusted_days"] == 0].set_index("metric")["customers_an_arm"]
    first = sizes.idxmin()
    assert words_of(found).startswith(
        f"To see a lift of 5% in {ORDER_METRIC.write(first)} would take {np.ceil(sizes[first]):,.0f} customers an arm: "
    )
    assert len(found.plot().lines) == 3
    assert len(found.summary()) == 6
    assert [name for name in found.summary() if name.startswith("lift_in_")] == [
        "lift_in_2_weeks_rate",
        "lift_in_4_weeks_rate",
        "lift_in_6_weeks_rate",
        "lift_in_8_weeks_rate",
    ]
    plt.close("all")


def test_events_bring_customers_in_too(orders):
    visitors = pd.DataFrame(
        {
            "customer_id": [f"v{i}" for i in range(90)] + [None],
            "event": "visit",
            "happened_at": [FIRST + pd.Timedelta(days=15)] * 91,
        }
    )
    with_events = plan(dataset(orders, events=visitors))
    without = plan(dataset(orders))
    assert (with_events.arrivals["customers"] - without.arrivals["customers"]).tolist() == [0, 0, 90, 0, 0, 0, 0, 0]
    assert lines(with_events, METRICS[0])["level"].iloc[0] < lines(without, METRICS[0])["level"].iloc[0]


def test_a_short_history_rehearses_fewer_weeks_and_a_shorter_one_none(orders):
    since = orders[orders["ordered_at"] >= pd.Timestamp(AS_OF) - pd.Timedelta(days=56 + 34)]
    assert plan(dataset(since)).lifts["weeks"].unique().tolist() == [2, 4]
    tiny = orders[orders["ordered_at"] >= pd.Timestamp(AS_OF) - pd.Timedelta(days=56 + 10)]
    assert "history is shorter than the 70 days" in words_of(plan(dataset(tiny)))


def test_where_nobody_comes_back_or_few_come_there_is_nothing_to_plan_from(orders):
    once = orders.drop_duplicates("customer_id")
    once = once.assign(ordered_at=pd.Timestamp(AS_OF) - pd.to_timedelta(np.arange(len(once)) % 150, unit="D"))
    few = orders[orders["customer_id"].isin([f"c{i}" for i in range(20)])]
    for table in (once, few):
        assert "too few customers came" in words_of(plan(dataset(table)))
    assert isinstance(plan(dataset(orders[:0])), NotApplicable)
    assert "this data set has no orders: export them to see this." in words_of(plan(shop()))


def test_the_window_is_checked(orders):
    with pytest.raises(ValueError, match="window_days = 0: give a number from 1 to 365"):
        plan(dataset(orders), window_days=0)


def test_shops_that_have_nothing_but_orders_can_plan(opened):
    found = plan(opened("cdnow"))
    assert len(found.table) == 6
    assert found.table["customers_an_arm"].between(1000, 1_000_000).all()


def test_the_demo_can_plan(demo):
    found = plan(demo)
    assert "customers an arm" in words_of(found)
    assert found.arrivals["customers"].gt(0).all()
