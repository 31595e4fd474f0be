"""The claims of 04_experiments about whom an arm changes, when and how far, on arms that differ in nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd

from claims import Claim, each
from claims_of_experiments import filled, made_trial
from helpers.analyses import experiments
from helpers.analyses.experiments.audience.mix import mix_shift
from helpers.analyses.experiments.audience.outcome_models import Predictions
from helpers.analyses.experiments.audience.policies import targeting
from helpers.analyses.experiments.audience.ranking import uplift
from helpers.analyses.experiments.audience.strata import Segments
from helpers.analyses.experiments.effect.quantiles import quantile_effects
from helpers.analyses.experiments.effect.spread import Distributions
from helpers.findings import NotApplicable
from helpers.findings.vocabulary import ADJUSTED_P_VALUE
from helpers.statistics.effects import Moments, skewed_difference
from helpers.statistics.inference import adjust
from helpers.statistics.survival import log_rank

RULES = experiments.Rules()
ARMS = ("control", "new1")
COLUMNS = {"plan": 2, "city": 4, "channel": 3}


def spend(n: int, rng: np.random.Generator) -> np.ndarray:
    """Log-normal money of a third of the customers."""
    return np.where(rng.random(n) < 1 / 3, rng.lognormal(3, 1, n), 0.0)


def moments(values: np.ndarray) -> Moments:
    return Moments.of({"spend": values})


def mixed(customers: int, rng: np.random.Generator) -> bool | None:
    """Whether the arms are told to differ in their mix by any of three columns, or their effect to turn round."""
    arm = np.repeat(ARMS, customers)
    values = spend(len(arm), rng)
    columns: dict[str, dict[str, dict[str, Moments]]] = {}
    for name, many in COLUMNS.items():
        place = rng.integers(0, many, len(arm))
        columns[name] = {
            str(at): {each: moments(values[(arm == each) & (place == at)]) for each in ARMS} for at in range(many)
        }
    read = filled(made_trial(1, ("spend",)), {(each, "spend"): moments(values[arm == each]) for each in ARMS})
    (found,) = mix_shift([Segments(read, ARMS, read.metrics["spend"], columns)], RULES)
    if isinstance(found, NotApplicable):
        return None
    told = str(found.headline())
    return "explains nothing" not in told and "are not clear" not in told


def predicted(customers: int, rng: np.random.Generator) -> Predictions:
    """What two models expect of so many customers of each arm, though nothing foretells what they spend."""
    rows = pd.DataFrame({"arm": np.repeat(ARMS, customers)}).assign(outcome=spend(2 * customers, rng))
    expected = pd.DataFrame(rng.normal(7, 2, (len(rows), 2)), columns=list(ARMS))
    metric = made_trial(1, ("spend",)).metrics["spend"]
    return Predictions("test", "control", ("new1",), metric, rows, expected, ("age",), "new1", None)


def chooses(customers: int, rng: np.random.Generator) -> bool:
    """Whether choosing whom to treat is told to be better, or worse, than treating all alike."""
    return "No evidence" not in str(targeting([predicted(customers, rng)], RULES)[0].headline())


def ranks(customers: int, rng: np.random.Generator) -> bool:
    """Whether it is told that one can foretell whom it changes most, or that predictions sort the wrong way."""
    return "no evidence" not in str(uplift([predicted(customers, rng)], RULES)[0].headline())


def moves(customers: int, rng: np.random.Generator) -> bool | None:
    """Whether the middle or the top is told to have moved: all spend, some much."""
    read = made_trial(1, ("spend",))
    values = {each: pd.Series(rng.lognormal(3, 1, customers).round(2)) for each in ARMS}
    counts = {("spend", each): money.value_counts().sort_index() for each, money in values.items()}
    table = pd.DataFrame()
    (found,) = quantile_effects([Distributions(table, read, table, counts)], RULES)
    if isinstance(found, NotApplicable):
        return None
    return bool((found.table[ADJUSTED_P_VALUE] < RULES.alpha).any())


def sooner(customers: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Whether an order, or leaving, is told to come sooner or later in any of two arms: a third never order, who came
    lately was followed for a short time, and customers take to either as they did.
    """
    wrong = np.zeros(draws, bool)
    for draw in range(draws):
        p_values = []
        for share, days in ((2 / 3, 20), (1.0, 300)):
            wait = np.where(rng.random((3, customers)) < share, rng.exponential(days, (3, customers)), np.inf)
            followed = rng.uniform(5, 60, wait.shape)
            time, came = np.ceil(np.minimum(wait, followed)), wait <= followed
            for arm in (1, 2):
                pair = np.repeat([0, 1], customers)
                p_values.append(log_rank(time[[0, arm]].ravel(), came[[0, arm]].ravel(), pair).p_value)
        wrong[draw] = np.nanmin(adjust(p_values, RULES.correction)) < RULES.alpha
    return wrong


def unlike_before(customers: int, rng: np.random.Generator) -> bool:
    """Whether two arms, one nine times as large, are told to have bought unlike before: who bought, orders, and money."""
    p_values = []
    arms = []
    for n in (customers, 9 * customers):
        orders = rng.poisson(rng.gamma(0.5, 1, n))
        money = np.where(orders > 0, orders * rng.lognormal(3, 0.8, n), 0)
        arms.append([(orders > 0).astype(float), orders.astype(float), money])
    for control, arm, kind in zip(*arms, ("proportion", "mean", "mean"), strict=True):
        p_values.append(skewed_difference(moments(control), moments(arm), kind=kind).p_value)
    return bool(np.nanmin(adjust(p_values, RULES.correction)) < RULES.alpha)


AUDIENCE, EFFECT = "experiments/audience/", "experiments/effect/"
SAME = "arms that differ in nothing, equal"
CLAIMS = (
    Claim("the arms' mix differs", f"{AUDIENCE}mix", "a fair draw, 3 columns", 0.05, each(mixed), costs=10),
    Claim("choosing whom to treat is better, or worse", f"{AUDIENCE}policies", "nothing foretells the effect", 0.05,
          each(chooses), costs=50),
    Claim("one can foretell whom it changes most", f"{AUDIENCE}ranking", "nothing foretells the effect", 0.05,
          each(ranks), costs=50),
    Claim("the middle or the top moved", f"{EFFECT}quantiles", SAME, 0.05, each(moves), costs=20),
    Claim("an order or leaving comes sooner or later", f"{EFFECT}waiting_times", "3 arms that differ in nothing, 2 events",
          0.05, sooner, costs=50),
    Claim("the arms bought unlike before", "experiments/validity/history", "a fair draw, a tenth held out", 0.05,
          each(unlike_before), costs=25),
)  # fmt: skip
