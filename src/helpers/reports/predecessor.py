"""The report of the same day that stands already: which of its pages a run makes anew, and what stays of the others."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat

from helpers.language import _
from helpers.reports import content, exports, folder, outputs
from helpers.reports.content import Record
from helpers.reports.kernels import Outcome
from helpers.reports.notebooks import Notebook

LIST = "actions"  # the table of which the files of `exports` are made
LEFT = "left"  # in a page's record: the digits of what its run left
FAILED = ".failed"  # of the notebook that was to renew a page, and stopped


@dataclass(frozen=True)
class Kept:
    """A page that stays as it was made: how its notebook had ended, its record, and how making it anew ended."""

    outcome: Outcome
    record: Record
    inputs: str = ""  # of the run that keeps it
    problem: str = ""
    stands: bool = False  # since nothing that decides it changed

    @property
    def note(self) -> str:
        """What a reader of the page should know first, in the language that is spoken; empty where it is as it were."""
        day = str(self.record.get("made_at", ""))[:10] or _("an earlier day")
        if self.problem:
            failed = _("This page is the one made on {day}: making it anew did not succeed.")
            return failed.format(day=day)
        if self.record.get("inputs") != self.inputs:
            return _("This page was made on {day}, from other files than the rest of this report.").format(day=day)
        return ""


@dataclass(frozen=True)
class Predecessor:
    """A finished report in the folder that a run is to fill, and the records of its pages."""

    folder: Path
    pages: Mapping[str, Record]
    languages: tuple[str, ...] = ()
    made_at: str = ""
    past: str = ""  # of the reports of earlier days, beside which it was told

    def standing(self, notebooks: Sequence[Notebook], made_of: Mapping[str, Record]) -> set[str]:
        """The words of pages that are as a run would make them of this, with all that their runs left untouched."""
        return {
            each.word
            for each in notebooks
            if content.stands(page := self.pages.get(each.word, {}), made_of[each.word])
            and "renewal" not in page
            and page.get(LEFT) == outputs.digits(self.folder, each, notebooks)
        }

    def kept(self, word: str, inputs: str, problem: str = "", *, stands: bool = False) -> Kept | None:
        """The page of this word as it is; None where there is none."""
        record = self.pages.get(word, {})
        path = self.folder / outputs.NOTEBOOKS / f"{word}.ipynb"
        if "status" not in record or not path.exists():
            return None
        node = nbformat.read(path, as_version=4)
        ended = Outcome(record["status"], record.get("seconds", 0.0), node, record.get("problem", ""))
        return Kept(ended, record, inputs, problem, stands)

    def check_spoken(self, asked: Collection[str], kept: Collection[str]) -> None:
        """ValueError where pages that stay are in other languages than those `asked` for."""
        if kept and asked and set(asked) != set(self.languages):
            words = _("language = {asked!r}: {kept} stay as they are, in {there}. Run all notebooks to change it.")
            raise ValueError(words.format(asked=",".join(asked), kept=", ".join(kept), there=", ".join(self.languages)))

    def carry(self, draft: Path, kept: Sequence[Notebook], among: Sequence[Notebook]) -> None:
        """Leaves in `draft` what the notebooks `kept`, of those `among` which they ran, left, and files made of it."""
        for notebook in kept:
            for path in outputs.tables(self.folder, notebook, among):
                _copy(path, draft / outputs.TABLES / path.name)
        if LIST in outputs.saved(kept):
            self._carry_exports(draft)

    def restore(self, draft: Path, failed: Collection[Notebook], completed: Iterable[Notebook]) -> None:
        """Puts the tables of pages that stay in place of what the `failed` notebooks left of them."""
        theirs, others = outputs.saved(failed), outputs.saved(completed)
        there = {path.name for path in self._tables()}
        for path in (draft / outputs.TABLES).iterdir():
            if path.stem in theirs and path.name not in there:
                path.unlink()
        for path in self._tables():
            target = draft / outputs.TABLES / path.name
            if path.stem in theirs or (path.stem not in others and not target.exists()):
                _copy(path, target)
        if LIST in theirs:
            self._carry_exports(draft)

    def _carry_exports(self, draft: Path) -> None:
        if (self.folder / exports.FOLDER).is_dir():
            shutil.copytree(self.folder / exports.FOLDER, draft / exports.FOLDER, dirs_exist_ok=True)

    def _tables(self) -> list[Path]:
        return sorted((self.folder / outputs.TABLES).glob("*"))


def of(target: Path) -> Predecessor | None:
    """The report at `target`; None where there is none. ValueError where it does not say what it is made of."""
    if not (path := target / folder.MANIFEST).exists():
        return None
    record = folder.record(target)
    try:
        made_at = str(record.get("started_at", ""))
        whole = {"made_at": made_at, "inputs": content.fingerprint(record.get("inputs", []))}  # once pages had no own
        pages = {word: whole | each for word, each in record["notebooks"].items()}
        return Predecessor(target, pages, tuple(record.get("languages", ())), made_at, str(record.get("past", "")))
    except (ValueError, KeyError, TypeError, AttributeError):
        words = _("{file}: it does not say which pages its report has. Move its folder away, or name another --out.")
        raise ValueError(words.format(file="/".join(path.parts[-3:]))) from None


def anew(
    available: Sequence[Notebook], asked: Iterable[str], there: Collection[str], standing: Collection[str]
) -> list[Notebook]:
    """The notebooks to run so that the pages `asked` are new, and none that stays rests on an older one.

    To those asked come the pages that are `there` already and need them, and what any of these needs, but for pages
    that are `standing` as they would be made now.
    """
    by_word = {notebook.word: notebook for notebook in available}
    wanted: set[str] = set()
    waiting = list(asked)
    while waiting:
        word = waiting.pop()
        if word in wanted:
            continue
        wanted.add(word)
        waiting += [each.word for each in available if word in each.needs and each.word in there]
        waiting += [need for need in by_word[word].needs if need not in standing]
    return [notebook for notebook in available if notebook.word in wanted]


def check_known(before: Predecessor, available: Iterable[Notebook]) -> None:
    """ValueError where the report `before` has a page that no notebook makes any more: it could not be kept whole."""
    known = {notebook.word for notebook in available}
    if lost := [word for word in before.pages if word not in known]:
        words = _(
            "notebooks: the report of {day} has the page {lost} too, which no notebook makes. "
            "Run all, or name another --out."
        )
        raise ValueError(words.format(day=before.folder.name, lost=", ".join(lost)))


def _copy(source: Path, target: Path) -> None:
    """A copy, no link: what is written over it must not change the report that stands."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, target)
