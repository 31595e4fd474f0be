"""Every raw row is used or set aside, exactly."""

import numpy as np
import pandas as pd
import pytest

from feeds import ORDERS, check, rows_of
from helpers.data.intake import settlement
from helpers.data.intake.rows import rules


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


def test_rows_that_break_a_rule_stand_in_a_table_of_their_own_where_there_are_any(tmp_path):
    whole = "order_id,customer_id,ordered_at,amount\n1,a,2024-01-01,10\n2,b,2024-01-02,7\n"
    for name, text in (("sound", whole), ("torn", whole + "3,c,someday,5\n")):
        check(tmp_path / name, ORDERS, orders=text)
    assert not list((tmp_path / "sound").rglob(f"*.{settlement.ASIDE}.parquet"))
    (torn,) = (tmp_path / "torn").rglob(f"orders.{settlement.ASIDE}.parquet")
    assert pd.read_parquet(torn)["order_id"].tolist() == ["3"]


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


def test_an_end_that_stands_for_never_says_that_a_contract_runs_and_loses_no_row(tmp_path):
    rows = "".join(
        f"c{at},2023-{at % 12 + 1:02d}-03,{'1970-01-01 08:00:00' if at % 3 else f'2024-{at % 12 + 1:02d}-07'}\n"
        for at in range(30)
    )
    toml = "[tables.subscriptions]\nfile = 'orders.csv'\n"
    outcome, good = check(tmp_path, toml, orders="customer_id,started_at,ended_at\n" + rows)
    assert len(good) == 30 and good["ended_at"].isna().sum() == 20
    assert outcome.accounting.set_index("rule")["rows"].to_dict() == {
        "": 30, "ended_at is 1970-01-01, which stands for no day": 20,
    }  # fmt: skip
