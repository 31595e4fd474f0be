"""How the files of a folder hang together."""

from __future__ import annotations

import pytest

from helpers.data.draft import as_toml, links
from helpers.data.draft.feeds.guesses import Sql
from helpers.data.inspection import inspected
from shops import workbook

ORDERS = "order_id,customer_id,order_date,amount\n" + "".join(f"o{n},k{n},2025-01-02,5\n" for n in range(20))
PEOPLE = "customer_id,customer_unique_id,city\n" + "".join(f"k{n},p{n // 2},x\n" for n in range(20))
LINES = "order_id,product_id,quantity,amount\n" + "".join(f"o{n // 2},g{n % 5},1,5\n" for n in range(40))


def test_a_customer_that_is_new_for_each_order_is_looked_up_where_the_person_is(guessed):
    found = guessed(orders__csv=ORDERS, people__csv=PEOPLE)
    assert found["orders"].columns["customer_id"] == "customer_unique_id"
    assert [(join.holding.told, join.on) for join in found["orders"].joins] == [("people.csv", "customer_id")]
    assert found["customers"].merge and found["customers"].columns["customer_id"] == "customer_unique_id"


def test_an_answer_without_a_customer_is_led_there_by_its_order(guessed):
    reviews = "order_id,score,answered_at\n" + "".join(f"o{n},4,2025-02-0{n % 9 + 1}\n" for n in range(20))
    found = guessed(orders__csv=ORDERS, people__csv=PEOPLE, reviews__csv=reviews)["surveys"]
    assert [join.on for join in found.joins] == ["order_id", "customer_id"] and found.columns[
        "customer_id"
    ] == "customer_unique_id"


def test_categories_and_returns_are_looked_up(guessed):
    goods = "product_id,department\n" + "".join(f"g{n},{'ab'[n % 2]}\n" for n in range(5))
    returns = "order_id,returned\no1,yes\no2,yes\n"
    found = guessed(lines__csv=LINES, goods__csv=goods, returns__csv=returns, orders__csv=ORDERS)
    assert found["order_items"].columns["category"] == "department"
    assert found["orders"].columns["cancelled"] == Sql('flag("returned")')


def test_the_day_of_a_campaign_is_looked_up_in_its_description(guessed):
    sent = "campaign_id,household_id\n" + "".join(f"{n % 3},h{n}\n" for n in range(30))
    campaigns = "campaign_id,campaign_type,start_date\n0,A,2025-01-01\n1,B,2025-02-01\n2,A,2025-03-01\n"
    found = guessed(campaigns__csv=sent, descriptions__csv=campaigns)["touches"]
    assert found.columns["touched_at"] == "start_date" and found.columns["channel"] == "campaign_type"


def test_lines_leave_customer_and_day_to_their_orders(guessed):
    lines = "order_id,customer_id,order_date,product_id,quantity\n" + "".join(
        f"o{n // 2},k1,2025-01-02,g1,1\n" for n in range(40)
    )
    found = guessed(lines__csv=lines, orders__csv=ORDERS)
    assert not {"customer_id", "ordered_at"} & found["order_items"].columns.keys()


def test_the_same_rows_in_two_files_are_read_once_and_other_rows_are_added(drafted):
    twice = drafted(orders__csv=ORDERS, copy__csv=ORDERS)
    (guess,) = twice.guesses
    assert len(guess.holding.files) == 1 and "the same rows as" in twice.told[0]
    added = drafted(orders__csv=ORDERS, copy__csv=ORDERS.replace("\no", "\nnew"))
    (guess,) = added.guesses
    assert set(guess.holding.files) == {"copy.csv", "orders.csv"} and guess.holding.rows == 40


def test_sheets_of_one_workbook_with_the_same_headers_are_all_read_and_the_same_rows_once(drafted):
    head, *rows = (line.split(",") for line in ORDERS.splitlines())
    draft = drafted(
        book__xlsx=workbook({"2024": [head, *rows[:12]], "2025": [head, *rows[12:]], "copy": [head, *rows[:9]]})
    )
    assert [guess.holding.sheet for guess in draft.guesses] == ["2024", "2025"]
    assert as_toml(draft).count("[[tables.orders]]") == 2 and "the same rows as" in draft.told[0]


def test_people_who_do_nothing_in_the_other_files_are_left_out_and_told(drafted):
    strangers = "customer_id,city\n" + "".join(f"s{n},x\n" for n in range(20))
    draft = drafted(orders__csv=ORDERS, customers__csv=strangers)
    assert [guess.table for guess in draft.guesses] == ["orders"]
    assert any("none of its customers is in the other files" in told for told in draft.told)


def numbered(people, width):
    """Orders of 20 customers called 01, 02 …, and a file that describes some `people` by numbers from 1 on."""
    orders = "order_id,customer_id,order_date,amount\n"
    orders += "".join(f"o{n},{n % 20 + 1:0{width}d},2025-01-02,5\n" for n in range(40))
    return {"orders__csv": orders, "customers__csv": "customer_id,city\n" + "".join(f"{n},x\n" for n in people)}


def test_people_who_count_the_rows_of_their_file_are_not_those_with_leading_zeros(guessed):
    assert "customers" not in guessed(**numbered(range(1, 8), width=4))


@pytest.mark.parametrize(
    ("people", "width"), [(range(1, 16), 4), (range(3, 10), 4), (range(1, 8), 1)], ids=["most", "others", "as they are"]
)
def test_people_who_may_have_lost_their_zeros_stay(guessed, people, width):
    assert "customers" in guessed(**numbered(people, width))


@pytest.mark.parametrize("spelled", ["{n}.0", "00{n}"])
def test_people_whose_ids_are_spelled_otherwise_are_no_strangers(guessed, spelled):
    orders = "order_id,customer_id,order_date,amount\n" + "".join(f"o{n},{n},2025-01-02,5\n" for n in range(101, 121))
    people = "customer_id,city\n" + "".join(f"{spelled.format(n=n)},x\n" for n in range(101, 121))
    assert "customers" in guessed(orders__csv=orders, customers__csv=people)


def test_the_share_of_keys_that_meet(held):
    left, right = held(a__csv="k,x\n1,a\n2,a\n3,a\n4,a\n", b__csv="key,y\n3,b\n4,b\n5,b\n").holdings
    assert links.overlap(left, right, "k", "key") == 0.5


def test_two_files_with_other_headers_feed_one_table_where_no_order_is_in_both(drafted):
    till = "receipt_no,card_id,purchase_date,total\nt1,k1,2025-01-02,5\nt2,k2,2025-01-03,5\n"
    found = [guess for guess in drafted(web__csv=ORDERS, till__csv=till).guesses if guess.table == "orders"]
    assert [guess.holding.told for guess in found] == ["web.csv", "till.csv"]
    again = till.replace("t1", "o1").replace("t2", "o2")
    assert len([guess for guess in drafted(web__csv=ORDERS, till__csv=again).guesses if guess.table == "orders"]) == 1


def test_a_list_of_returned_orders_is_no_file_in_which_others_are_missed(opened):
    orders = "order_id,customer_id,order_date,amount\n" + "".join(f"o{n},c{n % 3},2025-01-02,5\n" for n in range(30))
    data = opened(orders__csv=orders, returns__csv="order_id,returned\no1,Yes\no4,Yes\n")
    assert data.customers.set_index("customer_id").monetary.to_dict() == {"c0": 50, "c1": 40, "c2": 50}
    assert [each for each in inspected(data).warnings() if "find nothing" in each] == []
