"""Where the columns of a file of fixed width lie: the places that are blank in every line part them."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from pathlib import Path

from helpers.data.intake import files

LINES = 2_000  # that are looked at
FEWEST = 3  # lines that must agree


@dataclass(frozen=True)
class Widths:
    """The fields of a file of fixed width: name, first column from 1, length; and the lines before the first row."""

    fields: tuple[tuple[str, int, int], ...]
    skip: int
    named: bool  # whether a header line gave the names


def widths(path: Path) -> Widths | None:
    """The fields of `path` by its first lines; None where blanks do not part them into the same columns."""
    lines = _lines(path)
    body = lines[1:]
    if len(body) < FEWEST:
        return None
    longest = max(map(len, body))
    padded = [line.ljust(longest) for line in body]
    blank = [all(line[place] == " " for line in padded) for place in range(longest)]
    ends = [place for place in range(longest) if not blank[place] and (place + 1 == longest or blank[place + 1])]
    if len(ends) < 2:
        return None
    starts = [0, *(end + 1 for end in ends[:-1])]  # a right-aligned number may be longer in a line not looked at
    header = lines[0].split()
    named = len(header) == len(ends) and not any(word[0].isdigit() for word in header)
    names = [files.fold(word) for word in header] if named else [f"column_{place}" for place in range(1, len(ends) + 1)]
    fields = zip(names, starts, ends, strict=True)
    return Widths(tuple((name, start + 1, end - start + 1) for name, start, end in fields), int(named), named)


def _lines(path: Path) -> list[str]:
    opened = gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8")
    with opened as text:
        try:
            lines = [line.rstrip("\r\n") for _, line in zip(range(LINES), text, strict=False)]
        except UnicodeDecodeError:
            return []
    return [line for line in lines if line.strip()]
