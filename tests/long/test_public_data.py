"""Answers about shops and contracts that others published, beside the project; small ones made here ask the same."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from lifelines import KaplanMeierFitter

from analyses.segmentation.keeping.test_model_in_use import (  # noqa: F401  asked of `two_days` below
    test_two_reports_keep_the_labels_of_customers_who_did_nothing,
)
from analyses.segmentation.keeping.test_moves import (  # noqa: F401
    test_under_one_model_labels_change_only_with_the_customers_own_numbers,
)
from answers import words_of
from helpers.analyses import experiments, feedback, profiling, value
from helpers.analyses.churn.drivers.hazards import HazardRatios, hazard_ratios
from helpers.analyses.churn.drivers.ratios_over_stay import Proportionality, proportionality
from helpers.analyses.churn.forecast.backtest import Holdout, holdout
from helpers.analyses.churn.forecast.call_list import lift
from helpers.analyses.churn.leaving.beginnings_and_ends import stays
from helpers.analyses.feedback.service.waiting import CLOCKS
from helpers.analyses.profiling.records.suspicions import Pattern
from helpers.analyses.profiling.records.unusual_values import patterns
from helpers.analyses.value.future import trial_of_models
from helpers.analyses.value.future.lifetime import lifetime_values
from helpers.analyses.value.future.purchases import Model, histories
from helpers.data import datasets, engine
from helpers.data.datasets import Dataset
from helpers.data.intake import files
from pages import report
from shops import SHARED
from subtraction import attacked


def opened(name: str, as_of: str | None = None) -> Dataset:
    """The public data set `name` on a day."""
    if not (SHARED / name).is_dir():
        pytest.skip(f"the public data '{name}' are not beside the project")
    return datasets.open(SHARED / name, as_of)


@pytest.fixture(scope="module")
def two_days() -> tuple[Dataset, Dataset]:
    return opened("online_retail", "2011-09-01"), opened("online_retail", "2011-12-01")


@pytest.mark.parametrize(("name", "auc"), [("online_retail", 0.7), ("cdnow", 0.65)])
def test_of_real_shops_the_chances_rank_better_than_chance(name, auc):
    data = opened(name)
    found = holdout(stays(data), data)
    assert isinstance(found, Holdout)
    assert found.value("auc")["lower"] > auc - 0.02
    assert found.value("scaled_brier")["value"] > 0
    expected, left = (found.value(name)["value"] for name in ("expected_rate", "left_rate"))
    assert found.agrees or f"were too {'high' if expected > left else 'low'}, by more than chance" in words_of(found)
    assert lift(found).table["lower"].iloc[0] > 1
    assert pd.Series(found.tested_on).min() - pd.Series(found.trained_on).max() >= pd.Timedelta(days=155)


@pytest.fixture(scope="module")
def telco_hazards() -> HazardRatios:
    return hazard_ratios(stays(opened("telco")))


@pytest.fixture(scope="module")
def telco_drift(telco_hazards) -> Proportionality:
    return proportionality(telco_hazards)


def test_the_telco_s_services_fail_proportional_hazards_and_lose_their_hold_with_time(telco_hazards, telco_drift):
    services = telco_drift.table.set_index("covariate")
    for service in ("Online security: Yes", "Tech support: Yes"):
        assert service in set(telco_drift.failing["covariate"]) & set(telco_drift.large["covariate"])
        row = services.loc[service]
        assert row["early_hazard_ratio"] < row["late_hazard_ratio"] < 1
    assert "do not hold over the whole stay" in str(telco_drift.headline())
    for named in ("Online security", "Tech support", "Device protection"):
        assert named in words_of(telco_drift)
    assert "Plan" in str(telco_hazards.left_out["contract"])


def test_accounting_of_online_retail_equals_the_published_counts(tmp_path):
    data = opened("online_retail", "2011-12-10")
    items = profiling.row_accounting(data).summary().set_index("table").loc["order_items"]
    concerned = profiling.rules(data).summary().set_index(["table", "rule"])["rows_concerned"].sort_index()
    assert (items["read"], items["used"]) == (541_909, 397_884)
    assert set(concerned["order_items", "customer_id is missing"]) == {135_080}  # of guests, and of other faults too
    assert set(concerned["order_items", "cancellations: drop"]) == {9_288}
    assert set(concerned["all", "duplicates: keep"]) == {5_268}
    assert profiling.row_accounting(data).balances
    values = profiling.kpis(data, 400).table.set_index("kpi")["value"]
    assert values["customers"] == 4_372
    assert values["revenue"] == pytest.approx(8_911_407.90, abs=0.01)
    assert (data.customers["orders"] > 0).sum() == 4_338  # buyers
    raw = files.read(engine.connect(), data.inputs[0], files.Layout(), tmp_path)
    assert raw.rows.invoiceno.nunique().execute() == 25_900


def test_the_chinese_superstore_has_a_value_on_days_when_its_customers_order_alike():
    """By the limit of NBD: in March where NBD was chosen, in June where its limit was."""
    for day, chosen in [("2016-03-31", Model.NBD), ("2016-06-30", Model.COMMON_RATE)]:
        data = opened("superstore_zh", day)
        known, later = histories(data), trial_of_models.holdout(data)
        found = lifetime_values(known, later)
        assert (later.chosen, found.model) == (chosen, Model.COMMON_RATE)
        total, lower, upper = found.fitted.total_limits(np.ones(len(known.customers), bool))
        assert 0.7 * total < lower < 0.95 * total
        assert upper - total == pytest.approx(total - lower)
        each = found.table["expected_orders"]
        frequency, _, age = known.columns
        assert each.mean() == pytest.approx(frequency.sum() / age.sum() * 365.25, rel=0.02)
        assert each.nunique() == 1 and "values differ by spend alone" in words_of(found)


def test_the_failure_of_a_model_stands_for_the_one_that_takes_its_place():
    """At the end of 2016 NBD expected 30 % too few orders in its trial, and cannot be fitted to all customers."""
    data = opened("superstore_zh", "2016-12-31")
    found = lifetime_values(histories(data), trial_of_models.holdout(data))
    assert (found.passed_over, found.model) == (Model.NBD, Model.COMMON_RATE)
    assert words_of(found).startswith("“NBD, nobody leaves” failed its own trial, expecting 30.")


def test_telco_is_valued_at_its_monthly_charges():
    found = value.contracts(opened("telco"))
    assert len(found.table) == 5_174  # of 7,043; 1,869 have left
    bill = found.table["price"].sum()
    assert bill == pytest.approx(316_985.75)  # MonthlyCharges of those who stayed
    assert 0.85 < found.expected_value / (12 * bill) < 0.95
    months = found.plans.set_index("plan")["mean_expected_months"]
    assert months["Month-to-month"] < months["One year"] < months["Two year"] < 12


def test_the_country_of_the_chinese_superstore_is_all_that_looks_odd():
    data = opened("superstore_zh")
    lines = patterns(data).table[["table", "column", "pattern", "rows_concerned"]]
    assert lines.to_numpy().tolist() == [["customers", "country", Pattern.CONSTANT, 790]]


def test_the_italian_help_desk_keeps_its_open_tickets_as_censored():
    """helpdesk_italy (4TU): 4,580 tickets; those not resolved by the log's last day wait until its end."""
    data = opened("helpdesk_italy")
    found = feedback.speed(data, "resolution", 30)
    rows = data.tables["tickets"].select("opened_at", "closed_at").execute()
    began, closed = rows["opened_at"], rows["closed_at"]
    still = int(closed.isna().sum())
    assert len(rows) == 4_580 and still > 0
    assert found.summary()[["tickets", "waiting"]].iloc[0].tolist() == [4_580, still]
    night = pd.Timestamp(data.as_of) + pd.Timedelta(days=1)
    minutes = np.ceil((closed.fillna(night) - began).dt.total_seconds() / 60)
    curve = KaplanMeierFitter().fit(minutes / CLOCKS["resolution"].minutes, closed.notna())
    assert found.summary()["on_time_share"].item() == pytest.approx(1 - curve.survival_function_at_times(30).item())
    assert found.table["censored"].sum() == still
    without = KaplanMeierFitter().fit(minutes[closed.notna()] / 1440)
    assert found.summary()["on_time_share"].item() < 1 - without.survival_function_at_times(30).item()


