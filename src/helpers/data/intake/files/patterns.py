"""The files that patterns in dataset.toml name."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from helpers.data.intake.files.archives import members
from helpers.language import _


def find(folder: Path, patterns: tuple[str, ...]) -> tuple[Path, ...]:
    """The files that the patterns name, in order: globs relative to `folder`, absolute paths, or folders of Parquet.

    A zip archive stands for all its members, and `export.zip/orders_*.csv` for those of that name; a name that is
    nowhere in `folder` is looked for in its archives.
    """
    found: list[Path] = []
    for pattern in patterns:
        for match in _matches(folder, pattern) or _members(folder, pattern) or _packed(folder, pattern):
            found.extend(sorted(match.rglob("*.parquet")) if match.is_dir() else contents(match))
    return tuple(dict.fromkeys(found))


def contents(path: Path) -> list[Path]:
    """The members of an archive; `path` itself where it is none."""
    return (members(path) if path.is_file() else []) or [path]


def _members(folder: Path, pattern: str) -> list[Path]:
    """The members of archives that a pattern names which goes on behind an archive's own name."""
    for place, mark in enumerate(pattern):
        if mark == "/" and place:
            archives = [path for path in _matches(folder, pattern[:place]) if path.is_file()]
            found = [member for path in archives for member in members(path, pattern[place + 1 :] or "*")]
            if found:
                return found
    return []


def _packed(folder: Path, pattern: str) -> list[Path]:
    """The members of the archives of `folder` that are called so, in whatever folder of theirs."""
    if "/" in pattern:
        return []
    archives = [path for path in sorted(folder.glob("*.[zZ][iI][pP]")) if path.is_file()]
    return [member for path in archives for member in members(path) if fnmatchcase(member.name, pattern)]


def _matches(folder: Path, pattern: str) -> list[Path]:
    try:
        path = Path(pattern).expanduser()
        if path.is_absolute():
            return [path] if path.exists() else []
        plain = folder / pattern  # brackets in the name of a file are no pattern
        return sorted(folder.glob(pattern)) or ([plain] if plain.is_file() else [])
    except (OSError, RuntimeError, ValueError, IndexError) as error:
        raise ValueError(
            _("file = {pattern!r}: no pattern of files ({error}). Write such as orders_*.csv.").format(
                pattern=pattern, error=error
            )
        ) from None


def names_in(folder: Path) -> Iterator[str]:
    """Names of the files in `folder`, for errors that list what was found."""
    return (path.name for path in sorted(folder.iterdir()) if path.is_file())
