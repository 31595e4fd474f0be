"""The claims of 03_churn about who may leave next, on customers of whom the truth is known."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from claims import Claim, each
from helpers.analyses.churn.drivers.samples import sample
from helpers.analyses.churn.forecast.backtest import DRAWS, Holdout, drawn_as
from helpers.analyses.churn.forecast.call_list import lift
from helpers.analyses.churn.forecast.learning_sample import MOST_CUSTOMERS
from helpers.analyses.churn.forecast.models import LeavingModel, fitted_model
from helpers.findings import NotApplicable
from helpers.findings.evidence import SIGNIFICANCE
from helpers.statistics.inference import bootstrap

DAYS = 3  # landmarks on which the same customers are seen
FEATURES = 20
SAID = 0.003  # of a share of 100,000 customers
AS_OF = pd.Timestamp("2025-06-30")


def seen(customers: int, rng: np.random.Generator) -> pd.DataFrame:
    """Customers on three days, each of whom leaves after a day by a chance of their own."""
    chance = np.tile(rng.beta(1, 3, customers), DAYS)
    rows = pd.DataFrame({"customer_id": np.tile(np.arange(customers), DAYS), "own": chance, "reach_days": 0})
    return rows.assign(left=rng.random(len(rows)) < chance, duration_days=90)


def reasons(customers: int, rng: np.random.Generator) -> bool | None:
    """Whether any of 20 features, words, counts and money, is one that raises a risk: none tells who leaves."""
    rows = seen(customers, rng)
    days = np.ceil(rng.exponential(200 / (0.1 + rows["own"])))
    known = {f"f{place}": _feature(place, customers, rng)[rows["customer_id"]] for place in range(FEATURES)}
    left = pd.Series(days <= 90)
    table = pd.DataFrame(known)
    model = fitted_model(LeavingModel, table, np.minimum(days, 90), left, cluster=rows["customer_id"])
    return None if isinstance(model, NotApplicable) else bool(model.contributions(rows, table).any(axis=None))


def _feature(place: int, customers: int, rng: np.random.Generator) -> np.ndarray:
    kinds = (rng.lognormal(3, 1, customers), rng.poisson(1, customers).astype(float), rng.normal(40, 12, customers))
    return kinds[place % 3] if place % 4 else np.take(["a", "b", "c"], rng.integers(0, 3, customers))


def off(customers: int, rng: np.random.Generator) -> bool:
    """Whether chances that are right are told to be too high or too low on average."""
    rows = seen(customers, rng).assign(chance=lambda table: table["own"])
    gap = (rows["left"] - rows["chance"]).to_numpy()
    drawn = bootstrap(lambda weights: {"gap": np.average(gap, weights=weights)}, drawn_as(rows), draws=DRAWS)
    ends = tuple(drawn["gap"].quantile([SIGNIFICANCE / 2, 1 - SIGNIFICANCE / 2]))
    rest: Any = pd.DataFrame()
    found = Holdout(rest, rest, ends, rows, pd.DatetimeIndex([]), pd.DatetimeIndex([]), 90, "contract", 0.0)
    return not found.agrees


def reached(customers: int, rng: np.random.Generator) -> bool:
    """Whether more of the tenth at highest risk are told to leave: chances tell nothing, and hardly change by day."""
    rows = seen(customers, rng)
    chance = np.tile(rng.random(customers), DAYS) + 0.05 * rng.random(len(rows))
    tested: Any = SimpleNamespace(rows=rows.assign(chance=chance), horizon_days=90)
    return "No evidence" not in str(lift(tested).headline())


def drawn_off(customers: int, rng: np.random.Generator) -> bool:
    """Whether a share of customers drawn is off by more than a page says: .3 points of 100,000, and of fewer by as
    many standard errors. Three times as many are there.
    """
    everybody = 3 * customers
    known = {"customer_id": np.arange(everybody).astype(str), "plan": rng.choice(["a", "b"], everybody, p=[0.4, 0.6])}
    rows = pd.DataFrame({**known, "started_on": AS_OF - pd.to_timedelta(rng.integers(0, 700, everybody), unit="D")})
    off = (sample(rows, customers)["plan"] == "a").mean() - (rows["plan"] == "a").mean()
    return abs(off) > SAID * np.sqrt(MOST_CUSTOMERS / customers)


ROOM, SIZES = "churn/forecast/", (300, 3000)  # of fewer customers too few leave
CLAIMS = (
    Claim("a feature raises the risk", f"{ROOM}models", "20 features that tell nothing", 0.05, each(reasons), SIZES[:1], 50),
    Claim("chances are off on average", f"{ROOM}backtest", "they are right", 0.05, each(off), SIZES, 20),
    Claim("more of the tenth at highest risk leave", f"{ROOM}call_list", "chances tell nothing", 0.025, each(reached),
          SIZES, 20),
    Claim("a share of those drawn is known to .3 of a point", f"{ROOM}learning_sample",
          "two fifths have a plan; a third of all is drawn", 0.05, each(drawn_off), costs=20),
)  # fmt: skip
