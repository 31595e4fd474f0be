"""What became of rows: a small shop counted by hand, and the demo with its planted faults."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args, get_type_hints

import pandas as pd
import pytest

from answers import words_of
from helpers import language
from helpers.analyses.profiling.records.accounting import row_accounting, rules
from helpers.analyses.profiling.records.vocabulary import RULE_MEANING
from helpers.data.intake.wording.schema import Policy
from helpers.data.synthetic.truth import TRUTH
from helpers.findings.tables import table
from shops import shop, words


def test_every_row_read_has_one_outcome_and_the_identity_is_checked(exported):
    accounting = row_accounting(exported)
    orders = accounting.table.set_index("table").loc["orders"]
    assert orders.to_dict() == {
        "read": 9, "used": 6, "merged": 1, "quarantined": 1, "guest": 1, "later": 0, "unexplained": 0,
    }  # fmt: skip
    told = "Every row is accounted for: 2 of 19 are not used, with €20 of orders."
    assert accounting.balances and str(accounting.headline()) == told
    assert "1 merged with a row of the same key. 1 set aside with a reason. 1 without a customer." in words_of(
        accounting
    )
    assert accounting.summary().columns.tolist() == ["table", "read", "used", "merged", "quarantined", "guest"]


def test_the_rows_of_a_file_are_counted_once_however_many_tables_are_made_of_it(exported):
    once = row_accounting(exported)
    assert once.in_files == 19
    files = exported.files.assign(file="everything.csv", rows=[10, 10])
    told = words_of(row_accounting(replace(exported, files=files)))
    assert "2 tables were made of 10 rows" in told and "19" not in told


def test_a_row_that_went_missing_is_said_aloud(exported):
    broken = exported.accounting.copy()
    broken.loc[(broken["table"] == "orders") & (broken["outcome"] == "used"), "rows"] = 5
    accounting = row_accounting(replace(exported, accounting=broken))
    assert not accounting.balances and "unexplained" in accounting.summary()
    assert "do not add up" in words_of(accounting) and "The orders: 1 too many or too few." in words_of(accounting)


def test_rules_count_the_rows_that_they_concern_the_policies_first(exported):
    table = rules(exported).table
    policies, broken = table.head(4).set_index("rule"), table.iloc[4:].set_index("rule")
    assert policies["rows_concerned"].to_dict() == {
        "cancellations: net": 1, "refunds: net": 1, "negatives: refund": 0, "duplicates: keep": 0,
    }  # fmt: skip
    assert policies["rows_set_aside"].sum() == 0
    assert policies["done_with_rows"].to_list() == [
        "cancellations_net", "refunds_net", "negatives_refund", "duplicates_keep",
    ]  # fmt: skip
    assert broken["rows_set_aside"].to_dict() == {
        "customer_id is missing": 1, "ordered_at is not a time": 1,
    }  # fmt: skip
    assert broken["done_with_rows"].to_list() == ["guest", "broken"]
    assert words_of(rules(exported)).startswith(
        "The most frequent reason to set rows aside: “Ordered at” is not a time (1 in the orders)."
    )


def test_a_figure_and_a_table_of_rules_name_tables_and_columns_in_the_language_spoken(exported):
    found = rules(exported)
    with language.spoken("zh"):
        drawn = [label.get_text().replace("\n", "") for label in found.plot().get_yticklabels()]
        shown = table(found.summary(), found.columns)
    assert {"订单 · 退款的设定", "重复行的设定", "订单 · “下单时间”不是时间"} <= set(drawn)
    assert "<td>“下单时间”不是时间</td><td>订单</td>" in shown and "<td>全部</td>" in shown


def test_rules_and_policies_explain_every_row_set_aside(exported, demo):
    for data in (exported, demo):
        aside = rules(data).table["rows_set_aside"].sum()
        assert aside == row_accounting(data).table[["quarantined", "guest"]].to_numpy().sum() > 0


def test_a_policy_that_drops_rows_counts_them_in_their_tables():
    books = [
        ("orders", "read", "", 9, 9), ("orders", "quarantined", "cancelled (policy: drop)", 3, 4),
        ("orders", "quarantined", "amount is not a number", 2, 2),
    ]  # fmt: skip
    settings = words(policy=Policy(cancellations="drop"))
    orders = {"order_id": ["o1"], "customer_id": ["c1"], "amount": [1.0], "days_ago": [1]}
    found = rules(shop(orders=orders, settings=settings, accounting=books))
    dropped = found.table.set_index("rule").loc["cancellations: drop"]
    assert dropped[["table", "rows_concerned", "rows_set_aside"]].to_list() == ["orders", 4, 3]
    assert found.table["rule"].to_list()[4:] == ["amount is not a number"]
    assert words_of(found).startswith(
        "The most frequent reason to set rows aside: policy on cancellations (3 in the orders)."
    )
    assert "Cancelled rows are set aside: 4 rows." in words_of(found)


@pytest.mark.parametrize(
    ("subject", "policy"),
    [(subject, choice) for subject, kind in get_type_hints(Policy).items() for choice in get_args(kind)],
)
def test_every_policy_has_words(subject, policy):
    assert f"{subject}_{policy}" in RULE_MEANING.words


def test_faults_planted_in_the_demo_are_in_its_accounting(demo):
    planted = pd.Series({fault: rows for fault, rows in TRUTH.faults.items() if fault[0] != "experiments"})
    met = demo.accounting[demo.accounting["outcome"].isin(["quarantined", "guest", "emptied", "merged"])]
    assert met.groupby("table")["rows"].sum().to_dict() == planted.groupby(level=0).sum().to_dict()
