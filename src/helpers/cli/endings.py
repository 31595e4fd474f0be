"""How a command ends: its exit codes, and one sentence for whatever its user can mend."""

from __future__ import annotations

import errno
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer

from helpers import language
from helpers.language import _

DONE, BAD_INPUT, NOTEBOOK_FAILED, WARNED, INTERRUPTED = 0, 2, 1, 3, 130
INTERRUPTED_ENGINE = "Query interrupted"  # is all that DuckDB says of Ctrl-C
AGAIN_SECONDS = 0.05  # until an interrupt that was lost comes again
Told = Callable[[int, str], None]  # hears an exit code and a sentence
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextmanager
def spoken_errors(spoken: str = "", told: Told = lambda code, sentence: None) -> Iterator[None]:
    """What the user can mend is said in one sentence, in the language `spoken` or that of the environment.

    An interrupt, also by SIGTERM, leaves nothing behind. `told` hears of every error, also of one of ours.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.unraisablehook = _heard_again
    try:
        chosen = language.chosen(spoken, os.environ)
    except ValueError as error:
        typer.echo(f"kehu: {error}", err=True)
        raise typer.Exit(BAD_INPUT) from None
    with language.spoken(chosen):
        try:
            yield
        except typer.Exit:
            raise
        except (Exception, KeyboardInterrupt) as error:
            ended = ending(error)
            if ended is None:
                told(NOTEBOOK_FAILED, f"{type(error).__name__}: {error}")
                raise
            code, sentence = ended
            typer.echo(f"kehu: {sentence}", err=True)
            told(code, sentence)
            raise typer.Exit(code) from None


def _heard_again(lost: sys.UnraisableHookArgs) -> None:
    """Sends an interrupt again that came where Python lets nothing out, such as while an object is thrown away."""
    if lost.exc_type is KeyboardInterrupt:
        threading.Timer(AGAIN_SECONDS, signal.pthread_kill, [threading.main_thread().ident, signal.SIGTERM]).start()
    else:
        sys.__unraisablehook__(lost)


def ending(error: BaseException) -> tuple[int, str] | None:
    """The exit code and the sentence for an error; None for one that is no user's."""
    if isinstance(error, ValueError):
        return BAD_INPUT, str(error)
    if isinstance(error, OSError):
        return BAD_INPUT, of_the_system(error)
    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED, str(error) or _("interrupted; nothing was written.")
    if str(error) == INTERRUPTED_ENGINE:
        return INTERRUPTED, _("interrupted; nothing was written.")
    return (BAD_INPUT, _refused(error)) if isinstance(error, _of_the_engine()) else None


def of_the_system(error: OSError) -> str:
    """What the operating system refused, and of which file, as a sentence with its remedy."""
    file = os.path.relpath(os.fsdecode(error.filename)) if error.filename else _("a file")
    said = error.strerror or error
    if error.errno in FULL:
        said = _("the disk is full")
        remedy = _("Make room, or name another --out; prepared data lie in data/prepared.")
    elif error.errno in (errno.ENOENT, errno.ENOTDIR):
        remedy = _("Correct its name.")
    elif error.errno == errno.EISDIR:
        remedy = _("Name a file, not a folder.")
    elif error.errno == errno.ENAMETOOLONG:
        remedy = _("Give it a shorter name.")
    else:
        remedy = _("Give yourself the right to read and write there.")
    return f"{file}: {said}. {remedy}"


def _of_the_engine() -> tuple[type[Exception], ...]:
    """What the engine raises; asked for late, since who asks for help need not wait for it."""
    from helpers.data import engine

    return (*engine.ERRORS, MemoryError)


def _refused(error: BaseException) -> str:
    """What the engine could not do, as a sentence with its remedy."""
    said = next(iter(str(error).strip().splitlines()), "") or _("there is not enough memory")
    words = _("the data could not be prepared ({said}). Make room on the disk and in memory, and look at that file.")
    return words.format(said=said.rstrip("."))
