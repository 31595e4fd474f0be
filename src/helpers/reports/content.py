"""What decides a report, by content: its files, parameters, code and settings, and the report before it."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

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


@cache
def code() -> str:
    """Sixteen digits that change with any file of the package, as they stood when they were first asked for."""
    files = (path for path in sorted(CODE.rglob("*")) if path.is_file() and not _is_unread(path))
    return digest([(path.relative_to(CODE).as_posix(), _sha256(path)) for path in files])


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
