"""What a command says beside its answer: on a terminal as it is, in a log with the time."""

from __future__ import annotations

import datetime as dt
import sys

import typer


def say(line: str) -> None:
    """A line on stderr, behind the time where that is no terminal."""
    typer.echo(line if sys.stderr.isatty() else f"{now():%Y-%m-%d %H:%M:%S} {line}", err=True)


def now() -> dt.datetime:
    """The time on the clock of this machine."""
    return dt.datetime.now()
