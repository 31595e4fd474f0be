"""The backlog against a slow count of every day, and the ages of what is still open."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.feedback.service.open_tickets import Backlog, backlog, open_ages
from helpers.findings import NotApplicable
from shops import shop

NIGHT = pd.Timestamp("2025-07-01")


def drawn(rng: np.random.Generator, n: int = 300) -> pd.DataFrame:
    opened = pd.Series(NIGHT - pd.to_timedelta(rng.integers(1, 200 * 1440, n), unit="min"))
    closed = opened + pd.to_timedelta(rng.integers(1, 60 * 1440, n), unit="min")
    rows = pd.DataFrame({"ticket_id": np.arange(n).astype(str), "customer_id": np.arange(n).astype(str)})
    return rows.assign(opened_at=opened, closed_at=closed.where(closed < NIGHT))


def waiting(days: list[float], customers: list[str] | None = None) -> pd.DataFrame:
    """Tickets open for so many days, and one resolved long ago."""
    opened = [*(NIGHT - pd.to_timedelta(days, unit="D")), pd.Timestamp("2024-01-01")]
    names = [*(customers or [str(at) for at in range(len(days))]), "x"]
    closed = [*[pd.NaT] * len(days), pd.Timestamp("2024-01-02")]
    ids = [str(at) for at in range(len(opened))]
    return pd.DataFrame({"ticket_id": ids, "customer_id": names, "opened_at": opened, "closed_at": closed})


def test_open_tickets_are_those_of_a_slow_count_at_the_end_of_every_day():
    rows = drawn(np.random.default_rng(1))
    found = backlog(shop(tickets=rows)).table
    assert found["day"].tolist() == list(pd.date_range(rows["opened_at"].min().normalize(), "2025-06-30"))
    for row in found.itertuples():
        night = row.day + pd.Timedelta(days=1)
        was_open = (rows["opened_at"] < night) & ~(rows["closed_at"] < night)
        assert row.open == was_open.sum()
    assert found["open"].iloc[-1] == rows["closed_at"].isna().sum()


def test_months_end_with_their_backlog_and_the_headline_compares_four_weeks():
    found = backlog(shop(tickets=drawn(np.random.default_rng(2))))
    months = found.summary().set_index("month")
    june = found.table[found.table["day"] >= "2025-06-01"]
    assert months.loc["2025-06-01", "recorded"] == june["recorded"].sum()
    assert months.loc["2025-05-01", "open"] + june["recorded"].sum() - june["resolved"].sum() == found.now
    before = int(found.table["open"].iloc[-29])
    told = f"Open requests: {found.now:,}; 28 days before it was {before:,}. At the end of June 30, 2025."
    assert words_of(found) == told


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        (31, 60, "Open requests nearly doubled in a year, from 31 to 60."),
        (31, 63, "Open requests more than doubled in a year, from 31 to 63."),
        (31, 40, "Open requests rose in a year, from 31 to 40."),
        (3, 9, "Open requests rose in a year, from 3 to 9."),
        (31, 30, "Open requests fell in a year, from 31 to 30."),
        (31, 31, "Open requests are as many as a year ago: 31."),
    ],
)
def test_where_a_year_is_known_it_is_what_the_headline_compares(before, now, said):
    days = pd.date_range("2024-06-01", periods=400, freq="D")
    open_then = np.where(np.arange(400) < 399, before, now)
    found = Backlog(pd.DataFrame({"day": days, "recorded": 1, "resolved": 1, "open": open_then}))
    assert str(found.headline()) == said


def test_ages_are_counted_in_bands_that_begin_with_their_first_moment():
    days = [0.5] * 5 + [1] * 5 + [2.99] * 5 + [3] * 6 + [400] * 7
    found = open_ages(shop(tickets=waiting(days)), 3)
    assert found.summary()["open_for"].tolist() == [
        "under 1 day", "1 to under 3 days", "3 to under 7 days", "7 to under 14 days", "14 to under 30 days",
        "30 to under 90 days", "90 to under 365 days", "365 days and more",
    ]  # fmt: skip
    assert found.table["tickets"].tolist() == [5, 10, 6, 0, 0, 0, 0, 7]
    assert found.median_days == pytest.approx(2.99, abs=0.02) and found.late == 7


def test_a_band_of_few_customers_is_never_shown_alone():
    """Twenty tickets of two customers between three and seven days are joined to the next older, until others are."""
    days = [0.5] * 5 + [5.5] * 20 + [100] * 5
    customers = [*map(str, range(5)), *["p", "q"] * 10, *map(str, range(10, 15))]
    found = open_ages(shop(tickets=waiting(days, customers)), 3)
    bands = found.summary()
    assert dict(zip(bands["open_for"], bands["tickets"], strict=True)) == {
        "under 1 day": 5,
        "1 to under 3 days": 0,
        "3 to under 365 days": 25,
        "365 days and more": 0,
    }


def test_what_cannot_be_told_is_not_applicable():
    rows = drawn(np.random.default_rng(3))
    none = shop()
    for data in (none, shop(tickets=rows.head(0)), shop(tickets=rows.drop(columns="closed_at"))):
        assert isinstance(backlog(data), NotApplicable) and isinstance(open_ages(data), NotApplicable)
    assert isinstance(open_ages(shop(tickets=waiting([3.0] * 9, ["a"] * 9))), NotApplicable)
    with pytest.raises(ValueError, match="late_days = -1"):
        open_ages(shop(tickets=rows), -1)


def test_figures_draw_what_the_tables_say():
    data = shop(tickets=drawn(np.random.default_rng(4)))
    found, ages = backlog(data), open_ages(data)
    assert found.plot().lines[0].get_ydata().tolist() == found.table["open"].tolist()
    assert [bar.get_width() for bar in ages.plot().patches] == ages.table["tickets"].tolist()
    plt.close("all")


@pytest.mark.parametrize(("before", "now", "direction"), [(10, 40, "worse"), (40, 10, "better"), (20, 22, None)])
def test_the_first_page_hears_of_a_backlog_that_moved_beyond_chance(before, now, direction):
    days = pd.date_range("2024-06-01", "2025-06-30")
    counts = np.linspace(before, now, len(days)).round().astype(int)
    news = Backlog(pd.DataFrame({"day": days, "recorded": 0, "resolved": 0, "open": counts})).brief().news
    assert [str(each.direction) for each in news] == ([direction] if direction else [])
