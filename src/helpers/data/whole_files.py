"""Files that no reader ever finds half written: each is filled beside its place, and takes it in one step."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LEFT = ".*.new"  # what a killed writer may have left beside


@contextmanager
def replacing(path: Path, *, private: bool = False) -> Iterator[Path]:
    """A file to fill, which replaces the one at `path` when the block ends well, and is gone when it does not.

    A `private` one is readable by its owner alone.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        yield beside
        if private:
            beside.chmod(0o600)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def write(path: Path, text: str, *, private: bool = False) -> None:
    """Leaves the file at `path` with this text, in UTF-8."""
    with replacing(path, private=private) as beside:
        beside.write_text(text, encoding="utf-8")
