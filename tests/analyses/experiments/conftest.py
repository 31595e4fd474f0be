"""What the tests of experiments share: arms of known rates, decisions on them, and the trials of known data sets."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest

from helpers.analyses import experiments
from helpers.data import datasets
from helpers.data.datasets import Dataset
from helpers.data.intake.settings import Extra
from shops import SHARED, metric, trial

Trials = tuple[experiments.Trial, ...]
BEGAN = pd.Timestamp("2025-01-01")
METRICS = (metric("bought", "proportion"), metric("spend"))


@pytest.fixture(scope="session")
def demo_trials(demo: Dataset) -> Trials:
    return experiments.read(demo)


@pytest.fixture(scope="session")
def opened() -> Callable[[str], Dataset]:
    """A public data set by name; the test is skipped where it is not beside the project."""

    @functools.cache
    def open(name: str) -> Dataset:
        if not (SHARED / name).is_dir():
            pytest.skip(f"the real data set {name} is not beside the repository")
        return datasets.open(SHARED / name)

    return open


@pytest.fixture(scope="session")
def hillstrom(opened) -> Trials:
    return experiments.read(opened("hillstrom"))


@pytest.fixture(scope="session")
def two_arms() -> Callable[..., pd.DataFrame]:
    """Customers of two arms: a 0/1 metric with exactly these rates, assigned evenly over days, spend of known mean."""

    def make(n_control, n_new, rates=(0.1, 0.1), days=1, spend=(10.0, 10.0)):
        arms = []
        for arm, n, rate, mean in zip(("control", "new"), (n_control, n_new), rates, spend, strict=True):
            at = np.arange(n)
            columns = {
                "variant": arm,
                "bought": (at < round(n * rate)).astype(float),
                "spend": mean + (at % 2) * 2.0 - 1.0,
                "assigned_at": BEGAN + pd.to_timedelta(at % days, unit="D"),
            }
            arms.append(pd.DataFrame(columns))
        return pd.concat(arms, ignore_index=True)

    return make


@pytest.fixture(scope="session")
def assigned() -> Callable[..., Dataset]:
    """A data set of these rows, all assigned on one day unless they say when; bought and spend unless others are given."""

    def make(rows: Any, *extras: Extra, words: Mapping[str, dict] | None = None, **more: Any) -> Dataset:
        frame = pd.DataFrame(rows)
        frame = frame if "assigned_at" in frame else frame.assign(assigned_at=BEGAN)
        return trial(frame, *(extras or METRICS), experiments=words, **more)

    return make


@pytest.fixture(scope="session")
def decided(assigned) -> Callable[..., pd.DataFrame]:
    """The table of decisions on these rows, by rules that are named."""

    def decide(
        rows: Any, *extras: Extra, words: Mapping[str, dict] | None = None, as_of: dt.date | None = None, **rules: Any
    ) -> pd.DataFrame:
        trials = experiments.read(assigned(rows, *extras, words=words))
        return experiments.decisions(trials, experiments.Rules(**rules), as_of).table

    return decide


@pytest.fixture(scope="session")
def decided_row(decided) -> Callable[..., Any]:
    """The one decision on these rows."""

    def decide(rows: Any, *extras: Extra, **more: Any) -> Any:
        (row,) = decided(rows, *extras, **more).itertuples()
        return row

    return decide


@pytest.fixture(scope="session")
def table_of() -> Callable[..., pd.DataFrame]:
    """The effects of one experiment by arm and metric, by rules that are named."""

    def effects(trials: Trials, experiment: str, **rules: Any) -> pd.DataFrame:
        answers = experiments.effects(trials, experiments.Rules(**rules))
        return next(each for each in answers if each.experiment == experiment).table.set_index(["arm", "metric"])

    return effects
