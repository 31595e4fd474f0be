"""The score test of proportional hazards."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from lifelines.datasets import load_lung

from helpers.statistics import hazards


def test_lung_agrees_with_r():
    """R survival 3.5-3: cox.zph(coxph(Surv(time, status) ~ age + sex + ph.ecog, lung))."""
    lung = load_lung().dropna(subset="ph.ecog")
    fit = hazards.fit_cox(lung[["age", "sex", "ph.ecog"]], lung["time"], lung["status"])
    test = hazards.proportional_hazards_test(fit)
    assert test["covariate"].tolist() == ["age", "sex", "ph.ecog", "GLOBAL"]
    assert test["statistic"].tolist() == pytest.approx([0.187988, 2.305437, 2.054249, 4.463658], abs=5e-7)
    assert test["df"].tolist() == [1, 1, 1, 3]
    assert test["p_value"].tolist() == pytest.approx([0.66460, 0.12892, 0.15178, 0.21556], abs=1e-5)


@pytest.fixture(scope="module")
def entering() -> pd.DataFrame:
    """Two strata, late entries, weights and ties."""
    rng = np.random.default_rng(5)
    rows = pd.DataFrame({"x": rng.normal(size=120), "y": rng.integers(0, 2, 120).astype(float)})
    rows["entry"] = rng.integers(0, 5, 120)
    rows["duration"] = rows["entry"] + rng.integers(1, 12, 120)
    rows["event"] = rng.integers(0, 2, 120)
    rows["weight"] = rng.choice([0.5, 1, 2], 120)
    rows["stratum"] = rng.choice(["a", "b"], 120)
    return rows


@pytest.mark.parametrize("transform", ["identity", "log", "rank", "km"])
def test_it_is_the_score_test_of_a_time_varying_effect(entering, transform):
    """Rows split at every event time, with x g(t) as a covariate: the score and information there at no drift
    (Breslow)."""
    rows = entering
    fit = hazards.fit_cox(
        rows[["x", "y"]],
        rows["duration"],
        rows["event"],
        entry=rows["entry"],
        weights=rows["weight"],
        strata=rows["stratum"],
        ties="breslow",
    )
    beta = fit.coefficients["coef"].to_numpy()
    entry, duration, weight = rows[["entry", "duration", "weight"]].to_numpy().T
    event, x = rows["event"].to_numpy() == 1, rows[["x", "y"]].to_numpy()
    r = weight * np.exp(x @ beta)
    ranks = np.cumsum([weight[event & (duration == t)].sum() for t in range(20)])
    survived, before = 1.0, {}
    for t in sorted(set(duration)):
        before[t] = 1 - survived
        survived *= 1 - weight[event & (duration == t)].sum() / weight[(entry < t) & (duration >= t)].sum()
    g_of = {
        "identity": lambda t: t,
        "log": np.log,
        "rank": lambda t: (ranks[int(t)] + ranks[int(t) - 1] + 1) / 2,
        "km": lambda t: before[t],
    }[transform]
    score, information = np.zeros(4), np.zeros((4, 4))
    for stratum in ("a", "b"):
        inside = (rows["stratum"] == stratum).to_numpy()
        for t in sorted(set(duration[inside & event])):
            z = np.hstack([x, x * g_of(t)])
            at_risk = inside & (entry < t) & (duration >= t)
            dead = inside & event & (duration == t)
            mean = np.average(z[at_risk], axis=0, weights=r[at_risk])
            score += weight[dead] @ (z[dead] - mean)
            information += weight[dead].sum() * np.cov(z[at_risk].T, aweights=r[at_risk], ddof=0)
    expected = []
    for drifting in ([2], [3], [2, 3]):
        chosen = [0, 1, *drifting]
        inverse = np.linalg.inv(information[np.ix_(chosen, chosen)])
        expected.append(score[chosen] @ inverse @ score[chosen])
    test = hazards.proportional_hazards_test(fit, transform)
    assert test["statistic"].tolist() == pytest.approx(expected, rel=1e-6)


def test_a_drifting_effect_is_found_and_a_steady_one_is_not():
    rng = np.random.default_rng(8)
    x, steady = rng.integers(0, 2, (2, 4000))
    early = rng.exponential(1 / np.exp(1.0 * x + 0.5 * steady))
    late = 1 + rng.exponential(1 / np.exp(-0.5 * x + 0.5 * steady))
    durations = np.where(early < 1, early, late)
    fit = hazards.fit_cox(pd.DataFrame({"x": x, "steady": steady}), durations, np.ones(4000))
    p_values = hazards.proportional_hazards_test(fit).set_index("covariate")["p_value"]
    assert p_values["x"] < 1e-10
    assert p_values["steady"] > 0.01


def test_an_unknown_transform_and_the_logarithm_of_0_are_refused():
    fit = hazards.fit_cox([0.0, 1, 1, 0, 1], [0, 2, 3, 4, 5], [1, 1, 1, 1, 0])
    with pytest.raises(ValueError, match="transform = 'sqrt': one of 'km', 'identity', 'log', 'rank'"):
        hazards.proportional_hazards_test(fit, "sqrt")
    with pytest.raises(ValueError, match="transform = 'log': an event at time 0 has no logarithm"):
        hazards.proportional_hazards_test(fit, "log")
