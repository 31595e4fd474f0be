"""The same drawing in fewer letters: what matplotlib says twice, or in vain, within an SVG document."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

TAG = re.compile(r"<[^<>]+>")
LETTERS = "abcdefghijklmnopqrstuvwxyz"
STROKES = "*{stroke-linejoin: round; stroke-linecap: butt}"  # matplotlib's own, in each document
COMMAND = re.compile(r"([A-Za-z])([^A-Za-z]*)")


def shortened(body: str, prefix: str) -> str:
    """What stands within `<svg>`, drawn alike; styles that parts share are classes, whose names begin with `prefix`."""
    body = _in_tags(body, _with_short_ids(body))
    body = _in_tags(body, _rounded)
    body = re.sub(r'<path d="[^"]*" style="fill: none"/>', "", body)  # neither filled nor drawn
    return re.sub(r"\s*\n\s*", "\n", _with_classes(_without_idle_groups(body), prefix))


def _in_tags(body: str, changed: Callable[[str], str]) -> str:
    """The drawing with each tag `changed`; its words stay."""
    return TAG.sub(lambda tag: changed(tag[0]), body)


def _with_short_ids(body: str) -> Callable[[str], str]:
    """What makes a tag with ids of a letter or two, and without those that nothing refers to."""
    tags = "".join(TAG.findall(body))
    used = sorted(set(re.findall(r' id="([^"]+)"', tags)) & set(re.findall(r"#([\w.:-]+)", tags)))
    names = {name: _name(place) for place, name in enumerate(used)}

    def renamed(tag: str) -> str:
        tag = re.sub(r' id="([^"]+)"', lambda own: f' id="{names[own[1]]}"' if own[1] in names else "", tag)
        return re.sub(r"#([\w.:-]+)", lambda at: f"#{names.get(at[1], at[1])}", tag)

    return renamed


def _name(place: int) -> str:
    """The name of a place in a list: a to z, then ba, bb …"""
    rest, last = divmod(place, len(LETTERS))
    return (_name(rest) if rest else "") + LETTERS[last]


def _rounded(tag: str) -> str:
    """A tag whose places are told to a tenth of a point, and whose turns turn something."""
    tag = re.sub(r' transform="rotate\(-0 [^"]*"', "", tag)
    tag = re.sub(r' (?:x|y|width|height|transform)="[^"]*"', lambda place: _tenths(place[0]), tag)
    return re.sub(r' d="([^"]*)"', lambda path: f' d="{_joined(_tenths(path[1]))}"', tag)


def _tenths(numbers: str) -> str:
    return re.sub(r"\.0(?!\d)", "", re.sub(r"(\.\d)\d+", r"\1", numbers))


def _joined(path: str) -> str:
    """A path without blanks that nobody needs, its level and upright lines told by one number."""
    short, x, y = [], "", ""
    for letter, numbers in COMMAND.findall(path):
        across, up = (["", "", *numbers.split()])[-2:]
        if letter == "L" and across == x:
            letter, numbers = "V", up
        elif letter == "L" and up == y:
            letter, numbers = "H", across
        short.append(letter + " ".join(numbers.split()))
        x, y = (across, up) if across else ("", "")  # after a path is closed it goes on from where it began
    return "".join(short)


def _without_idle_groups(body: str) -> str:
    """The drawing without groups of which nothing is said."""
    kept: list[bool] = []

    def group(tag: str) -> str:
        if tag == "</g>":
            return tag if kept.pop() else ""
        if not re.match(r"<g\b", tag) or tag.endswith("/>"):
            return tag
        kept.append(tag != "<g>")
        return tag if kept[-1] else ""

    return _in_tags(body, group)


def _with_classes(body: str, prefix: str) -> str:
    """The drawing with a class for each style that several parts have."""
    counted = Counter(style for tag in TAG.findall(body) for style in re.findall(r' style="([^"]*)"', tag))
    shared = [style for style, count in counted.items() if count > 1]
    names = {style: f"{prefix}-{_name(place)}" for place, style in enumerate(shared)}
    rules = "".join(f".{name}{{{style}}}" for style, name in names.items())

    def classed(tag: str) -> str:
        return re.sub(r' style="([^"]*)"', lambda own: f' class="{names[own[1]]}"' if own[1] in names else own[0], tag)

    return _in_tags(body, classed).replace(STROKES, STROKES + rules, 1)
