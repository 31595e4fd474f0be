"""Predictions, ranking and policies agree: they find what was planted, and nothing where there is nothing."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest

from answers import words_of
from helpers.analyses.experiments.audience.outcome_models import predictions
from helpers.analyses.experiments.audience.policies import targeting
from helpers.analyses.experiments.audience.ranking import AT_RANDOM, uplift
from helpers.analyses.experiments.trials.declared_rules import Rules
from helpers.findings import NotApplicable
from helpers.statistics.targeting import policies as policy_value
from helpers.statistics.targeting.two_models import expected_outcomes
from helpers.statistics.targeting.uplift import qini
from shops import metric, shop


@pytest.mark.long
def test_two_equal_arms_give_nothing_about_95_times_in_100(customers):
    """A/A: the Qini excludes 0, or targeting beats both alternatives, no more often than chance; 50 experiments."""
    rng = np.random.default_rng(3)
    sorted_, beaten = 0, 0
    for _ in range(50):
        rows = customers(rng, 800, {"mail": lambda town, visits: np.zeros(len(town))})
        learning = rng.random(800) < 0.5
        expected, _ = expected_outcomes(rows[["visits", "town"]], rows["variant"], rows["bought"], learning, "mean")
        tested, score = rows[~learning], expected["mail"] - expected["control"]
        found = qini(score, tested["variant"] == "mail", tested["bought"], draws=60, seed=rng)
        sorted_ += not found.lower <= 0 <= found.upper
        chosen = expected.idxmax(axis=1).to_numpy()
        gains = [policy_value.gain(tested["variant"], tested["bought"], chosen, arm) for arm in ("mail", "control")]
        beaten += min(gain.lower for gain in gains) > 0
    assert sorted_ <= 8  # 3 expected, as 60 draws make narrow limits
    assert beaten <= 3


def test_an_experiment_without_effect_says_that_there_is_no_evidence(customers, predicted):
    same = predicted(customers(np.random.default_rng(4), 3000, {"mail": lambda town, visits: np.zeros(len(town))}))
    assert "no evidence that one can foretell whom it changes most" in words_of(uplift(same)[0])
    assert "No evidence that choosing" in words_of(targeting(same)[0])


def test_a_prediction_that_errs_beyond_chance_says_so(planted):
    """The same customers with their predictions swapped between the arms."""
    turned = planted[0].expected[["mail", "control"]].set_axis(["control", "mail"], axis="columns")
    wrong = [type(planted[0])(**{**vars(planted[0]), "expected": turned})]
    assert "the prediction sorts customers the wrong way round" in words_of(uplift(wrong)[0])
    assert "is worse than treating everyone alike" in words_of(targeting(wrong)[0])


def test_what_cannot_be_predicted_says_why(customers, predicted, opposite):
    rows = customers(np.random.default_rng(12), 400, {"mail": opposite})

    def reason(*args, **kwargs):
        (found,) = predicted(*args, **kwargs)
        assert uplift([found])[0] is found and targeting([found])[0] is found
        assert isinstance(found, NotApplicable)
        return str(found.reason)

    assert "nothing is known of the customers" in reason(rows, covariates=())
    assert "too few customers" in reason(rows.iloc[:100])
    assert "no second arm" in reason(rows[rows["variant"] == "control"])
    assert "does not vary enough" in reason(rows.assign(town="north", visits=1.0))
    ratio = metric("bought", "ratio", label="Share", per="visits")
    assert "is a ratio, which no customer has alone" in reason(rows, metric=ratio)
    assert (
        str(predictions(shop(), ())[0].reason)
        == "there is no experiment to read: export who was assigned to which arm."
    )


def test_arms_that_are_not_as_planned_are_not_read(customers, predicted, opposite):
    rows = customers(np.random.default_rng(13), 2000, {"mail": opposite})
    found = predicted(rows, weights={"control": 1, "mail": 3})
    assert "The arms are not as large as planned" in words_of(uplift(found)[0])
    assert "The arms are not as large as planned" in words_of(targeting(found)[0])


def test_figures_hold_what_the_tables_say(planted):
    order, choice = uplift(planted, Rules(alpha=0.1))[0], targeting(planted)[0]
    ax = order.plot()
    lines = {line.get_label(): line for line in ax.get_lines()}
    assert set(lines) == {"mail", AT_RANDOM}
    middle = order.curves[order.curves["arm"] == "mail"]["gain_over_random"].max()
    assert lines["mail"].get_ydata().max() == pytest.approx(middle) and middle > 0.05
    assert (lines[AT_RANDOM].get_ydata() == 0).all()
    plt.close(ax.figure)
    ax = choice.plot()
    assert [text.get_text().replace("\n", " ") for text in ax.get_yticklabels()] == choice.table["policy"].tolist()
    assert ax.get_xlabel() == "Gain (points)"
    plt.close(ax.figure)
