"""The table `value` for later notebooks: what every customer is expected to bring, by orders and by contract."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from helpers.analyses.value.contract.running import ContractValue
from helpers.analyses.value.future.lifetime import LifetimeValues
from helpers.analyses.value.vocabulary import (
    CONTRACT_VALUE,
    EXPECTED_ORDERS,
    EXPECTED_SPEND,
    LIFETIME_VALUE,
    P_ALIVE,
)
from helpers.findings import DeclaredTable, NotApplicable, analysis
from helpers.findings.privacy.members import Members
from helpers.findings.vocabulary import CUSTOMER_ID

OF_ORDERS = [P_ALIVE, EXPECTED_ORDERS, EXPECTED_SPEND, LIFETIME_VALUE]


@dataclass(frozen=True)
class KeptValues(Members, DeclaredTable):
    """What every customer is expected to bring, by orders and by contract."""

    table: pd.DataFrame  # by customer_id
    columns = (CUSTOMER_ID, *OF_ORDERS, CONTRACT_VALUE)


@analysis
def kept_values(values: LifetimeValues | NotApplicable, running: ContractValue | NotApplicable) -> KeptValues:
    """One row a customer, by customer_id: p_alive, expected orders and spend, lifetime_value, contract_value.

    Money is that of `Terms`, of orders (`values`) and of `running` contracts apart: a customer with both has both. A
    column is empty for customers without orders, or without a running contract; without either there is no row.
    """
    parts = [pd.DataFrame(columns=OF_ORDERS, index=pd.Index([], name=CUSTOMER_ID), dtype=float)]
    if isinstance(values, LifetimeValues):
        parts[0] = values.table.set_index(CUSTOMER_ID)[OF_ORDERS]
    if isinstance(running, ContractValue):
        parts.append(running.table.set_index(CUSTOMER_ID)[CONTRACT_VALUE])
    both = pd.concat(parts, axis="columns").sort_index().rename_axis(CUSTOMER_ID).reset_index()
    both = both.reindex(columns=list(KeptValues.columns))
    return KeptValues(both.astype(dict.fromkeys([*OF_ORDERS, CONTRACT_VALUE], float)))
