"""The watched measures in many windows at once equal the key shares, which are measured one window at a time."""

from __future__ import annotations

import math

import pytest

from helpers.analyses.profiling.business.goals import Better
from helpers.analyses.profiling.business.movement import churn_shares, retention_shares
from helpers.analyses.profiling.business.voice import satisfied_shares
from helpers.analyses.profiling.business.windows import Trade, Window, running
from helpers.analyses.profiling.standing.watched import MEASURES, direction, share_of
from helpers.findings.briefs import Direction

AT = {measure.kpi: measure.at for measure in MEASURES}


@pytest.mark.parametrize(
    ("kpi", "one"),
    [
        ("retention", lambda trade, window: retention_shares(trade, window)),
        ("churn", lambda trade, window: churn_shares(trade, window)),
        ("CSAT", lambda trade, window: satisfied_shares(trade.data, window)),
    ],
)
def test_a_share_of_many_windows_is_that_of_each(demo, kpi, one):
    trade, window = Trade(demo), Window(demo.as_of, 90)
    windows = [window, window.before, window.year_before]
    for each, (value, _) in zip(windows, AT[kpi](trade, windows), strict=True):
        count, of = one(trade, each)[0].now
        assert value == pytest.approx(count / of, abs=1e-12)


def test_members_of_many_windows_are_those_that_run_at_their_ends(demo):
    trade, window = Trade(demo), Window(demo.as_of, 90)
    windows = [window, window.before]
    assert [value for value, _ in AT["members"](trade, windows)] == [
        running(demo, each.end)["customers"] for each in windows
    ]


def test_a_data_set_without_its_tables_has_no_measure(fading):
    trade, window = Trade(fading), Window(fading.as_of, 10)
    for kpi in ("members", "churn", "CSAT", "NPS"):
        assert all(math.isnan(value) for value, _ in AT[kpi](trade, [window])), kpi


def test_a_share_of_fewer_than_twenty_is_not_told():
    assert math.isnan(share_of(5, 19)[0])
    assert share_of(5, 20) == (0.25, pytest.approx(math.sqrt(0.25 * 0.75 / 20)))


def test_a_change_within_chance_is_level_and_beyond_it_better_or_worse():
    assert direction((0.5, 0.05), (0.4, 0.05), Better.HIGHER) is Direction.LEVEL
    assert direction((0.6, 0.05), (0.4, 0.05), Better.HIGHER) is Direction.BETTER
    assert direction((0.6, 0.05), (0.4, 0.05), Better.LOWER) is Direction.WORSE
    assert direction((0.6, 0.05), (math.nan, 0.0), Better.LOWER) is Direction.UNKNOWN
    assert direction((0.6, math.nan), (0.4, 0.05), Better.HIGHER) is Direction.UNKNOWN
