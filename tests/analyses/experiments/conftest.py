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
from helpers.data.intake.wording.tables import Extra
from helpers.statistics.targeting.two_models import expected_outcomes
from shops import SHARED, covariate, feed, metric, shop, trial, words

Trials = tuple[experiments.Trial, ...]
BEGAN = pd.Timestamp("2025-01-01")
BOUGHT = metric("bought", "proportion", label="Bought")
KNOWN = (covariate("visits"), covariate("town", "text"))
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
            pytest.skip(f"the real data set {name} is not beside the project")
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
    """The table of decisions on these rows, by rules that are named, with why they are so in words."""

    def decide(
        rows: Any, *extras: Extra, words: Mapping[str, dict] | None = None, as_of: dt.date | None = None, **rules: Any
    ) -> pd.DataFrame:
        trials = experiments.read(assigned(rows, *extras, words=words))
        found = experiments.decisions(trials, experiments.Rules(**rules), as_of)
        return found.table.assign(why=found.summary()["why"])

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


@pytest.fixture(scope="session")
def opposite() -> Callable[..., np.ndarray]:
    """An effect that raises the chance by 20 points in the north and lowers it by 15 in the south."""
    return lambda town, visits: np.where(town == "north", 0.2, -0.15)


@pytest.fixture(scope="session")
def customers() -> Callable[..., pd.DataFrame]:
    """Customers at random in arms; `effects` says by how much each treatment raises the chance by (town, visits)."""

    def make(rng, n, effects, base=0.25):
        town, visits = rng.choice(["north", "south"], n), rng.poisson(3, n)
        arms = ["control", *effects]
        variant = rng.choice(arms, n)
        raised = np.select([variant == arm for arm in effects], [by(town, visits) for by in effects.values()], 0.0)
        return pd.DataFrame(
            {
                "customer_id": [f"c{i:05d}" for i in range(n)],
                "variant": variant,
                "town": town,
                "visits": visits.astype(float),
                "bought": (rng.random(n) < base + raised).astype(float),
            }
        )

    return make


@pytest.fixture(scope="session")
def predicted() -> Callable[..., Any]:
    """The predictions for such customers; what they told before is `about`, with its `attributes`."""

    def predict(rows, metric=BOUGHT, covariates=KNOWN, attributes=(), about=None, weights=None):
        feeds = {
            "experiments": feed("experiments", metric, *covariates),
            "customers": feed("customers", *attributes),
        }
        named = {"test": {"control": "control"} | ({"weights": weights} if weights else {})}
        tables = {"experiments": pd.DataFrame({"assigned_at": BEGAN}, rows.index).assign(**rows, experiment="test")}
        tables |= {} if about is None else {"customers": about}
        data = shop(settings=words(feeds=feeds, experiments=named), as_given=True, **tables)
        return experiments.predictions(data, experiments.read(data))

    return predict


@pytest.fixture(scope="session")
def planted(customers, predicted, opposite) -> Any:
    """Mail raises the chance by 20 points in the north and lowers it by 15 in the south."""
    return predicted(customers(np.random.default_rng(1), 8000, {"mail": opposite}))


@pytest.fixture(scope="session")
def learned(opened) -> Any:
    """Hillstrom's customers of the womens and of no e-mail, in the order of the file; even rows are learned from."""
    data = opened("hillstrom")
    rows = data.tables["experiments"].execute().merge(data.tables["customers"].execute(), on="customer_id")
    rows = rows[rows["variant"] != "Mens E-Mail"].sort_values("customer_id", key=lambda ids: ids.astype(int))
    rows = rows.reset_index(drop=True)
    learning = np.arange(len(rows)) % 2 == 0
    known = rows[["history", "recency", "womens", "mens", "channel", "zip_code", "newbie"]]
    return rows[~learning], expected_outcomes(known, rows["variant"], rows["visit"], learning, "proportion")
