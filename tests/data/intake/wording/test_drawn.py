"""Contracts of a file that says who had left by a day, and how long each had been there."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.data import datasets
from helpers.data.intake.wording.drawn import dated
from helpers.data.intake.wording.tables import Drawn, Feed, Origin

DAY = "2025-06-30"


def subscriptions(**drawn):
    return Feed(("a.csv",), "subscriptions", columns={"plan": Origin(("Plan",))}, drawn=Drawn(**drawn))


def test_a_tenure_counts_back_from_the_day_and_whoever_had_left_ends_on_it():
    feed = dated(subscriptions(tenure="Tenure", left="Churn", unit="weeks"), DAY)
    assert feed.columns["plan"] == Origin(("Plan",))
    assert feed.columns["started_at"].sql == (
        'CASE WHEN number("tenure") BETWEEN 0 AND 5200 THEN DATE \'2025-06-30\' - INTERVAL 1 WEEK * number("tenure") END'
    )
    assert feed.columns["ended_at"].sql == "CASE WHEN flag(\"churn\") THEN DATE '2025-06-30' END"


def test_texts_of_those_who_left_are_named_where_they_are_no_yes():
    feed = dated(subscriptions(tenure="t", left="s", values=("Gone's", "已流失")), DAY)
    assert feed.columns["ended_at"].sql == "CASE WHEN \"s\" IN ('Gone''s', '已流失') THEN DATE '2025-06-30' END"


def test_other_feeds_stay_as_they_are_and_a_drawn_one_needs_its_day_and_table():
    plain = Feed(("a.csv",), "orders")
    assert dated(plain, "") is plain
    with pytest.raises(ValueError, match=r"tables.subscriptions.drawn: the day .* Write observed_on at the top"):
        dated(subscriptions(tenure="t", left="s"), "")
    with pytest.raises(ValueError, match="tables.orders.drawn: only subscriptions are drawn. Move it there."):
        dated(Feed(("a.csv",), "orders", drawn=Drawn("t", "s")), DAY)


def test_a_file_of_tenures_is_read_and_what_is_no_tenure_is_set_aside(tmp_path):
    lines = ["a,14,是", "b,0,否", "c,-1,否", "d,99999,是", "e,2.5,否", "f,30,"]
    (tmp_path / "people.csv").write_text("\n".join(["客户编号,在网月数,是否流失", *lines]) + "\n", encoding="utf-8")
    (tmp_path / "dataset.toml").write_text(
        f'observed_on = "{DAY}"\n[tables.subscriptions]\nfile = "people.csv"\n[tables.subscriptions.columns]\n'
        'customer_id = "客户编号"\n[tables.subscriptions.drawn]\ntenure = "在网月数"\nleft = "是否流失"\n',
        encoding="utf-8",
    )
    data = datasets.open(tmp_path, prepared=tmp_path / "prepared")
    rows = data.tables["subscriptions"].order_by("customer_id").execute().set_index("customer_id")
    assert rows["started_at"].dt.date.astype(str).to_dict() == {
        "a": "2024-04-30", "b": DAY, "e": "2025-04-15", "f": "2022-12-30"
    }  # fmt: skip
    assert rows["ended_at"].dropna().to_dict() == {"a": pd.Timestamp(DAY)}
    lost = data.accounting[data.accounting["outcome"] == "quarantined"]
    assert lost[["rule", "rows"]].to_numpy().tolist() == [["started_at is missing", 2]]
