"""What a run was asked for: the data, the notebooks and their parameters, checked, and the draft that it fills."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from helpers import language
from helpers.data import datasets, privacy, spans
from helpers.data.datasets import Dataset
from helpers.data.intake.wording import callings
from helpers.data.intake.wording.addresses import PASSWORD
from helpers.findings import folding, load
from helpers.language import _
from helpers.reports import content, dependencies, folder
from helpers.reports.kernels import Outcome
from helpers.reports.notebooks import Notebook
from helpers.reports.pages import excerpts, monday, publish
from helpers.reports.predecessor import Kept, Predecessor


@dataclass(frozen=True)
class Order:
    """What a run was asked for, checked, and the draft folder that it fills."""

    data: Dataset
    wanted: Sequence[Notebook]
    settings: dict[str, dict[str, Any]]  # a notebook's word → the parameters it is run with
    draft: Path
    editions: Sequence[str] = (language.ENGLISH,)  # the languages of the pages; the first has the report's folder
    earlier: Sequence[Path] = ()  # the folders of the reports of earlier days, the newest first
    kept: dict[str, Kept] = field(default_factory=dict)  # pages that stay as they are; a failed renewal adds its own
    listed: Sequence[Notebook] = ()  # all notebooks that have a page in the report
    pdf: bool = False  # whether each edition is printed too
    started_at: dt.datetime = field(default_factory=lambda: dt.datetime.now(dt.UTC))

    @property
    def notes(self) -> list[str]:
        """What a reader of any page should know first: which facts end long before the report's day."""
        behind = map(str, spans.lags(self.data.spans.values(), self.data.as_of))
        return [_("{sentence}.").format(sentence=f"{said[0].upper()}{said[1:]}") for said in behind]

    @property
    def surroundings(self) -> dict[str, str]:
        """What of the data set's settings kernels learn from their environment, in which no password is left."""
        own = json.dumps(self.own_words, ensure_ascii=False)
        return {folding.VARIABLE: str(self.data.settings.smallest_group), language.OWN: own, PASSWORD: ""}

    @property
    def own_words(self) -> language.Words:
        """What the data set calls things, but for the end of contracts where leaving is asked to be silence."""
        words = self.data.settings.own_words
        by_silence = self.settings.get("churn", {}).get("definition") == "silence"
        return callings.without_ends(words) if by_silence else words

    @cached_property
    def made_of(self) -> dict[str, dict[str, Any]]:
        """What decides each page but for the inputs, as it is when it is first asked for."""
        source, of_all = content.code(), dependencies.of_all(self.data, self.editions, self.surroundings)
        return {
            each.word: {
                "parameters": dict(given := self.settings[each.word]),
                "source": content.digest(source, each.title, each.name, each.needs, _cells(each)),
                "beside": of_all | dependencies.of_earlier(given, self.draft, str(self.data.as_of)),
            }
            for each in self.listed
        }

    @property
    def taken_over(self) -> dict[str, str]:
        """When each page was made that stays since nothing that decides it changed."""
        return {word: str(kept.record.get("made_at", "")) for word, kept in self.kept.items() if kept.stands}

    def is_met_by(self, standing: Predecessor, of_now: str) -> bool:
        """Whether the `standing` report has every page, made as it would be made now of inputs with a fingerprint."""
        return {each.word for each in self.wanted} <= self.standing(standing, of_now)

    def standing(self, before: Predecessor, of_now: str) -> set[str]:
        """The words of pages of the report `before` that are as they would be made now, whole and untouched."""
        now = {word: {"inputs": of_now, **made_of} for word, made_of in self.made_of.items()}
        return before.standing(self.listed, now)

    def notes_of(self, word: str) -> list[str]:
        """What a reader of this page should know first."""
        kept = self.kept[word].note if word in self.kept else ""
        return [*filter(None, [kept]), *self.notes]

    def pages(self, outcomes: Mapping[str, Outcome]) -> list[publish.Page]:
        """The report's pages, with what is known of their notebooks so far."""
        return [_page(notebook, outcomes.get(notebook.word), self.kept.get(notebook.word)) for notebook in self.listed]


def _cells(notebook: Notebook) -> list[tuple[str, str, list[str]]]:
    """What of a notebook's cells decides its page: their kind, text and tags."""
    return [(cell.cell_type, cell.source, list(cell.metadata.get("tags", ()))) for cell in notebook.node.cells]


def common_parameters(data: Dataset, dataset: str, preset: str, target: Path, draft: Path) -> dict[str, str]:
    """The parameters that the run itself fills in, as a kernel in `draft` needs them."""
    return {
        "dataset": _seen_from(draft, dataset),
        "preset": preset,
        "as_of": str(data.as_of),
        "save_to": "tables",
        "memory": os.path.relpath(target.parent, draft),
    }


def declared(common: Mapping[str, str], notebook: Notebook, target: Path) -> dict[str, Any]:
    """Those of the `common` parameters that the notebook has, and the tables of its newest page before `target`."""
    given = {**common, "previous": _tables_before(target, notebook.word)}
    return {name: value for name, value in given.items() if name in notebook.types}


def check_pseudonyms_stay(target: Path) -> None:
    """ValueError where the report before `target` named its customers by another key than this folder's."""
    for report in reports_before(target):
        named = load(report / "tables", "advocates")
        if named is not None and not named.empty and {"customer_id", "pseudonym"} <= set(named.columns):
            break
    else:
        return
    first = named.iloc[0]
    if privacy.KEY_FILE.exists() and privacy.pseudonyms([first["customer_id"]]) == [first["pseudonym"]]:
        return
    raise ValueError(
        f"{privacy.KEY_FILE.name}: the report of {report.name} named customers by another key than data/prepared has. "
        f"Put that key back there, or delete {_shown(report / 'tables/advocates.parquet')} to begin anew."
    )


def _shown(path: Path) -> str:
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative


def _page(notebook: Notebook, outcome: Outcome | None, kept: Kept | None) -> publish.Page:
    outcome = kept.outcome if kept else outcome
    if outcome is None:
        return publish.Page(notebook.word, _(notebook.title), _(notebook.name))
    executed = outcome.notebook
    return publish.Page(
        notebook.word, _(notebook.title), _(notebook.name), outcome.status, outcome.problem,
        publish.headlines(executed), publish.answer(executed), tuple(monday.briefs(executed)),
        publish.lacking(executed), publish.sketch(executed), kept.note if kept else "",
        excerpts.of(executed, notebook.word),
    )  # fmt: skip


def reports_before(target: Path) -> list[Path]:
    """The folders of the reports of days before that of `target`, the newest first."""
    days = folder.reports(target.parent.parent).get(target.parent.name, [])
    return [target.parent / day for day in sorted(days, reverse=True) if day < target.name]


def _tables_before(target: Path, word: str) -> str:
    """The tables of the newest report of an earlier day whose page `word` was made; empty without one.

    They are told as a kernel in the draft finds them. A report without that page breaks no chain of models.
    """
    made = (report for report in reports_before(target) if was_made(report, word))
    return next((f"../{report.name}/tables" for report in made), "")


def was_made(report: Path, word: str) -> bool:
    """Whether the notebook `word` came to its end in a report; one without a record is taken to have all."""
    pages = folder.record(report).get("notebooks")
    return not isinstance(pages, dict) or pages.get(word, {}).get("status") == "completed"


def _seen_from(draft: Path, dataset: str) -> str:
    """The data set as a kernel in `draft` finds it, without saying where on this machine the project lies."""
    home = datasets.folder_of(dataset)
    return home.name if home.parent == datasets.RAW.resolve() else os.path.relpath(home, draft)
