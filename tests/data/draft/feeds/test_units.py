"""Money that headers say is counted in cents, thousands or 万."""

from __future__ import annotations

import pytest

from helpers.data.draft.feeds import units
from helpers.data.draft.feeds.guesses import Guess, Sql

PLAIN = ("amount", "积分", "得分", "revenue", "total_paid", "金额", "金额_元", "stock")


@pytest.fixture
def drafted_as(holding):
    """What the amount under a header becomes."""
    orders = holding(text="order_id,x,y\n1,5,1.2万\n2,7,3万\n")

    def amount(header, like="x"):
        known = orders.column(like)
        renamed = type(orders)(orders.files, 2, (type(known)(header, 2, 2, known.kinds, known.values),), orders.table)
        guess = units.in_whole(Guess("orders", renamed, {"amount": header}))
        return guess.columns["amount"], guess.notes

    return amount


def test_money_becomes_whole_units_by_its_header_and_that_is_told(drafted_as):
    factors = {
        "betrag_ct": "0.01", "amount_minor_units": "0.01", "revenue_micros": "0.000001", "金額_千円": "1000", "売上_百万円": "1000000",
        "amount_cents": "0.01", "实付金额_分": "0.01", "金额_单位_分": "0.01", "金额_角": "0.1", "revenue_k": "1000", "total_in_thousands": "1000", "umsatz_teur": "1000", "金额_千元": "1000",
        "revenue_k_€": "1000", "umsatz_in_t_€": "1000", "revenue_k_usd": "1000", "金额_万_¥": "10000", "金额_万元": "10000", "销售额万": "10000", "金额_百万元": "1000000", "revenue_mio": "1000000", "金额_亿元": "100000000",
    }  # fmt: skip
    for header, factor in factors.items():
        origin, notes = drafted_as(header)
        assert origin == Sql(f'number("{header}") * {factor}') and len(notes) == 1


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("amount_usd", "'USD'"),
        ("金额_美元", "'USD'"),
        ("umsatz_in_eur", "'EUR'"),
        ("金额_元", "'CNY'"),
        ("amount_€", "'EUR'"),
        ("amount_$", "'$'"),
        ("金额_¥", "'CNY'"),
        ("price_£", "'GBP'"),
        ("hk$_total", "'HKD'"),
        ("betrag_in_t_€", "'EUR'"),
        ("total_₺", "'TRY'"),
    ],
)
def test_a_header_that_names_a_currency_says_in_which_its_money_is(holding, header, code):
    guess = units.in_currency(Guess("orders", holding(text=f"order_id,{header}\n1,5.20\n2,-7\n"), {"amount": header}))
    assert guess.columns["currency"] == Sql(code) and len(guess.notes) == 1


@pytest.mark.parametrize(
    ("head", "columns"),
    [
        ("order_id,total_all", {"amount": "total_all"}),  # a word, though there are Albanian lek
        ("order_id,amount_usd,币种", {"amount": "amount_usd", "currency": "币种"}),
        ("price_usd,amount_eur", {"unit_price": "price_usd", "amount": "amount_eur"}),
    ],
)
def test_headers_that_name_none_or_several_and_a_column_of_currencies_say_nothing(holding, head, columns):
    row = ",".join("5" for _ in head.split(","))
    guess = units.in_currency(Guess("orders", holding(text=f"{head}\n{row}\n{row}\n"), dict(columns)))
    assert guess.columns == columns and guess.notes == []


def test_files_whose_headers_have_the_signs_of_two_currencies_do_not_add_up(opened):
    rows = "\n".join(f"{{k}}{row},c{row % 5},2025-01-{row + 1:02},{row + 3}.5" for row in range(20))
    files = {f"{k}__csv": f"order_id,customer_id,order_date,Amount ({k})\n" + rows.format(k=k) for k in "€$"}
    with pytest.raises(ValueError, match=r"currencies \$, EUR, which do not add up"):
        opened(**files)


def test_other_headers_and_values_that_say_it_themselves_stay(drafted_as):
    assert all(drafted_as(header) == (header, []) for header in PLAIN)
    assert drafted_as("金额_万元", like="y") == ("金额_万元", [])


@pytest.mark.parametrize(
    "header", ["价税合计_本位币", "本币价税合计", "total_bcy", "base_total_price", "amount_converted"]
)
def test_money_in_the_shops_own_currency_is_not_converted_again(holding, header):
    file = holding(text=f"order_id,币种,汇率,{header}\n1,USD,7.1,71\n2,CNY,1,5\n")
    columns = {"amount": file.names[-1], "currency": "币种", "rate": "汇率"}
    guess = units.in_own_currency(Guess("orders", file, dict(columns)))
    assert guess.columns == {"amount": file.names[-1]} and "own currency" in guess.notes[0]
    other = Guess("orders", file, columns | {"amount": "order_id"})
    assert units.in_own_currency(other).columns == other.columns


def test_a_header_called_currency_is_kept_from_answering(holding):
    file = holding(text="order_id,currency,rate,total_bcy\n1,USD,7.1,71\n2,CNY,1,5\n")
    guess = Guess("orders", file, {"amount": "total_bcy", "currency": "currency", "rate": "rate"})
    assert units.in_own_currency(guess).columns == {"amount": "total_bcy", "currency": Sql("NULL"), "rate": Sql("NULL")}
