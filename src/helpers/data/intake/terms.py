"""What the intake tells of columns and files, in the language that is spoken."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial

from helpers.language import _


def told(words: str) -> str:
    """What is told of a column or a file, parted by commas: in the language where it is known, names as they stand."""
    for pattern, said in (_of_columns() | _of_files()).items():
        words = re.sub(rf"(?:^|(?<=, )){pattern}(?=, |$)", partial(_said, said), words)
    return words


def doubted(numbers: Iterable[str]) -> str:
    """That numbers of a column may stand for none; empty without any."""
    return ", ".join(_("{number} may stand for none").format(number=number) for number in numbers)


def _said(said: str, hit: re.Match[str]) -> str:
    return said.format(**hit.groupdict())


def _of_columns() -> dict[str, str]:
    """How columns are read."""
    return {
        r"decimal comma": _("decimal comma"),
        r"thousands comma": _("thousands comma"),
        r"thousands point": _("thousands point"),
        r"thousands blank": _("thousands blank"),
        r"thousands apostrophe": _("thousands apostrophe"),
        r"minus apart, behind or in brackets": _("minus apart, behind or in brackets"),
        r"numbers in characters": _("numbers in characters"),
        r"stars counted": _("stars counted"),
        r"the number in each text": _("the number in each text"),
        r"low numbers are good: taken off (?P<ends>\S+)": _("low numbers are good: taken off {ends}"),
        r"out of (?P<most>\S+)": _("out of {most}"),
        r"(?P<texts>'.*') (?:has|have) no number": _("no number in {texts}"),
        r"day first": _("day first"),
        r"month first": _("month first"),
        r"year first": _("year first"),
        r"two-digit years, 69 to 99 as 19\.\.": _("two-digit years, 69 to 99 as 19.."),
        r"offsets, on the clocks of (?P<zone>\S+)": _("offsets, on the clocks of {zone}"),
        r"epoch seconds": _("epoch seconds"),
        r"epoch milliseconds": _("epoch milliseconds"),
        r"epoch microseconds": _("epoch microseconds"),
        r"epoch nanoseconds": _("epoch nanoseconds"),
        r"Excel days, turned": _("Excel days, turned"),
        r"Excel days": _("Excel days"),
        r"days since (?P<year>\d{4})": _("days since {year}"),
        r"seconds since (?P<year>\d{4})": _("seconds since {year}"),
        r"milliseconds since (?P<year>\d{4})": _("milliseconds since {year}"),
        r"ISO weeks": _("ISO weeks"),
        r"years of eras": _("years of eras"),
        r"years of 民國": _("years of 民國"),
        r"Buddhist years": _("Buddhist years"),
        r"months, as the first day of each": _("months, as the first day of each"),
        r"made one currency by each row's rate": _("made one currency by each row's rate"),
        r"made (?P<code>\w+) by each row's rate": _("made {code} by each row's rate"),
        r"made (?P<code>\w+): (?P<rates>.*)": _("made {code}: {rates}"),
        r"(?P<texts>[^,]+(?:, [^,]+)*/[^,]+(?:, [^,]+)*) as 1/0": _("{texts} as 1/0"),
        r"(?P<word>[^,]+) as (?P<meaning>[\dA-Z][\d,A-Z]*)": _("{word} as {meaning}"),
    }


def _of_files() -> dict[str, str]:
    """What was found out about files, and mended in them."""
    return {
        r"encoding (?P<name>\S+)": _("encoding {name}"),
        r"delimiter (?P<mark>'.*')": _("delimiter {mark}"),
        r"backslashes before quotes": _("backslashes before quotes"),
        r"places that cannot be decoded and read �: (?P<count>[\d,]+)": _(
            "places that cannot be decoded and read �: {count}"
        ),
        r"lines above the header: (?P<count>[\d,]+)": _("lines above the header: {count}"),
        r"blank lines: (?P<count>[\d,]+)": _("blank lines: {count}"),
        r"lines that end unlike the header: (?P<count>[\d,]+)": _("lines that end unlike the header: {count}"),
        r"byte order marks within: (?P<count>[\d,]+)": _("byte order marks within: {count}"),
        r"NUL bytes: (?P<count>[\d,]+)": _("NUL bytes: {count}"),
        r"short rows filled up: (?P<count>[\d,]+)": _("short rows filled up: {count}"),
        r"long rows cut of empty fields: (?P<count>[\d,]+)": _("long rows cut of empty fields: {count}"),
        r"rows with a stray quote: (?P<count>[\d,]+)": _("rows with a stray quote: {count}"),
        r"rows with a quote that is never closed: (?P<count>[\d,]+)": _(
            "rows with a quote that is never closed: {count}"
        ),
        r"sheet (?P<name>.+)": _("sheet {name}"),
        r"hidden sheets passed over: (?P<names>.+)": _("hidden sheets passed over: {names}"),
        r"cells merged downwards: (?P<count>\d+), whose text stands in each row": _(
            "cells merged downwards, whose text stands in each row: {count}"
        ),
        r"the largest of (?P<count>\d+) tables": _("the largest of {count} tables"),
    }
