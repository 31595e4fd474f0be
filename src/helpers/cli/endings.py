"""How a command ends: its exit codes, and one sentence for whatever its user can mend."""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from helpers import language
from helpers.language import _

BAD_INPUT, NOTEBOOK_FAILED, WARNED, INTERRUPTED = 2, 1, 3, 130
INTERRUPTED_ENGINE = "Query interrupted"  # is all that DuckDB says of Ctrl-C
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextmanager
def spoken_errors(spoken: str = "") -> Iterator[None]:
    """What the user can mend is said in one sentence, in the language `spoken` or that of the environment.

    An interrupt, also by SIGTERM, leaves nothing behind.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with language.spoken(language.chosen(spoken, os.environ)):
            yield
    except ValueError as error:
        typer.echo(f"kehu: {error}", err=True)
        raise typer.Exit(BAD_INPUT) from None
    except OSError as error:
        typer.echo(f"kehu: {of_the_system(error)}", err=True)
        raise typer.Exit(BAD_INPUT) from None
    except KeyboardInterrupt as stop:
        typer.echo("kehu: " + (str(stop) or _("interrupted; nothing was written.")), err=True)
        raise typer.Exit(INTERRUPTED) from None
    except Exception as error:
        if str(error) == INTERRUPTED_ENGINE:
            typer.echo("kehu: " + _("interrupted; nothing was written."), err=True)
            raise typer.Exit(INTERRUPTED) from None
        if not isinstance(error, _of_the_engine()):
            raise
        typer.echo(f"kehu: {_refused(error)}", err=True)
        raise typer.Exit(BAD_INPUT) from None


def of_the_system(error: OSError) -> str:
    """What the operating system refused, and of which file, as a sentence with its remedy."""
    file = os.path.relpath(os.fsdecode(error.filename)) if error.filename else _("a file")
    if error.errno in FULL:
        remedy = _("Make room, or name another --out; prepared data lie in data/prepared.")
    elif error.errno == errno.ENAMETOOLONG:
        remedy = _("Give it a shorter name.")
    else:
        remedy = _("Give yourself the right to read and write there.")
    return f"{file}: {error.strerror or error}. {remedy}"


def _of_the_engine() -> tuple[type[Exception], ...]:
    """What the engine raises; asked for late, since who asks for help need not wait for it."""
    from helpers.data import engine

    return (*engine.ERRORS, MemoryError)


def _refused(error: Exception) -> str:
    """What the engine could not do, as a sentence with its remedy."""
    said = next(iter(str(error).strip().splitlines()), "") or _("there is not enough memory")
    words = _("the data could not be prepared ({said}). Make room on the disk and in memory, and look at that file.")
    return words.format(said=said.rstrip("."))
