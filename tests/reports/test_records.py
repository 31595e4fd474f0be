"""What leaves the house of the raw data: texts that many share, and values as shapes."""

from dataclasses import dataclass

import pandas as pd
import pytest

from helpers.findings import DeclaredTable, folding, save
from helpers.findings.vocabulary import CUSTOMERS
from helpers.reports import records


@dataclass(frozen=True)
class Sums(DeclaredTable):
    """Sums over customers."""

    table: pd.DataFrame
    columns = (CUSTOMERS,)


def test_texts_of_few_customers_are_one_group_and_who_brought_whom_is_left_out():
    customers = pd.DataFrame(
        {
            "customer_id": list("abcdefg"),
            "city": ["Rome"] * 5 + ["Ob", None],
            "referred_by": ["a"] * 7,
            "orders": range(7),
        }
    )
    shown = records.snapshot(customers, 5).table
    assert shown["city"].tolist()[:6] == ["Rome"] * 5 + [folding.SMALL_GROUPS] and pd.isna(shown["city"][6])
    assert shown.columns.tolist() == ["customer_id", "city", "orders"]
    assert customers["city"][5] == "Ob"
    assert set(records.snapshot(customers, 6).table["city"].dropna()) == {folding.SMALL_GROUPS}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2025-02-30 10:15", "2025-02-30 10:15"),
        ("-12.50", "-12.50"),
        ("101", "101"),
        ("123,456.", "123,456."),
        ("1234567", "0000000"),
        ("1,234,567.8", "0,000,000.0"),
        ("1.3.8.0.0.1.3", "0.0.0.0.0.0.0"),
        ("", ""),
        ("待确认", "xxx"),
        ("13800138000", "00000000000"),
        ("C2632 treatment", "x0000 xxxxxxxxx"),
        ("a@b.cn", "x@x.xx"),
        ("11010119900307037X", "00000000000000000x"),
    ],
)
def test_what_could_name_somebody_is_shown_as_its_shape(text, shown):
    assert records.shape(text) == shown


def test_rows_set_aside_stand_as_in_their_files_and_customers_by_name_whatever_order_they_come_in():
    rows = pd.DataFrame(
        {"table": "orders", "file": ["b", "a", "a"], "file_row": [1, 12, 2], "rule": "r", "value": ["C7", None, "3"]}
    )
    shown = records.quarantine(rows).table
    assert shown["file_row"].tolist() == [2, 12, 1] and shown["value"].tolist() == ["3", None, "x0"]
    customers = pd.DataFrame({"customer_id": ["b", "c", "a"], "orders": [2, 3, 1]})
    assert records.snapshot(customers, 5).table["orders"].tolist() == [1, 2, 3]


def test_withheld_lists_of_customers_go_as_csv_alone_and_sums_stay(tmp_path):
    save(records.snapshot(pd.DataFrame({"customer_id": ["a"]}), 5), tmp_path, "snapshot")
    save(pd.DataFrame({"anything": ["a"]}), tmp_path, "unknown")
    save(Sums(pd.DataFrame({"customers": [7]})), tmp_path, "sums")
    records.withhold_lists(tmp_path)
    there = {path.name for path in tmp_path.iterdir()}
    assert there == {"snapshot.parquet", "unknown.parquet", "sums.parquet", "sums.csv"}
