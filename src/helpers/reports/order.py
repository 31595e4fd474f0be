"""What a run was asked for: the data, the notebooks and their parameters, checked, and the draft that it fills."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helpers import language
from helpers.data import datasets, privacy, spans
from helpers.data.datasets import Dataset
from helpers.findings import load
from helpers.language import _
from helpers.reports import folder, monday, publish
from helpers.reports.kernels import Outcome
from helpers.reports.notebooks import Notebook


@dataclass(frozen=True)
class Order:
    """What a run was asked for, checked, and the draft folder that it fills."""

    data: Dataset
    wanted: Sequence[Notebook]
    settings: dict[str, dict[str, Any]]  # a notebook's word → the parameters it is run with
    draft: Path
    editions: Sequence[str] = (language.ENGLISH,)  # the languages of the pages; the first has the report's folder
    earlier: Sequence[Path] = ()  # the folders of the reports of earlier days, the newest first
    started_at: dt.datetime = field(default_factory=lambda: dt.datetime.now(dt.UTC))

    @property
    def notes(self) -> list[str]:
        """What a reader of any page should know first: which facts end long before the report's day."""
        behind = map(str, spans.lags(self.data.spans.values(), self.data.as_of))
        return [_("{sentence}.").format(sentence=f"{said[0].upper()}{said[1:]}") for said in behind]

    def pages(self, outcomes: Mapping[str, Outcome]) -> list[publish.Page]:
        """The report's pages, with what is known of their notebooks so far."""
        return [_page(notebook, outcomes.get(notebook.word)) for notebook in self.wanted]


def common_parameters(data: Dataset, dataset: str, preset: str, target: Path, draft: Path) -> dict[str, str]:
    """The parameters that the run itself fills in, as a kernel in `draft` needs them."""
    return {
        "dataset": _seen_from(draft, dataset),
        "preset": preset,
        "as_of": str(data.as_of),
        "save_to": "tables",
        "previous": _tables_before(target),
        "memory": os.path.relpath(target.parent, draft),
    }


def declared(common: Mapping[str, str], notebook: Notebook) -> dict[str, Any]:
    """Those of the `common` parameters that the notebook has."""
    return {name: value for name, value in common.items() if name in notebook.types}


def check_nothing_is_lost(target: Path, wanted: Sequence[Notebook]) -> None:
    """ValueError where the report at `target` has pages that a run of the notebooks `wanted` would take away."""
    record = target / "manifest.json"
    if not record.exists():
        return
    try:
        there = list(json.loads(record.read_text(encoding="utf-8"))["notebooks"])
    except (ValueError, KeyError, TypeError):
        raise ValueError(
            f"{_shown(record)}: it does not say which pages its report has. Move it away, or name another --out."
        ) from None
    asked = [notebook.word for notebook in wanted]
    lost = [word for word in there if word not in asked]
    if lost:
        raise ValueError(
            f"notebooks = {','.join(asked)!r}: {_shown(target)} has a report with {', '.join(lost)} too, which "
            f"this run would take away. Give it a folder of its own, such as --out reports/{asked[-1]}."
        )


def check_pseudonyms_stay(target: Path) -> None:
    """ValueError where the report before `target` named its customers by another key than this folder's."""
    day = _day_before(target)
    named = load(target.parent / day / "tables", "advocates") if day else None
    if named is None or named.empty or not {"customer_id", "pseudonym"} <= set(named.columns):
        return
    first = named.iloc[0]
    if privacy.KEY_FILE.exists() and privacy.pseudonyms([first["customer_id"]]) == [first["pseudonym"]]:
        return
    raise ValueError(
        f"{privacy.KEY_FILE.name}: the report of {day} named customers by another key than data/prepared has. "
        f"Put that key back there, or delete {_shown(target.parent / day / 'tables/advocates.parquet')} to begin anew."
    )


def _shown(path: Path) -> str:
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative


def _page(notebook: Notebook, outcome: Outcome | None) -> publish.Page:
    if outcome is None:
        return publish.Page(notebook.word, _(notebook.title), _(notebook.name))
    executed = outcome.notebook
    return publish.Page(
        notebook.word, _(notebook.title), _(notebook.name), outcome.status, outcome.problem,
        publish.headlines(executed), publish.answer(executed), tuple(monday.briefs(executed)),
        publish.lacking(executed), publish.sketch(executed),
    )  # fmt: skip


def reports_before(target: Path) -> list[Path]:
    """The folders of the reports of days before that of `target`, the newest first."""
    days = folder.reports(target.parent.parent).get(target.parent.name, [])
    return [target.parent / day for day in sorted(days, reverse=True) if day < target.name]


def _tables_before(target: Path) -> str:
    """The tables of the newest report of an earlier day, as a kernel in the draft finds them; empty without one."""
    day = _day_before(target)
    return f"../{day}/tables" if day else ""


def _day_before(target: Path) -> str:
    """The newest day before `target` that has a report; empty without one."""
    return next((report.name for report in reports_before(target)), "")


def _seen_from(draft: Path, dataset: str) -> str:
    """The data set as a kernel in `draft` finds it, without saying where on this machine the project lies."""
    home = datasets.folder_of(dataset)
    return home.name if home.parent == datasets.RAW.resolve() else os.path.relpath(home, draft)
