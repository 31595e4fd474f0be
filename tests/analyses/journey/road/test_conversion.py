"""Conversion by time since the entry and by group, from funnels small enough to count by hand."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.journey.road.chains import FunnelRules
from helpers.analyses.journey.road.conversion import funnel_by, time_to_convert
from helpers.analyses.journey.road.steps import Funnel
from helpers.findings import NotApplicable
from helpers.findings.folding import SMALL_GROUPS, UNKNOWN
from helpers.statistics.shares.proportions import wilson_interval

NIGHT = pd.Timestamp("2025-02-01")


def funnel(days: list[float], *, ago: float | list[float] = 100, window: float = 30, **columns: object) -> Funnel:
    """Customers who entered `ago` days before the data's end and converted after `days` (NaN: never)."""
    days = np.asarray(days, dtype=float)
    entered = pd.Series(NIGHT - pd.to_timedelta(np.broadcast_to(ago, days.shape), unit="D"))
    converted = ~np.isnan(days)
    customers = pd.DataFrame(
        {
            "customer_id": [f"c{n}" for n in range(len(days))],
            "entered_at": entered,
            "depth": 1 + converted.astype(int),
            "at_0": entered,
            "at_1": entered + pd.to_timedelta(days, unit="D"),
            "stopped": False,
            "entry_channel": None,
            "entry_content": None,
            "entry_campaign": None,
        }
    ).assign(**columns)
    table = pd.DataFrame({"step": ["look", "buy"], "customers": [len(days), int(converted.sum())]})
    return Funnel(table, customers, FunnelRules(("look", "buy"), window_days=window), NIGHT)


def test_who_still_has_time_is_censored_when_the_data_end():
    """Of twelve dozens, five convert on days 1 to 5; three are there for 2.5 days, four for longer than the window.

    By hand: S(1) = 11/12, S(2) = 10/12; then three leave the count: S(3) = 10/12 · 6/7, … S(5) = 10/12 · 4/7.
    """
    found = time_to_convert(funnel(([1, 2, 3, 4, 5] + [np.nan] * 7) * 12, ago=([100] * 5 + [2.5] * 3 + [100] * 4) * 12))
    assert found.table.loc[0, "converted_rate"] == pytest.approx(1 - 10 / 12 * 4 / 7)
    assert found.table.loc[0, ["mean_days", "median_days", "expected_median_days"]].tolist() == [3, 3, 5]
    at = found.curve.set_index("days_since_entry")["converted_rate"]
    assert at[at.index < 1].max() == 0 and at[(at.index > 2) & (at.index < 3)].unique() == pytest.approx([1 / 6])
    assert at.iloc[-1] == pytest.approx(1 - 10 / 12 * 4 / 7) and at.index[-1] == 30
    assert found.table.loc[0, "lower"] < found.table.loc[0, "converted_rate"] < found.table.loc[0, "upper"]


def test_the_headline_says_how_long_half_of_them_took():
    found = time_to_convert(funnel([2 / 1440] * 5 + [10 / 1440] * 6 + [np.nan] * 9))
    assert " reach “buy” within the window; half of these take 10 minutes or less." in words_of(found)
    assert found.summary()["median_minutes"].iloc[0] == pytest.approx(10)


def test_too_few_to_time_are_not_timed():
    assert "fewer than 5 customers reached “buy”" in words_of(time_to_convert(funnel([1, 2, 3, 4] + [np.nan] * 9)))


def test_the_share_is_told_as_far_as_it_rests_on_20_customers():
    """Of 130 one converts each day for a month, but 100 came within the last two weeks: few stand for all by then."""
    recent = np.tile(np.arange(0.6, 15.6, 0.6), 4)
    found = time_to_convert(funnel([*range(1, 31)] + [np.nan] * 100, ago=[100.0] * 30 + recent.tolist()))
    assert 10 < found.told_days <= 16 and found.curve["days_since_entry"].max() == found.told_days
    assert f"reach “buy” within {found.told_days:.0f} days; half" in words_of(found)
    assert isinstance(time_to_convert(funnel([1.0] * 6 + [np.nan] * 13)), NotApplicable)


def test_when_everybody_converts_the_interval_is_unknown_and_not_said():
    sentence = words_of(time_to_convert(funnel([1.0] * 20)))
    assert sentence.startswith("100% reach “buy” within the window") and "–" not in sentence
    assert "interval" not in sentence


def test_the_curve_is_drawn_with_its_band():
    found = time_to_convert(funnel([1, 2, 3, 4, 5, 6] * 2 + [np.nan] * 12))
    drawn = found.plot().lines[0]
    assert drawn.get_xydata() == pytest.approx(found.curve[["days_since_entry", "converted_rate"]].to_numpy())
    plt.close("all")


