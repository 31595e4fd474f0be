"""A price that grows with the quantity is the money of the line."""

import pytest

UNIT = {"a": 10.0, "b": 4.5, "c": 99.0, "d": 1.25}


def of(guessed, price, header="price", order="order_id"):
    """The guess of lines of four goods, each in several quantities, whose prices are made of unit price and number."""
    lines = [(n, "abcd"[n % 4], 1 + n // 4 % 3) for n in range(60)]
    rows = "".join(
        f"o{n // 2},c{n % 7},2025-04-{n % 28 + 1:02},{good},{units},{price(UNIT[good], units)}\n"
        for n, good, units in lines
    )
    return guessed(lines__csv=f"{order},customer_id,order_date,sku,quantity,{header}\n" + rows)["order_items"].columns


def test_a_price_that_grows_with_the_quantity_is_that_of_all_units(guessed):
    columns = of(guessed, lambda each, units: each * units)
    assert columns["amount"] == "price" and "unit_price" not in columns


@pytest.mark.parametrize("price", [lambda each, units: each, lambda each, units: each * (1.1 if units > 1 else 1)])
def test_any_other_price_is_that_of_a_unit(guessed, price):
    columns = of(guessed, price)
    assert columns["unit_price"] == "price" and "amount" not in columns


def test_amazons_reports_say_the_price_of_all_units_however_little_shows_it(guessed):
    columns = of(guessed, lambda each, units: each, header="item-price", order="amazon-order-id")
    assert columns["amount"] == "item_price"
