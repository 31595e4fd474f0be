"""Notebooks of the demo say the same on every engine: keys, labels, counts and money are equal, other floats to 1e-9.

Through a door of 2,000 rows at once, and with tables of more than 1,000 taken for large ones. `make test` runs five
notebooks on Sail, which speaks as Spark does, `make test-long` all nine; `make test-postgres` all nine on PostgreSQL, and
`make test-spark` on Spark itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import ibis
import ibis.expr.operations as ops
import numpy as np
import pandas as pd
import pytest
from ibis.backends.duckdb import Backend as Here
from ibis.backends.pyspark import Backend as Spark
from pandas.api import types

from helpers.analyses.profiling.records import column_quality, common_values
from helpers.data import datasets
from helpers.data.engine import door
from helpers.findings import Finding
from pages import NOTEBOOKS, Page, page

DIALECTS = ("postgres", "pyspark", "databricks")  # for which all that notebooks ask compiles; none is left out
LIMITS = ((column_quality, "MANY"), (column_quality, "LARGE"), (common_values, "FIRST_ROWS"))  # else of no demo's table
SHORT = {"segmentation", "value", "journey", "offers", "plan"}
ALL = {path.stem.split("_", 1)[1] for path in NOTEBOOKS}


@pytest.mark.parametrize(
    ("engine", "words"),
    [
        pytest.param("spark", SHORT, id="five notebooks on Sail"),
        pytest.param("spark", ALL, id="all on Sail", marks=pytest.mark.long),
        pytest.param("spark_itself", ALL, id="all on Spark itself", marks=pytest.mark.spark),
        pytest.param("postgres", ALL, id="all on PostgreSQL", marks=pytest.mark.postgres),
    ],
)
def test_notebooks_say_on_another_engine_what_they_say_here(engine, words, request, tmp_path, monkeypatch):
    url = request.getfixturevalue(engine)
    for room, limit in LIMITS:
        monkeypatch.setattr(room, limit, 1_000)
    monkeypatch.setattr(door, "BATCH", 2_000)
    told = {}
    for name, where in (("here", ""), ("there", url)):
        monkeypatch.setenv(datasets.ENGINE, where)
        (tmp_path / name).mkdir()
        told[name] = {path.stem: _page(path, tmp_path / name) for path in NOTEBOOKS if path.stem[3:] in words}
    assert list(differences(told["here"], told["there"])) == []


@pytest.mark.parametrize("words", [{"value", "plan"}, pytest.param(ALL, marks=pytest.mark.long)], ids=["two", "all"])
def test_all_that_notebooks_ask_compiles_elsewhere_and_adds_up_exactly(words, tmp_path, monkeypatch):
    asked, before = [], Here._run_pre_execute_hooks
    monkeypatch.setattr(Here, "_run_pre_execute_hooks", lambda self, sent: [asked.append(sent), before(self, sent)])
    for path in NOTEBOOKS:
        if path.stem[3:] in words:
            _page(path, tmp_path)
    Spark.register_options()
    assert len(asked) > 30
    assert [failed for sent in asked for dialect in DIALECTS if (failed := _uncompiled(sent, dialect))] == []
    assert {each.name for sent in asked for each in _floats_added_by_customer(sent)} == set()


def _floats_added_by_customer(sent: ibis.Expr) -> Iterator[ops.Value]:
    """Sums and means of floats by customer, which differ from run to run: `engine.total` adds up exactly."""
    for sums in sent.op().find(ops.Aggregate):
        if {"customer_id", "place"} & set(sums.groups):
            added = (each for figure in sums.metrics.values() for each in figure.find((ops.Sum, ops.Mean)))
            yield from (each for each in added if not _is_whole(each.arg))


def _is_whole(value: ops.Value) -> bool:
    """Whether a number is whole, if in a float: such numbers add up exactly."""
    match value:
        case ops.Field():
            made_of = value.rel.values.get(value.name, value)
            return not value.dtype.is_floating() if made_of is value else _is_whole(made_of)
        case ops.Literal():
            return float(value.value or 0).is_integer()
        case ops.IfElse():
            return _is_whole(value.true_expr) and _is_whole(value.false_null_expr)
        case ops.Multiply():
            return _is_whole(value.left) and _is_whole(value.right)
        case ops.Cast() if value.to.is_floating():
            return value.arg.dtype.is_integer()
    return not value.dtype.is_floating()


def _uncompiled(sent: ibis.Expr, dialect: str) -> str:
    try:
        ibis.to_sql(sent.unbind(), dialect=dialect)
    except Exception as error:
        return f"{dialect}: {error}"
    return ""


def _page(path: Path, tables: Path) -> Page:
    with pytest.MonkeyPatch.context() as patch:
        return page(path, {"save_to": str(tables)}, patch)


def differences(here: dict[str, Page], there: dict[str, Page]) -> Iterator[str]:
    """What the pages say otherwise, by page and finding."""
    for word, ours in here.items():
        theirs = there[word]
        if [type(each) for each in ours.shown] != [
            type(each) for each in theirs.shown
        ] or ours.saved.keys() != theirs.saved.keys():
            yield f"{word}: other findings"
            continue
        pairs = [
            *zip(ours.shown, theirs.shown, strict=True),
            *((ours.saved[name], theirs.saved[name]) for name in ours.saved),
        ]
        for one, other in pairs:
            where = f"{word}, {type(one).__name__}"
            if isinstance(one, Finding) and str(one.headline()) != str(other.headline()):
                yield f"{where}: {one.headline()} | {other.headline()}"
            if isinstance(table := getattr(one, "table", None), pd.DataFrame):
                yield from (f"{where}: {column}" for column in _unequal(table.reset_index(), other.table.reset_index()))


def _unequal(one: pd.DataFrame, other: pd.DataFrame) -> list[str]:
    """The columns of two tables that are not equal."""
    if list(one.columns) != list(other.columns) or len(one) != len(other):
        return [f"{one.shape} and {other.shape}"]
    return [str(name) for name in one.columns if not _alike(one[name], other[name])]


def _alike(one: pd.Series, other: pd.Series) -> bool:
    if types.is_float_dtype(one) and types.is_float_dtype(other):
        pair = (each.to_numpy(dtype="float64", na_value=np.nan) for each in (one, other))
        return np.allclose(*pair, rtol=1e-9, atol=1e-12, equal_nan=True)
    return one.astype("string").equals(other.astype("string"))


def test_a_number_that_is_off_by_a_millionth_and_another_label_are_told():
    table = pd.DataFrame({"share": [0.5, np.nan], "label": ["a", None], "n": [1, 2]})
    assert _unequal(table, table.copy()) == []
    assert _unequal(table, table.assign(share=[0.5000005, np.nan])) == ["share"]
    assert _unequal(table, table.assign(label=["b", None], n=[1, 3])) == ["label", "n"]
