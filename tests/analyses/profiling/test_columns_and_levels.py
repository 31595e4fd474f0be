"""Every measure of a column and every level beside slow pandas, on random data with ties, gaps and empty columns."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import ibis
import numpy as np
import pandas as pd
import pytest

from helpers.analyses.profiling.records import column_quality, common_values
from helpers.analyses.profiling.records.column_quality import QUANTILES, columns, table_columns
from helpers.analyses.profiling.records.common_values import OTHERS, counted_levels, level_texts, levels, shown_levels
from helpers.data import datasets, engine
from helpers.data.intake import settings

NUMBERS = ("amount", "refund", "visits", "odd", "empty_number")


def random_orders(rng: np.random.Generator, n: int) -> pd.DataFrame:
    """Orders with ties, gaps, negative zeros, times within a day, and columns of which no row has a value."""
    amount = rng.choice([0.0, -0.0, 1.5, 2.25, 9.99, 1e6, -7.0], n)
    day = pd.Timestamp("2025-01-01") + pd.to_timedelta(rng.integers(0, 40 * 24, n), unit="h")
    few, many = rng.choice(["app", "web", "小程序"], n, p=[0.9, 0.09, 0.01]), rng.integers(0, 60, n)
    return pd.DataFrame({
        "order_id": [f"o{place}" for place in range(n)],
        "customer_id": pd.Series([f"c{who}" for who in rng.integers(0, n // 2 + 1, n)]).mask(rng.random(n) < 0.1),
        "ordered_at": day, "paid_at": pd.Series(day).mask(rng.random(n) < 0.3),
        "amount": pd.Series(amount).mask(rng.random(n) < 0.2), "refund": rng.normal(size=n).round(3),
        "visits": rng.integers(-3, 4, n), "odd": pd.Series([np.nan] * (n - 1) + [4.0]),
        "cancelled": rng.random(n) < 0.2, "channel": pd.Series(few).mask(rng.random(n) < 0.1),
        "page": [f"page {place}" for place in many], "empty_number": np.full(n, np.nan), "empty_text": None,
    })  # fmt: skip


def dataset(frame: pd.DataFrame, nan: bool = False) -> datasets.Dataset:
    """The frame in an engine; of `refund` the smallest tenth becomes NaN there, which is no gap, if so asked."""
    rows = engine.from_frame(engine.connect(), frame.astype({"empty_text": "string"}))
    if nan:
        low = rows.refund <= float(frame["refund"].quantile(0.1))
        rows = rows.mutate(refund=low.ifelse(ibis.literal(float("nan")), rows.refund)).cache()
    words = settings.Settings("Test", "", "UTC", "EUR", None, "", "", {}, {}, {}, {})
    empty = pd.DataFrame()
    return datasets.Dataset("t", dt.date(2025, 12, 31), words, {"orders": rows}, empty, Path(), (), Path())


def expected(frame: pd.DataFrame, name: str) -> dict[str, object]:
    told = frame[name].dropna()
    line = {
        "rows": len(frame),
        "missing": len(frame) - len(told),
        "distinct": (told.dt.date if name.endswith("_at") else told).nunique(),
    }
    if name.endswith("_at"):
        return line | {"earliest": told.min(), "latest": told.max()}
    if name in NUMBERS:
        line |= {"lowest": told.min(), "highest": told.max()}
        line |= {measure: told.quantile(share) for measure, share in QUANTILES.items()}
    return line


@pytest.mark.parametrize("many", [0, 10**6], ids=["by value", "at once"])
@pytest.mark.parametrize("n", [1, 2, 21, 500])
def test_every_measure_equals_the_one_of_pandas_on_either_path(n, many, monkeypatch):
    monkeypatch.setattr(column_quality, "MANY", many)
    frame = random_orders(np.random.default_rng(n), n)
    lines = columns(dataset(frame)).lines.set_index("column")
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


def test_both_paths_say_the_same_of_values_that_are_not_a_number(monkeypatch):
    """NaN is a value of the engine's, larger than all others: it counts as filled and as one distinct value."""
    data = dataset(random_orders(np.random.default_rng(5), 400), nan=True)
    found = []
    for many in (0, 10**6):
        monkeypatch.setattr(column_quality, "MANY", many)
        found.append(table_columns("orders", data.tables["orders"]))
    pd.testing.assert_frame_equal(*found)
    refund = found[0].set_index("column").loc["refund"]
    assert refund["missing"] == 0 and pd.isna(refund["q95"]) and not pd.isna(refund["median"])


