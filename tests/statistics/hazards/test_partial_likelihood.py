"""The partial likelihood and its parts against a loop over events, risk sets and Efron's steps."""

from __future__ import annotations

from dataclasses import dataclass
from unittest.mock import patch

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.statistics.hazards import partial_likelihood
from helpers.statistics.survival.risk_sets import follow_up_rows


@st.composite
def follow_ups(draw) -> pd.DataFrame:
    """Rows with many ties, late entries, fractional weights, two strata, two covariates and at least one event."""
    size = draw(st.integers(2, 16))
    column = lambda elements: np.array(draw(st.lists(elements, min_size=size, max_size=size)))  # noqa: E731
    rows = pd.DataFrame({"duration": column(st.integers(1, 5)), "event": column(st.integers(0, 1))})
    rows["entry"] = np.minimum(column(st.integers(0, 4)), rows["duration"] - 1)
    rows["weight"] = column(st.sampled_from([0.5, 1.0, 2.0, 3.25]))
    rows["stratum"] = column(st.sampled_from("xy"))
    rows["x1"] = column(st.integers(-2, 2)).astype(float)
    rows["x2"] = column(st.floats(-1, 1, width=16))
    rows.loc[0, "event"] = 1
    return rows


@dataclass
class Slow:
    log_likelihood: float
    score: np.ndarray
    information: np.ndarray
    residuals: np.ndarray  # score residuals, (rows × 2)
    martingale: np.ndarray


def slow(rows: pd.DataFrame, beta: np.ndarray, ties: str, drift: float) -> Slow:
    """Everything from the definitions; a slot's information weighs 1 + drift × its time."""
    entry, duration, event, w = rows[["entry", "duration", "event", "weight"]].to_numpy().T
    x = rows[["x1", "x2"]].to_numpy()
    r = np.exp(x @ beta)
    answer = Slow(0.0, np.zeros(2), np.zeros((2, 2)), np.zeros((len(rows), 2)), event.copy())
    for stratum in sorted(set(rows["stratum"])):
        inside = (rows["stratum"] == stratum).to_numpy()
        for time in sorted(set(duration[inside & (event == 1)])):
            at_risk = inside & (entry < time) & (duration >= time)
            dead = inside & (duration == time) & (event == 1)
            d, mean_weight = dead.sum(), w[dead].mean()
            answer.log_likelihood += w[dead] @ (x[dead] @ beta)
            for k in range(d):
                part = at_risk - (k / d if ties == "efron" else 0.0) * dead  # how much of each row is still at risk
                den = (part * w * r).sum()
                mean = (part * w * r) @ x / den
                spread = ((x - mean).T * (part * w * r)) @ (x - mean) / den
                answer.log_likelihood -= mean_weight * np.log(den)
                answer.score += w[dead] @ x[dead] / d - mean_weight * mean
                answer.information += mean_weight * spread * (1 + drift * time)
                hazard = mean_weight / den
                answer.martingale -= part * r * hazard
                answer.residuals += dead[:, None] * (x - mean) / d - (part * r * hazard)[:, None] * (x - mean)
    return answer


@settings(deadline=None, max_examples=50)
@given(follow_ups(), st.sampled_from(["efron", "breslow"]), st.tuples(*[st.floats(-1.5, 1.5)] * 2), st.booleans())
def test_every_sum_equals_the_slow_loop_over_ties_entries_weights_and_strata(rows, ties, beta, in_order):
    follow_up = follow_up_rows(
        rows["duration"], rows["event"].to_numpy(), rows["entry"], rows["weight"], rows["stratum"]
    )
    with patch.object(partial_likelihood, "CACHED_BINS", 0 if in_order else 99):
        model = partial_likelihood.design([rows["x1"].to_numpy(), rows["x2"].to_numpy()], follow_up, ties == "efron")
    assert not in_order or np.all(np.diff(model.last) >= 0)
    scale = np.where(model.scale > 0, model.scale, 1.0)
    beta = np.where(model.scale > 0, beta, 0.0)
    sums = partial_likelihood.risk_sums(model, beta * scale)
    expected = slow(rows, beta, ties, 0.0)
    near = {"rtol": 1e-9, "atol": 1e-9}
    assert sums.log_likelihood == pytest.approx(expected.log_likelihood, rel=1e-9, abs=1e-9)
    np.testing.assert_allclose(partial_likelihood.score(model, sums) * scale, expected.score, **near)
    information = partial_likelihood.information(model, sums) * np.outer(scale, scale)
    np.testing.assert_allclose(information, expected.information, **near)
    weighted = partial_likelihood.information(model, sums, 1 + 0.3 * model.time) * np.outer(scale, scale)
    np.testing.assert_allclose(weighted, slow(rows, beta, ties, 0.3).information, **near)
    by_slot = np.array([partial_likelihood.information_of(model, sums, place) for place in range(2)])
    of_slots = (1 + 0.3 * model.time) @ by_slot * np.outer(scale, scale)
    np.testing.assert_allclose(of_slots, slow(rows, beta, ties, 0.3).information, **near)
    martingale, residuals = np.zeros(len(rows)), np.zeros((len(rows), 2))
    martingale[model.order] = partial_likelihood.martingale_residuals(model, sums)
    residuals[model.order] = (np.array(list(partial_likelihood.score_residuals(model, sums))) * scale[:, None]).T
    np.testing.assert_allclose(martingale, expected.martingale, **near)
    np.testing.assert_allclose(residuals, expected.residuals, **near)


def test_information_without_covariates_is_83_of_144_in_therneaus_first_case():
    """Therneau's validation vignette, test data 1, Efron: information(0) 83/144."""
    rows = follow_up_rows([1, 1, 6, 6, 8, 9], np.array([1, 0, 1, 1, 0, 1]), None, None, None)
    model = partial_likelihood.design([np.array([1.0, 1, 1, 0, 0, 0])], rows, True)
    information = partial_likelihood.information(model, partial_likelihood.risk_sums(model, np.zeros(1)))
    assert information[0, 0] * model.scale[0] ** 2 == pytest.approx(83 / 144, rel=1e-12)


def test_more_rows_than_one_gram_chunk_add_up():
    rng = np.random.default_rng(3)
    size = 2 * partial_likelihood.CHUNK + 11
    durations, x = rng.integers(1, 40, size), rng.normal(size=size)
    rows = follow_up_rows(durations, rng.integers(0, 2, size), None, None, None)
    model = partial_likelihood.design([x], rows, False)
    information = partial_likelihood.information(model, partial_likelihood.risk_sums(model, np.zeros(1)))
    by_time = [np.var(x[durations >= time]) * rows.outcomes[durations == time].sum() for time in range(1, 40)]
    assert information[0, 0] * model.scale[0] ** 2 == pytest.approx(sum(by_time), rel=1e-9)
