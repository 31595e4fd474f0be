"""The run: one data set and one day in; one dated folder of pages, tables and a manifest out."""

from __future__ import annotations

import copy
import datetime as dt
import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd

from helpers import language
from helpers import parameters as checks
from helpers.data import datasets, privacy
from helpers.data.datasets import Dataset
from helpers.findings import load, save
from helpers.language import _
from helpers.reports import (
    content,
    editions,
    exports,
    folder,
    fork_server,
    machine,
    notebooks,
    outputs,
    predecessor,
    records,
    schedule,
)
from helpers.reports.kernels import Kernels, Outcome
from helpers.reports.notebooks import Notebook
from helpers.reports.order import (
    Order,
    check_pseudonyms_stay,
    common_parameters,
    declared,
    reports_before,
)
from helpers.reports.pages import publish
from helpers.reports.past import memory, shelf
from helpers.reports.past.comparison import Comparison
from helpers.reports.predecessor import Predecessor

NOTEBOOKS = datasets.PROJECT / "notebooks"
Tell = Callable[[str, str, float], None]  # hears a notebook's word, its state and the seconds it took
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
        outcomes, problem = _filled(order, before, cell_timeout, tell)
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


def _filled(
    order: Order, before: Predecessor | None, cell_timeout: int | None, tell: Tell
) -> tuple[dict[str, Outcome], str]:
    """The outcomes of all notebooks that ran, once the draft holds everything that makes up the report.

    Beside them why it has no PDF that was asked for; empty where it has.
    """
    (order.draft / outputs.NOTEBOOKS).mkdir()
    if not privacy.KEY_FILE.exists():
        privacy.own_key(privacy.KEY_FILE)  # before any page needs it, since pages are known by it
    _before = order.made_of  # asked for now, since it is kept from then on and compared with what it is in the end
    for edition in order.editions:
        (order.draft / publish.place(edition, order.editions)).mkdir(exist_ok=True)
    press = threading.Lock()  # printing shares one exporter, and Python runs one thread at a time anyway

    def run(notebook: Notebook) -> Outcome:
        tell(notebook.word, "running", 0.0)
        outcome = kernels.run(notebook.node, order.settings[notebook.word])
        with press:
            _print(order, notebook, outcome)
        tell(notebook.word, outcome.status, outcome.seconds)
        return outcome

    at_once = machine.at_once(order.data.size)
    surroundings = order.surroundings | machine.share(at_once)
    for notebook in order.wanted:
        tell(notebook.word, "waiting", 0.0)
    with (
        Kernels(order.draft, cell_timeout, order.editions, surroundings, _shared(order.wanted)) as kernels,
        ThreadPoolExecutor(1) as clerk,
    ):
        inputs = clerk.submit(_recorded, order)
        outcomes = schedule.outcomes(order.wanted, run, kernels.kill, at_once)
        for notebook in order.wanted:
            if outcomes[notebook.word].status == "skipped":
                _print(order, notebook, outcomes[notebook.word])
                tell(notebook.word, "skipped", 0.0)
        found = inputs.result()
        if before:
            _keep_good(order, before, outcomes, content.fingerprint(found))
        for notebook in order.listed:
            if notebook.word in order.kept:
                _print(order, notebook, order.kept[notebook.word].outcome)
        if not order.data.settings.lists:
            records.withhold_lists(order.draft / outputs.TABLES)
        problem = editions.conclude(order, outcomes, found)
    _export(order)
    return outcomes, problem


def _shared(wanted: Sequence[Notebook]) -> list[str]:
    """What kernels of these notebooks import of the package; nothing for a single one, which shares it with none."""
    cells = [cell.source for notebook in wanted for cell in notebook.node.cells if cell.cell_type == "code"]
    return fork_server.imported(cells) if len(wanted) > 1 else []


def _keep_good(order: Order, before: Predecessor, outcomes: Mapping[str, Outcome], of_now: str) -> None:
    """Lets pages of the report `before` stand whose renewal did not succeed; what it came to stays as a notebook."""
    failed = []
    for notebook in order.wanted:
        outcome = outcomes[notebook.word]
        good = None if outcome.status == "completed" else before.kept(notebook.word, of_now, outcome.problem)
        if good and good.outcome.status == "completed":
            made = order.draft / outputs.NOTEBOOKS / f"{notebook.word}.ipynb"
            made.rename(made.with_suffix(f"{predecessor.FAILED}.ipynb"))
            order.kept[notebook.word] = good
            failed.append(notebook)
    if failed:
        completed = [each for each in order.wanted if outcomes[each.word].status == "completed"]
        before.restore(order.draft, failed, completed)


def _export(order: Order) -> None:
    """Leaves the list of the plan in the draft as the files that the settings name."""
    actions = load(order.draft / outputs.TABLES, "actions")
    if actions is not None and order.data.settings.plan.export:
        plan = order.data.settings.plan
        exports.write(actions, plan, order.draft / exports.FOLDER, plan.export)


def _recorded(order: Order) -> list[dict[str, Any]]:
    """The inputs by content; leaves the snapshot and the quarantine among the draft's tables."""
    aside = pd.read_parquet(order.data.quarantine_path)
    customers = copy.copy(order.data).customers  # of a copy, which keeps nothing: kernels need the memory
    save(records.snapshot(customers, order.data.settings.smallest_group), order.draft / outputs.TABLES, "snapshot")
    save(records.quarantine(aside), order.draft / outputs.TABLES, "quarantine")
    return content.inputs(order.data.inputs)


def _print(order: Order, notebook: Notebook, outcome: Outcome) -> None:
    """Leaves the notebook as it was run, and its page in each edition, in the draft."""
    nbformat.write(outcome.notebook, order.draft / outputs.NOTEBOOKS / f"{notebook.word}.ipynb")
    for edition in order.editions:
        with language.spoken(edition), language.calling(order.own_words):
            html = publish.page(
                outcome.notebook,
                title=_(notebook.title),
                dataset=order.data.title,
                as_of=order.data.as_of,
                pages=order.pages({}),
                notes=order.notes_of(notebook.word),
                tables=editions.tables(order),
                editions=order.editions,
            )
        editions.folder_of(order, edition).joinpath(f"{notebook.word}.html").write_text(html, encoding="utf-8")
