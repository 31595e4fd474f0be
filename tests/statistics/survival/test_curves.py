"""Kaplan–Meier, quantiles, survival at given times and follow-up."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines.datasets import load_lung

from helpers.statistics import survival
from shops import SHARED

TELCO = SHARED / "telco/Telco-Customer-Churn.csv.gz"


def close(value, digits=1e-6):
    return pytest.approx(value, rel=digits)


@pytest.fixture(scope="module")
def lung() -> pd.DataFrame:
    return load_lung()


@pytest.fixture(scope="module")
def telco() -> pd.DataFrame:
    if not TELCO.exists():
        pytest.skip("the telco data are not beside the project")
    return pd.read_csv(TELCO)


@st.composite
def follow_ups(draw) -> pd.DataFrame:
    """Few rows with many ties: whole durations from 0, late entries, weights and two groups."""
    size = draw(st.integers(1, 20))
    column = lambda elements: np.array(draw(st.lists(elements, min_size=size, max_size=size)))  # noqa: E731
    rows = pd.DataFrame({"duration": column(st.integers(0, 7)), "event": column(st.booleans())})
    rows["entry"] = np.minimum(column(st.integers(0, 6)), np.maximum(rows["duration"] - 1, 0))
    rows["weight"] = column(st.integers(1, 3))
    rows["group"] = column(st.sampled_from(["a", "b"]))
    return rows


def slow_curve(rows: pd.DataFrame) -> list[tuple[float, ...]]:
    """Time, at risk, events, survival and Greenwood error, one time after another from the definitions."""
    survived, greenwood, curve = 1.0, 0.0, []
    for time in sorted(set(rows["duration"])):
        n = d = 0
        for row in rows.itertuples():
            seen = row.entry < time or row.entry == 0
            n += row.weight * (seen and row.duration >= time)
            d += row.weight * (row.duration == time and row.event)
        survived *= 1 - d / n
        greenwood += np.inf if n == d else d / (n * (n - d))
        curve.append((time, n, d, survived, survived * np.sqrt(greenwood) if survived else np.nan))
    return curve


@settings(deadline=None, max_examples=40)
@given(follow_ups())
def test_kaplan_meier_equals_the_slow_loop_over_ties_entries_weights_and_groups(rows):
    curve = survival.kaplan_meier(
        rows["duration"], rows["event"], entry=rows["entry"], weights=rows["weight"], groups=rows["group"]
    )
    for group, part in rows.groupby("group"):
        columns = ["time", "at_risk", "events", "survival", "std_error"]
        found = curve.loc[curve["group"] == group, columns].to_numpy()
        np.testing.assert_allclose(found, slow_curve(part), rtol=1e-10, atol=1e-14)


@settings(deadline=None, max_examples=40)
@given(follow_ups())
def test_a_table_of_counts_gives_the_digits_of_its_rows(rows):
    rows = rows.loc[rows.index.repeat(rows["weight"])]
    counts = rows.groupby(["group", "duration", "event"], as_index=False).size()
    by_row = survival.kaplan_meier(rows["duration"], rows["event"], groups=rows["group"])
    by_count = survival.kaplan_meier(
        counts["duration"], counts["event"], weights=counts["size"], groups=counts["group"]
    )
    pd.testing.assert_frame_equal(by_row, by_count, check_exact=True)


@settings(deadline=None, max_examples=40)
@given(follow_ups())
def test_survival_times_follow_up_is_the_share_beyond_each_time(rows):
    curve = survival.kaplan_meier(rows["duration"], rows["event"])
    followed = survival.follow_up(rows["duration"], rows["event"])
    beyond = [(rows["duration"] > time).mean() for time in curve["time"]]
    np.testing.assert_allclose(curve["survival"] * followed["survival"], beyond, atol=1e-12)


def fewest_at_risk(rows: pd.DataFrame, until: float) -> float:
    """The smallest number at risk over (0, until], by looking at every half unit of time; at 0 who was there from it."""
    moments = np.arange(0.5, until + 0.25, 0.5) if until else [0]
    seen = [(rows["entry"] < s) | (rows["entry"] == 0) for s in moments]
    return min(rows.loc[here & (rows["duration"] >= s), "weight"].sum() for here, s in zip(seen, moments, strict=True))


@settings(deadline=None, max_examples=20)
@given(follow_ups(), st.integers(1, 8))
def test_survival_is_told_exactly_while_enough_were_at_risk(rows, least):
    columns = {"entry": rows["entry"], "weights": rows["weight"]}
    whole = survival.kaplan_meier(rows["duration"], rows["event"], **columns)
    gated = survival.kaplan_meier(rows["duration"], rows["event"], **columns, at_least=least)
    few = np.array([fewest_at_risk(rows, time) < least for time in whole["time"]])
    assert gated["survival"].isna().tolist() == few.tolist()
    pd.testing.assert_frame_equal(gated[~few], whole[~few])
    between = survival.at(gated, np.arange(0.5, rows["duration"].max()))
    for row in between.itertuples():
        assert not fewest_at_risk(rows, row.time) < least or np.isnan(row.survival)


def test_no_median_is_read_where_too_few_were_at_risk():
    """Of 30 the first 14 leave, a day each; on day 15 the sixteen others could still make a median, at 15 of 30."""
    durations, events = [*range(1, 16), *[20] * 15], [1] * 15 + [0] * 15
    whole, gated = (survival.kaplan_meier(durations, events, at_least=least) for least in (0, 20))
    assert survival.quantiles(whole, 0.5)["time"].item() == 17.5  # flat at one half from day 15 to day 20
    assert np.isnan(survival.quantiles(gated, 0.5)["time"].item())
    assert survival.at(gated, [11, 12, 25])["survival"].tolist() == pytest.approx(
        [19 / 30, np.nan, np.nan], nan_ok=True
    )


def test_a_curve_that_many_bring_to_0_is_known_ever_after():
    curve = survival.kaplan_meier([5] * 30, [1] * 30, at_least=20)
    assert survival.at(curve, [4, 5, 365])["survival"].tolist() == [1, 0, 0]


def test_a_curve_rests_on_all_rows_while_none_is_censored_and_on_few_where_few_stand_for_many():
    """Of 30 all are followed to the end; of 50 forty are censored on day 5, and ten stand for (nearly) all after."""
    whole = survival.kaplan_meier(range(1, 31), [1] * 30)
    pd.testing.assert_frame_equal(survival.resting_on(whole, 30), whole)
    assert survival.resting_on(whole, 31)["survival"].isna().all()
    tail = survival.kaplan_meier([1, 2, 3, *[5] * 40, *range(6, 16)], [1] * 3 + [0] * 40 + [1] * 10)
    assert survival.resting_on(tail, 20)["survival"].isna().tolist() == [False] * 4 + [True] * 10


def test_nothing_is_told_after_a_time_at_which_nobody_was_watched():
    """One is watched from the start and leaves on day 10; a hundred come under observation on day 1,000 of theirs."""
    durations, entry = [10] + [1500] * 100, [0] + [1000] * 100
    curve = survival.kaplan_meier(durations, [1] + [0] * 100, entry=entry, at_least=20)
    assert survival.at(curve, [5, 10, 365, 1200])["survival"].isna().all()
    watched = survival.kaplan_meier(durations, [0] * 101, entry=entry, at_least=20)  # nor where nobody leaves
    assert survival.at(watched, [5, 10, 365, 1200])["survival"].isna().all()


def test_lung_agrees_with_r(lung):
    """R survival 3.5-3: survfit(Surv(time, status) ~ 1, lung, conf.type = "log-log")."""
    curve = survival.kaplan_meier(lung["time"], lung["status"])
    median = survival.quantiles(curve, 0.5).iloc[0]
    assert (median["time"], median["lower"], median["upper"]) == (310, 284, 361)
    year = survival.at(curve, 365).iloc[0]
    assert year["survival"] == close(0.4092416245)
    assert year["std_error"] == close(0.0358236382)
    assert (year["lower"], year["upper"]) == (close(0.3387142691), close(0.4783807676))
    assert curve["events"].sum() == 165
    assert curve["censored"].sum() == 63


def test_log_limits_and_groups_agree_with_r(lung):
    """R survival 3.5-3: survfit with conf.type = "log", overall and by sex."""
    overall = survival.quantiles(survival.kaplan_meier(lung["time"], lung["status"], confidence="log"), 0.5)
    assert overall[["time", "lower", "upper"]].to_numpy().tolist() == [[310, 285, 363]]
    by_sex = survival.kaplan_meier(lung["time"], lung["status"], groups=lung["sex"], confidence="log")
    medians = survival.quantiles(by_sex, 0.5)
    assert medians[["group", "time", "lower", "upper"]].to_numpy().tolist() == [[1, 270, 212, 310], [2, 426, 348, 550]]


def test_plain_limits_are_symmetric_and_stay_within_0_and_1():
    curve = survival.kaplan_meier([1, 2, 3, 4], [1, 1, 1, 0], confidence="plain", level=0.9)
    half = 1.6448536269514722 * np.sqrt(0.5 * 0.5 / 4)
    assert (curve.loc[1, "lower"], curve.loc[1, "upper"]) == (close(0.5 - half, 1e-12), close(0.5 + half, 1e-12))
    assert curve["lower"].min() == 0
    assert curve["upper"].max() == 1


def test_telco_agrees_with_r(telco):
    """R survival 3.5-3 on the public telco data, tenure in months, 11 customers with tenure 0."""
    curve = survival.kaplan_meier(telco["tenure"], telco["Churn"] == "Yes")
    assert survival.at(curve, [12, 24, 36, 60, 72])["survival"].tolist() == pytest.approx(
        [0.843200, 0.788736, 0.748545, 0.664404, 0.592790], abs=5e-7
    )
    assert np.isnan(survival.quantiles(curve, 0.5)["time"].iloc[0])
    assert curve.loc[0, ["time", "at_risk", "censored"]].tolist() == [0, 7043, 11]


def test_telco_month_to_month_agrees_with_r(telco):
    """R survival 3.5-3 on month-to-month customers with internet."""
    monthly = telco[(telco["Contract"] == "Month-to-month") & (telco["InternetService"] != "No")]
    curve = survival.kaplan_meier(monthly["tenure"], monthly["Churn"] == "Yes")
    assert (len(monthly), curve["events"].sum()) == (3351, 1556)
    assert survival.quantiles(curve, 0.5)[["time", "lower", "upper"]].to_numpy().tolist() == [[34, 31, 37]]
    assert survival.at(curve, [6, 12, 24, 34, 48, 60])["survival"].tolist() == pytest.approx(
        [0.7803, 0.6950, 0.5753, 0.4951, 0.3872, 0.2890], abs=5e-5
    )


def test_an_event_at_duration_0_counts_among_all_that_start():
    curve = survival.kaplan_meier([0, 0, 5, 5], [1, 0, 1, 0], entry=[0, 0, 0, 0])
    assert curve["at_risk"].tolist() == [4, 2]
    assert curve["survival"].tolist() == [0.75, 0.375]


def test_survival_is_1_before_the_first_time_and_unknown_after_the_last():
    table = survival.at(survival.kaplan_meier([2, 4, 6], [1, 0, 0]), [1, 2, 3, 6, 7])
    assert table["survival"].tolist() == pytest.approx([1, 2 / 3, 2 / 3, 2 / 3, np.nan], nan_ok=True)
    assert table["at_risk"].tolist() == [3, 3, 2, 1, 0]
    assert table.loc[0, ["std_error", "lower", "upper"]].tolist() == [0, 1, 1]
    ended = survival.at(survival.kaplan_meier([2, 4], [1, 1]), 9)
    assert ended["survival"].tolist() == [0]


def test_a_quantile_on_a_flat_is_its_middle():
    """As R's quantile.survfit: S = 0.5 exactly from 2 to 5."""
    curve = survival.kaplan_meier([1, 2, 5, 9], [1, 1, 1, 0])
    assert survival.quantiles(curve, [0.25, 0.5, 0.6])["time"].tolist() == [1.5, 3.5, 5]
    to_the_end = survival.kaplan_meier([1, 2, 8, 9], [1, 1, 0, 0])
    assert survival.quantiles(to_the_end, 0.5)["time"].tolist() == [5.5]


