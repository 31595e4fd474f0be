"""What each customer would do in each arm of an experiment, by models that learned it from other customers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from statsmodels.genmod.families import Binomial, Gaussian
from statsmodels.genmod.generalized_linear_model import GLM

from helpers.analyses.experiments.trials.applicable import NO_EXPERIMENTS, hindrance, nothing_to_compare
from helpers.analyses.experiments.trials.arms import Trial, compared
from helpers.analyses.experiments.trials.declared_rules import Rules
from helpers.analyses.experiments.trials.moments import with_caps
from helpers.analyses.experiments.validity.faults import distrust
from helpers.data.datasets import Dataset
from helpers.data.intake.wording.tables import Extra
from helpers.findings import NotApplicable, Sentence, analysis, facts, say
from helpers.findings.folding import UNKNOWN
from helpers.statistics.hazards import undetermined

# Of the contract's columns those that an experiment does not change: level and opted_out may be its very outcome.
LEVELS_LEARNED = 10  # most common values of a column in words
LEAST_CUSTOMERS = 10  # of a value, in every arm of the half learned from
LEARNED_SHARE = 0.5  # of the customers
SEED = 1  # of which they are
DETERMINED = 1e-6  # share of a column's variance that rounding leaves
ONE_VALUE = {"proportion": Binomial, "mean": Gaussian, "count": Gaussian}  # kinds with one number a customer


@dataclass(frozen=True)
class Predictions:
    """The tested half of an experiment's customers, with what models of the other half expect of each.

    `rows`: arm, outcome (of the primary metric, under its rule for missing values). `expected`: a column an arm, the
    outcome expected in it. `best` is the treatment with the highest mean in the half learned from: the tested half
    has no say in it.
    """

    experiment: str
    control: str
    treatments: tuple[str, ...]
    metric: Extra
    rows: pd.DataFrame
    expected: pd.DataFrame
    covariates: tuple[str, ...]
    best: str
    distrust: Sentence | None  # why nothing of it can be trusted; None where it can


@analysis
def predictions(
    data: Dataset, trials: Sequence[Trial], rules: Rules = Rules()
) -> tuple[Predictions | NotApplicable, ...]:
    """Predictions of the primary metric for half of each experiment's customers, learned from the other half.

    Two-model learner: in each arm one regression, logistic for a proportion and linear else, on the declared
    covariates and the customers' lasting columns and attributes, all standardised. Which half a customer belongs to
    is drawn in the order in which customers were assigned, and of one moment in that of their values: it stays as
    others come, and no id counts. One split and no cross-fitting: two folds
    that learned from each other err together, so that the Qini interval of equal arms missed 0 in 14 % of simulated
    experiments. Assumes that customers' attributes are as they were at the assignment. One answer an experiment;
    "not applicable" says what it lacks.
    """
    return tuple(_predictions(data, trial, rules) for trial in trials) or (NO_EXPERIMENTS,)


def expected_outcomes(
    known: pd.DataFrame, arm: pd.Series, outcome: pd.Series, learning: np.ndarray, kind: str
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """What the rows not in `learning` are expected to do in each arm, and the columns of `known` that told it.

    `known` has a row a customer and numbers or words. Regressions, one an arm, see the rows of `learning` alone, and
    so do the means, scales and values that turn `known` into their covariates. Nothing usable: no columns.
    """
    matrix, features = _matrix(known, arm, outcome, learning)
    taught = matrix[learning]
    scaled = (matrix - taught.mean(axis=0)) / taught.std(axis=0)
    design = np.column_stack([np.ones(len(scaled)), scaled])
    expected = {}
    for name in pd.unique(arm):
        rows = learning & (arm == name).to_numpy()
        model = GLM(outcome.to_numpy()[rows], design[rows], family=ONE_VALUE[kind]()).fit()
        expected[name] = model.predict(design[~learning])
    return pd.DataFrame(expected), tuple(dict.fromkeys(features))


def _predictions(data: Dataset, trial: Trial, rules: Rules) -> Predictions | NotApplicable:
    if not trial.primary or not trial.treatments:
        return nothing_to_compare(trial, trial.primary)
    if reason := hindrance(trial):
        return reason
    metric, name = trial.metrics[trial.primary], facts.Name(trial.name)
    if metric.kind not in ONE_VALUE:
        return NotApplicable(
            say(
                "“{metric}” of {experiment} is a ratio, which no customer has alone.",
                metric=facts.Name(metric.label),
                experiment=name,
            )
        )
    names = _covariates(data)
    if not any(names.values()):
        return NotApplicable(
            say("nothing is known of the customers of {experiment} from before it began.", experiment=name)
        )
    rows = _rows(data, trial, names, metric)
    arm, outcome = rows["variant"], rows[metric.name]
    learning = np.random.default_rng(SEED).random(len(rows)) < LEARNED_SHARE
    arms = [trial.control, *trial.treatments]
    least = min(((arm == each) & half).sum() for each in arms for half in (learning, ~learning))
    taught = outcome[learning].groupby(arm[learning])
    if least < rules.smallest_arm or taught.nunique().min() < 2:
        return NotApplicable(
            say("{experiment} has too few customers to learn from one half and try it on the other.", experiment=name)
        )
    known = rows[[*names["experiments"], *names["customers"]]]
    expected, used = expected_outcomes(known, arm, outcome, learning, metric.kind)
    if not used:
        return NotApplicable(
            say("what is known of the customers of {experiment} does not vary enough to learn from.", experiment=name)
        )
    return Predictions(
        experiment=trial.name,
        control=trial.control,
        treatments=trial.treatments,
        metric=metric,
        rows=pd.DataFrame({"arm": arm, "outcome": outcome})[~learning].reset_index(drop=True),
        expected=expected[arms],
        covariates=used,
        best=str((metric.direction * taught.mean()[arms[1:]]).idxmax()),
        distrust=distrust(trial, rules),
    )


def _covariates(data: Dataset) -> dict[str, list[str]]:
    """Columns known before the assignment, by table; of a name that both tables have the experiment's is meant."""
    of_experiments, customers = data.tables["experiments"].columns, data.tables.get("customers")
    of_customers = () if customers is None else customers.columns
    lasting = dict.fromkeys(data.settings.lasting)
    return {
        "experiments": [name for name in data.settings.covariates if name in of_experiments],
        "customers": [name for name in lasting if name in of_customers and name not in of_experiments],
    }


