"""Every measure of a column beside slow pandas, on random data with ties, gaps and empty columns, and by hand."""

from __future__ import annotations

import datetime as dt

import ibis
import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.profiling.records import column_quality
from helpers.analyses.profiling.records.column_quality import QUANTILES, columns, table_columns
from helpers.data import engine
from helpers.data.datasets import Dataset
from shops import shop

YEAR_END = dt.date(2025, 12, 31)

NUMBERS = ("amount", "refund", "visits", "odd", "empty_number")


def stored(frame: pd.DataFrame, nan: bool = False) -> Dataset:
    """The frame in an engine; of `refund` the smallest tenth becomes NaN there, which is no gap, if so asked."""
    rows = engine.from_frame(engine.connect(), frame.astype({"empty_text": "string"}))
    if nan:
        low = rows.refund <= float(frame["refund"].quantile(0.1))
        rows = rows.mutate(refund=low.ifelse(ibis.literal(float("nan")), rows.refund)).cache()
    return shop(as_given=True, orders=rows)


def expected(frame: pd.DataFrame, name: str) -> dict[str, object]:
    filled = frame[name].dropna()
    line = {
        "rows": len(frame),
        "missing": len(frame) - len(filled),
        "distinct": (filled.dt.date if name.endswith("_at") else filled).nunique(),
    }
    if name.endswith("_at"):
        return line | {"earliest": filled.min(), "latest": filled.max()}
    if name in NUMBERS:
        line |= {"lowest": filled.min(), "highest": filled.max()}
        line |= {measure: filled.quantile(share) for measure, share in QUANTILES.items()}
    return line


@pytest.mark.parametrize("many", [0, 10**6], ids=["by value", "at once"])
@pytest.mark.parametrize("n", [1, 21, *(pytest.param(n, marks=pytest.mark.long) for n in (2, 500))])
def test_every_measure_equals_the_one_of_pandas_on_either_path(random_orders, n, many, monkeypatch):
    monkeypatch.setattr(column_quality, "MANY", many)
    frame = random_orders(np.random.default_rng(n), n)
    lines = columns(stored(frame)).table.set_index("column")
    assert list(lines.index) == list(frame)
    measured = ["lowest", *QUANTILES, "highest", "earliest", "latest"]
    for name in frame:
        wanted = expected(frame, name)
        found = lines.loc[name]
        assert found["missing_share"] == pytest.approx(wanted["missing"] / n)
        for measure, value in wanted.items():
            if pd.isna(value):
                assert pd.isna(found[measure]), (name, measure)
            elif isinstance(value, pd.Timestamp):
                assert found[measure] == value, (name, measure)
            else:
                assert found[measure] == pytest.approx(value, rel=1e-12, abs=1e-12), (name, measure)
        assert found[[measure for measure in measured if measure not in wanted]].isna().all(), name


def test_both_paths_say_the_same_of_values_that_are_not_a_number(random_orders, monkeypatch):
    """NaN is a value of the engine's, larger than all others: it counts as filled and as one distinct value."""
    data = stored(random_orders(np.random.default_rng(5), 400), nan=True)
    found = []
    for many in (0, 10**6):
        monkeypatch.setattr(column_quality, "MANY", many)
        found.append(table_columns("orders", data.tables["orders"]))
    pd.testing.assert_frame_equal(*found)
    refund = found[0].set_index("column").loc["refund"]
    assert refund["missing"] == 0 and pd.isna(refund["q95"]) and not pd.isna(refund["median"])


@pytest.mark.parametrize("many", [-1, 10**6], ids=["by value", "at once"])
def test_a_table_without_rows_has_columns_without_values(random_orders, many, monkeypatch):
    monkeypatch.setattr(column_quality, "MANY", many)
    rows = stored(random_orders(np.random.default_rng(1), 5)).tables["orders"]
    lines = table_columns("orders", rows.filter(rows.amount > 1e9))
    assert lines[["rows", "missing", "distinct"]].eq(0).all(axis=None)
    assert lines[["missing_share", "lowest", "median", "earliest"]].isna().all(axis=None)


@pytest.mark.parametrize("many", [0, 10**6], ids=["by value", "at once"])
def test_times_of_another_precision_are_measured_together(many, monkeypatch):
    monkeypatch.setattr(column_quality, "MANY", many)
    times = pd.to_datetime(["2025-01-01", "2025-03-01"])
    rows = ibis.memtable(pd.DataFrame({"customer_id": ["a", "b"], "ordered_at": times, "paid_at": times}))
    lines = table_columns("orders", rows.mutate(paid_at=rows.paid_at.cast("timestamp(6)"))).set_index("column")
    assert lines["latest"][["ordered_at", "paid_at"]].to_list() == [times[1]] * 2


