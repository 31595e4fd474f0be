"""Experiments from the rows to the page: known answers, the demo's truth, and every question without data."""

from __future__ import annotations

from typing import get_args, get_type_hints

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses import experiments
from helpers.analyses.experiments import vocabulary
from helpers.analyses.experiments.decision import verdicts
from helpers.analyses.experiments.decision.reasons import Why
from helpers.analyses.experiments.decision.vocabulary import REASON
from helpers.analyses.experiments.validity.faults import Fault
from helpers.analyses.experiments.validity.vocabulary import A_MISSING_VALUE
from helpers.data import datasets
from helpers.data.intake.wording.tables import Extra, Kind
from helpers.data.synthetic.truth import TRUTH
from helpers.findings import NotApplicable
from shops import SHARED, covariate, export, metric, shop, trial


@pytest.fixture(scope="module")
def trials(demo):
    return experiments.read(demo)


def opened(name):
    if not (SHARED / name).is_dir():
        pytest.skip(f"the real data set {name} is not beside the project")
    return datasets.open(SHARED / name)


def assigned(rows, *extras):
    """A data set of these rows, all assigned on one day."""
    return trial(pd.DataFrame(rows).assign(assigned_at=pd.Timestamp("2025-01-01")), *extras)


def table_of(trials, experiment):
    """The effects of one experiment by arm and metric."""
    answers = experiments.effects(trials)
    return next(each for each in answers if each.experiment == experiment).table.set_index(["arm", "metric"])


def test_hillstrom_ships_both_mails_and_was_balanced():
    hillstrom = experiments.read(opened("hillstrom"))
    assert experiments.decisions(hillstrom).table["decision"].tolist() == ["ship", "ship"]
    differences = experiments.balance(hillstrom).summary()
    assert set(differences["covariate"]) == {"history", "recency", "womens: 1", "mens: 1"}
    assert differences["difference"].abs().max() < 0.02


def test_a_page_that_changes_nothing_is_not_shipped_and_rows_set_aside_are_said(tmp_path):
    """Eight hundred users in the form of Udacity's: 48 of 400 converted in both groups, 20 more saw the other page."""
    users = pd.DataFrame({"user_id": range(820), "timestamp": "2017-01-02 10:00:00.5", "converted": 0})
    users["group"] = np.where(users["user_id"] % 2, "control", "treatment")
    sees_new = (users["group"] == "treatment") != (users["user_id"] >= 800)
    users["landing_page"] = np.where(sees_new, "new_page", "old_page")
    users.loc[users["user_id"] < 96, "converted"] = 1
    files = {"ab_data.csv": users.to_csv(index=False), "countries.csv": "user_id,country\n1,UK\n"}
    trials = experiments.read(export(tmp_path, "udacity_ab", files))
    row = table_of(trials, "landing_page").loc[("treatment", "converted")]
    assert row[["control_n", "arm_n", "control_level", "arm_level", "p_value"]].tolist() == [400, 400, 0.12, 0.12, 1]
    assert "20 rows were set aside before: group and landing page disagree." in words_of(experiments.health(trials))
    (decision,) = experiments.decisions(trials).table.itertuples()
    assert (decision.decision, decision.reason) == ("keep", "no_evidence")


def test_the_demos_true_effects_lie_inside_their_intervals(trials):
    for experiment, arms in TRUTH.conversions.items():
        table = table_of(trials, experiment)
        for arm in set(arms) - {"control"}:
            for name, truth in (("converted", TRUTH.conversion_effect), ("spend", TRUTH.spend_effect)):
                row = table.loc[(arm, name)]
                assert row["lower"] <= truth(experiment, arm) <= row["upper"], (experiment, arm, name)


def test_the_demo_ships_what_works_and_finds_nothing_in_the_a_a_test(trials):
    decision = experiments.decisions(trials).table.set_index(["experiment", "arm"])["decision"]
    assert decision["spring_coupon", "treatment"] == "ship"
    assert decision["checkout_aa", "treatment"] != "ship"
    assert (table_of(trials, "checkout_aa")["adjusted_p_value"] > 0.05).all()


def test_n_and_mean_follow_what_a_missing_value_means():
    spend = [2.0, 4.0, None, None] * 2 + [8.0, None, 4.0, None] * 2
    rows = pd.DataFrame({"variant": ["control"] * 8 + ["new"] * 8, "spend": spend})
    as_zero = experiments.read(assigned(rows, metric("spend", missing="0")))
    left_out = experiments.read(assigned(rows, metric("spend", missing="not eligible")))
    line = table_of(as_zero, "test").loc[("new", "spend")]
    assert line[["control_n", "arm_n", "control_level", "arm_level"]].tolist() == [8, 8, 1.5, 3.0]
    line = table_of(left_out, "test").loc[("new", "spend")]
    assert line[["control_n", "arm_n", "control_level", "arm_level"]].tolist() == [4, 4, 3.0, 6.0]
    shares = experiments.missing_values(as_zero).summary()
    assert shares["missing_share"].tolist() == [0.5, 0.5]
    assert shares["counted"].tolist() == [8, 8]
    assert experiments.missing_values(left_out).summary()["counted"].tolist() == [4, 4]


