"""The folder of a report: it appears whole or not at all, and `latest` leads to the newest day."""

from __future__ import annotations

import ctypes
import fcntl
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from helpers.data import whole_files
from helpers.language import _

HERE, EXCHANGE = -100, 2  # AT_FDCWD and RENAME_EXCHANGE of renameat2
MANIFEST = "manifest.json"  # what a report was made from
GONE = ".gone"  # behind the hidden name of a report that is being removed
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@contextmanager
def building(target: Path) -> Iterator[Path]:
    """A folder beside `target` to fill; it becomes `target` when the block ends well, and vanishes when it does not.

    An earlier `target` stays readable until the new one takes its name, in one step where the file system has one.
    Raises ValueError when another run is building the same target; what a killed run left there is cleared away. An
    interrupt says what stands.
    """
    draft, aside = draft_of(target), target.with_name(f".{target.name}.old")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        claim = _claimed(draft)
    except OSError as error:
        words = _("out = {folder!r}: cannot write there ({said}). Name another --out, or give yourself the right.")
        raise ValueError(words.format(folder=str(target), said=error.strerror)) from None
    if claim is None:
        words = _("{folder}: another run is writing this report. Wait until it has ended.")
        raise ValueError(words.format(folder=target))
    published = False
    try:
        _put_back(aside, target)  # a run was killed between the two renames below
        yield draft
        _flushed(draft)
        _exchanged(draft, target, aside)
        published = True
    except OSError as error:
        error.filename = error.filename or str(target)  # a full disk is told by the writing, which knows no name
        raise
    except KeyboardInterrupt:
        _put_back(aside, target)
        if published:
            raise
        raise KeyboardInterrupt(_standing(target)) from None
    finally:
        _put_back(aside, target)
        shutil.rmtree(aside, ignore_errors=True)
        shutil.rmtree(draft, ignore_errors=True)  # the earlier report, where the two were exchanged
        os.close(claim)


def draft_of(target: Path) -> Path:
    """Where a run fills what is to become `target`."""
    return target.with_name(f".{target.name}")


def _standing(target: Path) -> str:
    """What a reader finds at `target` after an interrupt."""
    if target.exists():
        return _("interrupted; the report of {day} is the earlier one.").format(day=target.name)
    return _("interrupted; no report was written.")


def _put_back(aside: Path, target: Path) -> None:
    if aside.exists() and not target.exists():
        aside.rename(target)


def _exchanged(draft: Path, target: Path, aside: Path) -> None:
    """Gives `draft` the name `target`; an earlier one is at `draft` or gone afterwards."""
    if not target.exists():
        draft.rename(target)
    elif not _swapped(draft, target):
        shutil.rmtree(aside, ignore_errors=True)
        target.rename(aside)
        draft.rename(target)


def _swapped(one: Path, other: Path) -> bool:
    """Whether two names changed places in one step, which Linux does on most file systems of its own."""
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    return rename is not None and rename(HERE, os.fsencode(one), HERE, os.fsencode(other), EXCHANGE) == 0


def _flushed(folder: Path) -> None:
    """Has all of `folder` on the disk before it is named as a report: a failing machine shows the old or the new."""
    for path in (*folder.rglob("*"), folder):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def alone(out: Path) -> Iterator[None]:
    """Alone with what all reports under `out` share, until the end of the block; what killed runs left is swept."""
    handle = os.open(out, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        for pattern in (whole_files.LEFT, "*/.latest.*", f"*/{whole_files.LEFT}"):
            for left in out.glob(pattern):
                left.unlink()
        for left in out.glob(f"*/.*{GONE}"):
            shutil.rmtree(left)
        yield
    finally:
        os.close(handle)


def check_unwritten(home: Path) -> None:
    """ValueError where a run is writing a report of the data set in `home`, which reads those before it."""
    for draft in (path for path in home.glob(".*") if DAY.fullmatch(path.name[1:]) and path.is_dir()):
        handle = os.open(draft, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            words = _("{folder}: another run is writing this report. Wait until it has ended.")
            raise ValueError(words.format(folder=draft.with_name(draft.name[1:]))) from None
        finally:
            os.close(handle)


def reports(out: Path) -> dict[str, list[str]]:
    """The days of the finished reports under `out`, oldest first, by data set."""
    days: dict[str, list[str]] = {}
    for path in sorted(out.glob("*/*/index.html")):
        if DAY.fullmatch(path.parent.name):
            days.setdefault(path.parent.parent.name, []).append(path.parent.name)
    return days


def record(report: Path) -> dict[str, Any]:
    """What the manifest of the finished `report` says; nothing where there is none, or it cannot be read."""
    try:
        kept = json.loads((report / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def link_latest(dataset: Path) -> None:
    """Points `latest` at the newest day of a data set, at once: no reader ever finds it missing."""
    link = dataset / f".latest.{os.getpid()}"
    link.symlink_to(reports(dataset.parent)[dataset.name][-1])
    link.replace(dataset / "latest")


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
