"""A folder of exports that nobody has described becomes a draft, or one sentence says why not."""

from __future__ import annotations

import datetime as dt
import os

import pytest


def test_orders_without_customers_are_a_draft_and_baskets_without_a_day_are_none(drafted, tmp_path):
    orders = "订单编号,下单时间,实付金额\n" + "".join(f"{n},2025-01-02 10:00:00,5\n" for n in range(9))
    (guess,) = drafted(orders__csv=orders).guesses
    assert guess.anonymous
    (tmp_path / "shop" / "orders.csv").unlink()
    with pytest.raises(ValueError, match="'shop': no file names a customer, and none holds orders with a day"):
        drafted(groceries__csv="basket,good\n" + "".join(f"{n // 2},milk {n}\n" for n in range(20)))


def test_a_file_that_names_customers_and_does_not_tell_what_they_did_is_told_so(drafted):
    words = (
        "s.csv names customers .customer_id., and its other headers do not tell what its rows are: answered_at, score"
    )
    with pytest.raises(ValueError, match=words):
        drafted(s__csv="customer_id,answered_at,score\n" + "".join(f"c{n % 5},2025-01-02,😍\n" for n in range(20)))


def test_a_folder_without_a_file_that_can_be_read_says_which_and_why(drafted, tmp_path):
    with pytest.raises(ValueError, match="no file in it can be read .*it is empty"):
        drafted()
    with pytest.raises(ValueError, match="orders.csv: .*empty"):
        drafted(orders__csv="")


def test_files_that_serve_nothing_are_known(drafted):
    orders = "order_id,customer_id,order_date,amount\n" + "".join(f"{n},c{n % 3},2025-01-02,5\n" for n in range(9))
    draft = drafted(orders__csv=orders, shops__csv="shop,manager\n1,a\n2,b\n")
    assert [each.told for each in draft.unused] == ["shops.csv"]


def test_without_dates_the_day_is_that_on_which_the_newest_file_was_written(drafted, folder):
    people = "customer_id,tier\n" + "".join(f"{n},{'ab'[n % 2]}\n" for n in range(9))
    home = folder(people__csv=people)
    os.utime(home / "people.csv", (0, 1_750_000_000))
    from helpers.data import draft

    assert draft.drafted(home).observed_on == dt.date(2025, 6, 15)
    orders = "order_id,customer_id,order_date,amount\n" + "".join(f"{n},{n % 3},2025-01-02,5\n" for n in range(9))
    assert drafted(orders__csv=orders).observed_on is None


def test_who_had_left_makes_no_contracts_where_other_files_say_what_happened_when(drafted):
    people = "customer_id,tenure,churn\n" + "".join(f"{n},{n % 30},{n % 2}\n" for n in range(40))
    orders = "order_id,customer_id,order_date,amount\n" + "".join(f"{n},{n},2025-01-02,5\n" for n in range(40))
    draft = drafted(orders__csv=orders, people__csv=people)
    assert {guess.table for guess in draft.guesses} == {"customers", "orders"}
    assert any("no contracts are made of it" in told for told in draft.told)
