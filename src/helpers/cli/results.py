"""What became of the reports that a command was asked for: a status and a sentence each, and the code to exit with."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from helpers.cli import hooks
from helpers.cli.endings import BAD_INPUT, DONE, INTERRUPTED, NOTEBOOK_FAILED, WARNED

if TYPE_CHECKING:
    from helpers.reports.run import Run

CODES = {
    "completed": DONE, "unchanged": DONE, "late": WARNED, "failed": NOTEBOOK_FAILED, "refused": BAD_INPUT,
    "interrupted": INTERRUPTED,
}  # fmt: skip


@dataclass(frozen=True)
class Result:
    """What became of one report, under the names that `--json` prints."""

    dataset: str
    as_of: str  # as it was asked for, where there is no report
    status: str  # one of CODES
    message: str = ""  # what the report says first, else why there is none, or not all of it
    report: str = ""  # its folder
    skipped: bool = False  # since nothing had changed
    pages: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # a word → status, seconds, problem
    kept: Sequence[str] = ()  # words of pages that stay as an earlier run made them
    taken_over: Mapping[str, str] = field(default_factory=dict)  # when they were made, where nothing changed since
    warnings: Sequence[str] = ()


def of_run(done: Run, warnings: Sequence[str] = (), late: Sequence[str] = ()) -> Result:
    """The result of a run that ended, with what it warns of, and with which of its data are late."""
    from helpers.reports.folder import record
    from helpers.reports.past.shelf import FIRST_PAGE

    told: dict[str, str] = next(iter(record(done.folder).get(FIRST_PAGE, {}).values()), {})
    problems = [f"{word} {each.status}: {each.problem}." for word, each in done.outcomes.items() if each.problem]
    pages = {
        word: {"status": each.status, "seconds": round(each.seconds, 3), "problem": each.problem}
        for word, each in done.outcomes.items()
    }
    status = "failed" if not done.completed else "late" if late else "unchanged" if done.skipped else "completed"
    message = " ".join(problems or late) or told.get("verdict", "")
    return Result(
        done.folder.parent.name, done.folder.name, status, message, str(done.folder), done.skipped, pages,
        tuple(done.kept), dict(done.taken_over), (*warnings, *late),
    )  # fmt: skip


class Ledger:
    """The results of a command, as they come in."""

    def __init__(self, dataset: str) -> None:
        self.dataset = dataset
        self.results: list[Result] = []

    def add(self, result: Result) -> None:
        """Takes up a result."""
        self.results.append(result)

    def refused(self, as_of: str, code: int, sentence: str) -> None:
        """Takes up that there is no report, and why."""
        status = next((status for status, known in CODES.items() if known == code), "failed")
        self.add(Result(self.dataset, as_of, status, sentence))

    @property
    def code(self) -> int:
        """The code to exit with: of one report its own; of several 2 where there is none, 1 where one is not whole.

        Before anything has become of one, whatever ends the command interrupts it.
        """
        codes = {CODES[result.status] for result in self.results}
        if INTERRUPTED in codes or len(codes) == 1:
            return max(codes)
        return NOTEBOOK_FAILED if codes & {BAD_INPUT, NOTEBOOK_FAILED} else max(codes, default=INTERRUPTED)

    @property
    def told(self) -> dict[str, Any]:
        """The one result, or of several their status, their message and each of them."""
        if len(self.results) == 1:
            return asdict(self.results[0]) | {"exit_code": self.code}
        worst = [each for each in self.results if CODES[each.status] not in (DONE, WARNED)]
        status = next(status for status, code in CODES.items() if code == self.code)
        message = " ".join(f"{each.as_of}: {each.message}" for each in worst)
        reports = [asdict(each) for each in self.results]
        return {
            "dataset": self.dataset, "status": status, "message": message, "exit_code": self.code, "reports": reports
        }  # fmt: skip

    @contextmanager
    def closing(self, as_json: bool, on_success: str = "", on_failure: str = "") -> Iterator[None]:
        """When the block ends prints the results, as JSON or as the paths of reports, and exits with their code.

        Before it exits the command `on_success` or `on_failure` hears of them, whatever ended the block.
        """
        try:
            yield
        finally:
            if as_json:
                typer.echo(json.dumps(self.told, ensure_ascii=False, indent=2))
            else:
                for each in filter(lambda result: result.report, self.results):
                    typer.echo(os.path.relpath(Path(each.report) / "index.html"))
            option, command = ("--on-failure", on_failure) if self.code else ("--on-success", on_success)
            if command:
                hooks.call(option, command, self.told)
        if self.code:
            raise typer.Exit(self.code)
