"""Reopen and one-touch rates against a slow count."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.feedback.service.reopening import reopens
from helpers.analyses.feedback.service.tickets import ALL
from helpers.findings import NotApplicable
from helpers.statistics.shares import clustered_shares
from shops import shop

NIGHT = pd.Timestamp("2025-07-01")


def drawn(rng: np.random.Generator, n: int = 600, rates: tuple[float, float] = (0.1, 0.1)) -> pd.DataFrame:
    """Tickets of 90 days in two categories, opened again at a rate each; of some it is not known how often."""
    opened = pd.Series(NIGHT - pd.to_timedelta(rng.integers(1, 90 * 1440, n), unit="min"))
    group = np.arange(n) % 2
    again = (rng.random(n) < np.array(rates)[group]).astype(float) * rng.integers(1, 3, n)
    rows = pd.DataFrame({"ticket_id": np.arange(n).astype(str), "customer_id": (np.arange(n) // 3).astype(str)})
    return rows.assign(
        opened_at=opened, category=np.array(["a", "b"])[group],
        closed_at=(opened + pd.Timedelta(hours=5)).where(rng.random(n) < 0.8),
        reopened=pd.array(np.where(rng.random(n) < 0.9, again, np.nan), dtype="Int64"),
        replies=pd.array(np.where(rng.random(n) < 0.9, rng.integers(0, 4, n), np.nan), dtype="Int64"),
    )  # fmt: skip


def counted(rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Slow: of each rate the customer of each resolved ticket that tells it, and whether it has it."""
    told = {"reopen_rate": [], "one_touch_rate": []}
    for row in rows.to_dict("records"):
        again, replies = row["reopened"], row["replies"]
        resolved = not pd.isna(row["closed_at"]) or (not pd.isna(again) and again > 0)
        if not resolved or row["opened_at"] > NIGHT - pd.Timedelta(days=30):
            continue
        if not pd.isna(again):
            told["reopen_rate"].append((row["customer_id"], again > 0))
        if not pd.isna(again) and again > 0 or not pd.isna(replies) and replies != 1:
            told["one_touch_rate"].append(
                (row["customer_id"], False)
            )  # either is enough to know that one touch did not settle it
        elif not pd.isna(again) and not pd.isna(replies):
            told["one_touch_rate"].append((row["customer_id"], True))
    return {rate: pd.DataFrame(flags, columns=["customer", "has"]) for rate, flags in told.items()}


@pytest.mark.parametrize("by", ["", "category"])
def test_rates_are_those_of_a_slow_count(by):
    rows = drawn(np.random.default_rng(1))
    found = reopens(shop(tickets=rows), by).table.set_index(["group", "rate"])
    parts = {"a": rows[rows["category"] == "a"], "b": rows[rows["category"] == "b"]} if by else {ALL: rows}
    assert len(found) == 2 * len(parts)
    for group, part in parts.items():
        for rate, told in counted(part).items():
            row, each = found.loc[(group, rate)], told.groupby("customer")["has"].agg(["sum", "size"])
            assert (row["resolved_tickets"], row["with_outcome"]) == (len(told), told["has"].sum())
            assert row["outcome_share"] == told["has"].mean()
            limits = clustered_shares(np.zeros(len(each)), each["sum"], each["size"]).iloc[0]
            assert (row["lower"], row["upper"]) == pytest.approx((limits["lower"], limits["upper"]))


def test_without_replies_there_is_no_one_touch_rate_and_without_reopenings_it_counts_replies_alone():
    rows = drawn(np.random.default_rng(2))
    assert set(reopens(shop(tickets=rows.drop(columns="replies"))).table["rate"]) == {"reopen_rate"}
    found = reopens(shop(tickets=rows.drop(columns="reopened"))).table.iloc[0]
    old = rows[rows["closed_at"].notna() & (rows["opened_at"] <= NIGHT - pd.Timedelta(days=30))]
    assert found["rate"] == "one_touch_rate"
    assert found["outcome_share"] == pytest.approx((old["replies"].dropna() == 1).mean())


def test_groups_are_said_to_differ_only_where_they_do():
    alike = reopens(shop(tickets=drawn(np.random.default_rng(3), 2_000)), "category")
    apart = reopens(shop(tickets=drawn(np.random.default_rng(3), 2_000, (0.05, 0.3))), "category")
    assert str(alike.headline()) == "Category: no evidence that requests of one group come back more often."
    assert str(apart.headline()).startswith("Category: requests of “b” come back most often (")
    assert "beyond chance (p < 0.001)" in words_of(apart)
    assert "no evidence that requests of one group more often take one reply" in words_of(alike)


def test_both_rates_of_all_requests_are_told_or_the_one_that_is_known():
    rows = drawn(np.random.default_rng(2))
    told = str(reopens(shop(tickets=rows)).headline())
    assert " of settled requests took one reply; " in told and told.endswith(" came back.")
    assert str(reopens(shop(tickets=rows.drop(columns="replies"))).headline()).endswith(
        " of settled requests came back."
    )


def test_what_cannot_be_told_is_not_applicable():
    rows = drawn(np.random.default_rng(4))
    young = rows.assign(opened_at=NIGHT - pd.Timedelta(days=2))
    none = shop()
    for data in (
        none,
        shop(tickets=rows.drop(columns=["reopened", "replies"])),
        shop(tickets=rows.head(3)),
        shop(tickets=young),
    ):
        assert isinstance(reopens(data), NotApplicable)
    assert isinstance(reopens(shop(tickets=rows), "channel"), NotApplicable)
    with pytest.raises(ValueError, match="mature_days = -1"):
        reopens(shop(tickets=rows), mature_days=-1)


def test_the_figure_has_one_point_a_rate_and_group():
    ax = reopens(shop(tickets=drawn(np.random.default_rng(5))), "category").plot()
    assert [len(line.get_xdata()) for line in ax.lines] == [2, 2]
    plt.close("all")
