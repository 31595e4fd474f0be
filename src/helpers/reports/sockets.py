"""The folder of the sockets over which a run speaks to its kernels. It is its own lock, which goes with the run."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PREFIX = "kehu."  # a socket's path may have no more than 107 bytes
SECONDS = 60  # after which a folder that nobody has locked is nobody's


@contextmanager
def folder() -> Iterator[Path]:
    """A new folder, until the end of the block; those that killed runs left are removed."""
    for left in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        _sweep(left)
    own = Path(tempfile.mkdtemp(prefix=PREFIX))
    lock = os.open(own, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield own
    finally:
        shutil.rmtree(own, ignore_errors=True)
        os.close(lock)


def _sweep(left: Path) -> None:
    """Removes a folder of this user that no run holds any more."""
    try:
        lock = os.open(left, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return
    try:
        known = os.fstat(lock)
        if known.st_uid == os.getuid() and time.time() - known.st_mtime > SECONDS:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(left, ignore_errors=True)
    except BlockingIOError:
        return
    finally:
        os.close(lock)
