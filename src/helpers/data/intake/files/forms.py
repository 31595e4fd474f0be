"""How one delimited file is written, as its first lines tell: dialect, header, titles above it, line ends."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from helpers.data.intake.files import margins
from helpers.data.intake.files.blocks import BOM, lines_of
from helpers.data.intake.files.dialects import DELIMITERS, NONE, Dialect, likeliest, records, width_of
from helpers.data.intake.files.encodings import opened
from helpers.language import _

HEAD = 1 << 18  # bytes that are looked at to tell the delimiter
LINES = 500  # lines among them
FEWEST = 3  # lines that tell
_STRANGE = re.compile(r"""[^\w\s"'().,/&%#@?!+*-]{1,3}""")  # between fields, maybe; no mark within a name
_SEPARATOR = re.compile(r'"?sep=(.)"?\s*', re.I)  # a first line by which spreadsheets are told the delimiter


@dataclass(frozen=True)
class Form:
    """`first` and `after` number the header's physical lines from 0: the first, and the one below the last."""

    dialect: Dialect
    header: tuple[str, ...]
    first: int
    after: int
    titles: int
    line: bytes  # the header's, as it stands, without its end and a mark of byte order
    end: bytes  # of that line


def found(path: Path, delimiter: str) -> Form:
    """The form of a UTF-8 file; a `delimiter` of "auto" is found out. ValueError for a file without a line."""
    with opened(path) as stream:
        raw = _head(stream)
    lines = [line.decode(errors="replace").rstrip("\r\n").replace("\0", "").lstrip("\ufeff") for line in raw]
    above = next((place for place, line in enumerate(lines) if line.strip()), len(lines))
    if above == len(lines):
        raise ValueError(_("{file}: the file is empty. Export it again, with a header line.").format(file=path.name))
    said = _SEPARATOR.fullmatch(lines[above])
    start = above + bool(said)
    mark = said[1] if said and delimiter == "auto" else delimiter
    if mark == "auto":
        dialect, width = likeliest(lines[start:])
        _check_parted(path, lines[start:], dialect)
    else:
        dialect, width = Dialect(mark), width_of(lines[start:], Dialect(mark))
    return _form(raw, lines, start, dialect, width)


def _form(raw: Sequence[bytes], lines: Sequence[str], start: int, dialect: Dialect, width: int) -> Form:
    read = list(records(lines[start:], dialect))
    place = margins.header_place([fields for *_, fields in read], width) if read else 0
    first, after, header = read[place] if read else (0, 1, [""])
    if len(header) == width - 1 and _are_counted([fields for *_, fields in read[place + 1 :]], width):
        header = ["", *header]
    whole = b"".join(raw[start + first : start + after]).removeprefix(BOM)
    line = whole.rstrip(b"\r\n")
    end = whole[len(line) :] or b"\n"
    titles = sum(bool(line.strip()) for line in lines[: start + first])
    return Form(dialect, tuple(header), start + first, start + after, titles, line, end)


def _check_parted(path: Path, lines: Sequence[str], dialect: Dialect) -> None:
    """ValueError for a table of one column whose lines are each in quotes as a whole, with as many commas in all.

    And for one whose lines, the header too, all have a mark as often that parts the fields of no other file.
    """
    filled = [line.strip() for line in lines if line.strip()]
    if dialect.delimiter == NONE and len(filled) >= FEWEST:
        for mark in sorted(set(_STRANGE.findall(filled[0]))):
            if len({line.count(mark) for line in filled}) == 1:
                words = _("{file}: {mark!r} seems to part its fields. Export it again, with commas or tabs.")
                raise ValueError(words.format(file=path.name, mark=mark))
    whole = all(len(line) > 1 and line[0] == line[-1] == '"' for line in filled)
    if dialect.delimiter != NONE or not whole or len(filled) < FEWEST:
        return
    if any(len({line.count(mark) for line in filled}) == 1 and mark in filled[0] for mark in DELIMITERS):
        words = _("{file}: each of its lines is in quotes as a whole. Take these off, or export it again.")
        raise ValueError(words.format(file=path.name))


def _are_counted(rows: Sequence[Sequence[str]], width: int) -> bool:
    """Whether rows begin with their numbers, under which R writes no header."""
    return len(rows) > 1 and all(
        len(row) == width and row[0] == str(number) for number, row in enumerate(rows, start=1)
    )


def _head(stream: io.BufferedIOBase) -> list[bytes]:
    data = stream.read(HEAD)
    whole = len(data) < HEAD
    lines = lines_of(data)
    return lines[:LINES] if whole or len(lines) < 2 else lines[: min(LINES, len(lines) - 1)]


def told(dialect: Dialect) -> str:
    """The delimiter as it is told: nothing for a table of one column."""
    return "" if dialect.delimiter == NONE else dialect.delimiter


def with_backslashes(form: Form) -> Form:
    """The form of a file in which a backslash stands before a quote inside quotes."""
    return replace(form, dialect=replace(form.dialect, escape="\\"))
