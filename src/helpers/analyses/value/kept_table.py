"""The table `value` for later notebooks: what every customer is expected to bring, by orders and by contract."""

from __future__ import annotations

import pandas as pd

from helpers.analyses.value.contract.running import ContractValue
from helpers.analyses.value.future.lifetime import LifetimeValues
from helpers.findings import NotApplicable

ORDERS = ["p_alive", "expected_orders", "expected_spend", "lifetime_value"]


def table(values: LifetimeValues | NotApplicable, running: ContractValue | NotApplicable) -> pd.DataFrame:
    """One row a customer, by customer_id: p_alive, expected orders and spend, lifetime_value, contract_value.

    Money is that of `Terms`, of orders and of running contracts apart: who buys both has both. A column is empty for
    customers without orders, or without a running contract; without either there is no row.
    """
    parts = [pd.DataFrame(columns=ORDERS, index=pd.Index([], name="customer_id"), dtype=float)]
    if isinstance(values, LifetimeValues):
        parts[0] = values.customers.set_index("customer_id")[ORDERS]
    if isinstance(running, ContractValue):
        parts.append(running.customers.set_index("customer_id")["expected_value"].rename("contract_value"))
    both = pd.concat(parts, axis="columns").sort_index().rename_axis("customer_id").reset_index()
    both = both.reindex(columns=["customer_id", *ORDERS, "contract_value"])
    return both.astype(dict.fromkeys([*ORDERS, "contract_value"], float))
