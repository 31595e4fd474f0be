"""Where customers leave a funnel and what they do next, beside a slow loop."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import ibis
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from helpers.analyses.journey.road.chains import FunnelRules
from helpers.analyses.journey.road.exits import NOTHING, OPEN, drops
from helpers.analyses.journey.road.steps import funnel
from helpers.analyses.journey.road.touches import touchpoints
from helpers.data.datasets import Dataset
from helpers.data.intake.settings import DEFAULT_POLICY, Settings
from helpers.findings import NotApplicable
from helpers.findings.folding import SMALL_GROUPS


def points(paths: dict[str, list[tuple[str, float]]], names: str = "ABCX"):
    """Touchpoints of (step, day of January) by customer; the data end with the 31st."""
    rows = [
        (customer, step, pd.Timestamp("2025-01-01") + pd.Timedelta(days=day - 1))
        for customer, path in paths.items()
        for step, day in path
    ]
    events = pd.DataFrame(rows, columns=["customer_id", "event", "happened_at"]).assign(channel="web", content="c")
    settings = Settings(
        title="t",
        preset="",
        time_zone="UTC",
        currency="",
        contractual=None,
        observed_from="",
        observed_on="",
        policy=DEFAULT_POLICY,
        feeds={},
        experiments={},
        notebooks={},
    )
    data = Dataset(
        "t", dt.date(2025, 1, 31), settings, {"events": ibis.memtable(events)}, pd.DataFrame(), Path(), (), Path()
    )
    return touchpoints(data, [{"step": name, "table": "events", "where": {"event": name}} for name in names])


def crowd(**kinds: tuple[int, list[tuple[str, float]]]) -> dict[str, list[tuple[str, float]]]:
    return {f"{kind}{n}": path for kind, (size, path) in kinds.items() for n in range(size)}


RULES = FunnelRules(("A", "B", "C"), window_days=7)


def test_what_comes_next_is_counted_by_the_last_step_reached():
    road = points(
        crowd(
            through=(3, [("A", 1), ("B", 2), ("C", 3)]),
            silent=(10, [("A", 1), ("B", 2)]),
            late=(6, [("A", 1), ("B", 2), ("X", 9)]),
            again=(8, [("A", 1), ("A", 3)]),
            other=(7, [("A", 1), ("X", 2)]),
            open=(5, [("A", 30)]),
        )
    )
    found = drops(road, funnel(road, RULES))
    told = found.cells.set_index(["dropped_after", "next"])["customers"].to_dict()
    assert told == {("A", "A"): 8, ("A", "X"): 7, ("A", OPEN): 5, ("B", NOTHING): 16}
    assert found.cells.set_index("next").loc["X", "share"] == pytest.approx(7 / 20)
    assert "Of 36 customers who do not finish, most (20) stop after “A”; 40.0% of these" in found.headline()
    assert "were next met at “A”" in found.headline()


def test_small_cells_are_folded_and_the_fold_is_large_enough():
    road = points(crowd(a=(9, [("A", 1), ("X", 2)]), b=(6, [("A", 1), ("A", 2)]), c=(2, [("A", 1), ("C", 2)])))
    cells = drops(road, funnel(road, RULES)).cells
    assert cells.set_index("next")["customers"].to_dict() == {"X": 9, SMALL_GROUPS: 8}  # 2 alone would be told by rest
    assert cells["share"].sum() == pytest.approx(1)


def test_a_step_after_which_few_stop_is_left_out():
    road = points(crowd(a=(20, [("A", 1)]), b=(4, [("A", 1), ("B", 2)])))
    cells = drops(road, funnel(road, RULES)).cells
    assert cells["dropped_after"].unique().tolist() == ["A"]
    few = points(crowd(a=(4, [("A", 1)]), b=(20, [("A", 1), ("B", 2), ("C", 3)])))
    assert isinstance(drops(few, funnel(few, RULES)), NotApplicable)


def test_touchpoints_of_one_moment_count_by_the_funnels_order():
    """At the moment of B the customer also met X, which comes after, and A, which came before."""
    road = points(crowd(a=(6, [("A", 1), ("B", 2), ("A", 2), ("X", 2)])))
    cells = drops(road, funnel(road, RULES)).cells
    assert cells[["dropped_after", "next"]].to_numpy().tolist() == [["B", "X"]]


def test_the_engine_agrees_with_a_slow_loop():
    rng = np.random.default_rng(3)
    paths = {
        f"c{n}": [
            (step, float(day))
            for step, day in zip(rng.choice(list("ABCX"), size), rng.integers(1, 31, size), strict=True)
        ]
        for n, size in enumerate(rng.integers(1, 6, 200))
    }
    road = points(paths)
    result = funnel(road, FunnelRules(("A", "B", "C"), "ordered", 5, "any"))
    expected: dict[tuple[str, str], int] = {}
    for row, is_open in zip(result.customers.itertuples(), result.still_open, strict=True):
        if row.depth == 3:
            continue
        last = max(at for at in (row.at_0, row.at_1, row.at_2) if at is not pd.NaT)
        place = {"A": 0, "B": 1, "C": 2, "X": 3}
        line = sorted(
            (pd.Timestamp("2025-01-01") + pd.Timedelta(days=day - 1), place[step], step)
            for step, day in paths[row.customer_id]
        )
        later = [
            step
            for at, rank, step in line
            if (at, rank) > (last, row.depth - 1) and at <= row.entered_at + pd.Timedelta(days=5)
        ]
        key = "ABC"[row.depth - 1], later[0] if later else OPEN if is_open else NOTHING
        expected[key] = expected.get(key, 0) + 1
    cells = drops(road, result).cells
    told = cells[cells["next"] != SMALL_GROUPS].set_index(["dropped_after", "next"])["customers"].to_dict()
    assert told and all(expected[key] == count for key, count in told.items())
    assert cells["customers"].sum() == sum(expected.values())


def test_the_figure_draws_what_the_table_says():
    road = points(crowd(a=(9, [("A", 1), ("X", 2)]), b=(6, [("A", 1)])))
    found = drops(road, funnel(road, RULES))
    drawn = found.plot()
    assert [bar.get_width() for bar in drawn.patches] == [9, 6]
    assert [text.get_text() for text in drawn.get_yticklabels()] == ["A → X", "A → nothing"]
    plt.close("all")
    assert isinstance(drops(road, NotApplicable("no.")), NotApplicable)
