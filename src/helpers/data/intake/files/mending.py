"""A delimited file with flaws made a clean copy, in which each record is one that any reader splits alike.

No record is lost on the way: it is in the copy, or it is listed as set aside. A quote that is never closed swallows
nothing: its line is read by itself, the quote taken as a character or closed at the line's end.
"""

from __future__ import annotations

import io
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from helpers.data.intake.files import margins
from helpers.data.intake.files.blocks import BOM, Plain, blocks, lines_of
from helpers.data.intake.files.dialects import Split
from helpers.data.intake.files.forms import Form
from helpers.data.intake.files.tables import UNSPLIT, Aside

LONGEST = 1 << 18  # bytes of a field that spans lines; a quote open for longer is taken as never closed
UNCLOSED = "quote is never closed"
RULES = (UNSPLIT, UNCLOSED, margins.TOTAL, margins.REPEATED)  # by which lines of a text are no rows
ODD_BYTES = {BOM: "byte_order_marks", b"\0": "nul_bytes", b"\x1a": "nul_bytes"}  # 1A ended files under DOS


class Record(NamedTuple):
    """A record: its first line's number, its text, its fields, and whether the text is that of `joined` fields."""

    line: int
    text: str
    fields: list[str]
    as_it_stands: bool


class Lines:
    """The lines of a file below its header, with their ends; `number` is that of the next line in the file, from 1."""

    def __init__(self, source: io.BufferedIOBase, skip: int) -> None:
        self._blocks = blocks(source)
        self._now, self._next = next(self._blocks, b"").removeprefix(BOM), next(self._blocks, b"")
        self.ready: deque[bytes] = deque()
        self.number, self.odd = 1, Counter[str]()
        while self.number <= skip and (self.ready or self.unfold()):
            if self.ready:  # a block may hold nothing but bytes that belong in no text
                self.take()

    def unfold(self) -> bool:
        """Whether there was another block, whose lines are ready now, without the bytes that belong in no text."""
        block = found = self._taken()
        for odd, name in ODD_BYTES.items():
            if odd in block:
                self.odd[name] += block.count(odd)
                block = block.replace(odd, b"")
        self.ready.extend(lines_of(block))
        return bool(found)

    def plain_block(self, plain: Plain) -> bytes:
        """The next block as a whole where it is plain, else nothing; never the last, which may end in a total."""
        if not self._next or not plain(self._now):
            return b""
        self.number += self._now.count(b"\n")
        return self._taken()

    def _taken(self) -> bytes:
        block, self._now, self._next = self._now, self._next, next(self._blocks, b"")
        return block

    def take(self) -> bytes:
        """The next line."""
        self.number += 1
        return self.ready.popleft()

    def ahead(self) -> Iterator[bytes]:
        """The lines after those taken, none of which is taken by this."""
        place = 0
        while place < len(self.ready) or self.unfold():
            if place < len(self.ready):
                yield self.ready[place]
                place += 1


