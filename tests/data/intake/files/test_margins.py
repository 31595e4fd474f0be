"""Titles, repeated headers and totals are told from records."""

import pytest

from helpers.data.intake.files import margins

HEADER = ["订单号", "客户", "金额"]


@pytest.mark.parametrize(
    ("above", "records"),
    [
        ([], [HEADER, ["1", "a", "2"]]),
        ([["销售报表"], ["导出时间：2024-01-01"]], [HEADER, ["1", "a", "2"]]),
        (
            [["销售报表", "", ""], ["导出时间：", "2024-01-01", ""]],
            [HEADER, ["1", "a", "2"]],
        ),  # padded by a spreadsheet
        ([["销售报表", "", ""], ["", "", ""]], [HEADER, ["1", "a", "2"]]),
        ([["订单", "", "支付"]], [HEADER, ["1", "a", "2"]]),  # names of groups, over cells that were merged
        ([["订单", "订单", "支付"]], [HEADER, ["1", "a", "2"]]),  # and that were parted
        ([], [["", "a", "b"], ["x", "y", "z"]]),  # an index without a name
        ([], [["name", "2024-01", "2024-02"], ["张三", "1", "2"]]),
    ],
)
def test_the_header_is_found_below_its_titles(above, records):
    assert margins.header_place([*above, *records], 3) == len(above)


@pytest.mark.parametrize(
    "records",
    [
        [["a", "b"], ["1", "2", ""], ["3", "4", ""]],  # rows that end in a mark
        [["id", "name", "note", "more"], ["1", "a", "b"], ["2", "c", "d"]],
        [["a", "b"], ["r1", "1", "2"], ["r2", "3", "4"]],  # rows with a name that has no header
    ],
)
def test_a_header_of_another_length_than_its_rows_is_no_title(records):
    assert margins.header_place(records, 3) == 0


@pytest.mark.parametrize(
    "cells",
    [
        ["合计", "", "5"],
        ["总计：", "3", "5.50"],
        ["", "小计", "1,200"],
        ["合计（3条）", "", "¥5"],
        ["本页合计", "-", "5"],
    ],
)
def test_a_chinese_word_for_a_total_is_one_anywhere(cells):
    assert margins.is_total(cells, near_end=False)


@pytest.mark.parametrize("word", ["Total", "TOTAL:", "Grand total", "Sub-total", "Sum", "Totals", "Summe", "Gesamt"])
def test_a_plain_word_for_a_total_is_one_at_the_end_only(word):
    assert margins.is_total([word, "", "5"], near_end=True)
    assert not margins.is_total([word, "", "5"], near_end=False)


@pytest.mark.parametrize(
    "cells",
    [["Total", "Paris", "5"], ["合计", "张三", "5"], ["设计", "", "5"], ["Totally", "", "5"], ["", "", "5"], ["", ""]],
)
def test_a_row_with_other_texts_is_no_total(cells):
    assert not margins.is_total(cells, near_end=True)


def test_a_header_is_repeated_whatever_blanks_are_around_its_names():
    assert margins.repeats(["订单号 ", "客户", "金额"], HEADER)
    assert not margins.repeats(["订单号", "客户"], HEADER)


@pytest.mark.parametrize(
    ("cell", "numeric"), [("1,200.50", True), ("2024-01-02", True), ("SO-1001", True), ("单号", False)]
)
def test_a_cell_is_numeric_where_most_of_it_is_digits(cell, numeric):
    assert margins.is_numeric(cell) == numeric


def test_a_header_is_none_of_its_rows_though_a_mark_in_numbers_makes_most_of_these_longer():
    rows = [["o1", "2025-01-02", "12.50"], ["o2", "2025-01-03", "1", "012.50"], ["o3", "2025-01-04", "1", "500.00"]]
    assert margins.header_place([["order", "day", "total"], *rows], 4) == 0
