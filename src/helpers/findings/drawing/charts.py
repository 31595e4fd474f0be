"""One function per kind of chart: columns of a tidy table in, the Axes they are drawn on out; nothing is computed.

Column names are given by keyword. `group` colours rows by a column, in order of appearance; `band` names the columns
of the lower and the upper limit. Columns of numbers are declared ones (`columns.Column`): axes are labelled
and ticked as these say. `ax=None` draws
on a new figure. Call `style()` once before drawing.

seaborn draws `bars`, `grouped_bars`, `concentration` and `heat_map`; CONTRIBUTING.md says why it does not the rest.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import seaborn
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap, to_rgba
from matplotlib.ticker import PercentFormatter

from helpers.findings import formats
from helpers.findings.columns import heading, one
from helpers.findings.drawing import axes
from helpers.findings.drawing.ink import COLOURS, INK, PAPER, SOFT_INK, style
from helpers.language import _

__all__ = [
    "bars", "concentration", "forest", "grouped_bars", "heat_map", "line", "stacked_bars", "stacked_steps", "steps",
    "style",
]  # fmt: skip

Band = tuple[str, str]
MOST_BANDS = 4
BAND_ALPHA = 0.16
BARS = {"orient": "y", "saturation": 1, "errorbar": None}  # given values, in the colours given
DEEPEST_ALPHA = 0.6  # of a heat map's cells: the page's ink stays readable on it in light and dark


def bars(table: pd.DataFrame, *, value: str, label: str, share: str = "", ax: Axes | None = None) -> Axes:
    """Horizontal bars, the first row on top, each with its value at the end, and its share where a column has it."""
    ax = axes.new_unless(ax, rows=len(table) * axes.row_height(table[label]))
    at = np.arange(len(table))  # not the labels: bars of one name would become one, as long as their mean
    lengths = table[value].fillna(0).to_numpy()
    seaborn.barplot(x=lengths, y=at, width=0.7, color=COLOURS[0], ax=ax, **BARS)
    write = one(value).write
    ends = [write(v) for v in table[value]]
    if share:
        ends = [f"{end}  ({formats.percent(part)})" for end, part in zip(ends, table[share], strict=True)]
    for row, end in enumerate(ends):
        length = table[value].iloc[row]
        offset, side = (4, "left") if not length < 0 else (-4, "right")
        spot = (0 if pd.isna(length) else length, row)
        ax.annotate(end, spot, (offset, 0), textcoords="offset points", ha=side, va="center", fontsize=9, color=INK)
    ax.margins(x=0.16)
    axes.name_rows(ax, table[label], label)
    ax.set_xlabel(one(value).above())
    ax.set_xticks([])  # the ends say it
    ax.spines["bottom"].set_visible(False)
    return ax


def stacked_bars(table: pd.DataFrame, *, value: str, label: str, part: str, ax: Axes | None = None) -> Axes:
    """Horizontal bars, one a label, each stacked from the values of its parts, in order of appearance.

    Values below zero are stacked to the left of it.
    """
    wide = axes.grid(table, label, part, value).fillna(0)
    ax = axes.new_unless(ax, rows=len(wide) * axes.row_height(wide.index) + 1)
    ends = wide.clip(lower=0).cumsum(axis="columns").where(wide >= 0, wide.clip(upper=0).cumsum(axis="columns"))
    for name, colour, _dash in axes.coloured(wide.columns):
        start = ends[name] - wide[name]
        ax.barh(np.arange(len(wide)), wide[name], left=start, height=0.7, color=colour, label=axes.worded(part, name))
    axes.name_rows(ax, wide.index, label)
    axes.scale(ax.xaxis, table, value)
    axes.legend(ax)
    return ax


def grouped_bars(table: pd.DataFrame, *, value: str, label: str, group: str, ax: Axes | None = None) -> Axes:
    """Horizontal bars side by side: one cluster a label, one bar a group, both in order of appearance."""
    wide = axes.grid(table, label, group, value)
    ax = axes.new_unless(ax, rows=len(wide) * max(axes.row_height(wide.index), 0.6 * wide.shape[1]) + 1)
    colours = [colour for _name, colour, _dash in axes.coloured(wide.columns)]
    lengths = wide.fillna(0).to_numpy(dtype=float).ravel()
    at, parts = (places.ravel() for places in np.indices(wide.shape))
    seaborn.barplot(x=lengths, y=at, hue=parts, palette=colours, gap=0.08, legend=False, ax=ax, **BARS)
    for drawn, name in zip(ax.containers, wide.columns, strict=True):
        drawn.set_label(axes.worded(group, name))
    axes.name_rows(ax, wide.index, label)
    axes.scale(ax.xaxis, table, value)
    axes.legend(ax)
    return ax


def line(
    table: pd.DataFrame,
    *,
    x: str,
    y: str,
    group: str = "",
    band: Band | None = None,
    log: bool = False,
    ax: Axes | None = None,
) -> Axes:
    """Lines over time, or over any ordered column, with their uncertainty as a band; `log` is for ratios."""
    ax = axes.new_unless(ax)
    if log:
        ax.set_yscale("log")
    banded = _has_bands(table, group, band)
    for name, rows, colour, dash in axes.groups(table, group):
        ax.plot(rows[x], rows[y], color=colour, linestyle=dash, label=name)
        alone = rows[rows[y].notna() & rows[y].shift().isna() & rows[y].shift(-1).isna()]  # no line leads to them
        if len(alone):
            ax.plot(alone[x], alone[y], "o", color=colour, markersize=3.5)
        if band and banded:
            limits = (rows[end].where(rows[y].notna()) for end in band)
            ax.fill_between(rows[x], *limits, color=colour, alpha=BAND_ALPHA, linewidth=0)
    axes.scale(ax.xaxis, table, x)
    axes.scale(ax.yaxis, table, y, log=log)
    axes.legend(ax)
    return ax


def steps(
    table: pd.DataFrame,
    *,
    x: str,
    y: str,
    group: str = "",
    band: Band | None = None,
    at_risk: pd.DataFrame | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Step curves, such as survival, that hold their value until the next row.

    `at_risk` is a tidy table with the columns x, group and `at_risk`: the numbers written beneath the curves, at the
    times that it holds, which also become the ticks.
    """
    ax = axes.new_unless(ax, rows=10 if at_risk is None else 10.5 + 0.6 * (at_risk[group].nunique() if group else 1))
    banded = _has_bands(table, group, band)
    for name, rows, colour, dash in axes.groups(table, group):
        ax.step(rows[x], rows[y], where="post", color=colour, linestyle=dash, label=name)
        if band and banded:
            limits = rows[band[0]], rows[band[1]]
            ax.fill_between(rows[x], *limits, step="post", color=colour, alpha=BAND_ALPHA, linewidth=0)
    axes.scale(ax.xaxis, table, x)
    axes.scale(ax.yaxis, table, y)
    ax.set_xlim(left=0)
    ax.set_ylim(0, 1.02)
    if at_risk is not None:
        ax.set_xlim(right=max(ax.get_xlim()[1], at_risk[x].max()))  # numbers outside would leave the axes no room
        axes.write_at_risk(ax, at_risk, x, group)
    axes.legend(ax)
    return ax


