"""Where customers leave a funnel and what they do next, beside a slow loop."""

from __future__ import annotations

import datetime as dt

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.journey.road.chains import FunnelRules
from helpers.analyses.journey.road.exits import drops
from helpers.analyses.journey.road.steps import funnel
from helpers.analyses.journey.vocabulary import NOTHING
from helpers.findings import NotApplicable
from helpers.findings.folding import SMALL_GROUPS


def events(paths: dict[str, list[tuple[str, float]]]) -> pd.DataFrame:
    """Events of (step, day of January) by customer."""
    rows = [
        (customer, step, pd.Timestamp("2025-01-01") + pd.Timedelta(days=day - 1))
        for customer, path in paths.items()
        for step, day in path
    ]
    return pd.DataFrame(rows, columns=["customer_id", "event", "happened_at"])


@pytest.fixture(scope="module")
def road(points):
    """A function of paths: their touchpoints of the steps A, B, C and X, as of the last of January."""
    return lambda paths: points(events(paths), "ABCX", dt.date(2025, 1, 31))


def crowd(**kinds: tuple[int, list[tuple[str, float]]]) -> dict[str, list[tuple[str, float]]]:
    return {f"{kind}{n}": path for kind, (size, path) in kinds.items() for n in range(size)}


RULES = FunnelRules(("A", "B", "C"), window_days=7)


def test_what_comes_next_is_counted_by_the_last_step_reached(road):
    walked = road(
        crowd(
            through=(3, [("A", 1), ("B", 2), ("C", 3)]),
            silent=(10, [("A", 1), ("B", 2)]),
            late=(6, [("A", 1), ("B", 2), ("X", 9)]),
            again=(8, [("A", 1), ("A", 3)]),
            other=(7, [("A", 1), ("X", 2)]),
            waiting=(5, [("A", 30)]),
        )
    )
    found = drops(funnel(walked, RULES), walked)
    counts = found.table.set_index(["dropped_after", "next"])["customers"].to_dict()
    assert counts == {("A", "A"): 8, ("A", "X"): 7, ("B", NOTHING): 16}
    assert found.table.set_index(["dropped_after", "next"]).loc[("A", "X"), "share"] == pytest.approx(7 / 15)
    assert str(found.headline()) == "16 of 31 customers who do not finish stop after “B”, more than elsewhere."
    assert "100% of these did nothing more within the window" in words_of(found)


def test_small_cells_are_folded_and_the_fold_is_large_enough(road):
    walked = road(crowd(a=(9, [("A", 1), ("X", 2)]), b=(6, [("A", 1), ("A", 2)]), c=(2, [("A", 1), ("C", 2)])))
    cells = drops(funnel(walked, RULES), walked).table
    assert cells.set_index("next")["customers"].to_dict() == {"X": 9, SMALL_GROUPS: 8}  # 2 alone would be told by rest
    assert cells["share"].sum() == pytest.approx(1)


def test_a_step_after_which_few_stop_is_left_out(road):
    walked = road(crowd(a=(20, [("A", 1)]), b=(4, [("A", 1), ("B", 2)])))
    cells = drops(funnel(walked, RULES), walked).table
    assert cells["dropped_after"].unique().tolist() == ["A"]
    few = road(crowd(a=(4, [("A", 1)]), b=(20, [("A", 1), ("B", 2), ("C", 3)])))
    assert isinstance(drops(funnel(few, RULES), few), NotApplicable)


def test_touchpoints_of_one_moment_count_by_the_funnels_order(road):
    """At the moment of B the customer also met X, which comes after, and A, which came before."""
    walked = road(crowd(a=(6, [("A", 1), ("B", 2), ("A", 2), ("X", 2)])))
    cells = drops(funnel(walked, RULES), walked).table
    assert cells[["dropped_after", "next"]].to_numpy().tolist() == [["B", "X"]]


def test_the_engine_agrees_with_a_slow_loop(road):
    rng = np.random.default_rng(3)
    paths = {
        f"c{n}": [
            (step, float(day))
            for step, day in zip(rng.choice(list("ABCX"), size), rng.integers(1, 31, size), strict=True)
        ]
        for n, size in enumerate(rng.integers(1, 6, 200))
    }
    walked = road(paths)
    result = funnel(walked, FunnelRules(("A", "B", "C"), "ordered", 5, "any"))
    expected: dict[tuple[str, str], int] = {}
    assert result.waiting.any()
    for row, waits in zip(result.customers.itertuples(), result.waiting, strict=True):
        if row.depth == 3 or waits:
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
        key = "ABC"[row.depth - 1], later[0] if later else NOTHING
        expected[key] = expected.get(key, 0) + 1
    cells = drops(result, walked).table
    counts = cells[cells["next"] != SMALL_GROUPS].set_index(["dropped_after", "next"])["customers"].to_dict()
    assert counts and all(expected[key] == count for key, count in counts.items())
    assert cells["customers"].sum() == sum(expected.values())


def test_the_figure_draws_what_the_table_says(road):
    walked = road(crowd(a=(9, [("A", 1), ("X", 2)]), b=(6, [("A", 1)])))
    found = drops(funnel(walked, RULES), walked)
    drawn = found.plot()
    assert [bar.get_width() for bar in drawn.patches] == [9, 6]
    assert [text.get_text() for text in drawn.get_yticklabels()] == ["A → X", "A → (nothing)"]
    plt.close("all")
    assert isinstance(drops(NotApplicable("no."), walked), NotApplicable)


def test_an_end_without_a_next_touchpoint_is_put_in_words(road):
    walked = road(crowd(waiting=(9, [("A", 30)]), silent=(6, [("A", 1)])))
    found = drops(funnel(walked, RULES), walked)
    assert found.table["next"].tolist() == [NOTHING]
    assert str(found.headline()) == "All 6 customers who do not finish stop after “A”."
    assert "did nothing more within the window" in words_of(found)
