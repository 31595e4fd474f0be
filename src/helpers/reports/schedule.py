"""The order of the notebooks: side by side, each after those it needs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue

from nbformat.v4 import new_markdown_cell, new_notebook

from helpers.reports.kernels import Outcome
from helpers.reports.notebooks import Notebook


def outcomes(
    notebooks: Sequence[Notebook], run: Callable[[Notebook], Outcome], stop: Callable[[], None], at_once: int
) -> dict[str, Outcome]:
    """How each notebook ended, by word and in the order given; `at_once` many run beside each other at most.

    A notebook starts when those it needs have completed and is skipped when one of them has not; needed ones that are
    not given stand already. `run` is called from threads; an exception in it, or Ctrl-C here, calls `stop`, waits for
    what is under way, and is raised again.
    """
    ended: dict[str, Outcome] = {}
    waiting = list(notebooks)
    words = {notebook.word for notebook in notebooks}
    running: dict[Future[Outcome], Notebook] = {}
    done: SimpleQueue[Future[Outcome]] = SimpleQueue()  # unlike a condition it can be interrupted at any moment
    with ThreadPoolExecutor(max(1, min(at_once, len(notebooks)))) as pool:
        try:
            while len(ended) < len(notebooks):
                for notebook in [each for each in waiting if words & set(each.needs) <= ended.keys()]:
                    waiting.remove(notebook)
                    missing = [need for need in notebook.needs if need in words and ended[need].status != "completed"]
                    if missing:
                        ended[notebook.word] = skipped(notebook, missing)
                    else:
                        future = pool.submit(run, notebook)
                        running[future] = notebook
                        future.add_done_callback(done.put)
                if running:
                    future = done.get()
                    ended[running.pop(future).word] = future.result()
        except BaseException:
            stop()
            pool.shutdown(cancel_futures=True)
            raise
    return {notebook.word: ended[notebook.word] for notebook in notebooks}


def skipped(notebook: Notebook, missing: list[str]) -> Outcome:
    """The outcome of a notebook that was not run because those it needs did not complete."""
    problem = f"needs {', '.join(missing)}, which did not complete"
    page = new_notebook(cells=[new_markdown_cell(f"# {notebook.title}"), new_markdown_cell(f"Skipped: {problem}.")])
    return Outcome("skipped", 0.0, page, problem)
