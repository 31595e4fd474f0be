"""The saved table holds every customer once, with what orders and what a contract are expected to bring."""

import pandas as pd

from helpers.analyses.value.contract.running import ContractValue
from helpers.analyses.value.future.lifetime import LifetimeValues, Terms
from helpers.analyses.value.kept_table import table
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
NOTHING = NotApplicable("none.")


def values() -> LifetimeValues:
    return LifetimeValues("BG/NBD", Terms(), "CNY", ORDERS, None, pd.DataFrame())


def running() -> ContractValue:
    contract = ContractValue.__new__(ContractValue)
    object.__setattr__(contract, "customers", pd.DataFrame({"customer_id": ["c", "a"], "expected_value": [7.0, 9.0]}))
    return contract


def test_orders_and_contracts_stand_beside_each_other():
    found = table(values(), running()).set_index("customer_id")
    assert found.index.tolist() == ["a", "b", "c"]
    assert found.loc["a", ["lifetime_value", "contract_value"]].tolist() == [40, 9]
    assert pd.isna(found.loc["b", "contract_value"]) and pd.isna(found.loc["c", "lifetime_value"])


def test_what_does_not_apply_leaves_its_columns_empty():
    assert table(values(), NOTHING)["contract_value"].isna().all()
    assert table(NOTHING, running())["contract_value"].tolist() == [9, 7]
    nothing = table(NOTHING, NOTHING)
    assert nothing.empty and nothing.dtypes[1:].eq(float).all()
    assert nothing.columns.tolist() == table(values(), running()).columns.tolist()
