"""Rows of a table that are no records: titles above the header, the header once more, totals."""

from __future__ import annotations

import re
from collections.abc import Sequence

HIGHEST = 50  # records among which the header is looked for
END = 3  # records from the end among which a total may bear a plain word
TOTAL = "row is a total"
REPEATED = "row repeats the header"

CHINESE_TOTALS = ("合计", "总计", "小计", "共计", "累计", "合計", "總計", "小計", "共計")
_CHINESE_TOTAL = re.compile(rf"\W*(?:本页|本頁|全部|本期)?(?:{'|'.join(CHINESE_TOTALS)})\W*\d*\W*[条條笔筆元]?\W*")
_TOTAL = re.compile(
    r"\W*(?:(?:grand|sub|overall|report)[ -]?)?totals?\W*\d*\W*|\W*(?:sums?|summe|gesamt|gesamtsumme|insgesamt)\W*",
    re.I,
)
_NUMBER = re.compile(r"[-+−(¥￥$€£\s]*\d[\d\s.,']*[%)元\s]*|\W*")


def header_place(records: Sequence[Sequence[str]], width: int) -> int:
    """Which of the first records is the header of a table that is mostly `width` fields wide.

    Titles have fewer fields, or were padded to the width by a spreadsheet. A header that is itself shorter or longer
    than its rows is known by this: it holds names only, and the row below it holds numbers.
    """
    wide = [place for place, record in enumerate(records[:HIGHEST]) if len(record) == width]
    if not wide:
        return 0
    first = wide[0]
    if min(first, width - 1) > 1 and {len(each) for each in records[:first]} == {width - 1} and _heads_rows(records):
        return 0  # a mark within numbers, 1,234.50, makes the rows below longer
    if first and _heads(records[first - 1], records[first:], width):
        return first - 1
    most = max(_filled(records[place]) for place in wide)
    full = next(place for place in wide if 5 * _filled(records[place]) >= 4 * most)
    if _groups(records[first], records[first + 1 :]):
        return first + 1
    padded = all(_is_title(record) for record in records[first:full])
    return full if padded and _names_only(records[full]) else first


def _groups(above: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether a record names groups of columns, over cells that were merged: the next one names each of them.

    Where merged cells were parted, the name of a group stands above each of its columns.
    """
    if len(below) < 2 or len({cell for cell in above if cell.strip()}) == len(above):
        return False
    names, row = below[:2]
    if _filled(above) == len(above) and any(map(_names_only, below[1:])):
        return False  # a header that has a name twice
    return len(names) == _filled(names) == len(above) and _names_only(names) and not _names_only(row)


def _is_title(record: Sequence[str]) -> bool:
    """Whether a record is empty, one text, or a word with a colon and a text."""
    name, *others = record
    if not name.strip():
        return _filled(others) == 0
    return _filled(others) == 0 or (_filled(others) == 1 and name.strip()[-1] in ":：")


def _heads(above: Sequence[str], below: Sequence[Sequence[str]], width: int) -> bool:
    """Whether the record above the first of full width is a header of another length, and no title."""
    if len(above) < 2 or not _names_only(above):
        return False
    if len(above) > width:
        return True
    spare = all(not any(record[len(above) :]) for record in below)
    return not _names_only(below[0]) and (spare or len(above) == width - 1)


def _heads_rows(records: Sequence[Sequence[str]]) -> bool:
    """Whether the first record holds names only, and the next does not."""
    return _names_only(records[0]) and not _names_only(records[1])


def _filled(record: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in record)


def _names_only(record: Sequence[str]) -> bool:
    names = [cell.strip() for cell in record if cell.strip()]
    return len(set(names)) == len(names) > 0 and not any(map(is_numeric, names))


def is_numeric(cell: str) -> bool:
    """Whether digits are most of a cell: an amount, a date, a numbered id."""
    letters = [sign for sign in cell if sign.isalnum()]
    return 2 * sum(sign.isdecimal() for sign in letters) > len(letters)


def repeats(cells: Sequence[str], header: Sequence[str]) -> bool:
    """Whether a row is the header once more, as in files that were put together."""
    alike = bool(cells) and cells[0].strip() == header[0].strip()
    return alike and [cell.strip() for cell in cells] == [name.strip() for name in header]


def is_total(cells: Sequence[str], near_end: bool) -> bool:
    """Whether a row sums others up: its first words say so, and all else in it is numbers.

    Plain words ("Total", "Sum") count near the end only, as a customer may be called so.
    """
    first = next((cell for cell in cells if cell.strip()), "")
    if first.isascii() and not near_end:
        return False
    named = _TOTAL.fullmatch(first) or _CHINESE_TOTAL.fullmatch(first)
    return bool(named) and all(_NUMBER.fullmatch(cell) for cell in cells if cell is not first)
