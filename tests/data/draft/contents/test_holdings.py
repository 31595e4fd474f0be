"""What the files of a stranger hold."""

from __future__ import annotations

import io
import zipfile

from shops import workbook


def test_files_of_one_pattern_are_taken_together(held):
    month = "order_id,amount\n{0}1,5\n{0}2,6\n"
    found = held(
        **{"orders_2024-01__csv": month.format(1), "orders_2024-02__csv": month.format(2), "other__csv": "a,b\n1,2\n"}
    )
    together = found.holdings[0]
    assert together.pattern == "orders_*.csv" and together.rows == 4 and together.unique == {"order_id"}
    assert [each.told for each in found.holdings] == ["orders_*.csv", "other.csv"]


def test_files_whose_pattern_would_take_in_others_are_listed(held):
    found = held(**{"o_1__csv": "a,b\n1,2\n", "o_2__csv": "a,b\n3,4\n", "o_x__csv": "c,d\n3,4\n"})
    assert found.holdings[0].pattern == "" and found.holdings[0].files == ("o_1.csv", "o_2.csv")


def test_every_sheet_of_a_workbook_is_a_holding(held):
    book = workbook({"订单": [["订单编号", "金额"], ["A1", "5"]], "客户": [["客户编号", "城市"], ["c1", "上海"]]})
    assert [each.told for each in held(book__xlsx=book).holdings] == ["book.xlsx › 订单", "book.xlsx › 客户"]


def test_how_often_a_key_repeats_and_what_it_determines(holding):
    lines = holding(text="order,customer,city,sku\n" + "".join(f"{n // 2},c{n // 4},{n % 3},{n}\n" for n in range(40)))
    assert lines.repeats("order") == 2 and lines.repeats("sku") == 1
    assert lines.determines("order", "customer") == 1 and lines.determines("customer", "city") == 0


def test_a_file_that_cannot_be_read_is_named_with_the_reason_and_notes_are_passed_over(held):
    found = held(orders__csv="a,b\n1,2\n", empty__csv="", notes__md="# hello", head__csv="a,b\n")
    assert [each.told for each in found.holdings] == ["orders.csv"]
    assert found.unread.keys() == {"empty.csv", "head.csv"} and "empty" in found.unread["empty.csv"]


def test_members_of_an_archive_are_files_of_their_own(held):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("export/orders.csv", "order_id,amount\n1,5\n")
        archive.writestr("export/readme.md", "# what this is\n")
    (orders,) = held(all__zip=packed.getvalue()).holdings
    assert (orders.files, orders.stem, orders.names) == (
        ("all.zip/export/orders.csv",),
        "orders",
        ("order_id", "amount"),
    )
