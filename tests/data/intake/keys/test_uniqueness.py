"""One row a key: parted, added up or merged, with every row and all money accounted for."""

import pytest

from helpers.data import datasets

ORDERS = "order_id,customer_id,ordered_at,amount\n"


@pytest.fixture
def opened(tmp_path):
    """What is opened of files, with words on the table of orders, or on the one that is named."""

    def made(more="", table="orders", **files):
        folder = tmp_path / "shop"
        folder.mkdir()
        for name, text in files.items():
            (folder / f"{name.replace('_', '-')}.csv").write_text(text)
        (folder / "dataset.toml").write_text(
            f"title = 't'\nobserved_on = 2025-03-31\n[tables.{table}]\nfile = '*.csv'\n{more}"
        )
        return datasets.open(folder, prepared=tmp_path / "prepared")

    return made


def told(data):
    """The rows and money of each outcome."""
    lines = data.accounting.set_index(["outcome", "rule"])
    return {place: (int(line["rows"]), line["money"]) for place, line in lines[["rows", "money"]].iterrows()}


def found(data):
    return {line.found: (line.keys, line.of) for line in data.keys.itertuples(index=False)}


def test_an_order_id_of_several_customers_is_an_order_of_each_and_told(opened):
    data = opened(
        a=ORDERS + "1,a,2025-01-01,10\n1,b,2025-01-05,20\n2,b,2025-01-05,5\n2,b,2025-03-05,7\n3,c,2025-01-01,1\n"
    )
    assert found(data) == {"customers": (1, 3), "days": (1, 3)}
    money = data.customers.set_index("customer_id")
    assert money["orders"].to_dict() == {"a": 1, "b": 3, "c": 1} and money["monetary"].to_dict() == {
        "a": 10,
        "b": 32,
        "c": 1,
    }
    assert told(data) == {("read", ""): (5, 43), ("used", ""): (5, 43)}


def test_where_the_settings_merge_an_id_is_one_order_whatever_its_rows_say(opened):
    data = opened("merge = true\n", a=ORDERS + "1,a,2025-01-01,10\n1,b,2025-01-05,20\n2,b,2025-01-05,5\n")
    assert data.keys.empty and data.customers.set_index("customer_id")["monetary"].to_dict() == {"a": 10, "b": 5}
    assert told(data)["merged", "order_id repeats"] == (1, 20)


def test_lines_mapped_as_orders_add_up_and_all_their_money_is_used(opened):
    data = opened(
        a=ORDERS + "1,a,2025-01-01,60\n1,a,2025-01-01,40\n2,b,2025-01-01,5\n2,b,2025-01-01,-2\n3,c,2025-01-01,1\n"
    )
    assert found(data) == {"lines": (2, 3)}
    assert told(data) == {
        ("read", ""): (5, 104),
        ("used", ""): (3, 104),
        ("merged", "lines of one order"): (2, pytest.approx(float("nan"), nan_ok=True)),
    }
    assert data.customers.set_index("customer_id")[["monetary", "refunds"]].loc["b"].tolist() == [3, 2]


def test_a_later_export_that_carries_a_refund_counts_whatever_its_name_sorts_like(opened):
    head = "order_id,customer_id,ordered_at,amount,refund\n"
    data = opened(orders_2=head + "1,a,2025-01-01,100,0\n", orders_10=head + "1,a,2025-01-01,100,100\n")
    assert data.customers["monetary"].tolist() == [0] and found(data) == {}


def test_rows_that_say_when_they_changed_are_versions_also_with_another_day(opened):
    head = "order_id,customer_id,ordered_at,amount,updated_at\n"
    data = opened(a=head + "1,a,2025-01-01,100,2025-02-01\n1,a,2025-01-09,80,2025-01-09\n2,b,2025-01-01,1,2025-01-01\n")
    assert data.customers.set_index("customer_id")["monetary"].to_dict() == {"a": 100, "b": 1}
    assert "updated_at" not in data.tables["orders"].columns and found(data) == {}


