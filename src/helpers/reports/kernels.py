"""Kernels of this interpreter, one a notebook: each notebook is run to its end, and how it ended is said."""

from __future__ import annotations

import asyncio
import copy
import itertools
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import papermill
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbclient.util import run_sync
from nbformat import NotebookNode
from nbformat.v4 import new_output
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, NotebookExecutionManager, papermill_engines
from papermill.execute import remove_error_markers
from traitlets import Dict, List, Unicode

from helpers import language
from helpers.reports import fork_server, sockets
from helpers.reports.fork_server import ForkServer

ENGINE = "kehu"
ENDINGS = {"DeadKernelError": "killed", "CellTimeoutError": "timed out"}  # any other error: "failed"
START_SECONDS = 600  # for a kernel to answer: on a machine with much else to do, its imports alone take minutes
USUAL = {  # of kernels' environment, unless this process has it otherwise
    "OPENBLAS_NUM_THREADS": "1",  # notebooks run side by side already
    "MKL_NUM_THREADS": "1",
    "PANDAS_COPY_ON_WRITE": "1",  # as in pandas 3: tables of millions of customers are not copied to be renamed
    # What a kernel no longer needs others get: left to themselves the allocators kept a third of what they ever had.
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": "4194304",  # lower ones give back sooner, and take twice the time to reckon with arrays
    "MALLOC_TRIM_THRESHOLD_": "16777216",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
}

_log = logging.getLogger(__name__)
_log.addHandler(logging.NullHandler())  # what goes wrong is told through Outcome, not on stderr


@dataclass(frozen=True)
class Outcome:
    """How a notebook ended: "completed", "failed", "killed", "timed out" or "skipped", and why in one sentence."""

    status: str
    seconds: float
    notebook: NotebookNode
    problem: str = ""


class Kernels:
    """Runs notebooks in kernels of this interpreter; on leaving, no kernel and no socket is left behind.

    `cwd` is the kernels' working directory; they show their answers in each of the languages `editions` and
    have `surroundings` in their environment. Kernels share the import of `modules`, where there are any. A cell that
    runs longer than `timeout_seconds` ends its notebook; None lets cells run for ever. `run` may be called from several
    threads at once.
    """

    def __init__(
        self,
        cwd: Path,
        timeout_seconds: int | None = None,
        editions: Sequence[str] = ("en",),
        surroundings: Mapping[str, str] | None = None,
        modules: Sequence[str] = (),
    ) -> None:
        self.cwd = cwd
        # A lab around the run may speak another language.
        spoken = {language.SPOKEN: language.ENGLISH, language.EDITIONS: ",".join(editions)}
        self.surroundings = spoken | dict(surroundings or {})
        self.timeout_seconds = timeout_seconds
        self.modules = modules
        self.closed = False
        self._fork_server: ForkServer | None = None
        self._left = ExitStack()  # what goes with the last kernel
        self._managers: list[AsyncKernelManager] = []
        self._numbers = itertools.count()  # whose next is another for each thread

    def __enter__(self) -> Kernels:
        papermill_engines.register(ENGINE, _EngineHere)
        self._sockets = self._left.enter_context(sockets.folder())
        if self.modules and fork_server.IS_HERE:
            self._fork_server = ForkServer(self._sockets, self.modules, self._environment)
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        if self._fork_server:
            self._fork_server.close()
        self._left.close()

    def kill(self) -> None:
        """Ends every kernel at once; notebooks under way end as "killed"."""
        self.closed = True
        for manager in self._managers:
            process = getattr(manager.provisioner, "process", None)
            if process is not None:
                process.kill()

    def run(self, notebook: NotebookNode, parameters: dict[str, Any]) -> Outcome:
        """The outcome of `notebook` run with `parameters`, with all cells up to the one that failed."""
        started = time.monotonic()
        executed: list[NotebookNode] = []  # papermill hands the notebook over only when nothing failed
        problem, status = "", "completed"
        try:
            papermill.execute_notebook(
                notebook,
                None,
                parameters,
                engine_name=ENGINE,
                request_save_on_cell_execute=False,
                kernel_name="python3",
                language="python",
                progress_bar=False,
                start_timeout=START_SECONDS,
                kernels=self,
                executed=executed,
            )
        except papermill.PapermillExecutionError as error:
            status = ENDINGS.get(error.ename, "failed")
            problem = f"{_place(executed[-1])}: {_sentence(error)}"
        except RuntimeError as error:  # nbclient: the kernel died before it could answer
            status, problem = "killed", f"its kernel did not start: {error}"
        result = remove_error_markers(executed[-1] if executed else copy.deepcopy(notebook))
        return Outcome(status, time.monotonic() - started, result, problem)

    def new_manager(self) -> AsyncKernelManager:
        """A manager of one new kernel that speaks over Unix sockets."""
        stem = self._sockets / str(next(self._numbers))
        manager = AsyncKernelManager(
            kernel_name="python3",
            kernel_spec_manager=_SpecHere(command=self._command, environment=self._environment),
            transport="ipc",
            ip=str(stem),
            connection_file=f"{stem}.json",
        )
        self._managers.append(manager)
        return manager

    @property
    def _command(self) -> list[str]:
        return self._fork_server.command if self._fork_server else [sys.executable, "-m", "ipykernel_launcher"]

    @property
    def _environment(self) -> dict[str, str]:
        return {name: os.environ.get(name, usual) for name, usual in USUAL.items()} | self.surroundings


