"""The dataset.toml of a folder as it lies there: a file of a sane size, in which nothing stands that is not seen."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from helpers.data.intake.readings.characters import TURNING
from helpers.language import _

# Signs that would steer a terminal, or turn a sentence round.
_HIDDEN = re.compile(rf"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f{TURNING}]")
LARGEST = 1 << 20  # bytes of a dataset.toml: reading more would take all memory before it is told


def of(folder: Path) -> dict[str, Any]:
    """The settings that stand in `folder`; none where it has no dataset.toml. ValueError for what is no such file."""
    path = folder / "dataset.toml"
    if not path.exists():
        return {}
    if not path.is_file():
        raise ValueError(
            _("{file} of {folder!r}: it is no file. Write one, or run `kehu init`.").format(
                file=path.name, folder=folder.name
            )
        )
    if path.stat().st_size > LARGEST:
        raise ValueError(
            _("{file} of {folder!r}: it is over 1 MB, more than settings can be. Look into it.").format(
                file=path.name, folder=folder.name
            )
        )
    try:
        text = path.read_text(encoding="utf-8-sig")
        words = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # ValueError: also of a number of thousands of digits
        raise ValueError(
            _("{file} of {folder!r}: it is not valid TOML: {error}.").format(
                file=path.name, folder=folder.name, error=error
            )
        ) from None
    for text in _texts(words):
        if hidden := _HIDDEN.search(text):
            raise ValueError(
                _("{file} of {folder!r}: it holds the sign {code}, which is not seen. Take it out.").format(
                    file=path.name, folder=folder.name, code=f"U+{ord(hidden[0]):04X}"
                )
            )
    return words


def _texts(words: Any) -> Iterator[str]:
    """All texts of a table of TOML, however deep: its keys and values, but for what parts the columns of a file."""
    left = [words]
    while left:
        match left.pop():
            case dict() as table:
                left += [*table.keys(), *(value for key, value in table.items() if key != "delimiter")]
            case list() as several:
                left += several
            case str() as text:
                yield text
