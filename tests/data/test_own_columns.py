"""Columns of one's own stand beside customers as attributes, in the engine too; what cannot be joined is told."""

import datetime as dt
import warnings
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from helpers.analyses import profiling
from helpers.data.datasets import Dataset
from shops import shop

PEOPLE = [f"{place:04}" for place in range(20)]


def goods(**more: object) -> Dataset:
    orders = {"order_id": PEOPLE, "customer_id": PEOPLE, "ordered_at": pd.Timestamp("2025-03-01"), "amount": 5.0}
    return shop(orders=orders, **more)


def people() -> dict:
    return {"customer_id": PEOPLE, "channel": "app", "joined_at": pd.Timestamp("2025-01-01")}


def test_own_columns_are_attributes_of_the_snapshot_and_of_the_table_of_customers():
    data = goods(customers=people())
    mine = pd.DataFrame(
        {"score": np.arange(20.0), "region": ["n", "s"] * 10}, index=pd.Index(PEOPLE, name="customer_id")
    )
    joined = data.join(mine)
    rows = joined.customers.set_index("customer_id").loc[PEOPLE]
    pd.testing.assert_frame_equal(rows[["score", "region"]], mine, check_dtype=False)
    assert {"score", "region", "channel"} <= set(joined.tables["customers"].columns)
    assert joined.settings.attributes == ("score", "region")
    assert "score" not in data.customers and data.settings.attributes == ()
    assert joined.where("score >= 10").subset.customers == 10
    assert set(profiling.portrait(joined, ["attributes"]).table["field"]) == {"Score", "Region"}


def test_who_is_known_from_orders_alone_has_what_was_joined_too():
    few = {name: values[:5] if isinstance(values, list) else values for name, values in people().items()}
    joined = goods(customers=few).join(pd.DataFrame({"customer_id": PEOPLE[3:], "vip": True}))
    rows = joined.customers.set_index("customer_id").loc[PEOPLE]
    assert rows["vip"].tolist() == [None] * 3 + ["yes"] * 17
    assert rows["channel"].tolist() == ["app"] * 5 + [None] * 15
    assert joined.tables["customers"].count().execute() == 20


def test_without_a_table_of_customers_one_is_made_and_nobody_is_added():
    joined = goods().join(pd.DataFrame({"who": PEOPLE[:5], "vip": True}), on="who")
    assert sorted(joined.customers["customer_id"]) == PEOPLE
    assert joined.customers["vip"].value_counts(dropna=False).to_dict() == {None: 15, "yes": 5}


@pytest.mark.parametrize(
    ("values", "kept"),
    [
        ([True, False, None], ["yes", "no", None]),
        (pd.Categorical(["a", "b", None]), ["a", "b", None]),
        (pd.array([1, None, 3], dtype="Int64"), [1.0, None, 3.0]),
        ([Decimal("1.5"), None, Decimal(2)], [1.5, None, 2.0]),
        ([np.inf, -np.inf, 1], [None, None, 1.0]),
        ([1, "a", None], ["1", "a", None]),
        (pd.array(["金", None, "银"], dtype="string"), ["金", None, "银"]),
        ([None, None, None], [None, None, None]),
    ],
)
def test_values_become_texts_or_numbers(values, kept):
    joined = goods().join(pd.DataFrame({"customer_id": PEOPLE[:3], "mine": values}))
    rows = joined.customers.set_index("customer_id")["mine"].loc[PEOPLE[:3]]
    assert rows.astype(object).where(rows.notna(), None).tolist() == kept


def test_ids_that_are_whole_numbers_are_told_as_text_and_rows_of_nobody_are_warned_of():
    numbers = shop(orders={"order_id": ["1", "2"], "customer_id": ["7", "8"], "ordered_at": pd.Timestamp("2025-03-01")})
    with warnings.catch_warnings(record=True) as met:
        warnings.simplefilter("always")
        joined = numbers.join(pd.DataFrame({"customer_id": [7.0, 8.0, np.nan], "mine": [1, 2, 3]}))
    assert joined.customers.set_index("customer_id")["mine"].to_dict() == {"7": 1, "8": 2}
    assert [str(each.message) for each in met] == [
        "1 of 3 rows that were joined on customer_id name no customer of this data set."
    ]


@pytest.mark.parametrize(
    ("frame", "told"),
    [
        (pd.DataFrame({"id": PEOPLE, "mine": 1}), "join = 'customer_id': the table has no such column or index, but id, mine"),
        (pd.DataFrame({"customer_id": PEOPLE}), "the table has no other column"),
        (pd.DataFrame({"customer_id": ["0001", "0001"], "mine": 1}), "customer_id = '0001': it has several rows"),
        (pd.DataFrame({"customer_id": [1, 2], "mine": 1}), "'1', '2': none of these ids is a customer here, where they look like '0000'"),
        (pd.DataFrame({"customer_id": PEOPLE, "monetary": 1}), "column = 'monetary': customers have one already"),
        (pd.DataFrame({"customer_id": PEOPLE, "channel": 1}), "column = 'channel': customers have one already"),
        (pd.DataFrame({"customer_id": PEOPLE, "since": pd.Timestamp("2025-01-01")}), "column = 'since': it has times"),
        (pd.DataFrame({"customer_id": PEOPLE, "since": dt.date(2025, 1, 1)}), "column = 'since': it has times"),
    ],
)  # fmt: skip
def test_what_cannot_be_joined_is_told(frame, told):
    with pytest.raises(ValueError, match="^join ") as caught:
        goods().join(frame)
    assert told in str(caught.value)


def test_a_subset_can_be_joined_and_stays_one():
    part = goods(customers=people()).where("customer_id < '0012'")
    with pytest.warns(UserWarning, match="8 of 20 rows"):
        joined = part.join(pd.Series(1.0, index=pd.Index(PEOPLE, name="customer_id"), name="mine"))
    assert joined.subset == part.subset and len(joined.customers) == 12
