"""First reply and resolution: open tickets are censored, never dropped; checked on simulated and on real tickets."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from lifelines import KaplanMeierFitter
from lifelines.statistics import multivariate_logrank_test

from answers import words_of
from helpers.analyses.feedback.service.waiting import speed, waits_alike
from helpers.analyses.feedback.service.waits_by_group import speed_by
from helpers.findings import NotApplicable
from shops import shop

NIGHT = pd.Timestamp("2025-07-01")


def drawn(rng: np.random.Generator, n: int = 2_000, mean_days: float = 10, slower: float = 1.0) -> pd.DataFrame:
    """Tickets of the last 30 days that take exponential times, those of group b `slower` times as long."""
    opened = NIGHT - pd.to_timedelta(rng.integers(1, 30 * 1440, n), unit="min")
    group = np.where(np.arange(n) % 2, "a", "b")
    minutes = np.ceil(rng.exponential(mean_days * 1440, n) * np.where(group == "b", slower, 1))
    closed = pd.Series(opened + pd.to_timedelta(minutes, unit="min"))
    return pd.DataFrame({
        "ticket_id": np.arange(n).astype(str), "customer_id": (np.arange(n) // 2).astype(str), "opened_at": opened,
        "closed_at": closed.where(closed < NIGHT), "category": group,
    })  # fmt: skip


def waits(rows: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    return (rows["closed_at"].fillna(NIGHT) - rows["opened_at"]).dt.total_seconds() / 86_400, rows["closed_at"].notna()


def counted(rows: pd.DataFrame) -> pd.DataFrame:
    """Each ticket: its customer, category, the minutes it waited, and whether it was resolved then."""
    days, done = waits(rows)
    minutes = (days * 1440).round().astype(int)
    group = rows["category"].astype("category")
    return pd.DataFrame({
        "owner": rows["customer_id"], "stratum": 0, "group": group, "minutes": minutes, "done": done, "tickets": 1,
    })  # fmt: skip


def test_the_share_resolved_in_time_is_the_true_one_where_most_young_tickets_are_still_open():
    """Counting resolved tickets alone would say far more: 1 − exp(−7/10) = 50.3 % are resolved within 7 days."""
    rows = drawn(np.random.default_rng(1), 20_000)
    found = speed(shop(tickets=rows), "resolution", 7).summary().iloc[0]
    assert found["on_time_share"] == pytest.approx(1 - np.exp(-0.7), abs=0.012)
    assert found["lower"] < 1 - np.exp(-0.7) < found["upper"]
    assert found["median_days"] == pytest.approx(10 * np.log(2), rel=0.04)
    duration, closed = waits(rows)
    assert (duration[closed] <= 7).mean() > 0.65
    assert found["waiting"] == (~closed).sum()


def test_curves_and_log_rank_are_those_of_lifelines():
    rows = drawn(np.random.default_rng(2), 600, slower=1.3)
    found, (duration, closed) = speed(shop(tickets=rows), "resolution", 5, "category"), waits(rows)
    for group, curve in found.table.groupby("group", observed=True):
        mine = rows["category"] == group
        fitted = KaplanMeierFitter().fit(duration[mine], closed[mine]).survival_function_at_times(curve["time"])
        np.testing.assert_allclose(curve["survival"], fitted, atol=1e-9)
    alone = rows.assign(customer_id=rows["ticket_id"])  # where nobody asks twice it is the log-rank test itself
    test = multivariate_logrank_test(duration, rows["category"], closed)
    found = waits_alike(counted(alone))
    assert found.statistic == pytest.approx(test.test_statistic, rel=1e-6)
    assert found.p_value == pytest.approx(test.p_value, rel=0.02)


def test_a_ticket_resolved_exactly_in_time_is_on_time_and_one_a_second_later_is_not():
    opened = pd.Timestamp("2025-01-01 12:00:00")
    seconds = np.array([86_400, 86_401, 100, 100, 100] * 4)
    closed = opened + pd.to_timedelta(seconds, unit="s")
    rows = pd.DataFrame({"ticket_id": list("abcdefghijklmnopqrst"), "opened_at": opened, "closed_at": closed})
    rows = rows.assign(customer_id=rows["ticket_id"])
    assert speed(shop(tickets=rows), "resolution", 1).summary()["on_time_share"].item() == 0.8
    few = speed(shop(tickets=rows.head(19)), "resolution", 1)
    assert np.isnan(few.summary()["on_time_share"].item())
    assert words_of(few) == "Fewer than 20 requests were followed for 1 day: too few to judge them by it."


def test_where_all_are_settled_at_once_no_interval_is_told():
    rows = drawn(np.random.default_rng(7), 60).assign(closed_at=lambda tickets: tickets["opened_at"])
    told = words_of(speed(shop(tickets=rows), "resolution", 3))
    assert told.startswith("100% of requests are settled within 3 days. Half take") and "interval" not in told


def test_a_ticket_resolved_without_a_reply_stays_among_those_never_answered():
    """Half are never answered, though resolved within the hour: half of all are answered, not all."""
    rows = drawn(np.random.default_rng(3), 400).assign(opened_at=pd.Timestamp("2025-06-01"))
    answered = np.arange(400) % 2 == 0
    reply = (rows["opened_at"] + pd.Timedelta(hours=2)).where(answered)
    rows = rows.assign(first_reply_at=reply, closed_at=rows["opened_at"] + pd.Timedelta(hours=1))
    found = speed(shop(tickets=rows), "first_reply", 24).summary().iloc[0]
    assert found["on_time_share"] == pytest.approx(0.5)
    assert found["waiting"] == 200


def test_groups_that_wait_longer_are_told_with_their_shares():
    rows = drawn(np.random.default_rng(4), 2_000, slower=2)
    told = words_of(speed(shop(tickets=rows), "resolution", 5, "category"))
    assert told.startswith("Category: “b” waits longest, “a” least.") and "beyond chance (p < 0.001)" in told
    alike = drawn(np.random.default_rng(4), 200)
    told = words_of(speed(shop(tickets=alike), "resolution", 5, "category"))
    assert told == "Category: no evidence that requests of one group wait longer."


def test_customers_who_ask_again_and_again_do_not_make_a_group_slow():
    """Ten patient customers with 40 requests each, all in one group: 400 requests tell no more than ten customers."""
    rng = np.random.default_rng(5)
    rows = drawn(rng, 400).assign(category="a")
    patient = drawn(rng, 400, mean_days=20).assign(category=np.where(np.arange(400) < 40, "b", "a"))
    patient = patient.assign(customer_id=[f"p{place // 40}" for place in range(400)])
    both = pd.concat([rows, patient], ignore_index=True)
    both = both.assign(category=np.where(both["customer_id"].str.startswith("p"), "b", "a"))
    assert np.isnan(waits_alike(counted(both)).p_value)  # fewer than 20 customers
    many = both.assign(customer_id=both.index.astype(str))
    assert waits_alike(counted(many)).p_value < 1e-6


def test_the_engine_finds_waits_as_a_slow_count_does():
    rows = drawn(np.random.default_rng(8), 300)
    assert speed(shop(tickets=rows), "resolution", 5, "category").p_value == pytest.approx(
        waits_alike(counted(rows)).p_value
    )


def test_what_cannot_be_told_is_not_applicable():
    rows = drawn(np.random.default_rng(6), 50)
    none = shop()
    for data in (
        none,
        shop(tickets=rows.head(0)),
        shop(tickets=rows.head(4)),
        shop(tickets=rows.drop(columns="closed_at")),
    ):
        assert isinstance(speed(data), NotApplicable) and isinstance(speed_by(data), NotApplicable)
    assert isinstance(speed(shop(tickets=rows), "first_reply"), NotApplicable)
    assert isinstance(speed(shop(tickets=rows), by="workgroup"), NotApplicable)
    with pytest.raises(ValueError, match="what = 'reply': choose one of first_reply, resolution"):
        speed(shop(tickets=rows), "reply")
    with pytest.raises(ValueError, match="sla = -1"):
        speed(shop(tickets=rows), sla=-1)


def test_the_figure_holds_the_curves_and_the_numbers_that_still_wait():
    found = speed(shop(tickets=drawn(np.random.default_rng(7))), "resolution", 5, "category")
    ax = found.plot()
    assert len(ax.lines) == 2 and ax.get_xlabel() == "Resolution (days)"
    ends = [line.get_ydata()[0] for line in ax.lines]
    assert ends == pytest.approx([0, 0], abs=0.01)
    assert {"1,000"} <= {text.get_text() for text in ax.texts}
    plt.close("all")
