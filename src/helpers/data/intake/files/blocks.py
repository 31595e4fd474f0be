"""A file's bytes in blocks of whole lines, and whether a block can be read as it stands."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from helpers.data.intake.files import margins
from helpers.language import _

SIZE = 1 << 20
LONGEST = 1 << 26  # bytes of a line
BOM = b"\xef\xbb\xbf"
QUOTE, CR, LF = b'"\r\n'
ASCII = bytes(range(128))
_TOTALS = [word.encode() for word in margins.CHINESE_TOTALS]
_TOTAL_LINE = re.compile(
    rb'(?:^|[\r\n])["\s,;|]*(?:\xe6\x9c\xac|\xe5\x85\xa8)?[^\r\n,;|\t"]{0,9}(?:' + b"|".join(_TOTALS) + rb")"
)


def lines_of(data: bytes) -> list[bytes]:
    """Lines with their ends: LF, CRLF or CR."""
    return data.splitlines(keepends=True)  # of bytes: at these three alone


def blocks(stream: io.BufferedIOBase) -> Iterator[bytes]:
    """The bytes of a file, cut at line ends, where it can be so that no quote stays open."""
    rest = b""
    for chunk in iter(lambda: stream.read(SIZE), b""):
        data = rest + chunk
        cut = _cut(data)
        if cut:
            yield data[:cut]
        rest = data[cut:]
        if len(rest) > LONGEST:
            words = _("{file}: a line of it is over {size} MB, as where a disk was full. Export it again.")
            raise ValueError(words.format(file=Path(getattr(stream, "name", "")).name, size=LONGEST >> 20))
    if rest:
        yield rest


def _cut(data: bytes) -> int:
    """The last place after a line's end with an even number of quotes before it, else the last line's end."""
    last = data.rfind(b"\n") + 1 or data.rfind(b"\r", 0, len(data) - 1) + 1
    cut, odd = last, b'"' in data and data.count(b'"', 0, last) % 2
    while odd and cut:
        before = data.rfind(b"\n", 0, data.rfind(b'"', 0, cut)) + 1
        odd ^= data.count(b'"', before, cut) % 2
        cut = before
    return cut or last


class Plain:
    """Tells of blocks whether every line of them is a record of `width` fields that any reader splits alike.

    Then there is in them no NUL, no mark of byte order, no line end but `end`, no stray quote, no empty line, no
    header and no Chinese total. Mere counts tell all this, at the speed of memory.
    """

    def __init__(self, delimiter: str, width: int, end: bytes, header: bytes) -> None:
        self._mark, self._end, self._width = delimiter.encode(), end, width
        self._header = header.rstrip(b"\r\n") + end
        self._record = self._mark * (width - 1) + end
        self._others = bytes(sign for sign in range(256) if sign not in self._mark + b"\r\n")

    def header(self) -> bool:
        """Whether the header is plain itself: one line, its names apart from quotes and other marks."""
        return self._may_be_plain(self._header) and self._splits(self._header)

    def __call__(self, block: bytes, last: bool = False) -> bool:
        """Whether the block, which begins with a line, is plain; the last of a file may lack its line end."""
        if last and not block.endswith(self._end):
            block += self._end
        if self._header in block and (block.startswith(self._header) or self._end + self._header in block):
            return False
        if self._width == 1 and (block.startswith(self._end) or self._end * 2 in block):
            return False
        return self._may_be_plain(block) and self._splits(block)

    def _may_be_plain(self, block: bytes) -> bool:
        if len(self._mark) > 1 or self._end == b"\r" or b"\0" in block or b"\x1a" in block:
            return False
        if b'"' in block and b'\\"' in block:
            return False
        return block.isascii() or not (BOM in block or _has_total(block))

    def _splits(self, block: bytes) -> bool:
        marks = block.translate(None, self._others)
        if b'"' not in block:
            return self._repeated(marks)
        signs = np.frombuffer(block, np.uint8)
        quotes = np.flatnonzero(signs == QUOTE)
        if not self._stand_right(quotes, block):
            return False
        ends = np.flatnonzero((signs == LF) | (signs == CR))
        inside = ends[np.searchsorted(quotes, ends) % 2 == 1]
        if self._repeated(marks) and not len(inside):
            return True
        if any(self._looks_like_a_record(block, place) for place in inside.tolist()):
            return False
        quoted = np.bitwise_xor.accumulate(signs == QUOTE)
        outside = ((signs == self._mark[0]) | (signs == LF) | (signs == CR)) & ~quoted
        return self._repeated(signs[outside].tobytes())

    def _repeated(self, marks: bytes) -> bool:
        count, more = divmod(len(marks), len(self._record))
        return not more and marks == self._record * count

    def _stand_right(self, quotes: np.ndarray, block: bytes) -> bool:
        """Whether quotes open after a mark and close before one, those inside being doubled."""
        if len(quotes) % 2:
            return False
        opening, closing = quotes[::2], quotes[1::2]
        signs, marks = np.frombuffer(b"\n" + block + b"\n", np.uint8), np.zeros(256, bool)
        marks[list(self._mark + b"\r\n")] = True
        opens, closes = marks[signs[opening]], marks[signs[closing + 2]]  # the signs before and after
        doubled = opening[1:] == closing[:-1] + 1
        opens[1:] |= doubled
        closes[:-1] |= doubled
        return bool(opens.all() and closes.all())

    def _looks_like_a_record(self, block: bytes, place: int) -> bool:
        """Whether the line that begins after `place`, inside quotes, has as many marks as a record."""
        stop = block.find(b"\n", place + 1)
        line = block[place + 1 : stop if stop >= 0 else None]
        return self._width > 1 and line.count(self._mark) == self._width - 1


def _has_total(block: bytes) -> bool:
    """Whether a line may begin with a Chinese word for a total."""
    beyond = block.translate(None, ASCII)  # a few signs of most blocks
    some = "计".encode() in beyond or "計".encode() in beyond  # each word ends so
    return some and any(word in block for word in _TOTALS) and _TOTAL_LINE.search(block) is not None
