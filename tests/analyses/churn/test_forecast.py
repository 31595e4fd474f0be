"""Why the forecast looks at landmarks: what is only known of those who stayed looks as if it made them stay."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.statistics import survival
from helpers.statistics.hazards.cox import fit_cox

MEAN_STAY_DAYS = 120.0
DAYS = (30, 90, 180)


@pytest.fixture(scope="module", params=[1, 2, 3])
def customers(request) -> pd.DataFrame:
    """20,000 customers who leave at 1/120 a day whatever they do, and meet the app at 1/100 a day while they are there.

    The app changes nothing: its true hazard ratio is 1, and everybody's true survival exp(−t/120).
    """
    rng = np.random.default_rng(request.param)
    size = 20_000
    stay = rng.exponential(MEAN_STAY_DAYS, size)
    duration = np.minimum(stay, 365)
    met = rng.exponential(100, size)
    return pd.DataFrame(
        {"duration_days": duration, "left": stay <= 365, "app_at_days": np.where(met < duration, met, np.inf)}
    )


def spells(customers: pd.DataFrame) -> pd.DataFrame:
    """One row before the app and one after it: entry_days, duration_days, left, uses_app, customer."""
    used = np.isfinite(customers["app_at_days"])
    before = pd.DataFrame(
        {
            "entry_days": 0.0,
            "duration_days": customers[["duration_days", "app_at_days"]].min(axis=1),
            "left": customers["left"] & ~used,
            "uses_app": 0.0,
        }
    )
    after = customers.assign(entry_days=customers["app_at_days"], uses_app=1.0)[used]
    both = pd.concat([before, after[before.columns]])
    return both.assign(customer=both.index)


def test_a_flag_of_later_days_read_from_day_0_halves_the_rate_and_the_time_varying_one_finds_nothing(customers):
    ever = np.isfinite(customers["app_at_days"]).astype(float)
    naive = fit_cox(ever.to_frame("app"), customers["duration_days"], customers["left"]).coefficients.iloc[0]
    rows = spells(customers)
    fit = fit_cox(
        rows[["uses_app"]], rows["duration_days"], rows["left"], entry=rows["entry_days"], cluster=rows["customer"]
    )
    right = fit.coefficients.iloc[0]
    assert naive["upper"] < 0.6
    assert abs(right["coef"]) < 3.3 * right["std_error"]
    assert right["std_error"] < 0.03


def test_the_naive_curves_lie_apart_at_every_day_although_both_groups_leave_alike(customers):
    ever = np.where(np.isfinite(customers["app_at_days"]), "app", "none")
    naive = survival.at(survival.kaplan_meier(customers["duration_days"], customers["left"], groups=ever), DAYS)
    rows = spells(customers)
    uses = rows["uses_app"].map({1.0: "app", 0.0: "none"})
    curves = survival.kaplan_meier(rows["duration_days"], rows["left"], entry=rows["entry_days"], groups=uses)
    right = survival.at(curves, DAYS)
    for day in DAYS:
        true = np.exp(-day / MEAN_STAY_DAYS)
        wrong = naive[naive["time"] == day].set_index("group")["survival"]
        assert wrong["app"] > true + 0.1
        assert wrong["none"] < true - 0.1
        assert right.loc[right["time"] == day, "survival"].to_numpy() == pytest.approx(true, abs=0.05)


@pytest.mark.parametrize("landmark", DAYS)
def test_at_a_landmark_only_what_was_known_by_then_is_compared(customers, landmark):
    """Among those there at the landmark: the next 60 days by use of the app so far, and by use at any time."""
    there = customers[customers["duration_days"] > landmark]
    so_far = (there["app_at_days"] <= landmark).to_numpy()
    at_any_time = np.isfinite(there["app_at_days"]).to_numpy()
    true = np.exp(-60 / MEAN_STAY_DAYS)
    share = {}
    for name, flag in {"known": so_far, "later": at_any_time}.items():
        ahead = survival.kaplan_meier(there["duration_days"] - landmark, there["left"], groups=flag)
        share[name] = survival.at(ahead, 60).set_index("group")
    gap = share["known"].loc[True] - share["known"].loc[False]
    error = np.hypot(*share["known"]["std_error"])
    assert abs(gap["survival"]) < 3.3 * error
    assert share["known"]["survival"].to_numpy() == pytest.approx(true, abs=0.05)
    assert share["later"].loc[True, "survival"] > share["later"].loc[False, "survival"] + 0.1
