"""The production of a report: its notebooks run, their pages are written, and all else that it holds, in a draft."""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import nbformat
import pandas as pd
import pyarrow as pa

from helpers import language
from helpers.data import privacy
from helpers.findings import load, save
from helpers.language import _
from helpers.reports import content, editions, exports, fork_server, machine, outputs, predecessor, records, schedule
from helpers.reports.kernels import Kernels, Outcome
from helpers.reports.notebooks import Notebook
from helpers.reports.order import Order
from helpers.reports.pages import publish
from helpers.reports.predecessor import Predecessor

Tell = Callable[[str, str, float], None]  # hears a notebook's word, its state and the seconds it took


def produce(
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
    del customers, aside
    pa.default_memory_pool().release_unused()  # else it stays with this process until the last page is done
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
