"""Columns that know too much: written after the fact, or counting up with the stay."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from helpers.analyses.churn.drivers.hazards import hazard_ratios
from helpers.analyses.churn.drivers.leakage import suspects, unsuspected
from helpers.findings import NotApplicable


def test_a_column_written_after_the_fact_is_a_suspect(contracts):
    paid = contracts.table["duration_days"] * 3.0 + np.arange(len(contracts.table)) % 50
    stays = replace(contracts, table=contracts.table.assign(paid=paid), attributes=(*contracts.attributes, "paid"))
    assert suspects(stays).names == ("paid",)
    assert not hazard_ratios(stays).table["covariate"].str.startswith("Paid").any()


def test_a_column_that_nothing_is_known_of_tells_as_much_as_chance(contracts):
    lot = pd.Series(np.random.default_rng(5).normal(size=len(contracts.table)))
    stays = replace(contracts, table=contracts.table.assign(lot=lot), attributes=("lot",))
    row = suspects(stays).table.iloc[0]
    assert row["concordance"] == pytest.approx(0.5, abs=0.03)
    assert row["correlation"] == pytest.approx(0, abs=0.06)
    assert not row["suspect"]
    assert unsuspected(stays) == ["lot"]


@pytest.mark.filterwarnings("error")
def test_where_all_stays_are_equally_long_no_number_correlates_with_them(contracts):
    stays = replace(contracts, table=contracts.table.assign(duration_days=30, left=True), attributes=("birth_year",))
    assert suspects(stays).table["correlation"].isna().all()


def test_the_page_names_columns_as_readers_see_them(contracts):
    found = suspects(contracts)
    assert {"Plan", "Birth year"} <= set(found.summary()["examined"])
    assert found.headline() == f"No column alone tells too well who leaves first ({len(found.table)} examined)."


def test_without_columns_nothing_is_suspected(contracts):
    bare = replace(contracts, attributes=())
    assert isinstance(suspects(bare), NotApplicable)
    assert unsuspected(bare) == []