class _SpecHere(KernelSpecManager):
    """Knows one kernel: this interpreter. A kernelspec installed elsewhere on the machine is never asked for."""

    command = List(Unicode())
    environment = Dict()

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        command = [*self.command, "-f", "{connection_file}"]
        return KernelSpec(argv=command, display_name="Python 3", language="python", env=self.environment)


class _EngineHere(Engine):
    """papermill's door to `Kernels`."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        *,
        kernels: Kernels,
        executed: list[NotebookNode],
        start_timeout: int,
        **_: object,
    ) -> None:
        executed.append(nb_man.nb)
        client = _Client(
            nb_man,
            km=kernels.new_manager(),
            kernel_name=kernel_name,
            timeout=kernels.timeout_seconds,
            startup_timeout=start_timeout,
            log=_log,
        )
        client.run_in(kernels)


class _Client(PapermillNotebookClient):
    """A client that turns a dead kernel and a timeout into an error of the cell they happened in."""

    def run_in(self, kernels: Kernels) -> None:
        with self.setup_kernel(cwd=str(kernels.cwd), cleanup_kc=True, stderr=subprocess.DEVNULL):
            if not kernels.closed:
                self.papermill_execute_cells()

    def execute_cell(self, cell: NotebookNode, cell_index: int) -> NotebookNode:
        try:
            return super().execute_cell(cell, cell_index)
        except DeadKernelError as error:
            raise self._failed(cell, error, _how_it_died(self.km.provisioner.process.returncode)) from error
        except CellTimeoutError as error:
            self.shutdown_kernel = "immediate"  # a busy kernel does not hear a polite request
            raise self._failed(cell, error, f"the cell ran longer than {self.timeout} s") from error

    def _failed(self, cell: NotebookNode, error: Exception, sentence: str) -> CellExecutionError:
        run_sync(_end_tasks)()
        name = type(error).__name__
        cell.outputs.append(new_output("error", ename=name, evalue=sentence, traceback=[sentence]))
        return CellExecutionError("", name, sentence)


async def _end_tasks() -> None:
    """Ends the reader of outputs, which nbclient leaves waiting when a cell times out."""
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()
    await asyncio.sleep(0.01)


def _how_it_died(code: int | None) -> str:
    if code is None or code >= 0:
        return f"the kernel ended by itself with exit code {code}"
    name = signal.Signals(-code).name
    memory = "; a machine that runs out of memory does this" if name == "SIGKILL" else ""
    return f"the kernel was killed by {name}{memory}"


def _sentence(error: papermill.PapermillExecutionError) -> str:
    """The error's message; its type is named unless the message was written for readers."""
    return error.evalue if error.ename in ENDINGS else f"{error.ename}: {error.evalue}"


def _place(notebook: NotebookNode) -> str:
    """Where the notebook stopped: the section's heading and the number that the cell carries on the page."""
    heading, number = "", 0
    for cell in remove_error_markers(notebook).cells:
        if cell.cell_type == "markdown":
            heading = next((line.lstrip("# ") for line in cell.source.splitlines() if line.startswith("#")), heading)
        elif cell.cell_type == "code" and cell.source.strip():
            number += 1
            if cell.metadata.papermill.get("exception"):
                break
    return f"in {heading!r}, cell {number}" if heading else f"in cell {number}"
