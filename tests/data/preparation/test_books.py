"""The books of a data set: rows by outcome as of a day, and readings beside those of before."""

import pandas as pd
import pytest

from helpers.data import datasets
from helpers.data.preparation import books


def opened(folder, tmp_path, as_of=None):
    """The data set of a folder, prepared beside it."""
    return datasets.open(folder, as_of, prepared=tmp_path / "prepared")


@pytest.fixture
def folder(tmp_path):
    """A folder for a data set."""
    folder = tmp_path / "shop"
    folder.mkdir()
    return folder


def test_rows_of_a_later_day_are_their_own_outcome_with_their_money(folder, tmp_path):
    (folder / "dataset.toml").write_text("[tables.subscriptions]\nfile = 'stays.csv'\n")
    (folder / "stays.csv").write_text("customer_id,started_at,price\na,2024-01-01,5\nb,2024-02-01,7\nc,2024-03-01,9\n")
    lines = opened(folder, tmp_path, "2024-02-01").accounting.set_index("outcome")[["rows", "money"]]
    assert lines.loc[["read", "used", "later"]].to_numpy().tolist() == [[3, 21], [2, 12], [1, 9]]
    whole = opened(folder, tmp_path).accounting
    assert books.LATER not in set(whole["rule"]) and whole["rows"].dtype == "int64"


def test_months_of_spending_that_come_later_are_their_own_outcome_too(folder, tmp_path):
    toml = "[tables.spending]\nfile = 'spending.csv'\n[tables.orders]\nfile = 'orders.csv'\n"
    (folder / "dataset.toml").write_text(toml)
    (folder / "orders.csv").write_text("order_id,customer_id,ordered_at,amount\n1,a,2024-01-05,5\n2,a,2024-02-20,5\n")
    (folder / "spending.csv").write_text("channel,month,cost\nads,2024-01-01,5\nads,2024-02-01,7\nads,2024-03-01,9\n")
    lines = opened(folder, tmp_path, "2024-02-10").accounting.set_index(["table", "outcome"])["rows"]
    assert lines[[("spending", "used"), ("spending", "later")]].tolist() == [2, 1]
    assert lines[[("orders", "used"), ("orders", "later")]].tolist() == [1, 1]


def test_tables_without_money_keep_their_books_without(folder, tmp_path):
    (folder / "dataset.toml").write_text("[tables.events]\nfile = 'events.csv'\n")
    (folder / "events.csv").write_text("customer_id,event,happened_at\na,visit,2024-01-01\na,visit,2024-02-01\n")
    lines = opened(folder, tmp_path, "2024-01-15").accounting.set_index("outcome")
    assert lines["rows"].to_dict() == {"read": 2, "used": 1, "later": 1} and lines["money"].isna().all()


def test_a_new_file_that_changes_how_a_column_is_read_changes_the_old_rows_too_and_is_told(folder, tmp_path):
    (folder / "dataset.toml").write_text("[tables.orders]\nfile = 'orders_*.csv'\n")
    head = "order_id;customer_id;ordered_at;amount\n"
    (folder / "orders_1.csv").write_text(head + "1;a;2024-01-01;1.500\n2;a;2024-01-02;12\n")
    first = opened(folder, tmp_path)
    assert first.customers["monetary"].sum() == 1512 and first.readings["before"].isna().all()
    (folder / "orders_2.csv").write_text(head + "3;b;2024-02-01;9.25\n")
    second = opened(folder, tmp_path)
    told = second.readings.set_index("column").loc["amount"]
    assert second.customers["monetary"].sum() == pytest.approx(1.5 + 12 + 9.25)
    assert (told["told"], told["before"]) == ("", "decimal comma, thousands point")


def test_values_that_could_not_be_read_are_counted_as_the_accounting_counts_them(folder, tmp_path):
    (folder / "dataset.toml").write_text("[tables.orders]\nfile = 'orders.csv'\n")
    rows = "1,a,2024-01-01,5\n2,a,2024-13-45,5\n3,b,soon,5\n4,b,2024-01-02,ten\n5,b,2024-01-03,7\n"
    (folder / "orders.csv").write_text("order_id,customer_id,ordered_at,amount\n" + rows)
    data = opened(folder, tmp_path)
    met = data.accounting.set_index("rule")["rows_meeting"]
    unread = data.readings.set_index("column")["unreadable"]
    assert unread["ordered_at"] == met["ordered_at is not a time"] == 2
    assert unread["amount"] == met["amount is not a number"] == 1 and unread["order_id"] == 0


def test_a_table_of_several_feeds_is_prepared_anew_when_a_file_changes(tmp_path):
    readings = pd.DataFrame(
        {"table": "orders", "column": ["amount", "ordered_at"] * 2, "told": ["", "", "decimal comma", ""]}
    )
    (tmp_path / "then").mkdir()
    readings.iloc[:2].assign(told=["", "day first"]).to_parquet(tmp_path / "then" / books.READINGS)
    first = books.beside_former(readings, tmp_path)
    assert first["before"].dropna().to_dict() == {1: "day first"}
    readings.to_parquet(tmp_path / "then" / books.READINGS)
    assert books.beside_former(readings, tmp_path)["before"].isna().all()
