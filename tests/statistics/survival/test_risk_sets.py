"""Who is at risk when: slow loops over the rows, late entries, blocks, and rows that cannot be trusted."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.statistics.survival.risk_sets import (
    follow_up_rows,
    still_at_risk,
    survival_before,
    tally,
    time_grid,
    weighted_rows,
)


def rows_of(rng, size=200, blocks=3, late=True):
    """Rows with many ties, some that entered late, in blocks."""
    durations = rng.integers(1, 20, size).astype(float)
    entry = np.where(rng.random(size) < 0.4, np.floor(durations * rng.random(size)), 0.0) if late else None
    outcomes = (rng.random(size) < 0.6).astype(int)
    return follow_up_rows(durations, outcomes, entry, rng.integers(0, 4, size), rng.integers(0, blocks, size))


def at_risk_by_slot(rows, grid):
    """The weight at risk at every slot, as estimators sum it up."""
    leaving = np.bincount(grid.last, rows.weights, len(grid.time))
    entering = np.bincount(grid.first, rows.weights, len(grid.time))
    return still_at_risk(leaving, entering)


@pytest.mark.parametrize("late", [True, False])
@pytest.mark.parametrize("blocks", [1, 3])
def test_the_grid_has_every_distinct_time_of_every_block_and_its_risk_sets_are_those_of_a_loop(blocks, late):
    rows = rows_of(np.random.default_rng(1), blocks=blocks, late=late)
    grid = time_grid(rows)
    slots = sorted({(block, time) for block, time in zip(rows.block, rows.durations, strict=True)})
    assert list(zip(grid.block, grid.time, strict=True)) == slots
    assert grid.time[grid.last].tolist() == rows.durations.tolist()
    assert grid.block[grid.last].tolist() == rows.block.tolist()
    entry = np.zeros(len(rows.durations)) if rows.entry is None else rows.entry
    slow = [
        sum(
            weight
            for weight, begin, end, own in zip(rows.weights, entry, rows.durations, rows.block, strict=True)
            if own == block and (begin < time or begin == 0) and time <= end
        )
        for block, time in slots
    ]
    assert at_risk_by_slot(rows, grid) == pytest.approx(slow)


def test_a_row_from_the_start_is_at_risk_at_time_0_and_a_late_one_not_at_its_own_entry():
    rows = follow_up_rows([0.0, 2.0, 3.0], np.array([1, 1, 1]), [0.0, 0.0, 2.0], None, None)
    grid = time_grid(rows)
    assert grid.time.tolist() == [0, 2, 3]
    assert at_risk_by_slot(rows, grid).tolist() == [2, 1, 1]


def test_small_last_risk_sets_keep_their_digits_beside_large_ones():
    leaving = np.array([1e16, 1.0, 1.0])
    assert still_at_risk(leaving, np.zeros(3))[1:].tolist() == [2, 1]


def test_a_tally_sums_the_weights_of_each_cell():
    slots, columns, weights = np.array([0, 1, 1, 1]), np.array([1, 0, 2, 2]), np.array([1.0, 2.0, 3.0, 4.0])
    assert tally(slots, columns, weights, (3, 3)).tolist() == [[0, 1, 0], [2, 0, 7], [0, 0, 0]]


def test_survival_before_a_slot_is_the_product_of_the_steps_before_it_in_its_block():
    block, at_risk, events = np.array([0, 0, 0, 1, 1]), np.array([4, 3, 1, 2, 1]), np.array([1, 1, 1, 1, 0])
    before = survival_before(block, at_risk, events)
    assert before == pytest.approx([1, 3 / 4, 3 / 4 * 2 / 3, 1, 1 / 2])


def test_rows_of_no_weight_are_left_out_and_the_others_stay():
    rows = follow_up_rows([1.0, 2.0, 3.0], np.array([1, 0, 1]), [0.0, 1.0, 0.0], [1, 0, 2], ["a", "b", "a"])
    kept = weighted_rows(rows)
    assert kept.durations.tolist() == [1, 3]
    assert kept.outcomes.tolist() == [1, 1]
    assert kept.entry.tolist() == [0, 0]
    assert kept.labels[kept.block].tolist() == ["a", "a"]
    whole = follow_up_rows([1.0, 2.0], np.array([1, 0]), None, None, None)
    assert weighted_rows(whole) is whole
    with pytest.raises(ValueError, match="weights = 0 in every row: somebody must be at risk"):
        weighted_rows(follow_up_rows([1.0], np.array([1]), None, [0], None))


@pytest.mark.parametrize(
    ("durations", "entry", "weights", "message"),
    [
        ([], None, None, "durations = 0 rows: at least one row is needed"),
        ([1.0, -2.0], None, None, "durations = -2 in a row: time starts at 0"),
        ([1.0, 2.0], [0.0, 2.0], None, r"entry = 2 with duration 2 \(row 1\): 0 ≤ entry < duration"),
        ([1.0, 2.0], [-1.0, 0.0], None, r"entry = -1 with duration 1 \(row 0\)"),
        ([1.0, 2.0], [0.0], None, "entry = 1 rows: as many as durations"),
        ([1.0, 2.0], None, [1, -1], "weights = -1 in a row: a weight is at least 0"),
        ([1.0, 2.0], None, [1], "weights = 1 rows: as many as durations"),
    ],
)
def test_rows_that_cannot_be_trusted_are_refused_by_name(durations, entry, weights, message):
    with pytest.raises(ValueError, match=message):
        follow_up_rows(durations, np.zeros(len(durations), int), entry, weights, None)


def test_a_block_that_is_missing_is_named_as_the_caller_calls_it():
    with pytest.raises(ValueError, match="strata = missing in 1 of 2 rows"):
        follow_up_rows([1.0, 2.0], np.array([0, 1]), None, None, ["a", None], "strata")
