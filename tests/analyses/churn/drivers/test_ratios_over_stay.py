"""Whether hazard ratios hold: changes that are known, ranked by their size, and the telco's services."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.churn.drivers.hazards import hazard_ratios
from helpers.analyses.churn.drivers.ratios_over_stay import LARGE, TOGETHER, proportionality
from helpers.analyses.churn.leaving.definition import Stays
from helpers.findings import NotApplicable
from helpers.findings.finding import MISSING_ABOVE

CHANGE_DAY = 80
SEVERAL = {"slight": (1.6, 1.15), "fading": (2.2, 0.9, 0.015), "steady": (1.5, 1.5)}


def made_up(effects: dict[str, tuple[float, ...]], size: int = 12_000) -> Stays:
    """Stays at a hazard of 1/200 a day, times each attribute's ratios before and after day 80; seen for 400 days.

    An attribute is that of 40 % of customers, unless a third number says of which share.
    """
    rng = np.random.default_rng(5)
    early, late = np.ones(size), np.ones(size)
    columns = {}
    for name, (before, after, *share) in effects.items():
        has = rng.random(size) < (share[0] if share else 0.4)
        columns[name] = np.where(has, "yes", "no")
        early, late = early * np.where(has, before, 1), late * np.where(has, after, 1)
    target = rng.exponential(200, size)
    time = np.where(target <= CHANGE_DAY * early, target / early, CHANGE_DAY + (target - CHANGE_DAY * early) / late)
    table = pd.DataFrame(
        {
            "customer_id": [f"c{i}" for i in range(size)],
            "started_on": pd.Timestamp("2024-01-01"),
            "entry_days": 0.0,
            "duration_days": np.minimum(time, 400).astype("int64"),
            "left": time < 400,
            "reason": None,
            **columns,
        }
    )
    ended = table["started_on"] + pd.to_timedelta(table["duration_days"], unit="D")
    day = dt.date(2025, 2, 4)
    return Stays(table.assign(ended_on=ended.where(table["left"])), tuple(columns), "contract", day, day)


@pytest.fixture(scope="module")
def several():
    """A ratio that changes somewhat among many customers, one that turns round among few, and one that holds."""
    return proportionality(hazard_ratios(made_up(SEVERAL)))


def level(covariate: str) -> str:
    """The attribute of a covariate such as "Fading: yes"."""
    return covariate.split(":")[0].lower()


def test_early_and_late_ratios_are_those_on_either_side_of_the_change():
    found = proportionality(hazard_ratios(made_up({"fading": (2.0, 0.5)}, size=30_000)))
    row = found.table.iloc[1]
    assert row["covariate"] == "Fading: yes"
    assert found.split_days == pytest.approx(CHANGE_DAY, abs=20)
    assert row["late_over_early"] == pytest.approx(row["late_hazard_ratio"] / row["early_hazard_ratio"])
    assert row["early_hazard_ratio"] == pytest.approx(2, rel=0.1)
    assert row["late_hazard_ratio"] == pytest.approx(0.5, rel=0.1)


def test_changes_beyond_chance_are_ranked_by_size_and_not_by_evidence(several):
    names = [level(name) for name in several.failing["covariate"]]
    assert names == ["fading", "slight"]
    assert several.failing["p_value"].is_monotonic_decreasing
    assert (several.failing["p_value"] < 0.01).all()
    assert [level(name) for name in several.large["covariate"]] == ["fading"]
    assert np.abs(np.log(several.large["late_over_early"])).min() > np.log(LARGE)
    assert several.table["covariate"].iloc[0] == TOGETHER
    assert level(several.table["covariate"].iloc[-1]) == "steady"
    assert str(several.headline()) == "2 of 3 ratios do not hold over the whole stay: they are averages."
    assert "They are ratios of Fading and Slight." in words_of(several)
    assert "Most of all “Fading" in words_of(several)
    assert "Changing by more than a factor of 1.50: 1." in words_of(several)


def test_with_many_customers_a_significant_change_may_be_small():
    found = proportionality(hazard_ratios(made_up({"slight": (1.5, 1.1)}, size=30_000)))
    assert len(found.failing) == 1
    assert found.large.empty
    assert "None of them is known to change by more than a factor of 1.50." in words_of(found)


def test_the_curves_are_of_what_changes_and_follow_it_on_a_log_scale(several):
    drawn = several.effects.groupby("covariate", sort=False)
    assert [level(name) for name in drawn.groups] == ["fading", "slight"]
    fading = several.effects[several.effects["covariate"].map(level) == "fading"]
    early, late = np.log(np.interp([20, 200], fading["tenure_days"], fading["hazard_ratio"]))
    assert early == pytest.approx(np.log(2.2), abs=0.35)
    assert late == pytest.approx(np.log(0.9), abs=0.35)
    assert fading["lower"].lt(fading["hazard_ratio"]).all()
    assert fading["upper"].gt(fading["hazard_ratio"]).all()
    ax = several.plot()
    assert ax.get_yscale() == "log"
    leavers = made_up(SEVERAL).table.query("left")["duration_days"]
    days = np.concatenate([line.get_xdata() for line in ax.lines])
    assert len(ax.lines) == 2
    assert leavers.between(days.min(), days.max()).mean() == pytest.approx(0.95, abs=0.04)
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("Tenure (days)", "Times the leave rate (hazard ratio)")


def test_ratios_that_hold_are_no_evidence_and_the_strongest_is_drawn():
    found = proportionality(hazard_ratios(made_up({"strong": (1.8, 1.8), "weak": (1.1, 1.1)}, size=4000)))
    assert found.failing.empty
    assert words_of(found).startswith("No evidence that these ratios change over the stay. All together: p = ")
    assert [level(name) for name in found.effects["covariate"].unique()] == ["strong"]


def test_the_table_has_all_together_first_and_leaves_statistics_out(several):
    table = several.summary()
    assert table["covariate"].iloc[0] == "(all together)"
    assert table.columns.tolist() == [
        "covariate", "early_hazard_ratio", "late_hazard_ratio", "late_over_early", "adjusted_p_value",
    ]  # fmt: skip
    assert len(table) == 4


def test_what_cannot_be_told_says_why():
    assert proportionality(NotApplicable("nothing")) is MISSING_ABOVE
    few = made_up({"steady": (2.0, 2.0)}, size=400)
    few.table["duration_days"] = np.arange(len(few.table)) % 3
    few.table["left"] = np.arange(len(few.table)) % 2 == 0
    assert "too few different times" in words_of(proportionality(hazard_ratios(few)))
