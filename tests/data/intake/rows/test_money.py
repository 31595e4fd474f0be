"""Several currencies become one by rates, or are refused: nothing adds them up as they are."""

import pandas as pd
import pytest

from helpers.data import datasets

TOP = "currency = 'CNY'\nrates = { USD = 7.0, EUR = 8.0 }\n"


def opened(folder, lines, top=""):
    """The orders of a file with these lines below `order_id,customer_id,ordered_at`."""
    head, *rows = lines
    rows = [f"{place},a,2024-01-0{place},{row}" for place, row in enumerate(rows, start=1)]
    (folder / "orders.csv").write_text("\n".join([f"order_id,customer_id,ordered_at,{head}", *rows]), encoding="utf-8")
    (folder / "dataset.toml").write_text(f"{top}[tables.orders]\nfile = 'orders.csv'\n", encoding="utf-8")
    return datasets.open(folder, prepared=folder / "prepared")


def column(data, name):
    """A column of the orders, by their numbers."""
    return data.tables["orders"].order_by("order_id").execute()[name].tolist()


def test_signs_name_the_currency_of_each_amount(tmp_path):
    data = opened(tmp_path, ["amount,refund", "US$100,US$10", "€100,5", "¥100,", "100,"], TOP)
    assert column(data, "amount") == [700, 800, 100, 100]
    assert column(data, "refund")[:2] == [70, 5]  # an amount that names no currency is in the data set's own
    told = data.readings.set_index("column")["told"]
    assert "made CNY: 1 EUR = 8, 1 USD = 7" in told["amount"]
    assert data.accounting.set_index("outcome")["money"]["used"] == 1700


def test_a_column_of_currencies_names_them_in_any_spelling(tmp_path):
    data = opened(tmp_path, ["amount,currency", "100,USD", "100,eur", "100,美元", "100,RMB", "100,"], TOP)
    assert column(data, "amount") == [700, 800, 700, 100, 100]
    assert "currency" not in data.tables["orders"].columns


def test_each_row_may_have_a_rate_of_its_own(tmp_path):
    rows = ["100,USD,7.2", "100,EUR,7.9", "100,CNY,", "100,USD,unknown"]
    data = opened(tmp_path, ["amount,currency,rate", *rows], "currency = 'CNY'\n")
    assert column(data, "amount")[:3] == [720, 790, 100]
    assert pd.isna(column(data, "amount")[3])  # dollars without a rate are not known in yuan


@pytest.mark.parametrize(
    ("lines", "named"),
    [
        (["amount", "$100", "¥100", "€100"], "[$], CNY, EUR"),
        (["amount,refund", "$100,€10"], "[$], EUR"),
        (["amount,currency", "100,USD", "100,JPY"], "JPY, USD"),
        (["amount", "100", "US$100", "100 EUR"], "EUR, USD"),
    ],
)
def test_currencies_without_rates_are_refused_by_name(tmp_path, lines, named):
    with pytest.raises(ValueError, match=f"^orders: its money is in the currencies {named}, which do not add up. Wr"):
        opened(tmp_path, lines)


def test_a_rate_for_every_currency_is_asked_for(tmp_path):
    with pytest.raises(ValueError, match="currencies GBP, USD, which do not add up"):
        opened(tmp_path, ["amount", "US$5", "£5"], TOP)


def test_a_currency_that_is_not_the_data_sets_own_is_refused(tmp_path):
    with pytest.raises(ValueError, match='^orders: its money is in USD, not in CNY. Write currency = "USD" or rates'):
        opened(tmp_path, ["amount,currency", "5,USD", "7,USD"], "currency = 'CNY'\n")


@pytest.mark.parametrize(("sign", "own"), [("$", "CAD"), ("¥", "JPY"), ("kr", "SEK")])
def test_a_sign_of_several_currencies_is_that_of_the_data_set(tmp_path, sign, own):
    data = opened(tmp_path, ["amount", f"{sign}5", "7"], f"currency = '{own}'\nrates = {{ EUR = 9.0 }}\n")
    assert column(data, "amount") == [5, 7]


def test_a_sign_that_contradicts_the_column_of_currencies_is_refused(tmp_path):
    with pytest.raises(ValueError, match="currencies [$], EUR, which do not add up"):
        opened(tmp_path, ["amount,currency", "$5,EUR"])
    assert column(opened(tmp_path, ["amount,currency", "$5,USD"]), "amount") == [5]


def test_a_rate_of_nothing_is_no_rate(tmp_path):
    data = opened(tmp_path, ["amount,currency,rate", "5,USD,0", "7,USD,7", "9,CNY,0"], "currency = 'CNY'\n")
    assert pd.isna(column(data, "amount")[0]) and column(data, "amount")[1:] == [49, 9]


def test_one_currency_needs_no_rate(tmp_path):
    assert column(opened(tmp_path, ["amount,currency", "5,USD", "7,USD"]), "amount") == [5, 7]


def test_currencies_of_two_feeds_are_refused_too(tmp_path):
    for name, sign in (("a", "$"), ("b", "€")):
        (tmp_path / f"{name}.csv").write_text(
            f"order_id,customer_id,ordered_at,amount\n{name},c,2024-01-01,{sign}5\n", encoding="utf-8"
        )
    (tmp_path / "dataset.toml").write_text("".join(f"[[tables.orders]]\nfile = '{name}.csv'\n" for name in "ab"))
    with pytest.raises(ValueError, match="currencies [$], EUR, which do not add up"):
        datasets.open(tmp_path, prepared=tmp_path / "prepared")


SUBSCRIPTIONS = "[tables.subscriptions]\nfile = 'subscriptions.csv'\n"


@pytest.mark.parametrize(
    ("amount", "price", "alike"),
    [("$100", "¥10", False), ("100 EUR", "10 USD", False), ("$100", "US$10", True), ("$100", "10", True)],
)
def test_money_of_two_tables_is_in_one_currency(tmp_path, amount, price, alike):
    (tmp_path / "subscriptions.csv").write_text(
        f"customer_id,started_at,price\na,2024-01-01,{price}\n", encoding="utf-8"
    )
    (tmp_path / "orders.csv").write_text(
        f"order_id,customer_id,ordered_at,amount\n1,a,2024-01-01,{amount}\n", encoding="utf-8"
    )
    (tmp_path / "dataset.toml").write_text(f"[tables.orders]\nfile = 'orders.csv'\n{SUBSCRIPTIONS}", encoding="utf-8")
    if alike:
        assert (
            datasets.open(tmp_path, prepared=tmp_path / "prepared").tables["subscriptions"].price.sum().execute() == 10
        )
        return
    with pytest.raises(
        ValueError, match=r"^data set = orders \(.*\), subscriptions \(.*\): money in several currencies"
    ):
        datasets.open(tmp_path, prepared=tmp_path / "prepared")


def test_rates_make_the_money_of_two_tables_one(tmp_path):
    (tmp_path / "subscriptions.csv").write_text("customer_id,started_at,price\na,2024-01-01,US$10\n", encoding="utf-8")
    data = opened(tmp_path, ["amount", "€100"], f"{TOP}{SUBSCRIPTIONS}")
    assert (column(data, "amount"), data.tables["subscriptions"].price.sum().execute()) == ([800], 70)
