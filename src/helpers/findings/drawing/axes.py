"""What all charts share: the axes of a new figure, scales written as readers see numbers, names, colours, legends."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from typing import Any, ClassVar

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.patches import Rectangle
from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, MaxNLocator, NullLocator, PercentFormatter

from helpers import language
from helpers.findings import formats
from helpers.findings.columns import Column, Kind, one
from helpers.findings.drawing.ink import COLOURS, INK, SOFT_INK, WIDTH_INCHES
from helpers.language import _

DASHES = ("-", "--", ":", "-.")
LINE_CHARACTERS = 26  # of a name beside a bar, before it is wrapped
NAME_CHARACTERS = 60  # of a name in a figure
ROW_CHARACTERS = 48  # of all names side by side beneath a grid, into which they are broken
MOST_CHARACTERS = 44  # that still do not touch there
LEGEND_CHARACTERS = 60  # in one line of a legend
SHORT = 12  # characters of a name beside a row, which leave a legend all of its line
# Where a name in Chinese is broken: behind a space or comma, else between any two signs, never within a number or word.
PHRASES = re.compile(r"[^\s、，；：]+[、，；：]*(?: ·)?\s*|\S\s*")
SIGNS = re.compile(
    rf"[“（]*(?:[⺀-鿿]|[^\s⺀-鿿，。：、；（）“”]{{1,{LINE_CHARACTERS}}}|[“（])[，。：、；）”]*\s*|\S\s*"
)


class ChineseDates(ConciseDateFormatter):
    """Dates on an axis as Chinese writes them: 2025 年, 3 月, 5 日."""

    FORMATS: ClassVar = {
        "formats": ["%Y 年", "%m 月", "%d 日", "%H:%M", "%H:%M", "%S.%f"],
        "zero_formats": ["", "%Y 年", "%m 月", "%m 月 %d 日", "%H:%M", "%H:%M"],
        "offset_formats": ["", "%Y 年", "%Y 年 %m 月", "%Y-%m-%d", "%Y-%m-%d", "%Y-%m-%d %H:%M"],
    }

    def __init__(self, locator: AutoDateLocator) -> None:
        super().__init__(locator, **self.FORMATS)

    def format_ticks(self, values: Sequence[float]) -> list[str]:
        """The ticks' words, months and days without leading zeros."""
        return list(map(self._plain, super().format_ticks(values)))

    def get_offset(self) -> str:
        """What all ticks share, without leading zeros too."""
        return self._plain(super().get_offset())

    @staticmethod
    def _plain(words: str) -> str:
        return re.sub(r"\b0(\d [月日])", r"\1", words)


DATES = {language.ENGLISH: ConciseDateFormatter, language.CHINESE: ChineseDates}


def new_unless(ax: Axes | None, rows: float = 10) -> Axes:
    """`ax`, or the axes of a new figure as tall as `rows` bars need."""
    if ax is not None:
        return ax
    return plt.subplots(figsize=(WIDTH_INCHES, 0.8 + 0.3 * max(rows, 2)), layout="constrained")[1]


def row_height(names: Iterable[Any]) -> float:
    """How many bars tall each row must be for the longest name beside them: two lines do not fit one bar."""
    lines = max((wrapped(name).count("\n") + 1 for name in names), default=1)
    return max(1.0, 0.75 * lines)


def scale(axis: Axis, table: pd.DataFrame, name: str, log: bool = False) -> None:
    """Labels an axis with the heading of a declared column and writes its ticks as readers see its values."""
    column, values = one(name), table[name]
    axis.set_label_text(column.above())
    if log:
        _scale_log(axis)
    elif pd.api.types.is_datetime64_any_dtype(values):
        locator = AutoDateLocator(minticks=3, maxticks=8)
        axis.set_major_locator(locator)
        axis.set_major_formatter(DATES[language.current()](locator))
        axis.set_label_text("")  # dates speak for themselves
    elif column.kind is Kind.SHARE:
        axis.set_major_locator(MaxNLocator(nbins=6))
        axis.set_major_formatter(PercentFormatter(1))
    elif column.kind in (Kind.POINTS, Kind.POINTS_APART):
        axis.set_label_text(_("{what} (points)").format(what=column.above()))
        axis.set_major_locator(MaxNLocator(nbins=6))
        axis.set_major_formatter(FuncFormatter(lambda tick, _place: _tick(100 * tick)))
    elif pd.api.types.is_numeric_dtype(values):
        axis.set_major_locator(MaxNLocator(nbins=5, integer=pd.api.types.is_integer_dtype(values)))
        separator = "" if column.kind is Kind.PLAIN else ","
        axis.set_major_formatter(FuncFormatter(lambda tick, _place: _tick(tick, separator)))


def name_rows(ax: Axes, names: Iterable[Any], column: str) -> None:
    """Writes one name of `column` a row down the left side, the first on top, and takes that side's line away."""
    shown = [wrapped(worded(column, name)) for name in names]
    ax.set_yticks(np.arange(len(shown)), shown)
    ax.set_ylim(max(len(shown), 1) - 0.5, -0.5)  # also of no rows
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0)