@pytest.mark.parametrize(
    "rows",
    [
        {"variant": ["control"] * 5, "bought": [1.0] * 5},
        {"variant": ["control", "new"] * 5, "bought": [1.0, 0.0] * 5},
        {"variant": ["control", "new"] * 5, "bought": [1.0, 0.0] + [np.nan] * 8},
        {"variant": ["control", "new"] * 5, "bought": [np.nan] * 10},
        {"variant": ["control", "new"] * 5, "bought": [0.0] * 10},
        {"variant": ["a", "b"] * 5, "bought": [1.0, 0.0] * 5, "customer_id": list("ccddeeffgg")},
        {"variant": ["control", "new"] * 12, "bought": [0.0, 1.0] * 12},  # however far apart
        {"variant": ["control"] * 5 + ["new"] * 5, "bought": [1.0] * 10},
    ],
)
def test_tiny_experiments_are_not_readable_rather_than_an_error(rows):
    data = assigned(rows, metric("bought", "proportion"), covariate("bought_before"))
    trials = experiments.read(data)
    told = [words_of(answer) for answer in (*experiments.effects(trials), *experiments.distributions(data, trials))]
    assert not any("beyond chance" in words or "100%" in words for words in told)
    assert set(experiments.decisions(trials).table["decision"]) == {"unreadable"}
    for finding in (
        experiments.health(trials),
        experiments.balance(trials),
        *experiments.effects(trials),
        experiments.detectable(trials),
        experiments.missing_values(trials),
    ):
        assert words_of(finding)
        if not isinstance(finding, NotApplicable):
            finding.plot()
    plt.close("all")


def test_without_experiments_every_question_is_not_applicable():
    data = shop()
    trials = experiments.read(data)
    answers = [
        ask(trials)
        for ask in (
            experiments.health,
            experiments.balance,
            experiments.decisions,
            experiments.detectable,
            experiments.missing_values,
        )
    ]
    more = (
        experiments.assignment(trials, data),
        experiments.before(trials, data),
        experiments.variance_saved(data, trials),
        experiments.capped(data, trials),
        experiments.effect_rows(trials),
        *experiments.effects(trials),
        *experiments.over_time(trials),
        *experiments.time_to_event(data, trials),
        *experiments.segment_effects(experiments.segments(data, trials)),
        *experiments.mix_shift(experiments.segments(data, trials)),
        *experiments.quantile_effects(experiments.distributions(data, trials)),
        *experiments.uplift(experiments.predictions(data, trials)),
    )
    for answer in (*answers, *more):
        assert (
            words_of(answer) == "Cannot be told: there is no experiment to read: export who was assigned to which arm."
        )


def test_every_figure_draws_one_mark_a_row(trials):
    forest = experiments.effects(trials)[2].plot()
    assert [tick.get_text().replace("\n", " ") for tick in forest.get_yticklabels()][0] == (
        "price_copy · Bought in the mini-programme sale"
    )
    assert len(forest.lines[-1].get_xdata()) == 6
    assert len(experiments.decisions(trials).plot().get_yticklabels()) == 4
    assert len(experiments.health(trials).plot().patches) == 14
    assert len(experiments.balance(trials).plot().get_yticklabels()) == 4
    assert len(experiments.detectable(trials).plot().patches) == 12
    assert len(experiments.missing_values(trials).plot().patches) == 14
    plt.close("all")


def test_the_words_of_every_code_stand_in_the_vocabulary():
    decisions = {verdicts.SHIP, verdicts.KEEP, verdicts.HARMED, verdicts.EXTEND, verdicts.UNREADABLE}
    assert set(vocabulary.DECISION.words) == decisions
    assert list(REASON.words) == [*Fault, *Why]
    assert set(vocabulary.KIND.words) == set(get_args(Kind))
    assert set(A_MISSING_VALUE.words) == set(get_args(get_type_hints(Extra)["missing"]))


def test_saved_decisions_hold_codes_and_the_page_words(trials):
    found = experiments.decisions(trials)
    assert set(found.table["decision"]) == {"ship", "keep"}
    assert set(found.summary()["what_to_do"]) == {"ship", "keep control"}
