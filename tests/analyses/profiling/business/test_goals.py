"""Targets: their four states, the gap, what chance explains, and refusals that name the target."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.profiling.business.goals import targets
from helpers.analyses.profiling.business.key_figures import Kpis
from helpers.analyses.profiling.business.key_shares import Rates
from helpers.analyses.profiling.business.windows import Window
from helpers.findings import NotApplicable
from shops import AS_OF

EARLIER = dt.date(2025, 4, 1)


def kpi(name: str, value: float, lower: float = np.nan, upper: float = np.nan, previous: float = np.nan) -> Kpis:
    """One key figure of 90 days, so that the window before ends on 1 April."""
    row = {"kpi": name, "value": value, "lower": lower, "upper": upper, "previous": previous}
    return Kpis(pd.DataFrame([row]), pd.DataFrame({"kpi": [name]}), Window(AS_OF, 90), "CNY")


def share(name: str, rate: float, lower: float, upper: float, previous: float = np.nan) -> Rates:
    row = {"kpi": name, "rate": rate, "lower": lower, "upper": upper, "previous_rate": previous}
    return Rates(pd.DataFrame([row]), pd.DataFrame({"kpi": [name], "previous_on": [EARLIER]}))


def one(finding: Kpis | Rates, **wanted) -> pd.Series:
    return targets([finding], [wanted], AS_OF).table.iloc[0]


def test_a_target_of_more_and_one_of_less_are_reached_on_their_own_side():
    assert one(kpi("AOV", 410, 402, 418), kpi="AOV", value=400, by="2025-12-31")["status"] == "reached"
    assert (
        one(share("churn", 0.04, 0.03, 0.05), kpi="churn", value=0.05, by="2025-12-31", better="lower")["status"]
        == "reached"
    )
    assert one(share("churn", 0.04, 0.03, 0.05), kpi="churn", value=0.05, by="2025-06-30")["status"] == "missed"


def test_each_target_is_a_yardstick():
    wanted = [{"kpi": "AOV", "value": 400, "by": "2025-12-31"}, {"kpi": "churn", "value": 0.05, "by": "2025-12-31"}]
    found = targets([kpi("AOV", 410), share("churn", 0.04, 0.03, 0.05)], wanted, AS_OF).brief().yardsticks
    assert [f"{each.what}: {each.said}" for each in found] == [
        "revenue per order (AOV): 400 by December 31, 2025", "contracts that ended: 5.0% by December 31, 2025",
    ]  # fmt: skip


def test_on_track_is_beyond_chance_at_least_as_good_as_the_straight_way_from_the_baseline():
    """From 300 on 1 January to 400 on 31 December: half way, after 180 of 364 days, 349.45 is the least."""
    wanted = {"kpi": "AOV", "value": 400, "by": "2025-12-31", "baseline": 300, "since": "2025-01-01"}
    on_track, behind = (one(kpi("AOV", 349, lower, upper), **wanted) for lower, upper in ((349.5, 360), (340, 349.4)))
    assert (on_track["status"], behind["status"]) == ("on_track", "behind")
    assert one(kpi("AOV", 355, 349.4, 360), **wanted)["status"] == one(kpi("AOV", 355), **wanted)["status"] == "unknown"
    assert on_track["expected"] == pytest.approx(300 + 100 * 180 / 364)


def test_of_a_target_of_less_the_way_goes_down():
    wanted = {
        "kpi": "churn",
        "value": 0.1,
        "by": "2025-12-31",
        "better": "lower",
        "baseline": 0.2,
        "since": "2025-01-01",
    }
    assert one(share("churn", 0.14, 0.13, 0.15), **wanted)["status"] == "on_track"
    assert one(share("churn", 0.16, 0.155, 0.17), **wanted)["status"] == "behind"


def test_without_a_baseline_the_way_begins_at_the_window_before():
    """From 300 on 1 April to 400 on 28 September: half of the way after 90 of 180 days."""
    wanted = {"kpi": "AOV", "value": 400, "by": dt.date(2025, 9, 28)}
    assert one(kpi("AOV", 352, 351, 353, previous=300), **wanted)["status"] == "on_track"
    assert one(kpi("AOV", 348, 347, 349, previous=300), **wanted)["status"] == "behind"
    assert one(kpi("AOV", 352, 350.2, 353.8, previous=300), **wanted)["status"] == "unknown"  # so was the window before
    assert one(kpi("AOV", 349, 348, 350), **wanted)["status"] == "unknown"


def test_totals_have_the_interval_of_their_change_and_counts_need_none():
    wanted = {"value": 400, "by": dt.date(2025, 9, 28)}
    changed = {"change_lower": 0.2, "change_upper": 0.6}
    on_track = kpi("revenue", 420, previous=300)
    on_track.table[list(changed)] = list(changed.values())
    assert one(on_track, kpi="revenue", **wanted)[["status", "lower"]].to_list() == ["on_track", 360]
    on_track.table["change_lower"] = 0.1
    assert one(on_track, kpi="revenue", **wanted)["status"] == "unknown"
    assert one(kpi("customers", 351, previous=300), kpi="customers", **wanted)["status"] == "on_track"


def test_the_gap_and_the_change_a_month_that_closes_it():
    aov = one(kpi("AOV", 340), kpi="AOV", value=400, by=AS_OF + dt.timedelta(days=183))
    assert aov["gap"] == 60 and aov["needed_a_month"] == pytest.approx(60 / (183 / (365.25 / 12)))
    assert np.isnan(one(kpi("AOV", 410), kpi="AOV", value=400, by="2025-12-31")["needed_a_month"])


def test_a_gap_within_the_interval_may_be_chance_and_says_so():
    missed = targets([kpi("AOV", 390, 370, 410)], [{"kpi": "AOV", "value": 400, "by": "2025-06-30"}], AS_OF)
    assert missed.table["target_outside_interval"].to_list() == [False]
    assert (
        words_of(missed) == "1 of 1 targets missed, by no more than chance: revenue per order (AOV). "
        "Revenue per order (AOV): missed, 390 against 400, a gap within chance."
    )
    far = targets([kpi("AOV", 350, 340, 360)], [{"kpi": "AOV", "value": 400, "by": "2025-06-30"}], AS_OF)
    assert far.table["target_outside_interval"].to_list() == [True] and "chance" not in words_of(far)
    near = targets([kpi("AOV", 405, 390, 420)], [{"kpi": "AOV", "value": 400, "by": "2025-06-30"}], AS_OF)
    assert words_of(near) == (
        "All 1 targets are reached or on track. "
        "Revenue per order (AOV): reached, 405 against 400; by its interval it may be short of it still."
    )


def test_the_table_writes_shares_as_percentages_and_the_figure_draws_parts_of_the_target():
    both = targets(
        [kpi("AOV", 300, 280, 320), share("churn", 0.06, 0.05, 0.07), NotApplicable("none.")],
        [{"kpi": "AOV", "value": 400, "by": "2025-12-31"}, {"kpi": "churn", "value": 0.05, "by": "2025-12-31", "better": "lower"}],
        AS_OF,
    )  # fmt: skip
    assert both.summary()["value"].to_list() == ["300", "6.0%"]
    assert both.summary()["interval"].to_list() == ["280 to 320", "5.0% to 7.0%"]
    drawn = both.plot().lines
    assert sorted(float(x) for mark in drawn[1:] for x in mark.get_xdata()) == pytest.approx([0.75, 1.2])


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"kpi": "AOW", "value": 1, "by": "2025-12-31"}, "kpi of a target = 'AOW'.*Did you mean 'AOV'"),
        ({"kpi": "AOV", "value": 1, "by": "31/12/2025"}, "by of the target for AOV = '31/12/2025': write a date as"),
        ({"kpi": "AOV", "by": "2025-12-31"}, "has no value. Give a number"),
        ({"kpi": "AOV", "value": "many", "by": "2025-12-31"}, "value of the target for AOV = 'many'"),
        ({"kpi": "AOV", "value": 1, "by": "2025-12-31", "beter": "lower"}, "key of a target = 'beter'.*'better'"),
        ({"kpi": "AOV", "value": 1, "by": "2025-12-31", "better": "more"}, "better of the target for AOV = 'more'"),
        ({"kpi": "AOV", "value": 1, "by": "2025-12-31", "baseline": 2}, "a baseline or a since alone"),
        ({"kpi": "AOV", "value": 1, "by": "2025-12-31", "baseline": 2, "since": ""}, "a baseline or a since alone"),
        ({"kpi": "AOV", "value": 1, "by": "2025-01-01", "baseline": 2, "since": "2025-02-01"}, "since = '2025-02-01'"),
        (
            {"kpi": "churn", "value": 5, "by": "2025-12-31"},
            "value of the target for churn = 5: give a number from 0 to 1",
        ),
    ],
)
def test_a_target_that_cannot_be_read_is_refused_by_name(wanted, message):
    with pytest.raises(ValueError, match=message):
        targets([kpi("AOV", 300), share("churn", 0.06, 0.05, 0.07)], [wanted], AS_OF)


def test_an_empty_since_is_none_at_all():
    target = {"kpi": "AOV", "value": 400, "by": "2025-12-31"}
    plain, empty = (targets([kpi("AOV", 300)], [wanted], AS_OF) for wanted in (target, {**target, "since": ""}))
    pd.testing.assert_frame_equal(plain.table, empty.table)


def test_no_targets_or_no_figures_are_not_applicable():
    assert isinstance(targets([kpi("AOV", 1)], [], AS_OF), NotApplicable)
    assert isinstance(
        targets([NotApplicable("none.")], [{"kpi": "AOV", "value": 1, "by": "2025-12-31"}], AS_OF), NotApplicable
    )


def test_a_status_is_a_code_that_pages_and_headlines_write_in_words():
    finding = targets([kpi("AOV", 349)], [{"kpi": "AOV", "value": 400, "by": "2025-12-31"}], AS_OF)
    assert finding.table["status"].to_list() == finding.summary()["status"].to_list() == ["unknown"]
    assert str(finding.headline()) == "No target is behind; 1 of 1 are too close to call."
    shown = finding._repr_mimebundle_()[0]["text/html"]
    assert ">too close to call<" in shown and ">unknown<" not in shown