def legend(ax: Axes) -> None:
    """The names of the groups above the drawing, in as many columns as their length allows; none for a single one."""
    handles, names = ax.get_legend_handles_labels()
    if not names:
        return
    names = [_shortened(name) for name in names]
    longest = max(map(formats.width, names)) + 6
    written = [tick.get_text() for tick in ax.get_yticklabels()] + [text.get_text() for text in ax.texts]
    beside = max((formats.width(line) for words in written for line in words.split("\n")), default=0)
    columns = max(1, min(len(names), (LEGEND_CHARACTERS - max(0, beside - SHORT)) // longest))
    ax.legend(handles, names, loc="lower left", bbox_to_anchor=(0, 1), ncols=columns, frameon=False, borderaxespad=0.2)


def grid(table: pd.DataFrame, row: str, column: str, value: str) -> pd.DataFrame:
    """The tidy table as a grid, its rows and columns in order of appearance."""
    wide = table.pivot(index=row, columns=column, values=value)
    return wide.reindex(index=pd.unique(table[row]), columns=pd.unique(table[column]))


def coloured(names: Iterable[Any]) -> Iterator[tuple[Any, str, str]]:
    """Each name with its colour and dash; the dash changes once the colours are used up."""
    for place, name in enumerate(names):
        yield name, COLOURS[place % len(COLOURS)], DASHES[place // len(COLOURS) % len(DASHES)]


def groups(table: pd.DataFrame, group: str) -> Iterator[tuple[str | None, pd.DataFrame, str, str]]:
    """Name, rows, colour and dash of each group in order of appearance; the whole table, unnamed, without `group`."""
    if not group:
        yield None, table, COLOURS[0], DASHES[0]
        return
    for name, colour, dash in coloured(pd.unique(table[group])):
        yield worded(group, name), table[table[group] == name], colour, dash


def worded(column: str, name: Any) -> str:
    """A name as the column from which it is says it: a code or a column of the data in words, any other as it is."""
    if isinstance(column, Column) and column.kind in (Kind.CODE, Kind.FIELD):
        return column.write(name)
    return formats.text(name)


def write_at_risk(ax: Axes, at_risk: pd.DataFrame, time: str, group: str) -> None:
    """Writes the numbers at risk beneath the ticks, one line a group, and sets the ticks to the times given."""
    ax.xaxis.set_major_locator(FixedLocator(sorted(at_risk[time].unique())))
    lines = list(groups(at_risk, group))
    write = partial(ax.annotate, textcoords="offset points", va="baseline", fontsize=9, annotation_clip=False)
    top = -48
    if group:
        write(_("At risk"), (0, 0), (-26, top), "axes fraction", ha="right", color=SOFT_INK)
        top -= 14
    for place, (name, rows, _colour, _dash) in enumerate(lines):
        height = top - 14 * place
        ink = INK if group else SOFT_INK  # words in a line's colour are too pale to read
        write(name or _("At risk"), (0, 0), (-26, height), "axes fraction", ha="right", color=ink)
        for when, count in zip(rows[time], rows["at_risk"], strict=True):
            write(formats.number(count), (when, 0), (0, height), ("data", "axes fraction"), ha="center", color=INK)


def is_empty(ax: Axes) -> bool:
    """Whether nothing is drawn, or bars without length alone, which would be a list of zeros."""
    areas = [bar.get_width() * bar.get_height() for bar in ax.patches if isinstance(bar, Rectangle)]
    return not np.any(np.nan_to_num(areas)) and not ax.lines and not ax.collections


def wrapped(name: Any) -> str:
    """A name broken into lines short enough to stand beside a bar; Chinese characters count double.

    Lines of Chinese are about as long as one another, and no number, word or sign is parted from what it belongs to.
    """
    name = _shortened(name)
    if formats.width(name) == len(name):
        return "\n".join(textwrap.wrap(name, LINE_CHARACTERS)) or name
    lines = _lines(PHRASES.findall(name))
    if max(map(formats.width, lines)) > LINE_CHARACTERS:
        lines = _lines(SIGNS.findall(name))
    return "\n".join(lines)


def _lines(pieces: Sequence[str]) -> list[str]:
    """The pieces in as few lines as they fit on, of about one length."""
    whole = formats.width("".join(pieces))
    fewest = -(-whole // LINE_CHARACTERS)
    lines: list[str] = []
    for limit in range(-(-whole // fewest), LINE_CHARACTERS + 1):
        lines = [""]
        for piece in pieces:
            if lines[-1] and formats.width((lines[-1] + piece).rstrip()) > limit:
                lines.append("")
            lines[-1] += piece
        if len(lines) == fewest:
            break
    return [line.rstrip() for line in lines]


def narrow(name: Any, places: int) -> str:
    """A name broken at its spaces, to stand beneath one of so many places side by side."""
    name = _shortened(name)
    per_line = max(1, ROW_CHARACTERS // places * len(name) // max(1, formats.width(name)))
    return "\n".join(textwrap.wrap(name, per_line, break_long_words=False, break_on_hyphens=False)) or name


def beneath(names: Sequence[Any]) -> tuple[list[str], bool]:
    """Names to stand side by side beneath a grid, and whether upright: where neighbours would touch."""
    shown = [narrow(name, len(names)) for name in names]
    widths = [max(map(formats.width, name.split("\n"))) for name in shown]
    if max(map(sum, pairwise(widths)), default=0) / 2 * len(names) <= MOST_CHARACTERS:
        return shown, False
    return [" ".join(_shortened(name).split()) for name in names], True


def _shortened(name: Any) -> str:
    """A name on one line, the end of a very long one left out: the table beside a figure has it whole."""
    words = " ".join(formats.text(name).splitlines())
    return words if len(words) <= NAME_CHARACTERS else f"{words[: NAME_CHARACTERS - 1]}…"


def _scale_log(axis: Axis) -> None:
    low, high = sorted(axis.get_view_interval())
    few = high / low < 4
    axis.set_major_locator(MaxNLocator(nbins=5) if few else LogLocator(subs=(1, 2, 5)))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda tick, _place: _tick(tick)))


def _tick(value: float, separator: str = ",") -> str:
    return f"{value:{separator}.12g}".replace("-", formats.MINUS)
