"""Of every poor data set every notebook has a page or a reason: no failure, no warning, no word for a missing number.

`make test` asks a choice, without figures; `tests/long/test_poor_data.py` asks all, with figures.
"""

from __future__ import annotations

import functools
import re
import warnings
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pytest

import poor_shops
from answers import words_of
from helpers.data import datasets
from helpers.findings import Finding, NotApplicable
from pages import NOTEBOOKS, Page, page
from test_findings_of_pages import faults

# One of each kind, of few tables: what a set costs goes with its columns, and 01_profiling asks of each.
CHOSEN = (
    "an arm of one",
    "everybody left on the day they came",
    "headers only",
    "orders in 2262",
)
NOTHING = re.compile(
    r"\b(nan|NaN|NaT|inf|None(?! of))\b|<NA>|–%|\(–|– to|to –"
)  # what a missing number would be written as
LIBRARIES_OWN = "fetch_arrow_table|fetch_record_batch|Glyph .* missing"  # Ibis's names to come; no font has emoji
DAY = "2025-06-30"


def reason(folder: Path, as_of: str | None = None) -> str:
    """Why the data set cannot be opened; empty where it can."""
    try:
        datasets.open(folder, as_of)
    except ValueError as error:
        return str(error)
    return ""


def answers(path: Path, parameters: dict[str, Any]) -> tuple[Page, list[str]]:
    """What a notebook shows of a data set, and what libraries warned of meanwhile."""
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings(record=True) as met:
        warnings.simplefilter("always")
        patch.setattr(datasets, "open", OPEN)
        shown = page(path, parameters, patch)
    told = [f"{each.category.__name__}: {each.message}" for each in met]
    return shown, [warning for warning in told if not re.search(LIBRARIES_OWN, warning)]


OPEN = functools.lru_cache(maxsize=4)(datasets.open)  # a notebook opens what the one before it has opened


def missed(answer: Finding | NotApplicable, figures: bool) -> list[str]:
    """What is wrong with an answer: its sentence, its tables; with `figures` it is shown as a notebook would."""
    told = words_of(answer)
    wrong = [told] if NOTHING.search(told) or not told.endswith((".", "?")) else []
    if isinstance(answer, Finding):
        wrong += faults(answer.table, answer.columns) + faults(answer.summary(), answer.shown or answer.columns)
    if figures:
        answer._repr_mimebundle_()
        plt.close("all")
    return [f"{type(answer).__name__}: {each}" for each in wrong]


def check_every_notebook_has_a_page_or_a_reason(name: str, home: Path, figures: bool) -> None:
    """Asks all seven notebooks of one poor data set."""
    folder = poor_shops.write(poor_shops.POOR[name](), home / "poor")
    why = reason(folder)
    as_of = DAY if why.startswith("as_of: ") else ""
    why = reason(folder, as_of) if as_of else why
    if why:
        assert re.fullmatch(r"[^\n]+: [^\n]+\.", why), why
        return
    parameters = {"dataset": str(folder), "save_to": str(home / "tables"), "as_of": as_of}
    for path in NOTEBOOKS:
        shown, warned = answers(path, parameters)
        wrong = [each for answer in shown.shown if hasattr(answer, "headline") for each in missed(answer, figures)]
        assert (path.stem, wrong, warned) == (path.stem, [], [])


@pytest.mark.parametrize("name", CHOSEN)
def test_every_notebook_has_a_page_or_a_reason(name, tmp_path):
    check_every_notebook_has_a_page_or_a_reason(name, tmp_path, figures=False)


@pytest.mark.parametrize(
    "told", ["It is nan.", "From – to –.", "None left.", "(95% CI – to 3).", "A share of –%.", "No end"]
)
def test_a_missing_number_in_a_sentence_is_caught(told):
    assert missed(NotApplicable(told), figures=False)