@pytest.fixture(scope="module")
def channels() -> Funnel:
    """web: 40 of 100 convert, app: 20 of 100, shop: 30 of 100; 3 of an odd channel, and 8 unknown, convert never."""
    counts = {"web": (40, 60), "app": (20, 80), "shop": (30, 70), "odd": (0, 3), None: (0, 8)}
    values = [name for name, sizes in counts.items() for _ in range(sum(sizes))]
    days = [day for yes, no in counts.values() for day in [1.0] * yes + [np.nan] * no]
    return funnel(days, entry_channel=values)


def test_each_group_is_compared_with_the_rest(channels):
    table = funnel_by(channels, "entry_channel").table.set_index("group")
    assert table.loc["web", ["customers", "converted", "converted_rate"]].tolist() == [100, 40, 0.4]
    assert table.loc["web", ["lower", "upper"]].tolist() == pytest.approx(np.ravel(wilson_interval(40, 100)))
    assert table.loc["web", "difference_rate"] == pytest.approx(0.4 - 50 / 211)
    pooled = 90 / 311
    z = (0.4 - 50 / 211) / np.sqrt(pooled * (1 - pooled) * (1 / 100 + 1 / 211))
    from scipy.stats import norm

    assert table.loc["web", "p_value"] == pytest.approx(2 * norm.sf(z))
    assert table.loc["web", "adjusted_p_value"] == pytest.approx(3 * 2 * norm.sf(z))  # three groups have a p-value


def test_small_groups_hide_together_and_untestable_ones_have_no_p_value(channels):
    table = funnel_by(channels, "entry_channel").table.set_index("group")
    assert list(table.index) == ["app", "shop", "web", SMALL_GROUPS]  # 3 odd ones hide among the 8 unknown
    assert table.loc[SMALL_GROUPS, "customers"] == 11
    assert np.isnan(table.loc[SMALL_GROUPS, "adjusted_p_value"])  # none of them converted


def test_groups_may_come_from_a_table_of_customers(channels):
    described = pd.DataFrame({"customer_id": [f"c{n}" for n in range(300)], "segment": ["a"] * 150 + ["b"] * 150})
    found = funnel_by(channels, "segment", described)
    assert found.table.set_index("group")["customers"].to_dict() == {"a": 150, "b": 150, UNKNOWN: 11}
    with pytest.raises(ValueError, match="by = 'segmnt'.*Did you mean 'segment'"):
        funnel_by(channels, "segmnt", described)
    with pytest.raises(ValueError, match="by = 'segment': choose one of entry_channel"):
        funnel_by(channels, "segment")


def test_the_headline_names_the_clear_differences_or_says_there_are_none(channels):
    sentence = words_of(funnel_by(channels, "entry_channel"))
    assert sentence.startswith("Entry channel: “web” gets all the way more often: 40.0%, over all ")
    assert "beside the others" in sentence and "does not say why" in sentence and "because" not in sentence
    alike = funnel([1.0, np.nan] * 50, entry_channel=["web", "web", "app", "app"] * 25)
    assert "50.0% get all the way; no group clearly differs." in words_of(funnel_by(alike, "entry_channel"))


def test_small_groups_together_are_no_group_to_name():
    """They differ, but what they have in common is that they are small."""
    names = ["web", "app"] * 100 + [f"small {n}" for n in range(60)]
    found = funnel_by(funnel([1.0, 1.0, np.nan, np.nan] * 50 + ([np.nan] * 5 + [1.0]) * 10, entry_channel=names))
    assert found.table.set_index("group").loc[SMALL_GROUPS, "adjusted_p_value"] < 0.01
    assert "no group clearly differs" in words_of(found) and SMALL_GROUPS not in words_of(found)


def test_the_newest_group_does_not_lose_by_its_open_windows():
    """Half of each channel convert, evenly over 30 days; the new one is 20 days old, so that none of its ended."""
    rng = np.random.default_rng(5)
    size = 400
    channel = np.repeat(["old", "older", "new"], size)
    ago = rng.uniform(0, np.where(channel == "new", 20, 100))
    days = np.where(rng.random(3 * size) < 0.5, rng.uniform(0, 30, 3 * size), np.nan)
    walked = funnel(np.where(days < ago, days, np.nan).tolist(), ago=ago.tolist(), entry_channel=channel)
    found = funnel_by(walked, "entry_channel")
    assert found.table["group"].tolist() == ["older", "old"]  # the new ones are not compared
    assert found.table["customers"].sum() == (ago > 30).sum() and found.overall == pytest.approx(0.5, abs=0.05)
    assert "no group clearly differs. 2 groups were tested" in words_of(found)
    told = time_to_convert(walked).table.iloc[0]  # the curve beside it, which counts the open windows as far as seen
    assert told["lower"] < found.overall < told["upper"]


def test_one_group_is_no_comparison(channels):
    assert "does not tell two groups" in words_of(funnel_by(channels, "entry_content"))
    assert "does not tell two groups" in words_of(funnel_by(funnel([1.0] * 9, entry_channel="web")))
    assert isinstance(funnel_by(NotApplicable("no.")), NotApplicable)
    assert isinstance(time_to_convert(NotApplicable("no.")), NotApplicable)
