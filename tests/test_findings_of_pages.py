"""Every answer on every page of the demo holds what its columns declare, and every saved table is documented."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from pandas.api import types

from helpers import analyses
from helpers.findings import Column, DeclaredTable, Finding, Kind
from helpers.findings.columns import declared
from pages import NOTEBOOKS, documented, page, saved_tables

NUMERIC = {Kind.COUNT, Kind.NUMBER, Kind.SHARE, Kind.DAYS, Kind.MONEY, Kind.P_VALUE, Kind.LIMIT}
NO_OCCASION = {  # columns that stand in a table only where there is a report before, a silence, other units of time …
    "Kpis": {"since_last_run_rate"},
    "Rates": {"last_run_rate"},
    "RowsOverTime": {"day"},
    "Stays": {"silence_days"},
    "SpeedBy": {"median_hours"},
    # a table of labels has the column of one kind of them, and these kinds are shown without it
    "Crossing": {"stage", "cluster"},
    "Groups": {"benefits", "stage"},
    "Personas": {"tier", "stage", "is_like", "cluster"},
    "Preferences": {"stage", "tier", "cluster"},
    "Stages": {"benefits", "segment", "tier", "cluster"},
}
DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "tables.md"


def declared_tables() -> list[type[DeclaredTable]]:
    """All kinds of findings and saved tables that the analyses have."""
    for module in pkgutil.walk_packages(analyses.__path__, f"{analyses.__name__}."):
        importlib.import_module(module.name)
    kinds, waiting = [], [DeclaredTable]
    while waiting:
        waiting.extend(subclasses := waiting.pop().__subclasses__())
        kinds.extend(kind for kind in subclasses if kind is not Finding and kind.__module__.startswith("helpers."))
    return sorted(set(kinds), key=lambda kind: (kind.__module__, kind.__name__))


def faults(frame: pd.DataFrame, columns: tuple[Column, ...]) -> list[str]:
    """What a table holds that its columns do not declare, by name or by kind."""
    named = [name for name in frame.index.names if name is not None]
    flat = frame.reset_index() if named else frame
    found = []
    for name in flat.columns:
        try:
            column = declared(columns, str(name))
        except LookupError:
            found.append(f"{name} is not declared")
            continue
        if not fits(flat[name], column):
            found.append(f"{name} is no {column.kind}: {flat[name].dropna().head(2).tolist()}")
    return found


def fits(values: pd.Series, column: Column) -> bool:
    """Whether the values that there are are of the column's kind."""
    there = values.dropna()
    if column.kind is Kind.CODE:
        return set(there) <= set(column.words)
    if column.kind is Kind.FLAG:
        return set(there) <= {True, False}
    if column.kind is Kind.DATE:
        return types.is_datetime64_any_dtype(values) or all(hasattr(day, "year") for day in there)
    if column.kind not in NUMERIC:
        return True
    if not all(types.is_number(value) for value in there):
        return False
    numbers = there.astype(float)
    if column.kind is Kind.COUNT:
        return bool((numbers.round() == numbers).all())
    return column.kind is not Kind.P_VALUE or bool(numbers.between(0, 1).all())


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The page of each notebook, run on the demo in order, each reading what those before it saved."""
    tables = tmp_path_factory.mktemp("tables")
    with pytest.MonkeyPatch.context() as patch:
        yield {path.stem: page(path, {"save_to": str(tables)}, patch) for path in NOTEBOOKS}
    plt.close("all")


def test_every_finding_is_frozen_with_its_table_first_and_every_column_in_words():
    kinds = declared_tables()
    assert len(kinds) > 100
    for kind in kinds:
        assert dataclasses.is_dataclass(kind) and kind.__dataclass_params__.frozen, kind
        assert dataclasses.fields(kind)[0].name == "table", kind
        assert kind.columns, f"{kind.__name__} declares no columns"
        assert all(
            isinstance(column, Column) and column.meaning for column in (*kind.columns, *getattr(kind, "shown", ()))
        ), kind


@pytest.mark.parametrize("notebook", [path.stem for path in NOTEBOOKS])
def test_tables_hold_what_their_columns_declare(pages, notebook):
    found = {}
    for place, finding in enumerate(pages[notebook].findings):
        kind = f"{place} {type(finding).__name__}"
        found[kind, "table"] = faults(finding.table, finding.columns)
        found[kind, "summary"] = faults(finding.summary(), finding.shown or finding.columns)
    for name, answer in pages[notebook].saved.items():
        found[name, "saved"] = faults(answer.table, answer.columns)
    assert {what: fault for what, fault in found.items() if fault} == {}


def test_every_finding_says_a_sentence(pages):
    said = {finding.headline() for result in pages.values() for finding in result.findings}
    assert [words for words in said if not words.endswith(".")] == []


def test_every_declared_column_is_met_but_for_those_that_the_demo_has_no_occasion_for(pages):
    met: dict[type, set[str]] = {}
    for finding in (finding for result in pages.values() for finding in result.findings):
        met.setdefault(type(finding), set()).update(map(str, finding.table.reset_index().columns))
    declares = {kind: {str(column) for column in kind.columns if not column.is_pattern} for kind in met}
    absent = {kind.__name__: declares[kind] - met[kind] for kind in met if declares[kind] - met[kind]}
    assert absent == NO_OCCASION


def test_most_findings_are_met_on_the_demo_and_none_fails_to_show_itself(pages):
    met = {type(finding) for result in pages.values() for finding in result.findings}
    findings = [kind for kind in declared_tables() if issubclass(kind, Finding)]
    assert len(met) >= 0.9 * len(findings), sorted(kind.__name__ for kind in set(findings) - met)


def test_the_documentation_of_saved_tables_is_what_they_declare(pages):
    """To renew it: `make docs`."""
    assert DOCUMENT.read_text(encoding="utf-8") == documented(saved_tables(pages.values()))


@pytest.mark.parametrize(
    ("values", "column"),
    [
        ([0.5], Column("n", Kind.COUNT, "n")), (["a"], Column("s", Kind.CODE, "s", words={"b": "B"})), ([2.0], Column("p", Kind.P_VALUE, "p")),
        ([2], Column("f", Kind.FLAG, "f")), (["12%"], Column("r", Kind.SHARE, "r")), (["hello"], Column("d", Kind.DATE, "d")), ([{}], Column("x", Kind.NUMBER, "x")), ([3], Column("d", Kind.DATE, "d")),
    ],
)  # fmt: skip
def test_a_value_of_another_kind_is_caught(values, column):
    assert faults(pd.DataFrame({str(column): values}), (column,))
    assert faults(pd.DataFrame({str(column): [None]}), (column,)) == []


def test_a_column_that_nobody_declared_is_caught():
    assert faults(pd.DataFrame({"phone": ["1"]}), ()) == ["phone is not declared"]
