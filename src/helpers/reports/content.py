"""What decides a report, by content: files, rows and code as digits that change with them."""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from helpers.data.intake.feeds import COPIES

MADE_OF = ("inputs", "source", "parameters", "beside")  # what decides a page, in its record
CODE = Path(__file__).resolve().parents[1]  # of the package
UNREAD = ("__pycache__", "*.po")  # which no run reads

Record = Mapping[str, Any]


def inputs(paths: Iterable[Path]) -> list[dict[str, Any]]:
    """Name, size and SHA-256 of each file, by name; names are relative to the folder that all of them share.

    What was copied from a database is called by its table and a digest of what was asked for.
    """
    paths = sorted(Path(path).resolve() for path in paths)
    files = [path for path in paths if not _is_copy(path)]
    shared = os.path.commonpath([path.parent for path in files]) if files else ""
    names = [path.parent.name if _is_copy(path) else path.relative_to(shared).as_posix() for path in paths]
    return [
        {"file": name, "bytes": path.stat().st_size, "sha256": _sha256(path)}
        for name, path in sorted(zip(names, paths, strict=True))
    ]


def fingerprint(inputs: list[dict[str, Any]]) -> str:
    """Sixteen digits that change with the content of any of the `inputs` of a report."""
    return digest([sorted(each.items()) for each in inputs])


def versions() -> dict[str, str]:
    """The installed version of the project and of every package it asks for."""
    requirements = [line for line in metadata.requires("kehu") or [] if "extra ==" not in line]
    asked = [re.split(r"[^\w.-]", line, maxsplit=1)[0] for line in requirements]
    return {name: metadata.version(name) for name in ["kehu", *sorted(asked)]}


def code() -> str:
    """Sixteen digits that change with any file of the package."""
    files = (path for path in sorted(CODE.rglob("*")) if path.is_file() and not _is_unread(path))
    return of_files(files, CODE)


def packages() -> str:
    """Sixteen digits that change with the name or version of any package that Python finds."""
    return digest(sorted({path.name for place in sys.path for path in Path(place).glob("*.*-info")}))


def of_files(paths: Iterable[Path], home: Path) -> str:
    """Sixteen digits that change with the content of any of these files, or with its place in `home`."""
    return digest(sorted((path.relative_to(home).as_posix(), _sha256(path)) for path in paths))


def of_rows(table: pd.DataFrame) -> str:
    """Sixteen digits that change with any cell or column of a table, or with the order of its rows."""
    plain = table.reset_index(drop=True).map(lambda cell: tuple(cell) if isinstance(cell, np.ndarray) else cell)
    hashes = pd.util.hash_pandas_object(plain).to_numpy()  # which knows no lists
    return digest(list(table.columns), hashlib.sha256(hashes.tobytes()).hexdigest())


def stands(record: Record, made_of: Record) -> bool:
    """Whether a page completed, made of what it would be made of now."""
    return record.get("status") == "completed" and all(record.get(name) == made_of[name] for name in MADE_OF)


def digest(*words: object) -> str:
    """Sixteen digits that stand for `words`."""
    return hashlib.sha256(repr(words).encode()).hexdigest()[:16]


def _is_copy(path: Path) -> bool:
    return path.parent.parent.name == COPIES


def _is_unread(path: Path) -> bool:
    return any(path.match(pattern) or pattern in path.parts for pattern in UNREAD)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
