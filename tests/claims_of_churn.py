"""The claims of 03_churn about health, on customers of whom the truth is known."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from claims import Claim
from helpers.analyses.churn.health_score.answers import ANSWER, told
from helpers.analyses.churn.health_score.left_by_band import health_bands
from helpers.analyses.churn.health_score.plans import Plan, Weighting, weighings
from helpers.analyses.churn.health_score.scales import Scale
from helpers.analyses.churn.health_score.single_measures import health_measures
from helpers.analyses.churn.health_score.trials import ALL_DAYS, DRAWS, Trial, ranking
from helpers.analyses.churn.leaving.definition import Definition
from helpers.findings.evidence import SIGNIFICANCE
from helpers.statistics.inference import adjust, bootstrap

DAYS = 3
EQUAL = "equal"


def tested(customers: int, rng: np.random.Generator, points: pd.DataFrame, left: np.ndarray) -> Any:
    """What a back-test of these points found: a row a customer and day, all measures alike."""
    weights = {EQUAL: dict.fromkeys(points, 1.0)}
    stays: Any = SimpleNamespace(definition=Definition.CONTRACT)
    plan = Plan(stays, Scale(pd.NaT, {}), EQUAL, weights[EQUAL], (50, 75))
    day = np.repeat(pd.date_range("2025-01-01", periods=DAYS, freq="30D"), customers)
    rows = pd.DataFrame({"customer_id": np.tile(np.arange(customers), DAYS), "landmark_at": day, "left": left})
    scores = pd.DataFrame({EQUAL: points.mean(axis=1)})
    own = Trial(plan, rows, points, scores, weights, {}, pd.DataFrame(), pd.DatetimeIndex([]))
    return SimpleNamespace(trials=(own,), own=own, horizon_days=90)


def alike(customers: int, rng: np.random.Generator, measures: int) -> tuple[pd.DataFrame, np.ndarray]:
    """Points that tell nothing, mostly the same on each day, and leavers, often the same on each day too."""
    own = rng.normal(size=(customers, measures))
    points = np.concatenate([own + 0.5 * rng.normal(size=own.shape) for _ in range(DAYS)])
    chance = np.tile(rng.beta(0.5, 1.5, customers), DAYS)
    names = [f"m{place}" for place in range(measures)]
    ranked = pd.DataFrame(points, columns=names).rank(pct=True) * 100
    return ranked, rng.random(len(chance)) < chance


def falls(customers: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Whether red customers are told to leave more often than green ones."""
    wrong = []
    for _ in range(draws):
        found = health_bands(tested(customers, rng, *alike(customers, rng, 2)))
        wrong.append(found.p_values["contract"] < SIGNIFICANCE and found.falling["contract"])
    return np.array(wrong)


def adds(customers: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Whether any of six measures is told to help, or to make the score worse."""
    found = [health_measures(tested(customers, rng, *alike(customers, rng, 6))).table for _ in range(draws)]
    return np.array([(table["adjusted_p_value"] < SIGNIFICANCE).any() for table in found])


def weighs(customers: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Whether the first of four measures earns a weight: it tells nothing, and the last does."""
    earned = []
    for _ in range(draws):
        points, left = alike(customers, rng, 4)
        points["m3"] -= 20 * left
        learnt = weighings(points, {}, points, pd.Series(~left), pd.Series(np.tile(np.arange(customers), DAYS)))
        earned.append(learnt.get(Weighting.LEARNT, {}).get("m0", 0.0) > 0)
    return np.array(earned)


def better(customers: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Whether a score is told to be better than another that tells as much."""
    wrong = []
    for _ in range(draws):
        _, left = alike(customers, rng, 1)
        scores = pd.DataFrame(rng.normal(size=(len(left), 2)), columns=["a", "b"]).sub(0.7 * left, axis=0)
        rows = pd.DataFrame({"left": left})
        drawn = bootstrap(ranking(rows, scores).areas, np.tile(np.arange(customers), DAYS), draws=DRAWS, seed=rng)
        wrong.append((drawn["a", ALL_DAYS] - drawn["b", ALL_DAYS]).quantile(SIGNIFICANCE / 2) > 0)
    return np.array(wrong)


def foretells(customers: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Whether any of two questions is told to foretell leaving: answers are coarse, and mostly the same on each day."""
    wrong = []
    for _ in range(draws):
        points, left = alike(customers, rng, 2)
        rows = pd.DataFrame({"customer_id": np.tile(np.arange(customers), DAYS), "landmark_at": pd.NaT, "left": left})
        p_values = [told(rows, pd.DataFrame({ANSWER: (each // 20).to_numpy()}))[-1] for _, each in points.items()]
        wrong.append(adjust(p_values, "holm").min() < SIGNIFICANCE)
    return np.array(wrong)


ROOM = "churn/health_score/"
SIZES = (300, 3000)  # of fewer customers too few leave
CLAIMS = (
    Claim(
        "the score tells better than recency", f"{ROOM}rankings", "two that tell as much", 0.025, better, SIZES[:1], 40
    ),
    Claim(
        "red leave more often than green", f"{ROOM}left_by_band", "nothing tells who leaves", 0.025, falls, SIZES, 20
    ),
    Claim("a measure earns a weight", f"{ROOM}plans", "it tells nothing, another does", 0.025, weighs, SIZES, 5),
    Claim("answers foretell leaving", f"{ROOM}answers", "2 questions that tell nothing", 0.05, foretells, SIZES, 40),
    Claim("a measure helps or hurts", f"{ROOM}single_measures", "6 that tell nothing", 0.05, adds, SIZES[:1], 40),
)
