"""The folder of a report: it appears whole or not at all, and `latest` leads to the newest day."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@contextmanager
def building(target: Path) -> Iterator[Path]:
    """A folder beside `target` to fill; it becomes `target` when the block ends well, and vanishes when it does not.

    An earlier `target` stays readable until the new one takes its name. Raises ValueError when another run is
    building the same target; what a killed run left there is cleared away.
    """
    draft, aside = (target.with_name(f".{target.name}{suffix}") for suffix in ("", ".old"))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        claim = _claimed(draft)
    except OSError as error:
        raise ValueError(f"out = {str(target)!r}: cannot write there ({error.strerror}).") from None
    if claim is None:
        raise ValueError(f"{target}: another run is writing this report. Wait until it has ended.")
    try:
        if aside.exists() and not target.exists():
            aside.rename(target)  # a run was killed between the two renames below
        yield draft
        if target.exists():
            shutil.rmtree(aside, ignore_errors=True)
            target.rename(aside)
        draft.rename(target)
        shutil.rmtree(aside, ignore_errors=True)
    except BaseException:  # Ctrl-C too
        shutil.rmtree(draft, ignore_errors=True)
        raise
    finally:
        os.close(claim)


def reports(out: Path) -> dict[str, list[str]]:
    """The days of the finished reports under `out`, oldest first, by data set."""
    days: dict[str, list[str]] = {}
    for path in sorted(out.glob("*/*/index.html")):
        if DAY.fullmatch(path.parent.name):
            days.setdefault(path.parent.parent.name, []).append(path.parent.name)
    return days


def link_latest(dataset: Path) -> None:
    """Points `latest` at the newest day of a data set, at once: no reader ever finds it missing."""
    link = dataset / f".latest.{os.getpid()}"
    link.symlink_to(reports(dataset.parent)[dataset.name][-1])
    link.replace(dataset / "latest")


def write_whole(path: Path, text: str) -> None:
    """Replaces the file at `path` by `text` at once: no reader ever finds half of it."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


def _claimed(draft: Path) -> int | None:
    """An open, locked and empty `draft` folder; None while another run holds it.

    The folder is its own lock: the lock goes with the process, so a killed run blocks nobody.
    """
    while True:
        draft.mkdir(exist_ok=True)
        claim = os.open(draft, os.O_RDONLY)
        try:
            fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(claim)
            return None
        if draft.exists() and os.path.samestat(os.fstat(claim), draft.stat()):
            break
        os.close(claim)  # its owner finished and renamed it between our opening and our locking
    for left in draft.iterdir():
        shutil.rmtree(left) if left.is_dir() else left.unlink()
    return claim