def _rows(data: Dataset, trial: Trial, names: Mapping[str, list[str]], metric: Extra) -> pd.DataFrame:
    """Customers in one arm alone who count in the metric: assigned_at, variant, the metric, and the covariates.

    In order of these columns, in which only customers who are all alike are in any order.
    """
    rows = with_caps(compared(data, [trial]), metric, trial.cells.caps)
    columns = ["assigned_at", "variant", metric.name, *names["experiments"]]
    rows = rows.filter(rows[metric.name].notnull()).select("customer_id", *columns)
    if names["customers"]:
        about = data.tables["customers"].select("customer_id", *names["customers"])
        rows = rows.left_join(about, "customer_id").drop("customer_id_right")
    return rows.drop("customer_id").order_by([*columns, *names["customers"]]).execute()


def _matrix(
    known: pd.DataFrame, arm: pd.Series, outcome: pd.Series, learning: np.ndarray
) -> tuple[np.ndarray, list[str]]:
    """Covariates as numbers, a column each, and the feature that each comes from.

    Words are told against their most common value; a missing number is the mean of the others and a column of its
    own. Left out is what an arm of the learning half has too little of (values with fewer than ten customers, or with
    one outcome alone), and columns that those before them determine.
    """
    taught = outcome.to_numpy()[learning]
    arms = [arm.to_numpy()[learning] == name for name in pd.unique(arm)]
    usable = [
        (name, column)
        for name in known
        for column in _columns(known[name], learning)
        if _told_in_every_arm(column[learning], arms, taught)
    ]
    matrix = np.column_stack([column for _, column in usable]) if usable else np.empty((len(known), 0))
    alone = undetermined(matrix[learning], DETERMINED)
    return matrix[:, alone], [name for (name, _), own in zip(usable, alone, strict=True) if own]


def _columns(values: pd.Series, learning: np.ndarray) -> list[np.ndarray]:
    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        numbers, missing = values.to_numpy(dtype=float, na_value=np.nan), values.isna().to_numpy()
        mean = numbers[learning & ~missing].mean() if (learning & ~missing).any() else 0.0
        return [np.where(missing, mean, numbers), missing.astype(float)]
    named = values.astype(object).where(values.notna(), UNKNOWN)
    common = named[learning].value_counts().sort_index().sort_values(ascending=False, kind="stable")
    return [named.eq(level).to_numpy(dtype=float) for level in common.index[1 : LEVELS_LEARNED + 1]]


def _told_in_every_arm(column: np.ndarray, arms: Sequence[np.ndarray], outcome: np.ndarray) -> bool:
    """Whether a column varies in each of the arms, which are given by their rows, and outcomes do for each value."""
    values = np.unique(column)
    if len(values) > 2:
        return all(np.ptp(column[rows]) > 0 for rows in arms)
    cells = [outcome[rows & (column == value)] for rows in arms for value in values]
    return len(values) == 2 and all(len(cell) >= LEAST_CUSTOMERS and np.ptp(cell) > 0 for cell in cells)