def test_tmall_has_no_figures_of_customers():
    """Case D2 of behaviour.md; the day is after the last payment."""
    data = opened("tmall_orders", "2020-03-31")
    assert not {"customers", "ARPU", "ARPPU"} & set(profiling.kpis(data, 90).table["kpi"])


def test_order_funnel_of_tmall_equals_the_published_counts():
    """Case D2 of behaviour.md; the day is after the last payment."""
    table = profiling.order_funnel(opened("tmall_orders", "2020-03-31")).table.set_index("stage")
    assert table.loc[["created", "paid"], "orders"].to_list() == [28_010, 24_087]
    assert round(table.loc["refunded", "of_stage_before_share"], 3) == 0.234


def test_udacity_ends_with_its_known_effect_and_its_band_holds_0_on_every_day():
    """Known answers: experiments.md, udacity_ab."""
    (found,) = experiments.over_time(experiments.read(opened("udacity_ab")))
    last = found.table.iloc[-1]
    assert (last["customers"], len(found.table)) == (290_584, 23)
    assert last["effect"] == pytest.approx(0.118808 - 0.120386, abs=1e-6)
    assert last["naive_p_value"] == pytest.approx(0.18988, abs=5e-6)
    assert ((found.table["band_lower"] < 0) & (found.table["band_upper"] > 0)).all()


def test_udacitys_users_in_both_groups_are_told_although_their_rows_were_set_aside():
    """Experiment cases, udacity_ab: 1,895 users in both groups, none of them left among the 290,584 compared."""
    data = opened("udacity_ab")
    (trial,) = experiments.read(data)
    assert experiments.assignment((trial,), data).summary()["met_in_two_arms"].tolist() == [1895]
    assert (trial.in_two_arms, trial.arms["customers"].sum()) == (0, 290_584)


def test_udacity_keeps_the_old_page_and_says_which_rows_were_set_aside():
    """Known answers: experiments.md, udacity_ab."""
    trials = experiments.read(opened("udacity_ab"))
    (found,) = experiments.effects(trials)
    row = found.table.set_index(["arm", "metric"]).loc[("treatment", "converted")]
    assert (row["control_n"], row["arm_n"]) == (145_274, 145_310)
    assert row["control_level"] == pytest.approx(0.120386, abs=5e-7)
    assert row["arm_level"] == pytest.approx(0.118808, abs=5e-7)
    assert row["p_value"] == pytest.approx(0.18988, abs=5e-6)
    assert trials[0].in_two_arms == 0
    assert "3,893 rows were set aside before: group and landing page disagree." in words_of(experiments.health(trials))
    (decision,) = experiments.decisions(trials).table.itertuples()
    assert decision.decision == "keep"
    assert decision.reason == "no_evidence"


def test_no_table_of_the_telco_s_report_tells_a_count_of_too_few(tmp_path):
    opened("telco")
    _made, pages = report(str(SHARED / "telco"), tmp_path)
    told = attacked(pages)
    assert told.tables > 30 and told.hidden and told.shown == []
