"""The share of silences wrongly called leaving, against a truth that is known and against the count so far."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from scipy.stats import gamma

from answers import words_of
from helpers.analyses.churn.leaving.false_alarms import silence_errors, wrong_rates
from helpers.findings import NotApplicable
from helpers.statistics import survival
from shops import shop, words

AS_OF = dt.date(2024, 12, 31)
LOG_DAYS = 800
LAST_SHARE = 0.15  # of orders that none follows
GAPS = {"web": gamma(1.2, scale=50), "shop": gamma(1.2, scale=100)}  # between orders, before they are rounded up


def of(orders, customers):
    """A shop of these orders, of 10 each."""
    orders = orders.assign(cancelled=False, amount=10.0, refund=0.0)
    return shop(as_of=AS_OF, settings=words(), orders=orders, customers=customers)


def buyers_of(rng, customers):
    """Customers of each channel who order after a gap of its law, or never again, cut at the report's day."""
    orders, people = [], []
    for channel, law in GAPS.items():
        names = np.array([f"{channel}{i}" for i in range(customers)])
        gaps = np.ceil(law.rvs((customers, 80), random_state=rng)).clip(min=1)
        after = rng.integers(0, LOG_DAYS, (customers, 1)) + np.concatenate(
            [np.zeros((customers, 1)), gaps.cumsum(axis=1)], axis=1
        )
        orders_each = rng.geometric(LAST_SHARE, (customers, 1))
        who, when = np.nonzero((np.arange(81) < orders_each) & (after <= LOG_DAYS))
        day = pd.Timestamp(AS_OF) - pd.to_timedelta(LOG_DAYS - after[who, when], unit="D")
        orders.append(pd.DataFrame({"customer_id": names[who], "ordered_at": day}))
        people.append(pd.DataFrame({"customer_id": names, "channel": channel}))
    return pd.concat(orders, ignore_index=True), pd.concat(people, ignore_index=True)


def truth(law, silence_days, follow_up_days):
    """Bayes: those who come back within the follow-up, among all silent so long."""
    silent = (1 - LAST_SHARE) * law.sf(silence_days)
    back = silent - (1 - LAST_SHARE) * law.sf(silence_days + follow_up_days)
    return back / (silent + LAST_SHARE)


@pytest.fixture(scope="module")
def sample():
    return of(*buyers_of(np.random.default_rng(21), 3_000))


@pytest.fixture(scope="module")
def of_web():
    orders, customers = buyers_of(np.random.default_rng(2), 5_000)
    return of(orders[orders["customer_id"].str.startswith("web")], customers[customers["channel"] == "web"])


def test_open_gaps_are_censored_where_the_count_so_far_is_too_low(of_web):
    """The right answer holds the truth within its limits at six silences; what has returned so far does not."""
    found = silence_errors(of_web)
    table = found.table
    true = truth(GAPS["web"], table["silence_days"], found.follow_up_days)
    assert found.follow_up_days == 365
    assert len(table) == 6
    np.testing.assert_allclose(table["wrong_rate"], true, atol=0.025)
    slack = 0.25 * (table["upper"] - table["lower"])  # six intervals at once
    assert ((table["lower"] - slack <= true) & (true <= table["upper"] + slack)).all()
    assert (table["returned_so_far_rate"] < true - 0.02).iloc[:4].all()


def test_the_rates_are_a_ratio_of_survival_with_the_error_of_the_window_alone():
    """1 − S(X + F) / S(X) is the curve of those beyond X, whose limits `kaplan_meier` gives."""
    rng = np.random.default_rng(8)
    gaps, closed = rng.integers(1, 120, 400), rng.random(400) < 0.6
    ours = wrong_rates(survival.kaplan_meier(gaps, closed), np.array([10, 30, 45]), 40)
    for row in ours.itertuples():
        beyond = gaps > row.silence_days
        direct = survival.at(survival.kaplan_meier(gaps[beyond], closed[beyond]), row.silence_days + 40).iloc[0]
        expected = (1 - direct["survival"], 1 - direct["upper"], 1 - direct["lower"])
        assert (row.wrong_rate, row.lower, row.upper) == pytest.approx(expected)


def test_waiting_as_long_as_the_headline_says_halves_the_error(of_web):
    found = silence_errors(of_web)
    used = found.table.set_index("silence_days").loc[found.silence_days, "wrong_rate"]
    true = truth(GAPS["web"], found.halved_days, found.follow_up_days)
    assert found.halved_days > found.silence_days
    assert true == pytest.approx(used / 2, abs=0.03)
    assert f"Waiting until {found.halved_days:.0f} days halves that." in words_of(found)


def test_gaps_that_are_still_open_lengthen_the_percentile(of_web):
    """95 % of true gaps, against the closed ones alone, which miss the longest."""
    found = silence_errors(of_web)
    true = GAPS["web"].ppf(0.95)
    assert found.silence_days < 0.97 * true
    assert found.renewal_days == pytest.approx(true, rel=0.05)


def test_each_segment_has_its_own_curve_and_silence(sample):
    found = silence_errors(sample, silence_by="channel")
    table = found.table.set_index("segment")
    assert list(table.index) == ["web", "shop"]
    for channel, law in GAPS.items():
        row = table.loc[channel]
        assert row["wrong_rate"] == pytest.approx(truth(law, row["silence_days"], found.follow_up_days), abs=0.04)
    assert table.loc["shop", "silence_days"] > 1.3 * table.loc["web", "silence_days"]
    assert set(found.curve["segment"]) == {"web", "shop"}


def test_the_curve_speaks_draws_and_tabulates(sample):
    for found in (silence_errors(sample), silence_errors(sample, 60), silence_errors(sample, silence_by="channel")):
        assert found.plot().has_data()
        assert words_of(found).endswith(".")
        assert found.curve["wrong_rate"].between(0, 1).all()
        assert (found.curve["silence_days"] >= 7).all()


def test_what_cannot_be_followed_is_a_sentence(sample):
    answer = silence_errors(sample, 700)
    assert isinstance(answer, NotApplicable)
    assert str(answer.reason) == "orders were not followed 30 days beyond a silence of 910 days."
    assert isinstance(silence_errors(shop()), NotApplicable)
    with pytest.raises(ValueError, match="silence_days = -1"):
        silence_errors(sample, -1)


def test_without_customers_there_are_no_segments(sample):
    answer = silence_errors(shop(as_of=AS_OF, orders=sample.tables["orders"]), silence_by="channel")
    assert str(answer.reason) == "this data set has no table of customers, so no column “Channel”."
