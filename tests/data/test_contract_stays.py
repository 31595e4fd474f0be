"""Stays under contract: a slow loop over days, what describes them, and what still runs."""

from __future__ import annotations

import ibis
import numpy as np
import pandas as pd
import pytest

from helpers.data.contract_stays import contract_stays


def periods(*rows):
    columns = ["customer_id", "started_at", "ended_at", "plan", "price", "reason"]
    table = pd.DataFrame(rows, columns=columns).astype({"customer_id": "string", "reason": "string", "price": float})
    return table.assign(started_at=pd.to_datetime(table["started_at"]), ended_at=pd.to_datetime(table["ended_at"]))


def found(table):
    stays = contract_stays(ibis.memtable(table)).execute().sort_values(["customer_id", "started_on"], ignore_index=True)
    return stays.assign(**{name: pd.to_datetime(stays[name]) for name in ("started_on", "ended_on")})


def test_periods_that_touch_or_overlap_are_one_stay_described_by_the_first():
    stays = found(
        periods(
            ("c", "2024-01-01", "2024-02-01", "a", 10, "moved up"),
            ("c", "2024-02-02", "2024-06-01", "b", 20, "too dear"),
            ("c", "2024-03-01", "2024-04-01", "c", 30, "no use"),
            ("c", "2024-06-03", None, "d", 40, "not yet"),
            (None, "2024-01-01", None, "e", 50, None),
        )
    )
    assert stays["started_on"].tolist() == [pd.Timestamp("2024-01-01"), pd.Timestamp("2024-06-03")]
    assert stays["ended_on"].tolist() == [pd.Timestamp("2024-06-01"), pd.NaT]
    assert stays["plan"].tolist() == ["a", "d"] and stays["price"].tolist() == [10, 40]
    assert stays["reason"][0] == "too dear" and pd.isna(stays["reason"][1])


def test_the_running_price_is_that_of_all_periods_that_still_run():
    stays = found(
        periods(
            ("grown", "2024-01-01", "2024-02-01", "a", 10, None),
            ("grown", "2024-02-02", None, "b", 30, None),
            ("two", "2024-01-01", None, "a", 10, None),
            ("two", "2024-05-01", None, "b", 30, None),
            ("left", "2024-01-01", "2024-02-01", "a", 10, None),
            ("free", "2024-01-01", None, "a", None, None),
        )
    ).set_index("customer_id")
    assert stays.loc[["grown", "two"], "running_price"].tolist() == [30, 40]
    assert stays.loc[["grown", "two"], "price"].tolist() == [10, 10]
    assert stays.loc[["left", "free"], "running_price"].isna().all()


@pytest.mark.parametrize("seed", range(3))
def test_a_day_belongs_to_a_stay_when_some_period_covers_it(seed):
    rng = np.random.default_rng(seed)
    first = pd.Timestamp("2024-01-01")
    rows = []
    for customer in "abcdefgh":
        for start, length in zip(rng.integers(0, 200, 6), rng.integers(0, 30, 6), strict=True):
            days = first + pd.Timedelta(days=int(start)), first + pd.Timedelta(days=int(start + length))
            rows.append((customer, *days, "a", 1.0, None))
    stays = found(periods(*rows))
    for customer, mine in stays.groupby("customer_id"):
        covered = {day for who, start, end, *_ in rows if who == customer for day in pd.date_range(start, end)}
        days = [day for stay in mine.itertuples() for day in pd.date_range(stay.started_on, stay.ended_on)]
        assert sorted(covered) == days  # each once, in order
        gaps = (mine["started_on"] - mine["ended_on"].shift()).dt.days.dropna()
        assert (gaps > 1).all()  # no two stays touch