@pytest.mark.parametrize("many", [0, 10**6], ids=["by value", "at once"])
def test_columns_of_a_contract_without_type_have_no_value(many, monkeypatch):
    monkeypatch.setattr(column_quality, "MANY", many)
    rows = ibis.memtable(pd.DataFrame({"customer_id": ["a", "b"]}))
    rows = rows.mutate(birth_year=ibis.null(), joined_at=ibis.null(), city=ibis.null())
    lines = table_columns("customers", rows)
    assert lines["kind"].to_list() == ["id", "integer", "time", "text"]
    assert lines["missing"].to_list() == [0, 2, 2, 2] and lines["distinct"].to_list() == [2, 0, 0, 0]


def test_quantiles_and_distinct_values_equal_those_counted_by_hand(plain_orders):
    lines = columns(shop(as_of=YEAR_END, orders=plain_orders())).table.set_index("column")
    amount = lines.loc["amount"]
    assert amount[["lowest", "q05", "q25", "median", "q75", "q95", "highest"]].to_list() == pytest.approx(
        [1, *np.quantile(np.arange(1, 201), [0.05, 0.25, 0.5, 0.75, 0.95]), 200]
    )
    assert lines["distinct"][["order_id", "customer_id", "ordered_at", "amount", "channel"]].to_list() == [
        200,
        50,
        9,
        200,
        2,
    ]  # times by day: 200 hours are 9 days
    assert (lines.loc["ordered_at", "earliest"], lines.loc["paid_at", "missing"]) == (pd.Timestamp("2025-01-01"), 200)
    assert lines["kind"][["order_id", "amount", "cancelled", "channel"]].to_list() == ["id", "number", "flag", "text"]


def test_of_people_no_extreme_is_shown_and_no_quantile_that_fewer_than_five_lie_beyond(plain_people):
    many, few = (columns(shop(as_of=YEAR_END, customers=plain_people(n))) for n in (100, 99))
    born = [found.table.set_index("column").loc["birth_year"] for found in (many, few)]
    assert pd.isna(born[0]["lowest"]) and pd.isna(born[0]["highest"]) and not pd.isna(born[0]["q05"])
    assert born[1][["q05", "median", "q95"]].isna().all()
    shown = many.of("customers").set_index("column")
    assert shown["range"][["birth_year", "city", "customer_id"]].eq("").all()
    assert shown.loc["joined_at", "range"] == "2025-01-01 to 2025-01-01"
    assert shown.loc["birth_year", "median_with_quartiles"] == "1974.5 (1962 to 1987)"


def test_a_table_of_any_size_is_told_exactly(plain_orders, monkeypatch):
    data = shop(as_of=YEAR_END, orders=plain_orders(2000))
    small = columns(data).table
    for limit in ("MANY", "LARGE"):
        monkeypatch.setattr(column_quality, limit, 100)
        pd.testing.assert_frame_equal(columns(data).table, small)


def test_columns_show_gaps_but_no_range_of_people_and_identifiers(exported):
    quality = columns(exported)
    born = quality.table.set_index("column").loc["birth_year"]
    assert (born["table"], born["missing"], born["missing_share"], born["distinct"]) == ("customers", 1, 0.1, 1)
    people, orders = (quality.of(name).set_index("column")["range"] for name in ("customers", "orders"))
    assert people.drop("joined_at").eq("").all() and people["joined_at"] == "2025-01-01 to 2025-01-10"
    assert (orders["ordered_at"], orders["amount"], orders["order_id"]) == ("2025-01-05 to 2025-06-25", "40 to 200", "")


def test_tables_count_their_columns_with_gaps_and_without_any_value(exported):
    quality = columns(exported)
    orders = quality.summary().set_index("table").loc["orders"]
    assert orders[["rows", "with_gaps", "without_any_value"]].to_list() == [6, 1, 1]
    assert "most values are missing in “Paid at” of the orders: 33.3%." in words_of(quality)
    assert "Without any value:" in words_of(quality) and "“Channel” of the orders" in words_of(quality)


def test_a_page_shows_each_table_under_its_name_with_the_columns_that_have_values(exported):
    customers, orders = (each._repr_mimebundle_()[0]["text/html"] for each in columns(exported).by_table())
    assert "<caption>customers</caption>" in customers and "<caption>orders</caption>" in orders
    assert "Median with quartiles" in orders and "Paid at" in orders and "Channel" not in orders
