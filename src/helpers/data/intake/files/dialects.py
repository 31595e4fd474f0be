"""How the fields of a delimited record are told apart: the mark between them, and what quotes a quote."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

DELIMITERS = (",", "\t", ";", "|", "^", "~", "\x01")  # the last is that of Hive
QUOTED = re.compile(r'"[^"]*"(?: "[^"]*")+')  # a header with blanks between its fields, as R writes it
NONE = "\x1f"  # stands between the fields of a table of one column: it occurs nowhere
SEVERAL = 200  # lines that one field may span where the delimiter is not yet known


class Split(NamedTuple):
    """A record's fields; whether each quote stands where it should, and which fields' quotes are never closed."""

    fields: list[str]
    clean: bool
    unclosed: bool
    torn: bool  # a field that spans lines has text after its closing quote


@dataclass(frozen=True)
class Dialect:
    """`delimiter` is one character; `escape` is what stands before a quote inside quotes: a quote or a backslash."""

    delimiter: str
    escape: str = '"'

    @cached_property
    def _fields(self) -> tuple[re.Pattern[str], re.Pattern[str]]:
        """The next field: quoted, with what follows the closing quote, or plain; and the same after blanks."""
        inside = r'(?:[^"]++|"")*+' if self.escape == '"' else r'(?:[^"\\]++|\\.|"")*+'
        other = f"[^{re.escape(self.delimiter)}]*+"
        at_once, after_blanks = (rf'{blanks}"({inside})"({other})|({other})' for blanks in ("", " *+"))
        return re.compile(at_once, re.S), re.compile(after_blanks, re.S)

    def split(self, record: str, after_blanks: bool = False) -> Split:
        """The fields of a record without its line end. A quote that is never closed is read as a character."""
        if '"' not in record:
            return Split(record.split(self.delimiter), True, False, False)
        if not (after_blanks or record.startswith('"') or self.delimiter + '"' in record):
            return Split(record.split(self.delimiter), False, False, False)
        pattern, place, fields = self._fields[after_blanks], 0, []
        clean, unclosed, torn = not after_blanks, False, False
        while True:
            field = pattern.match(record, place)
            assert field is not None  # the plain form takes anything
            quoted, rest, plain = field.groups()
            if quoted is None:
                unclosed |= plain.startswith('"')
                clean &= '"' not in plain
                fields.append(plain)
            else:
                rest = rest.rstrip(" ") if after_blanks else rest
                clean &= not rest
                torn |= bool(rest) and ("\n" in quoted or "\r" in quoted)
                fields.append(self._plain(quoted) + rest)
            place = field.end()
            if place == len(record):
                return Split(fields, clean, unclosed, torn)
            place += 1

    def _plain(self, quoted: str) -> str:
        if self.escape == '"' or "\\" not in quoted:
            return quoted.replace('""', '"')
        return re.sub(r'\\(["\\,;|\t\r\n])|""', lambda pair: pair[1] or '"', quoted)

    def joined(self, fields: Sequence[str]) -> str:
        """The fields as one record in which quotes are doubled."""
        return self.delimiter.join(self._quoted(field) for field in fields)

    def _quoted(self, field: str) -> str:
        return '"' + field.replace('"', '""') + '"' if self._marks.search(field) else field

    @cached_property
    def _marks(self) -> re.Pattern[str]:
        """What may stand between quotes only."""
        return re.compile(rf'["\r\n{re.escape(self.delimiter)}]')


def records(lines: Sequence[str], dialect: Dialect) -> Iterator[tuple[int, int, list[str]]]:
    """The records of some first lines, blank ones left out: first line, line after the last, fields."""
    place = 0
    while place < len(lines):
        first, end = place, place + 1
        split = dialect.split(lines[first])
        if split.unclosed:
            split, end = _spanning(lines, first, dialect, split)
        if lines[first].strip():
            yield first, end, split.fields
        place = end


def _spanning(lines: Sequence[str], first: int, dialect: Dialect, alone: Split) -> tuple[Split, int]:
    for end in range(first + 2, min(first + SEVERAL, len(lines)) + 1):
        if '"' in lines[end - 1]:
            split = dialect.split("\n".join(lines[first:end]))
            if not split.unclosed:
                return (alone, first + 1) if split.torn else (split, end)
    return alone, first + 1


def likeliest(lines: Sequence[str]) -> tuple[Dialect, int]:
    """The dialect under which most records of some first lines have one number of fields, and that number."""
    lines = [line for line in lines if not line.startswith("#")] or lines  # remarks around the table, as in bills
    if QUOTED.fullmatch(next((line for line in lines if line.strip()), "")):
        return Dialect(" "), width_of(lines, Dialect(" "))
    best = max((_consistency(lines, mark) for mark in DELIMITERS), key=lambda tried: tried[:2])
    _, width, mark, counts = best
    if width < 2 or _is_text(lines, mark, width, counts):
        return Dialect(NONE), 1
    return Dialect(mark), width


def width_of(lines: Sequence[str], dialect: Dialect) -> int:
    """The number of fields that most records of some first lines have."""
    return _consistency(lines, dialect.delimiter)[1]


def _consistency(lines: Sequence[str], mark: str) -> tuple[float, int, str, list[int]]:
    counts = [len(fields) for *_, fields in records(lines, Dialect(mark))]
    several = Counter(count for count in counts if count > 1)
    width = max(several, key=lambda count: (several[count], count), default=1)
    return several[width] / max(1, len(counts)), width, mark, counts


def _is_text(lines: Sequence[str], mark: str, width: int, counts: list[int]) -> bool:
    """Whether a mark that parts records belongs to the texts of one column, whose header has none."""
    if counts[0] > 1 or len(counts) == 1:
        return False
    below = counts[counts.index(width) :]
    if below.count(1) > max(1, len(below) / (20 if width == 2 else 4)):
        return True
    return width == 2 and not any(re.search(re.escape(mark) + r"(?! )", line) for line in lines)
