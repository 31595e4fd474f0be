"""The saved table holds every customer once, with what orders and what a contract are expected to bring."""

import pandas as pd
import pytest

from helpers.analyses.value.contract.running import ContractValue
from helpers.analyses.value.future.lifetime import LifetimeValues
from helpers.analyses.value.future.purchases import Model
from helpers.analyses.value.future.terms import Terms
from helpers.analyses.value.kept_table import kept_values
from helpers.findings import NotApplicable

ORDERS = pd.DataFrame(
    {
        "customer_id": ["b", "a"],
        "p_alive": [0.5, 1.0],
        "expected_orders": [1.0, 2.0],
        "expected_spend": [10.0, 20.0],
        "lifetime_value": [10.0, 40.0],
    }
)
CONTRACTS = pd.DataFrame({"customer_id": ["c", "a"], "contract_value": [7.0, 9.0]})
NOTHING = NotApplicable("none.")


@pytest.fixture
def values() -> LifetimeValues:
    return LifetimeValues(ORDERS, Model.BG_NBD, Terms(), None, pd.DataFrame())


@pytest.fixture
def running() -> ContractValue:
    return ContractValue(CONTRACTS, pd.DataFrame(), 16.0, 15.0, 17.0, 0.0, 365, 0.1, 1.0, 0)


def test_orders_and_contracts_stand_beside_each_other(values, running):
    kept = kept_values(values, running).table.set_index("customer_id")
    assert kept.index.tolist() == ["a", "b", "c"]
    assert kept.loc["a", ["lifetime_value", "contract_value"]].tolist() == [40, 9]
    assert pd.isna(kept.loc["b", "contract_value"]) and pd.isna(kept.loc["c", "lifetime_value"])


def test_what_does_not_apply_leaves_its_columns_empty(values, running):
    assert kept_values(values, NOTHING).table["contract_value"].isna().all()
    assert kept_values(NOTHING, running).table["contract_value"].tolist() == [9, 7]
    nothing = kept_values(NOTHING, NOTHING)
    assert nothing.table.empty and nothing.table.dtypes[1:].eq(float).all()
    assert nothing.table.columns.tolist() == kept_values(values, NOTHING).table.columns.tolist()
    assert nothing.table.columns.tolist() == list(nothing.columns)
