"""Columns that know too much: written after the fact, or counting up with the stay."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.churn.drivers.hazards import hazard_ratios
from helpers.analyses.churn.drivers.leakage import suspects, unsuspected
from helpers.analyses.churn.drivers.single_attributes import attribute_tests
from helpers.findings import NotApplicable


def test_a_column_written_after_the_fact_is_a_suspect(contracts):
    paid = contracts.table["duration_days"] * 3.0 + np.arange(len(contracts.table)) % 50
    stays = replace(contracts, table=contracts.table.assign(paid=paid), attributes=(*contracts.attributes, "paid"))
    assert suspects(stays).names == ("paid",)
    assert not hazard_ratios(stays).table["covariate"].str.startswith("Paid").any()


def tenth(rows: pd.Series) -> pd.Series:
    """A tenth of the rows that are marked."""
    return rows & (rows.cumsum() % 10 == 0)


LEAKS = {
    "a text filled for a tenth of leavers": (
        "filled", lambda t: pd.Series("called", t.index).where(tenth(t["left"]))
    ),
    "a number filled for a tenth of leavers": (
        "filled", lambda t: (t.index.to_series() % 7.0).where(tenth(t["left"]))
    ),
    "a text filled for those still there, emptied for leavers": (
        "filled", lambda t: pd.Series(np.where(t.index % 2, "x", "y"), t.index).where(~t["left"])
    ),
    "a flag that only leavers have": ("leavers", lambda t: tenth(t["left"]).astype(float)),
    "an amount that is 0 but for leavers": ("leavers", lambda t: (t.index % 90 + 10.0) * tenth(t["left"])),
    "a status of leavers among others": (
        "leavers", lambda t: pd.Series(np.where(tenth(t["left"]), "lost", np.where(t.index % 2, "x", "y")), t.index)
    ),
    "a gift after half a year": ("length", lambda t: pd.Series("gift", t.index).where(t["duration_days"] > 180)),
    "a band of the tenure": ("order", lambda t: (t["duration_days"] // 150).map("band {}".format)),
}  # fmt: skip


@pytest.mark.parametrize("kind", LEAKS)
def test_what_is_written_after_the_fact_is_suspect_also_by_whom_it_is_filled_for(contracts, kind):
    suspicion, column = LEAKS[kind]
    table = contracts.table.assign(known_after=column(contracts.table))
    stays = replace(contracts, table=table, attributes=("known_after", *contracts.attributes))
    found = suspects(stays)
    assert found.names == ("known_after",)
    assert found.table.set_index("examined")["suspicion"]["known_after"] == suspicion
    tests = attribute_tests(stays)
    assert "known_after" not in set(tests.table["attribute"]) and tests.leaking == ("known_after",)
    assert "Known after: " in words_of(found)


@pytest.mark.parametrize(
    "column",
    [
        lambda t: pd.Series(np.where(t.index % 3, "x", "y"), t.index).where(t.index % 10 < 3),  # few gave it
        lambda t: pd.Series("x", t.index).where(t["left"] & (t.index % 3 > 0) | (t.index % 5 == 0)),  # goes with it
        lambda t: pd.Series("x", t.index).where(t.index.isin(t.index[t["left"]][:4])),  # of four leavers
    ],
)
def test_what_may_be_chance_or_a_mere_association_is_no_leak(contracts, column):
    table = contracts.table.assign(given=column(contracts.table))
    assert "given" in unsuspected(replace(contracts, table=table, attributes=("given",)))


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
    assert words_of(found) == (
        f"No column alone tells too well who leaves first. Columns examined: {len(found.table)}."
    )


def test_without_columns_nothing_is_suspected(contracts):
    bare = replace(contracts, attributes=())
    assert isinstance(suspects(bare), NotApplicable)
    assert unsuspected(bare) == []
