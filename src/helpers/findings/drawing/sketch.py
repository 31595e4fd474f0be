"""A figure in small, without words: its bars, lines and points as two paths of a few hundred bytes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH, HEIGHT = 100, 30  # of the picture's coordinates
MOST_MARKS = 24  # lines, bars or points; more are a blot at this size
MOST_POINTS = 24  # of a line
DOT = 1.5  # the radius of a point

Points = np.ndarray  # of two columns, in the picture's coordinates


def sketch(ax: Axes) -> tuple[str, str]:
    """The paths of what is filled and of what is drawn as a line; both empty where there is nothing, or too much."""
    ax.get_xlim(), ax.get_ylim()  # which the data set only when somebody asks
    bars, dots, lines = list(_bars(ax)), list(_dots(ax)), list(_lines(ax))
    if not 0 < max(len(bars), len(dots), len(lines)) <= MOST_MARKS:
        return "", ""
    squares = [np.array([at - DOT, at + (DOT, -DOT), at + DOT, at + (-DOT, DOT)]) for at in dots]
    return "".join(_path(each) + "Z" for each in (*bars, *squares)), "".join(map(_path, lines))


def _bars(ax: Axes) -> Iterator[Points]:
    """The corners of each bar."""
    for patch in ax.patches:
        corners = _known(patch.get_patch_transform().transform(np.asarray(patch.get_path().vertices)[:4]))
        if len(corners) == 4:
            yield _placed(ax, corners)


def _dots(ax: Axes) -> Iterator[Points]:
    """Each point of what is marked and not joined."""
    for line in ax.lines:
        if line.get_transform() == ax.transData and line.get_linestyle() == "None":
            yield from _placed(ax, _known(line.get_xydata()))


def _lines(ax: Axes) -> Iterator[Points]:
    """The points of each line, of intervals too; lines of reference, which span the axes, are none."""
    joined = [line.get_xydata() for line in ax.lines
              if line.get_transform() == ax.transData and line.get_linestyle() != "None"]  # fmt: skip
    spans = [segment for each in ax.collections for segment in getattr(each, "get_segments", list)()]
    for points in map(_known, (*joined, *spans)):
        if len(points) > 1:
            kept = np.linspace(0, len(points) - 1, min(len(points), MOST_POINTS)).round().astype(int)
            yield _placed(ax, points[kept])


def _known(points: ArrayLike) -> Points:
    """The points that are numbers."""
    drawn: Points = np.ma.filled(np.ma.asarray(points, dtype=float), np.nan).reshape(-1, 2)
    return drawn[np.isfinite(drawn).all(axis=1)]


def _placed(ax: Axes, points: Points) -> Points:
    """Points of the data in the picture's coordinates, within its edges; none where there are none."""
    if not len(points):
        return points
    within = ax.transAxes.inverted().transform(ax.transData.transform(points))
    return np.clip(within * (1, -1) + (0, 1), 0, 1) * (WIDTH, HEIGHT)


def _path(points: Points) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
