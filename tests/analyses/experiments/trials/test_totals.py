"""An experiment that comes summed up says what its rows would have said, and what it cannot say."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses import experiments
from helpers.data.intake.wording.tables import Origin
from helpers.findings import NotApplicable
from shops import feed, metric, shop, words

BOUGHT, SPEND = metric("bought", "proportion"), replace(metric("spend"), squares=Origin(("squares",)))
NAMED = {"test": {"control": "control", "primary": "bought"}}


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(3)
    arm = rng.choice(["control", "new"], 3000)
    bought = (rng.random(3000) < np.where(arm == "new", 0.3, 0.2)).astype(float)
    days = pd.Timestamp("2025-05-01") + pd.to_timedelta(rng.integers(0, 21, 3000), unit="D")
    return pd.DataFrame(
        {"variant": arm, "assigned_at": days, "bought": bought, "spend": bought * rng.exponential(50, 3000)}
    )


def summed_up(rows, *by):
    """Totals of the rows by arm, and by day where it is named."""
    squares = rows.assign(**{SPEND.squared: rows["spend"] ** 2, "customers": 1, "day": rows["assigned_at"]})
    totals = squares.groupby(["variant", *by])[["customers", "bought", "spend", SPEND.squared]].sum().reset_index()
    return totals.assign(**({} if "day" in by else {"day": pd.NaT}), experiment="test").astype(
        {"day": "datetime64[us]"}
    )


@pytest.fixture(scope="module")
def data(rows):
    settings = words(feeds={"experiment_totals": feed("experiment_totals", BOUGHT, SPEND)}, experiments=NAMED)
    return shop(settings=settings, as_given=True, experiment_totals=summed_up(rows, "day"))


@pytest.fixture(scope="module")
def both(rows, assigned, data):
    """The trial as rows, and as totals by day."""
    single = assigned(rows, metric("bought", "proportion"), metric("spend"), words=NAMED)
    return experiments.read(single)[0], experiments.read(data)[0]


def test_the_moments_are_those_of_the_rows(both):
    single, totals = both
    assert totals.from_totals and not single.from_totals
    pd.testing.assert_frame_equal(totals.arms, single.arms)
    for place, moments in single.moments.items():
        assert totals.moments[place].n == moments.n
        assert totals.moments[place].means == pytest.approx(moments.means)
        assert totals.moments[place].scatter == pytest.approx(moments.scatter)


def test_decision_effects_sample_ratio_and_the_band_by_day_are_those_of_the_rows(both):
    rules = experiments.Rules()
    answers = [
        (
            experiments.decisions([trial], rules, dt.date(2025, 6, 30)).table,
            experiments.effect_rows([trial], rules).table,
            experiments.health([trial], rules).table.drop(columns="in_two_arms"),
            experiments.over_time([trial], rules)[0].table,
        )
        for trial in both
    ]
    for single, totals in zip(*answers, strict=True):
        pd.testing.assert_frame_equal(totals, single)
    assert answers[0][0]["decision"].tolist() == ["ship"]


def test_totals_without_days_tell_the_same_effect_and_nothing_by_day(rows, data, both):
    settings = data.settings
    (whole,) = experiments.read(shop(settings=settings, as_given=True, experiment_totals=summed_up(rows)))
    effects = [experiments.effect_rows([trial]).table for trial in (both[0], whole)]
    pd.testing.assert_frame_equal(*effects)
    assert "does not say when" in str(experiments.over_time([whole])[0].reason)


def test_what_needs_single_customers_says_so(both, data):
    trials, rules = [both[1]], experiments.Rules()
    answers = [
        experiments.variance_saved(data, trials, rules),
        experiments.capped(data, trials, rules),
        experiments.balance(trials, rules),
        experiments.before(trials, data, rules),
        *experiments.segments(data, trials),
        *experiments.distributions(data, trials),
        *experiments.predictions(data, trials, rules),
    ]
    assert all(isinstance(each, NotApplicable) and "totals by arm" in str(each.reason) for each in answers)
    assert "cannot be told" in words_of(experiments.health(trials, rules))
    assert experiments.assignment(trials, data, rules).table["met_in_two_arms"].isna().all()


def test_a_day_without_a_sum_does_not_count_in_the_metric():
    lines = {"variant": ["control", "new"] * 2, "customers": [100, 100, 50, 50], "bought": [10.0, 20.0, None, None]}
    totals = pd.DataFrame(lines).assign(experiment="test", day=pd.to_datetime(["2025-05-01"] * 2 + ["2025-05-02"] * 2))
    for missing, n in (("not eligible", 100), ("0", 150)):
        own = feed("experiment_totals", metric("bought", "proportion", missing))
        (trial,) = experiments.read(shop(settings=words(feeds={"experiment_totals": own}), experiment_totals=totals))
        assert trial.moments["new", "bought"].n == n and trial.recorded["new", "bought"] == 100
        assert trial.arms["customers"].tolist() == [150, 150]


def test_one_experiment_is_not_read_from_rows_and_from_totals(rows, data):
    feeds = {**data.settings.feeds, "experiments": feed("experiments", metric("bought", "proportion"))}
    single = rows.assign(experiment="test", customer_id=range(len(rows)))
    both = shop(settings=words(feeds=feeds), as_given=True, experiments=single, **data.tables)
    with pytest.raises(ValueError, match=r"experiment = 'test': it is in experiments and in experiment_totals. Take"):
        experiments.read(both)