@pytest.mark.parametrize("many", [-1, 10**6], ids=["by value", "at once"])
def test_a_table_without_rows_has_columns_without_values(many, monkeypatch):
    monkeypatch.setattr(column_quality, "MANY", many)
    rows = dataset(random_orders(np.random.default_rng(1), 5)).tables["orders"]
    lines = table_columns("orders", rows.filter(rows.amount > 1e9))
    assert lines[["rows", "missing", "distinct"]].eq(0).all(axis=None)
    assert lines[["missing_share", "lowest", "median", "earliest"]].isna().all(axis=None)


@pytest.mark.parametrize("many", [0, 10**6], ids=["by value", "at once"])
def test_columns_of_a_contract_without_type_have_no_value(many, monkeypatch):
    monkeypatch.setattr(column_quality, "MANY", many)
    rows = ibis.memtable(pd.DataFrame({"customer_id": ["a", "b"]}))
    rows = rows.mutate(birth_year=ibis.null(), joined_at=ibis.null(), city=ibis.null())
    lines = table_columns("customers", rows)
    assert lines["kind"].to_list() == ["id", "integer", "time", "text"]
    assert lines["missing"].to_list() == [0, 2, 2, 2] and lines["distinct"].to_list() == [2, 0, 0, 0]


@pytest.mark.parametrize("first_rows", [1, 30, 10**6])
def test_levels_equal_those_of_pandas_however_many_rows_are_looked_at_first(first_rows, monkeypatch):
    monkeypatch.setattr(common_values, "FIRST_ROWS", first_rows)
    frame = random_orders(np.random.default_rng(8), 3000)
    found = levels(dataset(frame)).lines
    assert set(found["column"]) == {"channel", "page", "cancelled"}
    said = frame.assign(cancelled=frame["cancelled"].map({True: "yes", False: "no"}))
    for name, shown in found.groupby("column"):
        counts = said[name].value_counts()
        order = sorted(counts.index, key=lambda level: (-counts[level], level))[:12]
        wanted = {level: int(counts[level]) for level in order}
        rest = int(counts.sum()) - sum(wanted.values())
        wanted |= {OTHERS: rest} if rest else {}
        assert dict(zip(shown["level"], shown["rows"], strict=True)) == wanted
        assert shown["share"].to_list() == pytest.approx([rows / counts.sum() for rows in wanted.values()])


@pytest.mark.parametrize("seed", range(5))
def test_what_is_shown_does_not_depend_on_the_rows_looked_at_first(seed, monkeypatch):
    """Levels of one to nine customers each, in many rows: those near the limit are shown, or not, either way."""
    rng = np.random.default_rng(seed)
    customers = {f"level {place}": 1 + place % 9 for place in range(30)}
    level = rng.choice(list(customers), 2000)
    frame = random_orders(rng, 2000).assign(
        page=level, customer_id=[f"{name} {rng.integers(customers[name])}" for name in level]
    )
    data = dataset(frame)
    texts = level_texts("orders", data.tables["orders"])
    found = []
    for first_rows in (10, 200, 1000, 10**6):
        monkeypatch.setattr(common_values, "FIRST_ROWS", first_rows)
        found.append(shown_levels(data, "orders", texts))
    for other in found[:-1]:
        pd.testing.assert_frame_equal(other, found[-1])
    named = set(found[-1].query("column == 'page'")["level"]) - {OTHERS}
    assert named and all(customers[name] >= 5 for name in named)


def test_bits_of_the_first_rows_are_among_those_of_all_rows():
    data = dataset(random_orders(np.random.default_rng(2), 1000))
    texts = level_texts("orders", data.tables["orders"])
    some, everyone = (counted_levels(data, "orders", texts, rows) for rows in (100, None))
    pd.testing.assert_frame_equal(some.drop(columns="unit_bits"), everyone.drop(columns="unit_bits"))
    assert (some["unit_bits"] & ~everyone["unit_bits"]).eq(0).all() and (
        some["unit_bits"] < everyone["unit_bits"]
    ).any()