class Mender:
    """Writes the records of a file; afterwards `counts` (fields of Mended) and `aside` say what was done."""

    def __init__(self, form: Form, plain: Plain) -> None:
        self._form, self._plain, self._width = form, plain, len(form.header)
        self._end = form.end if form.end == b"\r\n" else b"\n"
        self.counts: Counter[str] = Counter()
        self.aside: list[Aside] = []
        self._waiting: deque[Record] = deque()  # the last records so far: one of them may be a total

    def write(self, source: io.BufferedIOBase, out: io.BufferedIOBase) -> None:
        """The header and all records of `source`, as UTF-8."""
        out.write(self._form.dialect.joined(self._form.header).encode() + self._end)
        lines = Lines(source, self._form.after)
        self._write_lines(lines, out)
        while (block := lines.plain_block(self._plain)) or lines.unfold():
            if block:
                self._flush(out, 0)
                out.write(block)
            self._write_lines(lines, out)
        for record in [one for one in self._waiting if margins.is_total(one.fields, near_end=True)]:
            self._waiting.remove(record)
            self.aside.append(Aside(record.line, record.text, margins.TOTAL))
        self._flush(out, 0)
        self.counts += lines.odd

    def _write_lines(self, lines: Lines, out: io.BufferedIOBase) -> None:
        while lines.ready:
            record = self._record(lines)
            if record is not None and self._belongs(record):
                self._waiting.append(record)
                self._flush(out, margins.END)

    def _flush(self, out: io.BufferedIOBase, keep: int) -> None:
        while len(self._waiting) > keep:
            record = self._waiting.popleft()
            out.write(self._text(record).encode() + self._end)

    def _text(self, record: Record) -> str:
        if record.as_it_stands and len(record.fields) == self._width:
            return record.text
        filled = record.fields + [""] * (self._width - len(record.fields))
        return self._form.dialect.joined(filled[: self._width])

    def _record(self, lines: Lines) -> Record | None:
        """The next record; None for a blank line and for one that is set aside unread."""
        number, line = lines.number, lines.take()
        text, end = _parted(line)
        if not (text.strip() if self._width > 1 else text):
            self.counts["blank_lines"] += 1
            return None
        split = self._form.dialect.split(text)
        if split.unclosed:
            return self._spanning(number, line, lines) or self._unclosed(number, text, split)
        if end == b"\r" and self._width > 1 and self._form.end != end:
            text, end, split = self._rejoined(line, lines)
        if len(split.fields) != self._width and '"' in text:
            after_blanks = self._form.dialect.split(text, after_blanks=True)
            split = after_blanks if len(after_blanks.fields) == self._width else split
        return self._read(number, text, end, split)

    def _read(self, number: int, text: str, end: bytes, split: Split) -> Record:
        self.counts["odd_line_ends"] += end not in (self._form.end, b"")
        self.counts["stray_quotes"] += not split.clean
        return Record(number, text, split.fields, split.clean and "\r" not in text and self._form.dialect.escape == '"')

    def _rejoined(self, line: bytes, lines: Lines) -> tuple[str, bytes, Split]:
        """A row put together over lone CRs, which belong to its text where it has the header's width with them."""
        text, end = _parted(line)
        split = self._form.dialect.split(text)
        while end == b"\r" and (following := next(lines.ahead(), b"")):
            longer, its_end = _parted(line := line + following)
            joined = self._form.dialect.split(longer)
            if len(joined.fields) > self._width or joined.unclosed:
                break
            lines.take()
            text, end, split = longer, its_end, joined
        return text, end, split

    def _spanning(self, number: int, line: bytes, lines: Lines) -> Record | None:
        """The record that goes on over the next lines until its quotes are closed; None where there is none."""
        parts, size = [line], len(line)
        for following in lines.ahead():
            parts.append(following)
            size += len(following)
            if size > LONGEST:
                return None
            if b'"' not in following:
                continue
            text, end = _parted(b"".join(parts))
            split = self._form.dialect.split(text)
            if split.torn or (not split.unclosed and self._are_records(parts)):
                return None
            if not split.unclosed:
                for _ in parts[1:]:
                    lines.take()
                return self._read(number, text, end, split)
        return None

    def _are_records(self, parts: Sequence[bytes]) -> bool:
        """Whether most of the lines that one field would swallow look like the record that begins it."""
        first, *others = (self._form.dialect.split(_parted(part)[0]).fields for part in parts)
        alike = sum(len(first) == len(other) == self._width and _alike(first, other) for other in others)
        return 2 * alike >= len(others)

    def _unclosed(self, number: int, text: str, split: Split) -> Record | None:
        """A line whose quote is never closed: the quote as a character, or closed at the line's end, by what fits."""
        closed = self._form.dialect.split(text + '"')
        for way in (split, closed):
            if len(way.fields) == self._width and not (way is closed and way.unclosed):
                self.counts["unclosed_quotes"] += 1
                return Record(number, text, way.fields, False)
        self.aside.append(Aside(number, text, UNCLOSED))
        return None

    def _belongs(self, record: Record) -> bool:
        """Whether a record is one of the table, its fields filled up or cut to the header's; else it is set aside."""
        fields, rule = record.fields, ""
        if margins.repeats(fields, self._form.header):
            rule = margins.REPEATED
        elif margins.is_total(fields, near_end=False):
            rule = margins.TOTAL
        elif any(fields[self._width :]):
            rule = UNSPLIT
        if rule:
            self.aside.append(Aside(record.line, record.text, rule))
        self.counts["short_rows"] += not rule and len(fields) < self._width
        self.counts["long_rows"] += not rule and len(fields) > self._width
        return not rule


def _parted(line: bytes) -> tuple[str, bytes]:
    """A line's text, and its end."""
    text = line.rstrip(b"\r\n")
    return text.decode(errors="replace"), line[len(text) :]


def _alike(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two records hold numbers in the same places, and in at least three: no text is so by chance."""
    kinds = [(margins.is_numeric(a), margins.is_numeric(b)) for a, b in zip(one, other, strict=True) if a and b]
    return all(a == b for a, b in kinds) and sum(a for a, _ in kinds) > 2
