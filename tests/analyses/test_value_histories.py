"""Purchase histories as of any day: slow loops over the orders, and days that have not come yet."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from helpers.analyses import value_histories
from helpers.analyses.value_histories import (
    COLUMNS,
    Histories,
    fitted,
    histories,
    histories_on,
    orders_between,
    repeats_by_day,
)
from helpers.reports.findings import NotApplicable

AS_OF = dt.date(2025, 6, 30)
EARLIER = dt.date(2025, 3, 31)


@pytest.fixture(scope="module")
def orders():
    """Some 2,000 orders of 300 customers in 400 days, several on a day; one in ten was cancelled, some cost nothing."""
    rng = np.random.default_rng(5)
    days_ago = rng.integers(0, 400, 2_000) - rng.random(2_000) * 0.9
    return pd.DataFrame({
        "order_id": [f"o{place}" for place in range(2_000)],
        "customer_id": [f"c{place:03d}" for place in rng.integers(0, 300, 2_000)],
        "ordered_at": (pd.Timestamp(AS_OF) - pd.to_timedelta(np.maximum(days_ago, -0.9), unit="D")).astype("datetime64[us]"),
        "amount": np.where(rng.random(2_000) < 0.1, 0.0, rng.integers(5, 500, 2_000)),
        "cancelled": rng.random(2_000) < 0.1,
    })  # fmt: skip


@pytest.fixture(scope="module")
def shop(made, orders):
    return made(orders=orders)


def days_bought(orders, upto=AS_OF):
    """customer_id → its days with an order that was not cancelled, in order, with what each brought."""
    found = {}
    for order in orders.itertuples():
        day = order.ordered_at.date()
        if day <= upto and not order.cancelled:
            spent = found.setdefault(order.customer_id, {})
            spent[day] = spent.get(day, 0.0) + order.amount
    return {customer: dict(sorted(days.items())) for customer, days in sorted(found.items())}


@pytest.mark.parametrize("day", [EARLIER, AS_OF])
def test_histories_are_those_of_a_loop_over_the_orders_known_that_day(shop, orders, day):
    known = histories_on(shop, day)
    slow = {
        customer: (len(days) - 1, (max(days) - min(days)).days, (day - min(days)).days,
                   np.mean(list(days.values())[1:]) if len(days) > 1 else np.nan)
        for customer, days in days_bought(orders, day).items()
    }  # fmt: skip
    assert known.as_of == day
    assert known.customers.index.tolist() == list(slow)
    found = known.customers[[*COLUMNS, "mean_repeat_spend"]].to_numpy(float)
    assert found == pytest.approx(np.array(list(slow.values()), dtype=float), nan_ok=True)


def test_histories_of_the_report_are_those_of_its_day(shop):
    now, then = histories(shop), histories_on(shop, AS_OF)
    columns = [*COLUMNS, "first_order_on", "mean_repeat_spend"]
    pd.testing.assert_frame_equal(now.customers[columns], then.customers[columns], check_dtype=False)


def test_orders_after_the_day_are_never_seen(made, shop, orders):
    past = orders[orders["ordered_at"] < pd.Timestamp(EARLIER) + pd.Timedelta(days=1)]
    assert len(past) < len(orders)
    seen, alone = (histories_on(data, EARLIER).customers for data in (shop, made(orders=past)))
    pd.testing.assert_frame_equal(seen, alone)


def test_orders_between_counts_days_after_the_first_and_upto_the_last(shop, orders):
    after, upto = EARLIER, dt.date(2025, 5, 15)
    counts = {
        customer: sum(after < day <= upto for day in days) for customer, days in days_bought(orders).items()
    }
    slow = {customer: count for customer, count in counts.items() if count}
    assert orders_between(shop, after, upto).to_dict() == slow


def test_repeats_by_day_leaves_out_first_orders_and_customers_who_came_later(shop, orders):
    slow = {}
    for days in days_bought(orders).values():
        first, *later = days
        for day in later if first <= EARLIER else []:
            slow[pd.Timestamp(day)] = slow.get(pd.Timestamp(day), 0) + 1
    found = repeats_by_day(shop, EARLIER)
    assert found.to_dict() == slow
    assert found.index.is_monotonic_increasing
    assert found.index.max() > pd.Timestamp(EARLIER)


def test_customers_whose_repeat_orders_brought_nothing_tell_nothing_of_spend(shop):
    known = histories(shop)
    repeat, spend = known.customers["frequency"], known.customers["mean_repeat_spend"]
    assert ((repeat > 0) & (spend == 0)).any()
    assert (known.spending["mean_repeat_spend"] > 0).all()
    assert len(known.spending) == sum((repeat > 0) & (spend > 0))


def test_too_few_buyers_or_returns_are_not_modelled(made, orders):
    few = orders[orders["customer_id"] < "c050"]
    once = orders.drop_duplicates("customer_id")
    assert "50 customers had ordered" in histories(made(orders=few)).headline()
    assert "and 0 of them again" in histories(made(orders=once)).headline()
    assert "by 2024-05-20" in histories_on(made(orders=orders), dt.date(2024, 5, 20)).headline()


def test_a_data_set_without_orders_has_no_histories(made):
    people = pd.DataFrame({"customer_id": ["a", "b"]})
    assert isinstance(histories(made(customers=people)), NotApplicable)


def known_of(frequency, t_x, age):
    return Histories(AS_OF, pd.DataFrame({"frequency": frequency, "t_x_days": t_x, "age_days": age}))


def test_no_model_fits_customers_who_buy_by_the_clock_and_never_leave():
    rng = np.random.default_rng(2)
    assert fitted(known_of(np.full(200, 5), rng.integers(95, 100, 200), np.full(200, 100))) == {}


def test_models_without_a_maximum_are_left_out_and_the_others_kept(monkeypatch):
    def fails(*columns):
        raise ValueError("no maximum")

    found = SimpleNamespace()
    monkeypatch.setattr(value_histories, "MODELS", {"first": fails, "second": lambda *columns: found, "third": fails})
    assert fitted(known_of([1, 0], [3, 0], [5, 5])) == {"second": found}
