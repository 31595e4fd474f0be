"""What the intake calls things, its rules and readings, in the language that is spoken."""

from __future__ import annotations

import re
from functools import partial

from helpers.language import _


def rule(name: str) -> str:
    """The name of a rule; a data set's own rule as it is written."""
    known = {
        r"(?P<column>\w+) is missing": _("{column} is missing"),
        r"(?P<column>\w+) is not a number": _("{column} is not a number"),
        r"(?P<column>\w+) is not a whole number": _("{column} is not a whole number"),
        r"(?P<column>\w+) is not a time": _("{column} is not a time"),
        r"(?P<column>\w+) is not a flag": _("{column} is not yes or no"),
        r"(?P<column>\w+) is below (?P<bound>\S+)": _("{column} is below {bound}"),
        r"(?P<column>\w+) is above (?P<bound>\S+)": _("{column} is above {bound}"),
        r"(?P<column>\w+) is before (?P<bound>\w+)": _("{column} is before {bound}"),
        r"(?P<column>\w+) is (?P<day>[\d-]+), which stands for no day": _("{column} is {day}, which stands for no day"),
        r"(?P<column>\w+) is more than a year after all else \((?P<day>[\d-]+)\)": _(
            "{column} is more than a year after all else ({day})"
        ),
        r"(?P<column>[\w +]+) repeats": _("{column} repeats"),
        r"row repeats \(all columns equal\)": _("the row repeats (all columns equal)"),
        r"row is a total": _("the row is a total"),
        r"lines of one order": _("lines of one order"),
        r"row repeats the header": _("the row repeats the header"),
        r"quote is never closed": _("a quote is never closed"),
        r"line does not split into the header's columns": _("the line does not split into the header's columns"),
        r"cancelled \(policy: drop\)": _("cancelled (policy: drop)"),
        r"refunded \(policy: drop\)": _("refunded (policy: drop)"),
        r"negative \(policy: drop\)": _("negative (policy: drop)"),
    }
    for pattern, words in known.items():
        if hit := re.fullmatch(pattern, name):
            return words.format(**hit.groupdict())
    return name


def told(words: str) -> str:
    """What is told of a column or a file, parted by commas: in the language where it is known, names as they stand."""
    for pattern, said in (_of_columns() | _of_files()).items():
        words = re.sub(rf"(?:^|(?<=, )){pattern}(?=, |$)", partial(_said, said), words)
    return words


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
        r"stars counted": _("stars counted"),
        r"the number in each text": _("the number in each text"),
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
        r"Excel days": _("Excel days"),
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
