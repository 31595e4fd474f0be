"""Person-months are those of a slow walk through the calendar."""

from __future__ import annotations

import ibis
import numpy as np
import pandas as pd

from helpers.analyses.churn.timing.person_months import person_months

START = pd.Timestamp("2022-01-01")


def looped(rows):
    """Person-months by walking through the calendar month by month."""
    cells = {}
    for row in rows.itertuples():
        month = 1
        while True:
            opens = row.started_on + pd.DateOffset(months=month - 1)
            closes = row.started_on + pd.DateOffset(months=month)
            ends_within = row.ended_on <= closes
            if row.entered_on <= opens and (row.ended_on > opens or (row.left and month == 1)):
                stay, at_risk, left = cells.get((row.group, month), (0, 0.0, 0))
                cut = ends_within and not row.left and row.ended_on < closes
                cells[row.group, month] = (stay + 1, at_risk + (0.5 if cut else 1.0), left + (row.left and ends_within))
            if ends_within:
                break
            month += 1
    return cells


def test_person_months_are_those_of_a_walk_through_the_calendar():
    rng = np.random.default_rng(1)
    n = 300
    started = START + pd.to_timedelta(rng.integers(0, 28, n) + 31 * rng.integers(0, 3, n), unit="D")
    days = rng.integers(0, 200, n)
    days[:60] = 31 * rng.integers(0, 4, 60)  # many exactly one or more months of 31 days
    entry = np.where(rng.random(n) < 0.3, rng.integers(0, 90, n), 0)
    rows = pd.DataFrame({
        "group": rng.choice(["a", "b"], n), "started_on": started, "left": rng.random(n) < 0.6,
        "entered_on": started + pd.to_timedelta(np.minimum(entry, days), unit="D"),
        "ended_on": started + pd.to_timedelta(days, unit="D"),
    })  # fmt: skip
    rows = rows[rows["started_on"].dt.day <= 28]  # the walk clips the 31st to the end of a shorter month
    found = person_months(ibis.memtable(rows), 12).execute()
    by_cell = {
        (row.group, row.month_of_stay): (row.stays, row.months_at_risk, row.leavers) for row in found.itertuples()
    }
    assert by_cell == looped(rows)


def test_the_day_of_the_month_decides_the_month_of_the_stay():
    """A stay that ends on the same day of the next month ends in its first month; one day later, in its second."""
    ends = ["2024-03-05", "2024-03-06", "2024-02-05", "2024-04-05"]
    rows = pd.DataFrame(
        {"group": "all", "started_on": pd.Timestamp("2024-02-05"), "left": True, "ended_on": pd.to_datetime(ends)}
    )
    found = person_months(ibis.memtable(rows.assign(entered_on=rows["started_on"])), 4).execute()
    assert found.sort_values("month_of_stay")["leavers"].tolist() == [2, 2]
    unended = rows.assign(left=False, entered_on=rows["started_on"])
    found = person_months(ibis.memtable(unended), 4).execute().sort_values("month_of_stay")
    assert found["stays"].tolist() == [3, 2]  # the stay that began on the last day was not followed at all
    assert found["months_at_risk"].tolist() == [3.0, 1.5]
