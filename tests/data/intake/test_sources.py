"""Every raw row is used or set aside with a reason, exactly."""

import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers.data import engine
from helpers.data.intake import sources
from helpers.data.intake.feeds import Source
from helpers.data.intake.rows import rules, strays
from helpers.data.intake.wording import settings
from helpers.data.shelf import Shelf
from shops import workbook

ORDERS = "[tables.orders]\nfile = 'orders.csv'\n"


def check(folder: Path, toml: str, **raw: str):
    """What the check of the only table in `toml` says of the files written from `raw`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "dataset.toml").write_text(toml, encoding="utf-8")
    for name, text in raw.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    words = settings.read(folder)
    (feed,) = words.feeds.values()
    read = sources.read(Source(engine.connect(), folder, feed, words, Shelf(folder / "shelf"), folder))
    outcome = sources.settled(read, strays.of({feed.table: read.rows}))
    return outcome, pd.read_parquet(folder / f"{feed.table}.parquet")


def rows_of(outcome, rule):
    return int(outcome.accounting.set_index("rule")["rows"].get(rule, 0))


def test_a_row_is_set_aside_for_the_first_rule_it_breaks_and_counted_for_all(tmp_path):
    outcome, good = check(
        tmp_path,
        ORDERS,
        orders="order_id,customer_id,ordered_at,amount,refund\n"
        "1,a,2024-01-01,10,0\n2,,someday,10,-1\n3,b,someday,10,0\n4,c,2024-01-02,ten,0\n5,d,2024-01-03,1,-2\n",
    )
    assert good["order_id"].tolist() == ["1", "4", "5"]
    counts = outcome.accounting.set_index("rule")[["rows", "rows_meeting"]]
    assert counts.loc["customer_id is missing"].tolist() == [1, 1]
    assert counts.loc["ordered_at is not a time"].tolist() == [1, 2]


def test_a_value_that_only_describes_a_row_is_emptied_counted_and_costs_no_row(tmp_path):
    outcome, good = check(
        tmp_path,
        ORDERS,
        orders="order_id,customer_id,ordered_at,amount,refund,paid_at\n"
        "1,a,2024-01-01,10,1,2024-01-01\n2,b,2024-01-02,ten,-1,someday\n3,c,2024-01-03,5,0,N/A\n",
    )
    assert good.set_index("order_id")["amount"].fillna(0).to_dict() == {"1": 10, "2": 0, "3": 5}
    assert good[["refund", "paid_at"]].isna().sum().to_dict() == {"refund": 1, "paid_at": 2}
    emptied = outcome.accounting[outcome.accounting["outcome"] == "emptied"].set_index("rule")["rows"]
    assert emptied.to_dict() == {"amount is not a number": 1, "paid_at is not a time": 1, "refund is below 0": 1}
    assert outcome.quarantine.empty and len(good) == 3


def test_rows_whole_but_for_their_customer_are_guests_told_with_their_money(tmp_path):
    outcome, good = check(
        tmp_path,
        ORDERS,
        orders="order_id,customer_id,ordered_at,amount\n1,a,2024-01-01,10\n2,,2024-01-02,7\n3,,someday,5\n",
    )
    told = outcome.accounting.set_index(["outcome", "rule"])[["rows", "money"]]
    assert told.loc[("guest", "customer_id is missing")].tolist() == [1, 7]
    assert told.loc[("quarantined", "customer_id is missing")].tolist() == [1, 5]
    assert told.loc[("used", "")].tolist() == [1, 10]


def test_the_quarantine_names_file_row_rule_and_value(tmp_path):
    outcome, _ = check(
        tmp_path, ORDERS, orders="order_id,customer_id,ordered_at,amount\n1,a,2024-01-01,5\n2,b,soon,5\n"
    )
    assert outcome.quarantine.to_dict("records") == [
        {"table": "orders", "file": "orders.csv", "file_row": 2, "rule": "ordered_at is not a time", "value": "soon"}
    ]


@pytest.mark.filterwarnings("error::FutureWarning")
def test_rows_that_lack_a_value_stand_beside_lines_that_do_not_split(tmp_path):
    orders = "order_id,customer_id,ordered_at,amount\n1,a,2024-01-01,5\n2,,2024-01-02,7\n3,c,2024-01-03,6,7,8\n"
    outcome, _ = check(tmp_path, ORDERS + "accept_loss = ['customer_id is missing']\n", orders=orders)
    assert outcome.quarantine[rules.VALUE].isna().tolist() == [True, False]


def test_rows_of_one_key_are_merged_counted_and_their_money_counts_once(tmp_path):
    outcome, good = check(
        tmp_path,
        ORDERS,
        orders="order_id,customer_id,ordered_at,amount,channel\n7,a,2024-01-01,5,\n8,a,2024-01-01,5,\n7,a,2024-01-01,5,app\n",
    )
    assert good.sort_values("order_id")[["order_id", "amount", "channel"]].fillna("").to_numpy().tolist() == [
        ["7", 5, "app"],
        ["8", 5, ""],
    ]
    told = outcome.accounting.set_index("outcome")[["rows", "money"]]
    assert told.loc["merged"].tolist() == [1, 5] and told.loc["used"].tolist() == [2, 10]
    assert outcome.quarantine.empty and outcome.keys.empty


@pytest.mark.parametrize("policy, used", [("keep", 3), ("drop", 2)])
def test_equal_rows_of_a_table_without_a_key_follow_the_policy(tmp_path, policy, used):
    toml = f"[policy]\nduplicates = '{policy}'\n[tables.events]\nfile = 'events.csv'\n"
    outcome, good = check(
        tmp_path,
        toml,
        events="customer_id,event,happened_at\na,visit,2024-01-01\na,visit,2024-01-01\nb,visit,2024-01-01\n",
    )
    assert len(good) == used
    assert outcome.accounting["rows_meeting"].iloc[-1] == 1


def test_many_lines_a_customer_are_merged_and_not_called_faulty(tmp_path):
    toml = "[tables.customers]\nfile = 'customers.csv'\nmerge = true\n"
    outcome, good = check(tmp_path, toml, customers="customer_id,city\na,上海\na,北京\nb,上海\n")
    assert good.set_index("customer_id")["city"].to_dict() == {"a": "上海", "b": "上海"}
    assert outcome.accounting.set_index("outcome")["rows"].to_dict() == {"read": 3, "used": 2, "merged": 1}
    assert outcome.quarantine.empty


@pytest.mark.parametrize("policy, used", [("net", 2), ("keep", 2), ("drop", 1)])
def test_cancelled_orders_follow_the_policy(tmp_path, policy, used):
    toml = f"[policy]\ncancellations = '{policy}'\n{ORDERS}"
    outcome, good = check(
        tmp_path,
        toml,
        orders="order_id,customer_id,ordered_at,amount,cancelled\n1,a,2024-01-01,5,yes\n2,a,2024-01-01,5,no\n",
    )
    assert len(good) == used
    assert rows_of(outcome, "cancelled (policy: drop)") == 2 - used


def test_a_rule_of_the_data_set_sets_rows_aside_where_it_is_not_true(tmp_path):
    toml = ORDERS + "[[tables.orders.rules]]\nrule = 'life_status is not normal'\nkeep = \"life_status = 'normal'\"\n"
    outcome, good = check(
        tmp_path,
        toml,
        orders="order_id,customer_id,ordered_at,amount,life_status\n1,a,2024-01-01,5,normal\n2,a,2024-01-01,5,void\n3,a,2024-01-01,5,\n",
    )
    assert good["order_id"].tolist() == ["1"]
    assert rows_of(outcome, "life_status is not normal") == 2


def test_a_column_may_be_an_expression_over_the_file(tmp_path):
    toml = ORDERS + "[tables.orders.columns]\namount = { sql = 'number(qty) * number(price)' }\n"
    _, good = check(tmp_path, toml, orders="order_id,customer_id,ordered_at,Qty,Price\n1,a,2024-01-01,3,2.5\n")
    assert good["amount"].tolist() == [7.5]


def test_an_expression_that_cannot_be_read_is_named(tmp_path):
    toml = ORDERS + "[tables.orders.columns]\namount = { sql = 'qty *' }\n"
    with pytest.raises(ValueError, match=r"^tables\.orders\.columns\.amount\.sql = 'qty \*': not an SQL expression"):
        check(tmp_path, toml, orders="order_id,customer_id,ordered_at,qty\n1,a,2024-01-01,3\n")


def test_a_join_looks_values_up_and_never_multiplies_rows(tmp_path):
    toml = (
        ORDERS + "join = [{ file = 'people.csv', on = 'account' }]\n[tables.orders.columns]\ncustomer_id = 'person'\n"
    )
    outcome, good = check(
        tmp_path,
        toml,
        orders="order_id,account,ordered_at,amount\n1,x,2024-01-01,5\n2,y,2024-01-01,5\n",
        people="account,person\nx,a\nx,b\n",
    )
    assert good[["order_id", "customer_id"]].to_numpy().tolist() == [["1", "a"]]
    assert rows_of(outcome, "customer_id is missing") == 1


def test_missing_required_columns_are_one_error_that_shows_how_to_map_them(tmp_path):
    with pytest.raises(ValueError) as caught:
        check(tmp_path, ORDERS, orders="id,Kunde,amount\n1,a,5\n")
    assert str(caught.value) == (
        "orders: missing order_id, customer_id, ordered_at. Found id, kunde, amount; "
        'map one in dataset.toml, such as [tables.orders.columns] order_id = "id".'
    )


def test_a_file_that_is_not_there_is_an_error_that_lists_what_is(tmp_path):
    with pytest.raises(ValueError, match="tables.orders.file = orders.csv: no such file .* Found bestellungen.csv"):
        check(tmp_path, ORDERS, bestellungen="a\n1\n")


def test_parts_of_one_name_in_several_folders_are_all_read(tmp_path):
    for month in ("2024-01", "2024-02"):
        (tmp_path / month).mkdir()
        (tmp_path / month / "part.csv").write_text(
            f"order_id,customer_id,ordered_at,amount\n{month},a,{month}-03,5\n9,,,\n"
        )
    outcome, good = check(tmp_path, "[tables.orders]\nfile = '*/part.csv'\n")
    assert sorted(good["order_id"]) == ["2024-01", "2024-02"]
    assert sorted(outcome.quarantine["file"]) == ["2024-01/part.csv", "2024-02/part.csv"]


def test_a_source_without_customers_must_say_so(tmp_path):
    outcome, good = check(
        tmp_path, ORDERS + "anonymous = true\n", orders="order_id,ordered_at,amount\n1,2024-01-01,5\n"
    )
    assert len(good) == 1 and "customer_id" not in good


def first_rule(row: tuple[str, ...]) -> str:
    """The first rule of the contract that a row is lost to; none for a sound row."""
    order, customer, at, *_ = row
    broken = {
        "order_id is missing": not order, "customer_id is missing": not customer, "ordered_at is missing": not at,
        "ordered_at is not a time": at == "never",
    }  # fmt: skip
    return next((rule for rule, breaks in broken.items() if breaks), "")


@pytest.mark.parametrize("n", [0, 1, 12, 1200])
def test_rows_read_are_rows_used_and_rows_set_aside_whatever_the_rows(tmp_path, n):
    rng = np.random.default_rng(n)
    values = (["", *map(str, range(60))], ["a", "a", ""], ["2024-01-01", "never", ""], ["5", "x", ""], ["0", "-1", ""])
    rows = [("whole", "a", "2024-01-01", "5", "0"), *zip(*(rng.choice(each, n) for each in values), strict=True)]
    text = "order_id,customer_id,ordered_at,amount,refund\n" + "".join(",".join(row) + "\n" for row in rows)
    lost = ["order_id is missing", "ordered_at is missing", "ordered_at is not a time"]
    unread = ["amount is not a number", "refund is below 0"]
    outcome, good = check(tmp_path, f"{ORDERS}accept_loss = {[*lost, *unread, rules.GUEST]}\n", orders=text)
    sound, aside = [], {}
    for place, row in enumerate(rows, start=1):  # the contract, row by row
        rule = first_rule(row)
        if rule:
            aside[place] = rule
        else:
            sound.append(row[0])
    by_outcome = outcome.accounting.groupby("outcome")["rows"].sum()
    assert sorted(good["order_id"]) == sorted(set(sound)) and by_outcome["used"] == len(good)
    assert (
        by_outcome["read"]
        == n + 1
        == sum(by_outcome.get(outcome, 0) for outcome in ("used", "merged", "quarantined", "guest"))
    )
    assert len(outcome.quarantine) == len(aside)
    assert dict(zip(outcome.quarantine["file_row"], outcome.quarantine["rule"], strict=True)) == aside


def test_files_with_other_headers_feed_one_table_together(tmp_path):
    toml = (
        "[[tables.customers]]\nfile = 'shop.csv'\nattributes = { size = 'Size' }\nrules = [{ rule = 'test', keep = \"id <> '9'\" }]\n"
        "[tables.customers.columns]\ncustomer_id = 'id'\n"
        "[[tables.customers]]\nfile = 'app.csv'\nattributes = { device = 'Device' }\n"
        "[tables.customers.columns]\ncustomer_id = 'user'\njoined_at = 'since'\n"
    )
    outcome, good = check(
        tmp_path,
        toml,
        shop="id,city,size\n1,Köln,M\n9,Bonn,L\n2,,S\n",
        app="user,since,device\n9,2024-01-05,tablet\n1,,phone\n",
    )
    found = good.astype({"joined_at": str}).sort_values("customer_id").fillna("")
    assert found[["customer_id", "joined_at", "size", "device"]].to_numpy().tolist() == [
        ["1", "NaT", "M", "phone"],  # what one file does not say the other does
        ["2", "NaT", "S", ""],
        ["9", "2024-01-05", "", "tablet"],
    ]
    assert outcome.accounting["rows"][0] == 5 and rows_of(outcome, "test") == 1
    assert set(outcome.quarantine["file"]) == {"shop.csv"}


def test_two_sheets_of_one_workbook_feed_one_table(tmp_path):
    head, rows = ["order_id", "customer_id", "ordered_at"], [["1", "a", "2023-05-01"], ["2", "", "2023-05-02"]]
    tmp_path.joinpath("book.xlsx").write_bytes(
        workbook({"2023": [head, *rows], "2024": [head, ["3", "b", "2024-05-01"]]})
    )
    feeds = "".join(f"[[tables.orders]]\nfile = 'book.xlsx'\nsheet = '{sheet}'\n" for sheet in (2023, 2024))
    outcome, good = check(tmp_path, feeds)
    assert sorted(good["order_id"]) == ["1", "3"]
    assert outcome.quarantine["file"].tolist() == ["book.xlsx/2023"]
    with pytest.raises(ValueError, match="tables.orders: two of its feeds read 'book.xlsx/2023'"):
        check(tmp_path, feeds.replace("2024", "2023"))


def test_wide_answers_are_read_as_one_row_an_answer(tmp_path):
    toml = (
        "[tables.surveys]\nfile = 'wide.csv'\nunpivot = { columns = 'q*', name = 'question', value = 'score' }\n"
        "[tables.surveys.columns]\ncustomer_id = 'who'\nanswered_at = 'day'\n"
    )
    outcome, good = check(tmp_path, toml, wide="who,day,q1,q2\na,2024-01-01,5,4\nb,2024-01-02,,x\n")
    assert good[["customer_id", "question", "score"]].to_numpy().tolist() == [["a", "q1", 5], ["a", "q2", 4]]
    assert outcome.accounting["rows"][0] == 3 and rows_of(outcome, "score is not a number") == 1


def test_members_of_an_archive_are_files_of_their_own(tmp_path):
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        for month, line in (("01", "1,a,2024-01-05"), ("02", "2,,2024-02-05")):
            archive.writestr(f"orders_{month}.csv", f"order_id,customer_id,ordered_at\n{line}\n")
        archive.writestr("people.csv", "x\n")
    outcome, good = check(tmp_path, "[tables.orders]\nfile = 'export.zip/orders_*.csv'\n")
    assert good["order_id"].tolist() == ["1"]
    assert outcome.quarantine["file"].tolist() == ["export.zip/orders_02.csv"]


def test_refunds_that_are_all_written_negative_are_money_given_back_all_the_same(tmp_path):
    head = "order_id,customer_id,ordered_at,amount,refund\n"
    _, good = check(
        tmp_path / "a", ORDERS, orders=head + "1,a,2024-01-01,10,-4\n2,b,2024-01-02,5,0\n3,c,2024-01-03,5,(1)\n"
    )
    assert good.sort_values("order_id")["refund"].tolist() == [4, 0, 1]
    outcome, good = check(tmp_path / "b", ORDERS, orders=head + "1,a,2024-01-01,10,-4\n2,b,2024-01-02,5,2\n")
    assert (
        good.sort_values("order_id")["refund"].fillna(-1).tolist() == [-1, 2]
        and rows_of(outcome, "refund is below 0") == 1
    )