def test_categories_keep_their_order_and_rows_their_values(lung):
    before = lung.copy()
    size = pd.Categorical(np.where(lung["sex"] == 1, "small", "big"), categories=["small", "big", "unseen"])
    curve = survival.kaplan_meier(lung["time"], lung["status"], groups=size)
    assert curve["group"].unique().tolist() == ["small", "big"]
    pd.testing.assert_frame_equal(lung, before)


def test_fractional_weights_warn_and_leave_no_survivors_of_rounding():
    with pytest.warns(UserWarning, match="weights = fractional"):
        curve = survival.kaplan_meier([1, 2, 3], [1, 1, 1], weights=[0.1, 0.2, 0.3])
    assert curve["survival"].tolist() == pytest.approx([5 / 6, 1 / 2, 0])
    assert curve["survival"].iloc[-1] == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"durations": [1, np.nan], "events": [1, 0]}, r"durations = missing or infinite in 1 of 2 rows: .*Mend"),
        ({"durations": [1, -2], "events": [1, 0]}, r"durations = -2 in a row: time starts at 0"),
        ({"durations": [], "events": []}, r"durations = 0 rows"),
        ({"durations": [1, 2], "events": [1, 2]}, r"events = 2: write 1 for an event"),
        ({"durations": [1, 2], "events": [1]}, r"events = 1 rows: as many as durations \(2\)"),
        ({"durations": [1, 2], "events": [1, 0], "entry": [0, 2]}, r"entry = 2 with duration 2 \(row 1\)"),
        ({"durations": [1, 2], "events": [1, 0], "entry": [0, -1]}, r"entry = -1 with duration 2 \(row 1\)"),
        ({"durations": [1, 2], "events": [1, 0], "weights": [1, -1]}, r"weights = -1 in a row"),
        ({"durations": [1, 2], "events": [1, 0], "weights": [0, 0]}, r"weights = 0 in every row"),
        ({"durations": [1, 2], "events": [1, 0], "groups": ["a", None]}, r"groups = missing in 1 of 2 rows"),
        ({"durations": ["long"], "events": [1]}, r"durations = \['long'\]: numbers are needed"),
        ({"durations": [1], "events": [1], "confidence": "logit"}, r"confidence = 'logit': one of 'log-log'"),
        ({"durations": [1], "events": [1], "level": 95}, r"level = 95: strictly between 0 and 1"),
    ],
)
def test_what_cannot_be_a_follow_up_is_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        survival.kaplan_meier(**arguments)


def test_a_quantile_outside_0_and_1_is_refused():
    curve = survival.kaplan_meier([1, 2], [1, 0])
    with pytest.raises(ValueError, match=r"probabilities = \[50.0\]: between 0 and 1"):
        survival.quantiles(curve, 50)
