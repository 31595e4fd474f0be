"""Cohorts against the calendar and the tenure: who was watched when, and what of that can be told."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.churn.leaving.beginnings_and_ends import observed
from helpers.analyses.churn.leaving.definition import Stays
from helpers.analyses.churn.timing.by_cohort import ALL, cohorts, retention
from helpers.findings import NotApplicable
from helpers.findings.folding import SMALL_GROUPS
from helpers.statistics import survival

FIRST, UNTIL = dt.date(2024, 1, 1), dt.date(2025, 12, 31)
LOG_DAYS = (UNTIL - FIRST).days


def drawn(rng, customers=4_000, yearly_ratio=1.0, mean_days=200, observed_from=None, as_of=UNTIL):
    """Stays of exponential length, whose leave rate is `yearly_ratio` times as high for a start a year later."""
    began = rng.integers(0, LOG_DAYS, customers)
    days = np.floor(rng.exponential(mean_days / yearly_ratio ** (began / 365.25)))
    started_on = pd.Timestamp(FIRST) + pd.to_timedelta(began, unit="D")
    table = pd.DataFrame({"customer_id": np.arange(customers).astype(str), "started_on": started_on})
    ended_on = started_on + pd.to_timedelta(days, unit="D")
    entry = np.maximum(0, (pd.Timestamp(observed_from or FIRST) - started_on).days).astype(float)
    table = table.assign(ended_on=ended_on.where(ended_on <= pd.Timestamp(UNTIL)), entry_days=entry)
    return Stays(observed(table, UNTIL), (), "contract", as_of, UNTIL, observed_from=observed_from)


def test_cells_count_the_days_under_observation_as_a_loop_over_days_does():
    """Slow: every stay is looked at on every day that it is at risk, from the start or from the day after its entry."""
    stays = drawn(np.random.default_rng(1), 120, observed_from=dt.date(2024, 6, 15))
    cells = cohorts(stays).cells.set_index(["cohort", "period"])
    days, left, who = {}, {}, {}
    for row in stays.table.itertuples():
        cohort = row.started_on.to_period("Q").strftime("%Y Q%q")
        for tenure in range(row.duration_days + 1):
            if tenure <= row.entry_days and row.entry_days > 0:
                continue
            day = row.started_on + pd.Timedelta(days=tenure)
            key = cohort, day.to_period("Q").strftime("%Y Q%q")
            days[key] = days.get(key, 0) + 1
            left[key] = left.get(key, 0) + (row.left and tenure == row.duration_days)
            who.setdefault(key, set()).add(row.customer_id)
    assert cells["watched_days"].sum() == sum(days.values())
    for key, row in cells.iterrows():
        counted = days.get(key, 0), left.get(key, 0), len(who.get(key, ()))
        assert (row["watched_days"], row["leavers"], row["watched"]) == counted
        if row["watched"] < 20:
            assert np.isnan(row["left_30d_rate"])
        else:
            assert row["left_30d_rate"] == pytest.approx(1 - (1 - counted[1] / counted[0]) ** 30)


def test_a_constant_rate_is_the_same_in_every_cell():
    cells = cohorts(drawn(np.random.default_rng(2), 40_000)).cells
    many = cells[cells["watched_days"] > 20_000]
    assert len(many) > 20
    np.testing.assert_allclose(many["left_30d_rate"], 1 - np.exp(-30 / 200), atol=0.025)


def test_cohorts_from_before_ends_were_recorded_are_blank_until_then():
    found = cohorts(drawn(np.random.default_rng(3), observed_from=dt.date(2025, 1, 1)))
    early = found.cells[found.cells["cohort"].str.startswith("2024")]
    blank = early[early["period"].str.startswith("2024")]
    assert len(blank) == 16 and blank["left_30d_rate"].isna().all()
    watched = early[early["period"].str.startswith("2025")]
    assert watched["left_30d_rate"].notna().tolist() == (watched["watched"] >= 20).tolist() and len(watched) == 16
    assert "stays began before ends were recorded" in words_of(found)
    assert (found.table["watched_from"] >= pd.Timestamp("2025-01-01")).all()


def test_the_last_days_of_a_silence_are_blank():
    stays = replace(drawn(np.random.default_rng(3)), definition="silence", as_of=dt.date(2026, 6, 30), silence_days=181)
    found = cohorts(stays)
    told = found.cells.groupby("period", sort=False)["left_30d_rate"].apply(lambda rates: rates.notna().any())
    assert told[told].index[-1] == "2025 Q4"
    assert list(told.index[-2:]) == ["2026 Q1", "2026 Q2"]
    assert "The last 181 days are blank" in words_of(found)


def test_the_triangle_is_the_share_still_there_where_all_were_followed_and_blank_where_few_were():
    stays = drawn(np.random.default_rng(4))
    found = retention(stays)
    cells = found.table.set_index(["cohort", "tenure_days"])
    first = stays.table[stays.table["started_on"] < "2024-04-01"]
    for days in (90, 180, 360):
        stayed = (first["duration_days"] > days) | ((first["duration_days"] == days) & ~first["left"])
        assert cells.loc[("2024 Q1", days), "stay_rate"] == pytest.approx(stayed.mean())
    assert np.isnan(cells.loc[("2025 Q3", 270), "stay_rate"])
    assert (cells["at_risk"][cells["stay_rate"].notna()] >= 20).all()
    curve = survival.kaplan_meier(stays.table["duration_days"], stays.table["left"])
    together = survival.at(curve, [90, 360])["survival"]
    assert cells.loc[ALL, "stay_rate"].loc[[90, 360]].tolist() == pytest.approx(together.tolist())


def test_a_cohort_that_nobody_saw_begin_is_not_told():
    """Its curve would start at 1 with those who had stayed for months already."""
    found = retention(drawn(np.random.default_rng(5), observed_from=dt.date(2024, 12, 31)))
    assert [name for name in found.summary()["cohort"] if name.startswith("2024")] == []
    naive = retention(replace(drawn(np.random.default_rng(5)), observed_from=None))
    together = found.table[found.table["cohort"] == ALL].set_index("tenure_days")["stay_rate"]
    assert together.loc[120] == pytest.approx(np.exp(-121 / 200), abs=0.04)
    assert "2024 Q1" in set(naive.summary()["cohort"])


@pytest.mark.parametrize(
    "ratio, words", [(2.0, "Newer customers leave sooner: "), (0.5, "Newer customers stay longer: ")]
)
def test_a_trend_over_cohorts_is_found(ratio, words):
    found = retention(drawn(np.random.default_rng(6), yearly_ratio=ratio))
    assert found.leave_ratio == pytest.approx(ratio, rel=0.12)
    assert found.lower < ratio < found.upper
    assert words_of(found).startswith(words)


def test_no_trend_is_no_evidence():
    found = retention(drawn(np.random.default_rng(7)))
    assert found.lower < 1 < found.upper
    assert words_of(found).startswith("No evidence that newer customers stay longer or shorter.")


def test_old_customers_who_look_new_make_no_trend():
    """Customers of old, who stay longer, all come with the first month of orders: only later starts are compared."""
    rng = np.random.default_rng(8)
    stays = drawn(rng, 5_000)
    old = stays.table.head(1_500).assign(
        customer_id=[f"old{i}" for i in range(1_500)],
        started_on=pd.Timestamp(FIRST) + pd.to_timedelta(rng.integers(0, 30, 1_500), unit="D"),
    )
    old = old.assign(ended_on=old["started_on"] + pd.to_timedelta(rng.exponential(600, 1_500).round(), unit="D"))
    table = observed(pd.concat([stays.table, old], ignore_index=True), UNTIL)
    silent = replace(stays, table=table, definition="silence", silence_days=90)
    unaware = retention(replace(silent, joined_earlier=0))
    aware = retention(silent)
    assert words_of(unaware).startswith("Newer customers leave sooner")
    assert words_of(aware).startswith("No evidence")


def test_fewer_than_five_customers_are_never_a_cohort_of_their_own():
    stays = drawn(np.random.default_rng(9), 2_000)
    later = (stays.table["started_on"] >= "2025-10-01") | (stays.table["started_on"] < "2024-04-01")
    rare = pd.concat([stays.table[~later], stays.table[later & (stays.table["started_on"] < "2024-04-01")].head(3)])
    rare = pd.concat([rare, stays.table[stays.table["started_on"] >= "2025-10-01"].head(4)], ignore_index=True)
    table = cohorts(replace(stays, table=rare)).table
    assert table["cohort"].iloc[-1] == SMALL_GROUPS
    assert table["customers"].min() >= 5
    assert table["customers"].sum() == len(rare)


def test_ends_on_one_day_have_no_calendar():
    stays = drawn(np.random.default_rng(10), 500)
    table = stays.table.assign(ended_on=pd.Timestamp(UNTIL), left=True)
    for analysis in (cohorts, retention):
        assert isinstance(analysis(replace(stays, table=table)), NotApplicable)
        assert str(analysis(NotApplicable("nothing.")).reason) == "this rests on an answer that is missing above."


def test_both_speak_draw_and_tabulate():
    stays = drawn(np.random.default_rng(11))
    for found in (cohorts(stays), retention(stays)):
        assert len(found.summary())
        assert words_of(found).endswith(".")
        assert found.plot().has_data()


def test_too_few_small_cohorts_to_hide_among_each_other_take_in_the_smallest_shown():
    stays = drawn(np.random.default_rng(12), 2_000)
    last = stays.table[stays.table["started_on"] >= "2025-10-01"].head(3)
    rare = pd.concat([stays.table[stays.table["started_on"] < "2025-10-01"], last], ignore_index=True)
    table = cohorts(replace(stays, table=rare)).table
    shown = stays.table["started_on"].dt.to_period("Q").value_counts().drop(pd.Period("2025Q4"))
    assert table.set_index("cohort").loc[SMALL_GROUPS, "customers"] == shown.min() + 3


def test_no_cell_rests_on_fewer_than_20_under_observation_or_follows_one_that_does():
    """Of the cohorts watched late only those are told of whom 20 were seen from the beginning, and then to 20 at risk."""
    found = retention(drawn(np.random.default_rng(8), 400, observed_from=dt.date(2025, 1, 1)))
    told = found.table.dropna(subset="stay_rate")
    assert told["at_risk"].min() >= 20 and len(told) < len(found.table)
    assert not told["cohort"].str.startswith("2024").any()
