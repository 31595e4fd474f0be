"""Months side by side describe no customer, and can be read as orders."""

from __future__ import annotations

import pytest

from helpers.data import datasets, draft
from helpers.data.draft.feeds import months, tables


def text(*headers: str) -> str:
    rows = "".join(f"c{n},{','.join(str((n + place) % 3 * 10) for place, _ in enumerate(headers))}\n" for n in range(9))
    return f"customer_id,{','.join(headers)}\n{rows}"


@pytest.mark.parametrize(
    "headers",
    [
        ("2024-01", "2024-02", "2024-03"),
        ("202401", "202402", "202403"),
        ("sales 2024年1月", "sales 2024年2月", "sales 2024年3月"),
        ("Jan 2024", "Feb 2024", "March 2024"),
        ("01/2024", "02/2024", "03/2024"),
        ("2024-03-01", "2024-03-02", "2024-03-03"),
    ],
)
def test_times_side_by_side_are_told_and_describe_nobody(holding, headers):
    file = holding(text=text(*headers, "weight"))
    (wide,) = months.wide(file)
    assert len(wide.columns) == 3 and "3 columns" in wide.told and wide.settings()
    assert tables.guesses(file)[0].extras["attributes"].keys() == {"weight"}


def test_months_without_a_year_are_told_and_cannot_be_read(holding):
    (wide,) = months.wide(holding(text=text("1月销售额", "2月销售额", "3月销售额")))
    assert "without a year" in wide.told and not wide.settings()


def test_subjects_are_told_apart_and_a_few_numbers_are_no_months(holding):
    file = holding(text=text(*(f"{what}_2024_0{month}" for what in ("sales", "visits") for month in (1, 2, 3))))
    assert [len(each.columns) for each in months.wide(file)] == [3, 3]
    assert months.wide(holding("other__csv", text("2024-01", "2024-02", "may_call", "mar", "v2"))) == []


@pytest.mark.parametrize("headers", [("2024-01", "2024-02", "2024-03"), ("Jan 24", "Feb 24", "Mar 24")])
def test_the_lines_that_are_commented_out_read_each_filled_cell_as_an_order(folder, tmp_path, headers):
    home = folder(sales__csv=text(*headers))
    written = draft.as_toml(draft.drafted(home))
    written, proposed = written.split("# Each cell")
    lines = [line.removeprefix("# ") for line in proposed.splitlines()[1:]]
    (home / "dataset.toml").write_text("\n".join([written.replace("observed_on", "# observed_on"), *lines]))
    data = datasets.open(home, prepared=tmp_path / "prepared")
    orders = data.tables["orders"].execute()
    assert len(orders) == 18 and orders["amount"].sum() == 270 and set(orders["ordered_at"].dt.month) == {1, 2, 3}


def test_where_a_file_has_orders_nothing_is_proposed(drafted):
    orders = "order_id,customer_id,order_date,amount\n" + "".join(f"{n},c{n},2024-01-05,{n}\n" for n in range(9))
    found = drafted(sales__csv=text("2024-01", "2024-02", "2024-03"), orders__csv=orders)
    assert "side by side" in draft.as_toml(found) and "unpivot" not in draft.as_toml(found)
