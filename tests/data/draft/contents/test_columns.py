"""The evidence of every column of a stranger's file."""

from __future__ import annotations

import pytest

from helpers.data.draft.contents.columns import seen, shape
from repeated import rows

PEOPLE = "id,phone,joined,tier,opted\n" + "".join(
    f"{n},1390013{n:04},2025-01-{n % 28 + 1:02},{'gold' if n % 2 else 'silver'},{'yes' if n % 3 else ''}\n"
    for n in range(60)
)


def test_numbers_are_flags_where_all_of_them_are_one_or_the_other(holding):
    columns = holding(text=rows("a,b,c", *["0,0,yes"] * 19, "1,4,no", times=2))
    assert [column.is_flag for column in columns.columns] == [True, False, True]


def test_numbers_of_more_digits_than_the_engine_counts_to_are_whole_like_others(holding):
    digits = "".join(f"42000012342024110312345678{n % 10}{n % 7},{n}.5\n" for n in range(60))  # of WeChat Pay
    trade, price = holding("trade__csv", "trade_no,price\n" + digits).columns
    assert trade.whole and not price.whole


def test_columns_are_counted_and_their_kinds_told(holding):
    people = holding("people__csv", PEOPLE)
    assert people.rows == 60 and people.names == ("id", "phone", "joined", "tier", "opted")
    assert people.unique == {"id", "phone"}
    assert people.column("joined").is_a("time") and not people.column("tier").is_a("number")
    assert people.column("opted").is_a("flag") and people.column("opted").filled == 40
    assert people.column("tier").values == ("gold", "silver")


def test_values_that_may_be_personal_are_shown_as_shapes(holding):
    people = holding("people__csv", PEOPLE)
    assert people.column("phone").samples() == ["99999999999"]
    assert people.column("tier").samples() == ["gold", "silver"]
    assert people.column("joined").samples()[0].startswith("2025-01-")


def test_a_value_that_may_lead_to_a_person_is_a_shape_in_any_column(holding):
    rows = [("gold", "2025-01-02"), ("ann@b.example", "13800138000"), ("11010119900307001X", "1704067200000")]
    text = "tier,joined\n" + "".join(f"{tier},{day}\n" for tier, day in rows * 9 for _ in range(5))
    people = holding("people__csv", text + "gold,2025-01-03\n" * 900)
    assert set(people.column("tier").samples()) == {"gold", "xxx@x.xxxxxxx", "99999999999999999x"}
    assert "13800138000" not in people.column("joined").samples()
    assert (seen("gold"), seen("ann@b.example"), seen("1234567")) == ("gold", "xxx@x.xxxxxxx", "9999999")


@pytest.mark.parametrize(
    ("value", "masked"),
    [("139-0013 8000", "999-9999 9999"), ("王小明", "某某某"), ("Ann.B@x.org", "xxx.x@x.xxx"), ("１２", "99")],
)
def test_a_shape_keeps_marks_and_nothing_else(value, masked):
    assert shape(value) == masked


def test_what_takes_the_whole_column_to_read_looks_like_its_kind_already(holding):
    rows = "".join(f"{n + 1:02}.03.2025;1.23{n},50 €;Mar {n + 1}, 2025;X{n}-1\n" for n in range(9))
    sales = holding(text="day;price;month;code\n" + rows)
    assert sales.column("day").is_a("time") and not sales.column("day").is_a("number")
    assert sales.column("price").is_a("number") and not sales.column("price").whole
    assert sales.column("month").is_a("time") and not sales.column("code").is_a("number")
