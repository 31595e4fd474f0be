"""Experiments in memory whose customers are parted by segment, from counts alone."""

from __future__ import annotations

import pandas as pd

from helpers.analyses.experiments.audience.strata import Segments
from helpers.analyses.experiments.trials.arms import Trial
from helpers.analyses.experiments.trials.moments import Cells
from helpers.statistics.effects.moments import Moments, total
from shops import metric

BOUGHT = metric("bought", "proportion", label="Bought")


def share(n: int, buyers: int) -> Moments:
    """Those of `n` customers of whom `buyers` bought."""
    return Moments.from_sums(n, {"bought": buyers}, {"bought": buyers})


def segmented(weights=(1.0, 1.0), **columns) -> Segments:
    """Segments of one experiment, of (customers, buyers) by column, segment and arm."""
    counted = {
        column: {name: {arm: share(*pair) for arm, pair in by_arm.items()} for name, by_arm in found.items()}
        for column, found in columns.items()
    }
    first = next(iter(counted.values()))
    arms = tuple(next(iter(first.values())))
    whole = {arm: total(by_arm[arm] for by_arm in first.values()) for arm in arms}
    table = pd.DataFrame(
        {"arm": arms, "customers": [whole[arm].n for arm in arms], "in_two_arms": 0, "weight": weights}
    )
    trial = Trial(
        "test",
        table,
        "settings",
        0,
        "bought",
        {"bought": BOUGHT},
        {},
        {(arm, "bought"): moments for arm, moments in whole.items()},
        {},
        Cells(pd.DataFrame(columns=["variant", "day", "rows"]), {}, (), {}),
    )
    return Segments(trial, arms, BOUGHT, counted)