def test_a_ticket_number_that_customers_share_is_a_ticket_of_each(opened):
    head = "ticket_id,customer_id,opened_at,priority\n"
    data = opened(
        table="tickets", a=head + "1,a,2025-01-01,low\n1,b,2025-01-05,low\n2,b,2025-01-05,low\n2,b,2025-01-09,high\n"
    )
    assert data.customers.set_index("customer_id")["tickets"].to_dict() == {"a": 1, "b": 2} and found(data) == {
        "customers": (1, 2)
    }


def test_a_customer_listed_twice_with_other_data_is_one_and_told(opened):
    data = opened(
        table="customers", a="customer_id,joined_at,city\na,2025-01-01,Bonn\na,2025-01-01,Ulm\nb,2025-01-01,\nb,,Köln\n"
    )
    assert data.customers["city"].tolist() == ["Bonn", "Köln"] and found(data) == {"differing": (1, 2)}
    assert data.accounting["money"].isna().all()  # customers have none


def test_lines_that_two_exports_have_are_used_once_with_their_money(opened):
    old = ORDERS + "1,a,2025-01-01,60\n1,a,2025-01-01,40\n2,b,2025-01-02,5\n2,b,2025-01-02,7\n"
    new = ORDERS + "2,b,2025-01-02,5\n2,b,2025-01-02,7\n3,c,2025-01-03,1\n3,c,2025-01-03,2\n"
    data = opened(a_1=old, a_2=new)
    assert data.customers.set_index("customer_id")["monetary"].to_dict() == {"a": 100, "b": 12, "c": 3}
    assert told(data)["used", ""] == (3, 115) and told(data)["merged", "order_id repeats"] == (2, 12)


def test_an_order_whose_customer_or_day_a_later_export_corrects_is_one(opened):
    rows = [f"{number},c{number},2025-01-0{number},10\n" for number in range(1, 8)]
    data = opened(
        a_1=ORDERS + "".join(rows), a_2=ORDERS + "".join(rows[:5]) + "6,x,2025-01-06,10\n7,c7,2025-02-07,10\n"
    )
    assert data.keys.empty and len(data.tables["orders"].execute()) == 7
    assert data.customers["monetary"].sum() == 70 and "c6" not in set(data.customers["customer_id"])


def test_numbers_that_begin_anew_in_every_file_are_those_of_each(opened):
    files = {
        f"a_{month}": ORDERS + "".join(f"{n},c{n}{month},2025-0{month}-0{n},10\n" for n in (1, 2, 3))
        for month in (1, 2)
    }
    data = opened(**files)
    assert found(data) == {"customers": (3, 3)} and data.customers["monetary"].sum() == 60


def test_receipts_that_name_no_customer_are_those_of_each_shop_and_day(opened):
    rows = "1,2025-01-01,10,north\n1,2025-01-01,20,south\n1,2025-02-01,5,north\n2,2025-01-01,5,north\n"
    data = opened("anonymous = true\n", a="order_id,ordered_at,amount,channel\n" + rows)
    assert found(data) == {"channels": (1, 2), "days": (1, 2)}
    assert data.tables["orders"].execute()["amount"].sum() == 40


def test_lines_of_numbers_that_are_shared_are_counted_by_orders(opened):
    lines = [f"1,{who},2025-01-01,{money}\n" for who in "abc" for money in (10, 20)]
    assert found(opened(a=ORDERS + "".join(lines))) == {"customers": (1, 1), "lines": (3, 3)}


def test_many_rows_of_one_amount_are_told_as_a_total_or_lines(opened):
    rows = [f"{number},a,2025-01-01,10\n" * 2 for number in range(3)]
    assert found(opened(a=ORDERS + "".join(rows) + "9,b,2025-01-01,5\n")) == {"alike": (3, 4)}
