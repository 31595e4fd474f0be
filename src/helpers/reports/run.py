"""The run: one data set and one day in; one dated folder of pages, tables and a manifest out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from helpers import parameters as checks
from helpers.data import datasets
from helpers.data.datasets import Dataset
from helpers.language import _
from helpers.reports import content, exports, folder, notebooks, predecessor
from helpers.reports.kernels import Outcome
from helpers.reports.notebooks import Notebook
from helpers.reports.order import Order, check_pseudonyms_stay, common_parameters, declared, reports_before
from helpers.reports.past import memory, shelf
from helpers.reports.past.comparison import Comparison
from helpers.reports.predecessor import Predecessor
from helpers.reports.production import Tell, produce

NOTEBOOKS = datasets.PROJECT / "notebooks"
Begin = Callable[[Order], None]  # hears what will be read, run and kept, before a kernel starts


@dataclass(frozen=True)
class Run:
    """A finished run: where its report is, how each notebook ended, and the data that it is about."""

    folder: Path
    outcomes: dict[str, Outcome]  # of the notebooks that ran
    data: Dataset
    kept: Sequence[str] = ()  # words of pages that stay as an earlier run of the day made them
    replaced: str = ""  # when the report that stood there was made; empty without one
    skipped: bool = False  # nothing ran, since that report is as it would be made now
    taken_over: Mapping[str, str] = field(
        default_factory=dict
    )  # a kept page's word → when it was made, where it stands
    problem: str = ""  # why there is no PDF that was asked for, in a sentence

    @property
    def completed(self) -> bool:
        """Whether every notebook ran to its end."""
        return all(outcome.status == "completed" for outcome in self.outcomes.values())


def report(
    dataset: str,
    as_of: str | dt.date | None = None,
    *,
    preset: str = "",
    names: Iterable[str] = (),
    parameters: Mapping[str, Any] | None = None,
    languages: Sequence[str] = (),
    out: Path = Path("reports"),
    cell_timeout: int | None = None,
    if_changed: bool = False,
    fresh: bool = False,
    pdf: bool = False,
    tell: Tell = lambda word, state, seconds: None,
    begin: Begin = lambda order: None,
    renew: Callable[[], None] = lambda: None,
    source: Path = NOTEBOOKS,
) -> Run:
    """The run of the notebooks `names` (all for none) over `dataset`, published as `out`/<dataset>/<as_of>/.

    `parameters` win over those in dataset.toml, which win over the notebooks' own. All of them and the data, which
    `renew` brings up to date, are checked first: ValueError, before a kernel starts, for whatever the caller can mend.
    The pages are in `languages`, else in those of the data set: the first in the report's folder, others in folders of
    their own within it. A notebook that fails, or has a cell that takes more than `cell_timeout` seconds, leaves the
    page it came to; those that need it are skipped, the others finish. Where the day has a report, pages of it that are
    as they would be made now are taken over, unless all are to be made `fresh`. A run of some notebooks renews their
    pages and those that need them and keeps the others; a page whose renewal fails stays. With `if_changed` nothing is
    written where all stand already. With `pdf` each edition is printed too. Raises ValueError, and publishes nothing,
    where the data changed meanwhile.
    """
    given, names = dict(parameters or {}), tuple(names)
    available, asked = checked(source, names, given)  # a slip of the pen is told before the data are read
    renew()
    moment = datasets.fingerprint(dataset, preset)
    data = datasets.open(dataset, as_of=checks.date("as_of", as_of), preset=preset)
    notebooks.check_words(data.settings.notebooks, available)
    notebooks.settled(asked, data.settings.notebooks, given)
    target = Path(out).resolve() / data.name / str(data.as_of)
    check_pseudonyms_stay(target)
    draft = folder.draft_of(target)

    def ordered(before: Predecessor | None) -> Order:
        among = available if before and names else asked
        own = notebooks.settled(among, data.settings.notebooks, given)
        common = common_parameters(data, dataset, preset, target, draft)
        settings = {each.word: declared(common, each, target) | own[each.word] for each in among}
        there = before.languages if before and names else ()
        spoken = tuple(languages) or there or data.languages
        return Order(data, asked, settings, draft, spoken, reports_before(target), listed=among, pdf=pdf)

    before = predecessor.of(target)
    of_now = content.fingerprint(content.inputs(data.inputs)) if before else ""
    if if_changed and before and _is_met(ordered(before), before, of_now, target):
        return Run(target, {}, data, tuple(before.pages), before.made_at, skipped=True)
    with folder.building(target):
        before = predecessor.of(target)  # again, since another run may have ended meanwhile
        order = ordered(before)
        if before and (names or not fresh):
            standing = set() if fresh else order.standing(before, of_now)
            chosen = notebooks.words(available, names) if names else set(order.settings) - standing
            order = _renewing(order, before, chosen, standing, of_now)
            if names:
                predecessor.check_known(before, available)
                before.check_spoken(languages, order.kept)
        begin(order)
        outcomes, problem = produce(order, before, cell_timeout, tell)
        _check_still(dataset, preset, moment, data)
    with folder.alone(Path(out)):
        memory.remember(target)
        folder.link_latest(target.parent)
        shelf.write(Path(out), order.editions[0])
    made_at = before.made_at if before else ""
    return Run(target, outcomes, data, tuple(order.kept), made_at, taken_over=order.taken_over, problem=problem)


def checked(source: Path, names: Iterable[str], parameters: Mapping[str, Any]) -> tuple[list[Notebook], list[Notebook]]:
    """All notebooks, and those that `names` ask for (all for none); ValueError for a wrong name or parameter."""
    available = notebooks.discover(source)
    asked = notebooks.chosen(available, names)
    notebooks.settled(asked, {}, parameters)
    return available, asked


def _renewing(order: Order, before: Predecessor, asked: Iterable[str], standing: Collection[str], of_now: str) -> Order:
    """The order for a report that is there already: what is asked is run, and what hangs on it; the others stay."""
    wanted = predecessor.anew(order.listed, asked, before.pages, standing)
    words = {notebook.word for notebook in wanted}
    kept = {
        each.word: page
        for each in order.listed
        if each.word not in words and (page := before.kept(each.word, of_now, stands=each.word in standing))
    }
    before.carry(order.draft, [each for each in order.listed if each.word in kept], order.listed)
    listed = [each for each in order.listed if each.word in words or each.word in kept]
    spoken = before.languages or order.editions
    return replace(order, wanted=wanted, kept=kept, listed=listed, editions=spoken if kept else order.editions)


def _is_met(order: Order, before: Predecessor, of_now: str, target: Path) -> bool:
    """Whether the report at `target` is whole, and as the order would have it."""
    has_all = not order.pdf or exports.has_pdf(target)
    return has_all and Comparison(order).past == before.past and order.is_met_by(before, of_now)


def _check_still(dataset: str, preset: str, moment: str, data: Dataset) -> None:
    """ValueError where the data set is not as it was when the run began: its pages could tell of two."""
    if datasets.fingerprint(dataset, preset) != moment:
        words = _("data set = {name!r}: its files changed while the report was made. Run it again.")
        raise ValueError(words.format(name=data.name))
