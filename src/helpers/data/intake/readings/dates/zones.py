"""Clocks named beside a time: EST, PDT, JST. Those of fixed offset are rewritten; CST, say, is Chicago's or China's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache

import ibis.expr.types as ir

from helpers.data.intake.readings.dates import layouts
from helpers.data.intake.readings.shapes import Shape, Undecided, either
from helpers.language import _

# By name, whose clocks bear it and how far these are ahead of UTC; empty where that changes with the season.
CLOCKS = {
    "EST": {"America/New_York": "-05:00"}, "EDT": {"America/New_York": "-04:00"}, "ET": {"America/New_York": ""},
    "CST": {"America/Chicago": "-06:00", "Asia/Shanghai": "+08:00"}, "CDT": {"America/Chicago": "-05:00"},
    "CT": {"America/Chicago": ""}, "MST": {"America/Denver": "-07:00"}, "MDT": {"America/Denver": "-06:00"},
    "MT": {"America/Denver": ""}, "PST": {"America/Los_Angeles": "-08:00"}, "PDT": {"America/Los_Angeles": "-07:00"},
    "PT": {"America/Los_Angeles": ""}, "AKST": {"America/Anchorage": "-09:00"}, "AKDT": {"America/Anchorage": "-08:00"},
    "HST": {"Pacific/Honolulu": "-10:00"}, "BRT": {"America/Sao_Paulo": "-03:00"},
    "ART": {"America/Argentina/Buenos_Aires": "-03:00"}, "WET": {"Europe/Lisbon": "+00:00"},
    "WEST": {"Europe/Lisbon": "+01:00"}, "BST": {"Europe/London": "+01:00"}, "CET": {"Europe/Berlin": "+01:00"},
    "CEST": {"Europe/Berlin": "+02:00"}, "MEZ": {"Europe/Berlin": "+01:00"}, "MESZ": {"Europe/Berlin": "+02:00"},
    "EET": {"Europe/Helsinki": "+02:00"}, "EEST": {"Europe/Helsinki": "+03:00"}, "MSK": {"Europe/Moscow": "+03:00"},
    "SAST": {"Africa/Johannesburg": "+02:00"}, "PKT": {"Asia/Karachi": "+05:00"},
    "IST": {"Asia/Kolkata": "+05:30", "Asia/Jerusalem": "+02:00", "Europe/Dublin": "+01:00"},
    "WIB": {"Asia/Jakarta": "+07:00"}, "SGT": {"Asia/Singapore": "+08:00"}, "HKT": {"Asia/Hong_Kong": "+08:00"},
    "PHT": {"Asia/Manila": "+08:00"}, "JST": {"Asia/Tokyo": "+09:00"}, "KST": {"Asia/Seoul": "+09:00"},
    "AEST": {"Australia/Sydney": "+10:00"}, "AEDT": {"Australia/Sydney": "+11:00"},
    "NZST": {"Pacific/Auckland": "+12:00"}, "NZDT": {"Pacific/Auckland": "+13:00"},
}  # fmt: skip
_BESIDE = r"([\dMm.]) ?\(?{}\)?( \d{{4}})?$"  # behind a clock, before a year at most


Clock = tuple[str, str]  # a name, and how far it is ahead of UTC; empty where nothing tells


def found(shapes: Iterable[Shape], zone: str) -> tuple[Clock, ...]:
    """The clocks that the texts of a column name, without those of `zone` itself."""
    hits = (_named().search(shape.text) for shape in shapes)
    own = re.compile(layouts.zone_words(zone))
    names = sorted({hit[2] for hit in hits if hit and not own.fullmatch(hit[2])})
    return tuple((name, _offset(name, zone)) for name in names)


def places(shapes: Iterable[Shape]) -> set[str]:
    """The time zones on whose clocks the times of a column may be, as the names beside them say."""
    return {place for name, _ in found(shapes, "UTC") for place in CLOCKS[name]}


def question(clocks: Iterable[Clock], shapes: Iterable[Shape]) -> Undecided | None:
    """What is asked where a name is that of several clocks, or of no one offset; None where none is."""
    name = next((name for name, offset in clocks if not offset), "")
    if not name:
        return None
    example = next(shape.high for shape in shapes if re.search(_BESIDE.format(name), shape.text))
    words = _("{example!r} is on clocks called {name}. Write {ways} at the top of dataset.toml.")
    ways = [f'time_zone = "{place}"' for place in CLOCKS[name]]
    return Undecided(words.format(example=example, name=name, ways=either(ways)))


def rewritten(shape: Shape, clocks: Sequence[Clock]) -> Shape:
    """A shape whose texts have offsets in place of names."""
    low, high = (usual(text, clocks) for text in (shape.low, shape.high))
    same = (low, high) == (shape.low, shape.high)
    return shape if same else replace(shape, text=re.sub(r"\d", "9", low), low=low, high=high)


def usual(text: str, clocks: Iterable[Clock]) -> str:
    """A text with the offset in place of the name of a clock."""
    for name, offset in clocks:
        text = re.sub(_BESIDE.format(name), rf"\1 {offset}\2", text)
    return text


def usual_text(text: ir.StringValue, clocks: Iterable[Clock]) -> ir.StringValue:
    """The same of a column of texts."""
    for name, offset in clocks:
        text = text.re_replace(_BESIDE.format(name), rf"\1 {offset}\2")
    return text


def _offset(name: str, zone: str) -> str:
    """How far the clocks of a name are ahead, of several those in the part of the world of `zone`; empty if unknown."""
    here = {offset for place, offset in CLOCKS[name].items() if place.split("/")[0] == zone.split("/")[0]}
    offsets = here or set(CLOCKS[name].values())
    return offsets.pop() if len(offsets) == 1 else ""


@cache
def _named() -> re.Pattern[str]:
    names = "|".join(sorted(CLOCKS, key=len, reverse=True))
    return re.compile(r"(?<![+-]\d{3})(?<![+-]\d\d:\d)" + _BESIDE.format(f"({names})"))  # an offset says more
