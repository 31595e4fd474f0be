"""Answers about shops and contracts that others published, beside the project; small ones made here ask the same."""

from __future__ import annotations

import pandas as pd
import pytest

from analyses.segmentation.keeping.test_model_in_use import (  # noqa: F401  asked of `two_days` below
    test_two_reports_keep_the_labels_of_customers_who_did_nothing,
)
from analyses.segmentation.keeping.test_moves import (  # noqa: F401
    test_under_one_model_labels_change_only_with_the_customers_own_numbers,
)
from helpers.analyses import profiling
from helpers.analyses.churn.drivers.hazards import HazardRatios, hazard_ratios
from helpers.analyses.churn.drivers.ratios_over_stay import Proportionality, proportionality
from helpers.analyses.churn.forecast.backtest import Holdout, holdout
from helpers.analyses.churn.forecast.call_list import lift
from helpers.analyses.churn.leaving.definition import stays
from helpers.data import datasets, engine
from helpers.data.datasets import Dataset
from helpers.data.intake import files
from shops import SHARED


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
    assert found.agrees or f"were too {'high' if expected > left else 'low'}" in found.headline()
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
    assert telco_drift.headline().startswith("Proportional hazards fails")
    for named in ("Online security", "Tech support", "Device protection"):
        assert named in telco_drift.headline()
    assert "Plan" in telco_hazards.left_out["contract"]


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
