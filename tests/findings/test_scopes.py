"""An answer says of whom it is told, and so does what is asked of it."""

import importlib
import inspect
import pkgutil
from dataclasses import dataclass, field
from typing import NamedTuple

import pandas as pd
import pytest

from helpers import analyses, language
from helpers.findings import DeclaredTable, Finding, NotApplicable, analysis, if_applicable, say
from helpers.findings.columns import Column, Kind
from helpers.findings.scopes import Scoped, of_whom

ROWS = Column("rows", Kind.COUNT, "how many")


class Some(NamedTuple):
    rule: str
    customers: int
    of: int


@dataclass
class Data:
    subset: Some | None = None


@dataclass(frozen=True)
class Count(Finding):
    table: pd.DataFrame
    inner: DeclaredTable | None = None
    above: object = None
    columns = (ROWS,)

    def headline(self):
        return say("There are rows.")

    def plot(self, ax=None):
        from matplotlib import pyplot as plt

        return ax or plt.subplots()[1]


@dataclass(frozen=True)
class Pair(Scoped):
    parts: Count = field(default_factory=lambda: Count(TABLE))


TABLE = pd.DataFrame({"rows": [3]})
NONE = NotApplicable(say("none."))  # which all share
STORE = Some("channel == 'store'", 12, 30)


@analysis
def counted(data, others=()):
    """How many."""
    return Count(TABLE, inner=Count(TABLE), above=data)


@analysis
def pair(data):
    return Pair()


@analysis
def several(data):
    return [Count(TABLE), NONE]


@analysis
def asked_in_vain(data):
    return NONE


@if_applicable
def after(above):
    return Count(TABLE)


def test_an_answer_about_some_says_so_first_and_one_about_all_does_not():
    shown, _ = counted(Data(STORE))._repr_mimebundle_()
    said = "Only 12 of 30 customers: `channel == 'store'`."
    assert shown["text/plain"].splitlines() == ["There are rows.", said]
    assert "Only 12 of 30 customers: <code>channel == &#x27;store&#x27;</code>." in shown["text/html"]
    whole, _ = counted(Data())._repr_mimebundle_()
    assert "Only" not in whole["text/plain"] + whole["text/html"]
    with language.spoken("zh"):
        assert str(of_whom(STORE)) == "仅含 30 位客户中的 12 位：`channel == 'store'`。"


def test_it_passes_to_answers_inside_and_below_and_to_each_of_several():
    answer = counted(Data(STORE))
    assert answer.subset == answer.inner.subset == after(answer).subset == STORE
    assert counted(Data(), others=[answer]).subset == STORE
    assert pair(Data(STORE)).parts.subset == STORE
    assert several(Data(STORE))[0].subset == STORE


def test_what_an_answer_was_given_and_what_all_share_is_left_alone():
    whole = counted(Data())
    assert counted(whole, Data(STORE)).subset == STORE
    assert whole.subset is None
    assert not hasattr(after(NONE), "subset")
    assert not hasattr(asked_in_vain(Data(STORE)), "subset")


EXPORT = {  # what tells of the export as a whole, or hands on settings and ids
    "accounting_lines", "column_readings", "freshness", "keys", "duplicates", "row_accounting", "rules", "drift", "targets",
    "compared_on", "keep", "kept_model", "segment_plan", "seen", "spent", "guardrails", "attribute_of", "cohort_of",
    "segment_of", "rules_from", "monday_after", "history",
}  # fmt: skip


@pytest.mark.parametrize("word", [each.name for each in pkgutil.iter_modules(analyses.__path__)])
def test_every_answer_that_a_word_hands_on_says_of_whom_it_is(word):
    door = importlib.import_module(f"helpers.analyses.{word}")
    asked = {name: getattr(door, name) for name in door.__all__ if inspect.isfunction(getattr(door, name))}
    assert [name for name, ask in asked.items() if not hasattr(ask, "__wrapped__") and name not in EXPORT] == []
