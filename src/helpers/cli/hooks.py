"""What a schedule calls when a report has come to its end: the user's own command, told of it by its environment."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import typer

from helpers.language import _

LONGEST_SECONDS = 300  # that a command may take, so that a schedule never hangs on it
LONGEST_LETTERS = 2000  # of a message: webhooks take no more
VARIABLES = {
    "KEHU_STATUS": "status", "KEHU_EXIT_CODE": "exit_code", "KEHU_DATASET": "dataset", "KEHU_AS_OF": "as_of",
    "KEHU_REPORT": "report", "KEHU_MESSAGE": "message",
}  # fmt: skip


def call(option: str, command: str, told: Mapping[str, Any]) -> None:
    """Runs the `command` of an `option` in the user's shell, with what is `told` of the report in its environment.

    None of it becomes part of the command. What the command prints goes to stderr; one that fails is told, and no more.
    """
    environment = os.environ | {name: _plain(told.get(word, "")) for name, word in VARIABLES.items()}
    problem = _problem(command, environment)
    if problem:
        typer.echo(f"kehu: {option}: {problem}", err=True)


def _problem(command: str, environment: Mapping[str, str]) -> str:
    """What went wrong with a command; empty where nothing did."""
    try:
        process = subprocess.Popen(
            command, shell=True, env=environment, stdin=subprocess.DEVNULL, stdout=_stderr(), start_new_session=True
        )
    except OSError as error:
        return _("the command did not start ({said}).").format(said=error.strerror)
    try:
        code = process.wait(LONGEST_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return _("the command ran longer than {seconds} seconds and was ended.").format(seconds=LONGEST_SECONDS)
    return _("the command ended with exit code {code}.").format(code=code) if code else ""


def _stderr() -> int:
    """Where this program's stderr leads; that of the process where it leads into no file, as in tests."""
    try:
        return sys.stderr.fileno()
    except (OSError, ValueError, AttributeError):
        return 2


def _plain(value: object) -> str:
    """A value as an environment can hold it: one line, without what has no sign."""
    line = " ".join(str(value).split())
    return "".join(letter for letter in line if letter.isprintable())[:LONGEST_LETTERS]