def _has_bands(table: pd.DataFrame, group: str, band: Band | None) -> bool:
    """Whether bands are drawn: those of many groups lie on one another, and nobody sees which is whose."""
    return bool(band) and (not group or table[group].nunique() <= MOST_BANDS)


def stacked_steps(table: pd.DataFrame, *, x: str, y: str, part: str, ax: Axes | None = None) -> Axes:
    """Areas stacked from the step curves of their parts, in order of appearance; a part holds until its next row."""
    ax = axes.new_unless(ax)
    wide = axes.grid(table, x, part, y).sort_index().ffill().fillna(0)
    tops = wide.cumsum(axis="columns")
    for name, colour, _dash in axes.coloured(wide.columns):
        bottom = tops[name] - wide[name]
        ax.fill_between(wide.index, bottom, tops[name], step="post", color=colour, label=axes.worded(part, name))
    axes.scale(ax.xaxis, table, x)
    axes.scale(ax.yaxis, table, y)
    ax.set_xlim(left=0)
    ax.set_ylim(bottom=0)
    axes.legend(ax)
    return ax


def forest(
    table: pd.DataFrame,
    *,
    estimate: str,
    label: str,
    group: str = "",
    band: Band = ("lower", "upper"),
    reference: float | None = None,
    log: bool = False,
    ax: Axes | None = None,
) -> Axes:
    """Estimates with their intervals, one row each, the first on top; a dashed line marks the reference.

    With `group` a row is a label, and its groups stand one below the other in it. An interval without end is drawn
    to beyond all others; what has no estimate, as of too few customers, has no row.
    """
    table = _with_ends(table.dropna(subset=[estimate]), [estimate, *band])
    names = pd.unique(table[label]) if group else table[label]
    groups = table[group].nunique() if group else 1
    ax = axes.new_unless(ax, rows=len(names) * max(axes.row_height(names), (1 + groups) / 2))
    if table.empty:
        return ax
    if log:
        ax.set_xscale("log")
    if reference is not None:
        ax.axvline(reference, color=SOFT_INK, linewidth=1, linestyle="--")
    for place, (name, rows, colour, _dash) in enumerate(axes.groups(table, group)):
        at = pd.Index(names).get_indexer(rows[label]) if group else np.arange(len(rows))
        at = at + (place - (groups - 1) / 2) * 0.6 / groups
        ax.hlines(at, rows[band[0]], rows[band[1]], color=colour, linewidth=2)
        ax.plot(rows[estimate], at, "o", color=colour, markersize=6, label=name)
    axes.name_rows(ax, names, label)
    axes.scale(ax.xaxis, table, estimate, log=log)
    axes.legend(ax)
    ax.grid(visible=True, axis="x")
    return ax


