"""Folders of prepared data that appear whole, prove themselves, and are never taken from under a reader.

A shelf belongs to one data set. What stands on it is believed only with its seal, which is written last; whoever reads
holds a lease, which ends with the process; whoever writes or clears holds the shelf's lock. What killed processes left
is swept by the next writer.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
import tempfile
import weakref
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from helpers.data import engine, whole_files

SEAL, LEASE, LOCK = "seal.json", "lease", ".lock"
DRAFT, GONE = ".draft-", ".gone-"


@dataclass(frozen=True)
class Shelf:
    """The folder that holds what was prepared of one data set."""

    path: Path

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Alone with the shelf until the end of the block; what killed processes left there is swept first."""
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / LOCK).open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._sweep()
            yield

    def _sweep(self) -> None:
        """Removes what killed processes left: drafts, what was being removed, and what the engine had spilled."""
        left = [*self.path.rglob(f"{DRAFT}*"), *self.path.rglob(f"{GONE}*")]
        spilled = self.path.glob(f"{engine.SPILLED}*")
        for folder in [*left, *(each for each in spilled if not _runs(each.name.split("-")[1]))]:
            shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def building(self, home: Path) -> Iterator[Path]:
        """A draft that becomes the sealed folder `home` at the end of the block, and nothing if the block fails."""
        home.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=DRAFT, dir=home.parent))
        try:
            yield draft
            (draft / LEASE).touch()
            seal(draft)
            if home.exists():
                _put_away(home)  # it is not whole: who reads it is better off without
            os.rename(draft, home)
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def clear(self, home: Path) -> None:
        """Removes `home` in one step, if it is there and nobody reads it."""
        with _nobody_reads(home) as free:
            if free and home.exists():
                _put_away(home)

    def forget(self, folder: Path, kept: Iterable[str]) -> None:
        """Removes what stands in `folder` without one of the names `kept`; what is read stays until a later call."""
        names = set(kept)
        for home in folder.iterdir():
            if home.is_dir() and home.name not in names and not home.name.startswith("."):
                self.clear(home)


def of(name: str, prepared: Path) -> list[Shelf]:
    """The shelves that hold what was prepared of data sets called `name`."""
    own = re.compile(re.escape(name) + r"-[0-9a-f]{16}")
    return [Shelf(path) for path in sorted(prepared.glob("*-*")) if own.fullmatch(path.name)]


def _runs(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # somebody else's
    return True


def _put_away(home: Path) -> None:
    """Removes `home`, which is gone in one step."""
    gone = Path(tempfile.mkdtemp(prefix=GONE, dir=home.parent))
    os.rename(home, gone / home.name)
    shutil.rmtree(gone, ignore_errors=True)


def seal(folder: Path) -> None:
    """Writes down the files of `folder`, each with its size and SHA-256: from now on it is believed."""
    files = {path.name: content(path) for path in sorted(folder.iterdir()) if path.name != SEAL}
    whole_files.write(folder / SEAL, json.dumps(files, indent=1))


def is_whole(folder: Path) -> bool:
    """Whether `folder` has a seal, and every file that it lists as it was when it was sealed."""
    try:
        files = json.loads((folder / SEAL).read_text(encoding="utf-8"))
        return all(content(folder / name) == stamp for name, stamp in files.items())
    except (OSError, ValueError, AttributeError):
        return False


def content(path: Path) -> list[object]:
    """The size of a file, and the SHA-256 of what is in it."""
    with path.open("rb") as file:
        return [path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest()]


@contextmanager
def _nobody_reads(folder: Path) -> Iterator[bool]:
    """Whether nobody holds a lease of `folder`; nobody gets one before the end of the block."""
    try:
        with (folder / LEASE).open("rb") as lease:
            fcntl.flock(lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield True
    except BlockingIOError:
        yield False
    except FileNotFoundError:
        yield True


def leased(folder: Path, reader: object) -> bool:
    """Whether `folder` is whole; if so nobody removes it for as long as `reader` lives."""
    try:
        lease = os.open(folder / LEASE, os.O_RDONLY)
    except OSError:
        return False
    fcntl.flock(lease, fcntl.LOCK_SH)
    # Between the opening and the lock it may have been removed, or another put in its place.
    if _is_at(lease, folder / LEASE) and is_whole(folder):
        weakref.finalize(reader, os.close, lease)
        return True
    os.close(lease)
    return False


def _is_at(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except OSError:
        return False
