"""A figure in small has its bars, lines and points where the figure has them, and is left out where there are too many."""

from __future__ import annotations

import re

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from helpers.findings.drawing.sketch import HEIGHT, MOST_MARKS, MOST_POINTS, WIDTH, sketch


@pytest.fixture
def ax():
    figure, ax = plt.subplots()
    yield ax
    plt.close(figure)


def points(path: str) -> list[list[tuple[float, float]]]:
    runs = [run for run in path.split("M") if run]
    return [[(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", run)] for run in runs]


def test_bars_are_as_long_as_in_the_figure(ax):
    ax.barh([0, 1], [10, 5])
    ax.set_xlim(0, 10)
    filled, lines = sketch(ax)
    long, short = ([x for x, _y in bar] for bar in points(filled))
    assert (max(long), max(short), min(long)) == (WIDTH, WIDTH / 2, 0) and lines == ""


def test_a_line_rises_where_the_figure_s_does_also_over_days_that_nobody_has_drawn_yet(ax):
    ax.plot(pd.date_range("2025-01-01", periods=100), np.arange(100.0))
    ((first, *_between, last),) = points(sketch(ax)[1])
    assert len(_between) == MOST_POINTS - 2 and first[0] < last[0] and first[1] > last[1]
    assert 0 <= last[1] < first[1] <= HEIGHT


def test_points_with_their_intervals_are_drawn_and_lines_of_reference_are_not(ax):
    ax.plot([1, 2], [0, 1], "s", linestyle="None")
    ax.hlines([0, 1], [0, 1], [2, 3])
    ax.axvline(0)
    filled, lines = sketch(ax)
    assert len(points(filled)) == len(points(lines)) == 2


def test_what_is_not_known_is_left_out(ax):
    ax.plot([0, 1, 2], [1, np.nan, 3])
    ax.hlines([0, 1], [np.nan, np.nan], [np.nan, 1])
    ax.plot([np.nan, 1], [1, 1], "s", linestyle="None")
    ax.bar([0, 1], [np.nan, 1])
    filled, lines = sketch(ax)
    (line,) = points(lines)
    assert len(points(filled)) == 2 and "nan" not in filled + lines
    assert len(line) == 2


def test_nothing_or_too_much_is_no_picture(ax):
    assert sketch(ax) == ("", "")
    ax.bar(range(MOST_MARKS + 1), 1)
    assert sketch(ax) == ("", "")