def _with_ends(table: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """`table` with infinite values moved to just beyond the finite ones: a line to infinity is not drawn at all."""
    values = table[columns].astype(float)
    finite = values.where(np.isfinite(values)).stack()
    if finite.empty or not np.isinf(values).any(axis=None):
        return table
    beyond = 0.1 * (finite.max() - finite.min()) or 1.0
    return table.assign(**values.clip(finite.min() - beyond, finite.max() + beyond))


def concentration(table: pd.DataFrame, *, x: str, y: str, group: str = "", ax: Axes | None = None) -> Axes:
    """A concentration (Lorenz) curve of cumulative shares against the diagonal where everyone has the same."""
    ax = axes.new_unless(ax)
    ax.plot(
        [0, 1], [0, 1], color=SOFT_INK, linewidth=1, linestyle="--", label=_("everyone the same") if group else None
    )
    for name, rows, colour, dash in axes.groups(table, group):
        drawn = {"color": colour, "linestyle": dash, "label": name}
        seaborn.lineplot(rows, x=x, y=y, estimator=None, errorbar=None, sort=False, legend=False, ax=ax, **drawn)
    ax.set(xlim=(0, 1), ylim=(0, 1.01))
    for axis, column in ((ax.xaxis, x), (ax.yaxis, y)):
        axes.scale(axis, table, column)
        axis.set_major_formatter(PercentFormatter(1))
    axes.legend(ax)
    return ax


def heat_map(table: pd.DataFrame, *, row: str, column: str, value: str, ax: Axes | None = None) -> Axes:
    """A grid of labelled cells, deeper for larger values; a pair that has no row in the table stays empty."""
    wide = axes.grid(table, row, column, value)
    ax = axes.new_unless(ax, rows=len(wide) * axes.row_height(wide.index) + 1)
    if wide.isna().all(axis=None):
        return ax

    depths = [to_rgba(COLOURS[0], alpha) for alpha in np.linspace(0.05, DEEPEST_ALPHA, 64)]
    words = {"color": INK, "fontsize": min(9, 80 / wide.shape[1])}
    texts = wide.map(one(value).write)
    seaborn.heatmap(
        wide,
        ax=ax,
        annot=texts,
        fmt="",
        annot_kws=words,
        cmap=ListedColormap(depths),
        linewidths=2,
        linecolor=PAPER,
        cbar=False,
        xticklabels=False,  # ours; seaborn would draw all to see whether its own overlap
        yticklabels=False,
    )
    names, upright = axes.beneath([axes.worded(column, name) for name in wide.columns])
    ax.set_xticks(np.arange(wide.shape[1]) + 0.5, names, rotation=90 if upright else 0)
    rows = [axes.wrapped(axes.worded(row, name)) for name in wide.index]
    ax.set_yticks(np.arange(len(wide)) + 0.5, rows, rotation=0)
    ax.set(xlabel=heading(column), ylabel=heading(row))
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0)
    return ax
