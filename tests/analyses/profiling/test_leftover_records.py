"""Tests of the rooms records and engagement that wait for the files of the parts that they test."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from helpers.analyses import profiling
from helpers.data import datasets
from helpers.data.synthetic.truth import TRUTH

CUSTOMERS = "customer_id,joined_at,gender,birth_year,channel\n" + "".join(
    f"c{n},2025-01-{n:02d},{'F' if n <= 6 else 'M'},{1990 if n <= 9 else ''},{'rare' if n == 1 else 'shop'}\n"
    for n in range(1, 11)
)
ORDERS = """order_id,customer_id,ordered_at,amount,refund,cancelled,paid_at
o1,c1,2025-01-05,100,0,no,2025-01-05
o2,c1,2025-06-20,50,10,no,2025-06-20
o3,c2,2025-06-21,200,0,no,2025-06-21
o4,c2,2025-06-22,80,0,yes,
o5,c3,2025-04-10,60,0,no,2025-04-10
o6,ghost,2025-06-25,40,0,no,
o7,c4,not a day,10,0,no,
o8,,2025-06-26,10,0,no,
o3,c2,2025-06-21,200,0,no,2025-06-21
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """Six good orders of four customers, one of them unknown; three bad rows. The last day is 2025-06-30."""
    folder = tmp_path_factory.mktemp("shop")
    (folder / "customers.csv").write_text(CUSTOMERS)
    (folder / "orders.csv").write_text(ORDERS)
    (folder / "dataset.toml").write_text(
        'currency = "EUR"\n[tables.customers]\nfile = "customers.csv"\n[tables.orders]\nfile = "orders.csv"\n'
    )
    return datasets.open(folder, "2025-06-30", prepared=folder / "prepared")


def line(finding, name, column="kpi") -> pd.Series:
    return finding.summary().set_index(column).loc[name]


def test_every_row_read_has_one_outcome_and_the_identity_is_checked(shop):
    found = profiling.row_accounting(shop)
    orders = found.table.set_index("table").loc["orders"]
    assert orders.to_dict() == {"read": 9, "used": 6, "merged": 0, "quarantined": 3, "unexplained": 0}
    assert found.balances and "19 rows read = 16 used + 3 quarantined" in found.headline()


def test_a_row_that_went_missing_is_said_aloud(shop):
    broken = shop.accounting.copy()
    broken.loc[(broken["table"] == "orders") & (broken["outcome"] == "used"), "rows"] = 5
    found = profiling.row_accounting(replace(shop, accounting=broken))
    assert not found.balances
    assert "do not add up" in found.headline() and "orders (+1)" in found.headline()


def test_rules_count_the_rows_that_they_concern_the_policies_first(shop):
    table = profiling.rules(shop).summary()
    policies, broken = table.head(3).set_index("rule"), table.iloc[3:].set_index("rule")
    assert policies["rows"].to_dict() == {"cancellations: net": 1, "refunds: net": 1, "duplicates: keep": 0}
    assert policies["rows_set_aside"].sum() == 0
    assert broken["rows_set_aside"].to_dict() == {
        "customer_id is missing": 1, "ordered_at is not a time": 1, "order_id repeats": 1,
    }  # fmt: skip


def test_rules_and_policies_explain_every_row_set_aside(shop, demo):
    for data in (shop, demo):
        aside = profiling.rules(data).summary()["rows_set_aside"].sum()
        assert aside == profiling.row_accounting(data).table["quarantined"].sum() > 0


def test_columns_show_gaps_but_no_range_of_people_and_identifiers(shop):
    quality = profiling.columns(shop)
    born = quality.table.set_index("column").loc["birth_year"]
    assert (born["table"], born["missing"], born["missing_share"], born["distinct"]) == ("customers", 1, 0.1, 1)
    people, orders = (quality.of(name).set_index("column")["range"] for name in ("customers", "orders"))
    assert people.drop("joined_at").eq("").all() and people["joined_at"] == "2025-01-01 to 2025-01-10"
    assert (orders["ordered_at"], orders["amount"], orders["order_id"]) == ("2025-01-05 to 2025-06-25", "40 to 200", "")


def test_tables_count_their_columns_with_gaps_and_without_any_value(shop):
    found = profiling.columns(shop)
    orders = line(found, "orders", "table")
    assert (orders["rows"], orders["with_gaps"], orders["without_any_value"]) == (6, 1, 1)
    assert "most orders.paid_at (33.3% missing)" in found.headline()
    assert "Without any value:" in found.headline() and "orders.channel" in found.headline()


def test_the_age_of_the_last_fact_is_counted_to_the_day_of_the_report(shop):
    table = profiling.freshness(shop).summary().set_index("table")
    assert table["behind_days"].to_dict() == {"customers": 171, "orders": 5}
    assert "customers ends 171 days" in profiling.freshness(shop).headline()


def test_an_order_of_an_unknown_customer_does_not_join(shop):
    found = line(profiling.keys(shop), "orders", "table")
    assert (found["rows"], found["without_match"], found["keys_without_match"], found["never_named"]) == (6, 1, 1, 7)


def test_months_without_rows_are_counted_as_zero(shop):
    found = profiling.rows_over_time(shop)
    assert found.table.query("table == 'orders'")["rows"].to_list() == [1, 0, 0, 1, 0, 4]
    orders = line(found, "orders", "table")
    assert (orders["months_without_rows"], orders["fewest_rows"], orders["most_rows"]) == (3, 0, 4)
    assert "orders (3)" in found.headline()


def test_faults_planted_in_the_demo_are_in_its_accounting(demo):
    planted = pd.Series({fault: rows for fault, rows in TRUTH.faults.items() if fault[0] != "experiments"})
    found = profiling.row_accounting(demo).table.set_index("table")["quarantined"]
    assert found[found > 0].to_dict() == planted.groupby(level=0).sum().to_dict()
