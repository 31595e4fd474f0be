"""Purchase histories as of any day: slow loops over the orders, and days that have not come yet."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.value.future import purchases as value_histories
from helpers.analyses.value.future.purchases import (
    COLUMNS,
    FITS,
    IN_PLACE_OF,
    Histories,
    Model,
    certainty,
    fitted,
    histories,
    histories_on,
    one_rate,
    orders_between,
    repeats_by_day,
)
from helpers.findings import NotApplicable
from helpers.statistics.purchases import fit_common_rate, fit_nbd
from shops import AS_OF, shop

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
def data(orders):
    return shop(orders=orders)


def test_orders_that_end_long_before_the_day_foretell_nothing(orders):
    stopped = orders.assign(ordered_at=orders["ordered_at"] - pd.Timedelta(days=30))
    answer = histories(shop(orders=stopped))
    assert isinstance(answer, NotApplicable)
    assert str(answer.reason).startswith(
        "orders end on 2025-05-31, 30 days before 2025-06-30: what customers did since"
    )


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
def test_histories_are_those_of_a_loop_over_the_orders_known_that_day(data, orders, day):
    known = histories_on(data, day)
    slow = {
        customer: (len(days) - 1, (max(days) - min(days)).days, (day - min(days)).days,
                   np.mean(list(days.values())[1:]) if len(days) > 1 else np.nan)
        for customer, days in days_bought(orders, day).items()
    }  # fmt: skip
    assert known.as_of == day
    assert known.customers.index.tolist() == list(slow)
    found = known.customers[[*COLUMNS, "mean_repeat_spend"]].to_numpy(float)
    assert found == pytest.approx(np.array(list(slow.values()), dtype=float), nan_ok=True)


def test_histories_of_the_report_are_those_of_its_day(data):
    now, then = histories(data), histories_on(data, AS_OF)
    columns = [*COLUMNS, "first_order_on", "mean_repeat_spend"]
    pd.testing.assert_frame_equal(now.customers[columns], then.customers[columns], check_dtype=False)


def test_orders_after_the_day_are_never_seen(data, orders):
    past = orders[orders["ordered_at"] < pd.Timestamp(EARLIER) + pd.Timedelta(days=1)]
    assert len(past) < len(orders)
    seen, alone = (histories_on(each, EARLIER).customers for each in (data, shop(orders=past)))
    pd.testing.assert_frame_equal(seen, alone)


def test_orders_between_counts_days_after_the_first_and_upto_the_last(data, orders):
    after, upto = EARLIER, dt.date(2025, 5, 15)
    counts = {customer: sum(after < day <= upto for day in days) for customer, days in days_bought(orders).items()}
    slow = {customer: count for customer, count in counts.items() if count}
    assert orders_between(data, after, upto).to_dict() == slow


def test_repeats_by_day_leaves_out_first_orders_and_customers_who_came_later(data, orders):
    slow = {}
    for days in days_bought(orders).values():
        first, *later = days
        for day in later if first <= EARLIER else []:
            slow[pd.Timestamp(day)] = slow.get(pd.Timestamp(day), 0) + 1
    found = repeats_by_day(data, EARLIER)
    assert found.to_dict() == slow
    assert found.index.is_monotonic_increasing
    assert found.index.max() > pd.Timestamp(EARLIER)


def test_customers_whose_repeat_orders_brought_nothing_tell_nothing_of_spend(data):
    known = histories(data)
    repeat, spend = known.customers["frequency"], known.customers["mean_repeat_spend"]
    assert ((repeat > 0) & (spend == 0)).any()
    assert (known.spending["mean_repeat_spend"] > 0).all()
    assert len(known.spending) == sum((repeat > 0) & (spend > 0))


def test_too_few_buyers_or_returns_are_not_modelled(orders):
    few = orders[orders["customer_id"] < "c050"]
    once = orders.drop_duplicates("customer_id")
    assert "50 customers had ordered" in words_of(histories(shop(orders=few)))
    assert "and 0 of them again" in words_of(histories(shop(orders=once)))
    assert "by May 20, 2024" in words_of(histories_on(shop(orders=orders), dt.date(2024, 5, 20)))


def test_a_data_set_without_orders_has_no_histories():
    people = pd.DataFrame({"customer_id": ["a", "b"]})
    assert isinstance(histories(shop(customers=people)), NotApplicable)


def known_of(frequency, t_x, age):
    return Histories(AS_OF, pd.DataFrame({"frequency": frequency, "t_x_days": t_x, "age_days": age}))


def buying_by_chance(spread, seed, customers=600, until=None):
    """Customers whose rates vary by `spread` (standard deviation over mean), who leave after `until` days, if ever."""
    rng = np.random.default_rng(seed)
    age = rng.integers(50, 600, customers)
    rate = rng.gamma(spread**-2, spread**2, customers) / 150 if spread else np.full(customers, 1 / 150)
    stay = age if until is None else np.minimum(age, rng.exponential(until, customers))
    orders = rng.poisson(rate * stay)
    last = stay * rng.random(customers) ** (1 / np.maximum(orders, 1))
    return known_of(orders, np.where(orders > 0, np.floor(last), 0), age)


def test_of_customers_alike_one_rate_for_all_is_tried_just_where_nbd_has_no_maximum(monkeypatch):
    """Half of such samples differ by a little more than chance; which half it is hardly moves what is expected."""
    monkeypatch.setattr(value_histories, "FITS", {name: FITS[name] for name in IN_PLACE_OF})
    kinds = set()
    for seed in range(12):
        known = buying_by_chance(0, seed)
        ((name, model),) = fitted(known).items()
        kinds.add(name)
        assert np.median(model.expected_purchases(150, *known.columns)) == pytest.approx(1, abs=0.12)
        if name == Model.COMMON_RATE:
            assert model.overdispersion < 0.3
        else:
            limit = fit_common_rate(*known.columns)
            assert limit.overdispersion > 0
            assert model.log_likelihood > limit.log_likelihood
    assert kinds == {Model.NBD, Model.COMMON_RATE}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("spread", "until"), [(0.7, None), (0.0, 120)])
def test_one_rate_for_all_is_no_model_of_customers_who_differ_or_leave(spread, until, seed):
    known = buying_by_chance(spread, seed, until=until)
    with pytest.raises(ValueError, match=r"overdispersion = \d.*differ by no more than chance"):
        one_rate(*known.columns)
    fit_nbd(*known.columns)


def test_where_nbd_has_a_maximum_its_limit_says_so():
    samples = (buying_by_chance(0, seed) for seed in range(12))
    known = next(each for each in samples if 0.3 < fit_common_rate(*each.columns).overdispersion < 1.6)
    with pytest.raises(ValueError, match=r"r = \d.*: NBD has a maximum"):
        one_rate(*known.columns)


def test_customers_who_buy_by_the_clock_and_never_leave_have_one_rate_and_no_other_model():
    rng = np.random.default_rng(2)
    found = fitted(known_of(np.full(200, 5), rng.integers(95, 100, 200), np.full(200, 100)))
    assert list(found) == [Model.COMMON_RATE]
    assert found[Model.COMMON_RATE].parameters == {"rate": pytest.approx(0.05)}
    assert found[Model.COMMON_RATE].overdispersion < -5


def test_what_a_model_takes_for_certain_is_said():
    assert certainty(Model.PARETO_NBD) is None and certainty(Model.MBG_NBD) is None
    assert "nobody leaves: everybody who ever ordered" in str(certainty(Model.NBD))
    told = str(certainty(Model.COMMON_RATE))
    assert told.startswith("Orders of these customers differ by no more than chance")
    assert told.endswith("nobody leaves, so values differ by spend alone, if at all.")


def test_models_without_a_maximum_are_left_out_and_the_others_kept(monkeypatch):
    def fails(*columns):
        raise ValueError("no maximum")

    found = object()
    monkeypatch.setattr(value_histories, "FITS", {"first": fails, "second": lambda *columns: found, "third": fails})
    assert fitted(known_of([1, 0], [3, 0], [5, 5])) == {"second": found}
