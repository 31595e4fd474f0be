"""Whom a treatment changes most is told beforehand where it can be, and not where it cannot."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import ibis
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from helpers.analyses.experiments.audience.outcome_models import expected_outcomes, predictions
from helpers.analyses.experiments.audience.policies import CHOSEN, targeting
from helpers.analyses.experiments.audience.ranking import AT_RANDOM, uplift
from helpers.analyses.experiments.trials import arms as experiments_arms
from helpers.analyses.experiments.trials.declared_rules import Rules
from helpers.data import datasets
from helpers.data.datasets import Dataset
from helpers.data.intake.settings import DEFAULT_POLICY, Extra, Feed, Origin, Settings
from helpers.findings import NotApplicable
from helpers.statistics.targeting import policies as policy_value
from helpers.statistics.targeting.uplift import qini
from shops import SHARED

REAL = SHARED
BOUGHT = Extra("bought", "metrics", Origin(), type="number", kind="proportion", missing="0", label="Bought")
KNOWN = (Extra("visits", "covariates", Origin(), type="number"), Extra("town", "covariates", Origin()))


def customers(rng, n, effects, base=0.25):
    """Customers at random in arms; `effects` says by how much each treatment raises the chance by (town, visits)."""
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


def dataset(rows, metric=BOUGHT, covariates=KNOWN, attributes=(), about=None, weights=None):
    """A data set of experiments, and of customers where `about` is given, as `datasets.open` hands it out."""
    rows = rows.assign(experiment="test", assigned_at=pd.Timestamp("2025-01-01"))
    feeds = {
        "experiments": Feed("experiments", (), extras=(metric, *covariates)),
        "customers": Feed("customers", (), extras=attributes),
    }
    words = {"test": {"control": "control"} | ({"weights": weights} if weights else {})}
    settings = Settings("t", "", "UTC", "", None, "", "", DEFAULT_POLICY, feeds, words, {})
    tables = {"experiments": ibis.memtable(rows)} | ({} if about is None else {"customers": ibis.memtable(about)})
    lines = pd.DataFrame(columns=["table", "outcome", "rule", "rows", "rows_meeting"])
    return Dataset("t", dt.date(2025, 2, 1), settings, tables, lines, Path(), (), Path())


def predicted(*args, **kwargs):
    data = dataset(*args, **kwargs)
    return predictions(data, experiments_arms.read(data))


def opposite(town, visits):
    return np.where(town == "north", 0.2, -0.15)


@pytest.fixture(scope="module")
def planted():
    """Mail raises the chance by 20 points in the north and lowers it by 15 in the south."""
    return predicted(customers(np.random.default_rng(1), 8000, {"mail": opposite}))


@pytest.fixture(scope="module")
def hillstrom():
    """Customers of the womens and of no e-mail, in the order of the file; even rows are learned from."""
    if not (REAL / "hillstrom").is_dir():
        pytest.skip("the real data set hillstrom is not beside the repository")
    data = datasets.open(REAL / "hillstrom")
    rows = data.tables["experiments"].execute().merge(data.tables["customers"].execute(), on="customer_id")
    rows = rows[rows["variant"] != "Mens E-Mail"].sort_values("customer_id", key=lambda ids: ids.astype(int))
    rows = rows.reset_index(drop=True)
    learning = np.arange(len(rows)) % 2 == 0
    known = rows[["history", "recency", "womens", "mens", "channel", "zip_code", "newbie"]]
    return rows[~learning], expected_outcomes(known, rows["variant"], rows["visit"], learning, "proportion")


def test_uplift_of_the_womens_mail_on_odd_rows(hillstrom):
    """known_answers/experiments.md, hillstrom: test ATE .0433248; a random score must not look good."""
    rows, (expected, told) = hillstrom
    score = (expected["Womens E-Mail"] - expected["No E-Mail"]).to_numpy()
    treated = (rows["variant"] == "Womens E-Mail").to_numpy()
    found = qini(score, treated, rows["visit"])
    assert found.curve["gain"].iloc[-1] == pytest.approx(0.0433248, abs=5e-8)
    assert policy_value.gain(rows["variant"], rows["visit"], "Womens E-Mail", "No E-Mail").value == pytest.approx(
        0.0433248, abs=5e-8
    )
    assert "womens" in told
    assert found.lower > 0
    random = qini(np.random.default_rng(0).random(len(score)), treated, rows["visit"])
    assert random.lower < 0 < random.upper


def test_the_models_find_the_women_of_the_womens_mail(hillstrom):
    """known_answers/experiments.md: the womens mail adds .0111 without, .0731 with the womens flag."""
    rows, (expected, _) = hillstrom
    score = (expected["Womens E-Mail"] - expected["No E-Mail"]).groupby(rows["womens"].to_numpy()).mean()
    assert score.tolist() == pytest.approx([0.0111, 0.0731], abs=0.015)  # half of the customers: SE 0.006


def test_a_planted_segment_is_found(planted):
    found = uplift(planted)[0]
    assert found.coefficients["lower"].iloc[0] > 0
    fifths = found.summary()
    assert fifths["effect"].iloc[0] == pytest.approx(0.2, abs=0.1)
    assert fifths["effect"].iloc[-1] == pytest.approx(-0.15, abs=0.1)
    assert fifths["customers"].sum() == len(planted[0].rows)
    assert "the prediction tells whom it changes most" in found.headline()
    assert "Bought, predicted from visits, town" in found.headline()


def test_the_value_of_targeting_is_the_planted_one(planted):
    """Half of the customers gain 20 points, half lose 15: mail for the gainers is worth 10 over nobody, 7.5 over all."""
    found = targeting(planted)[0]
    chosen = found.policies.set_index("policy").loc[CHOSEN]
    assert chosen["treated_share"] == pytest.approx(0.5, abs=0.03)
    for column, truth in (("over_none", 0.1), ("over_all", 0.075)):
        error = (chosen[f"{column}_upper"] - chosen[f"{column}_lower"]) / 3.92
        assert chosen[column] == pytest.approx(truth, abs=3.5 * error)
        assert error < 0.015
    assert "(control 5" in found.headline() or "(control 4" in found.headline()
    assert "beats treating everyone alike, beyond chance" in found.headline()


def test_treating_a_share_is_worth_what_was_planted_for_it(planted):
    """Shares up to a half hold gainers alone: each tenth of customers treated adds 2 points; from then on it costs."""
    policies = targeting(planted)[0].policies.set_index("policy")
    names = [name for name in policies.index if "predicted to gain most" in name]
    assert len(names) == 4
    for name in names:
        share, value = policies.loc[name, "treated_share"], policies.loc[name, "over_none"]
        truth = 0.2 * min(share, 0.5) - 0.15 * max(share - 0.5, 0)
        error = (policies.loc[name, "over_none_upper"] - policies.loc[name, "over_none_lower"]) / 3.92
        assert value == pytest.approx(truth, abs=3.5 * error)


def test_each_customer_gets_the_better_of_two_treatments():
    """Mail adds 20 points in the north, a call 20 in the south: both for their own gain 10 over either for everyone."""
    rows = customers(
        np.random.default_rng(2),
        9000,
        {
            "mail": lambda town, visits: np.where(town == "north", 0.2, 0.0),
            "phone": lambda town, visits: np.where(town == "south", 0.2, 0.0),
        },
    )
    found = targeting(predicted(rows))[0]
    chosen = found.policies.set_index("policy").loc[CHOSEN]
    assert chosen["over_all"] == pytest.approx(0.1, abs=0.05)
    assert chosen["over_all_lower"] > 0.04
    assert chosen["over_none"] == pytest.approx(0.2, abs=0.06)
    assert found.given[["mail", "phone"]].tolist() == pytest.approx([0.5, 0.5], abs=0.05)
    assert found.best in ("mail", "phone")
    assert len(uplift(predicted(rows))[0].summary()) == 10


def test_two_equal_arms_give_nothing_about_95_times_in_100():
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


def test_an_experiment_without_effect_says_that_there_is_no_evidence():
    same = predicted(customers(np.random.default_rng(4), 3000, {"mail": lambda town, visits: np.zeros(len(town))}))
    assert "no evidence that the prediction tells whom it changes most" in uplift(same)[0].headline()
    assert "(no evidence)" in targeting(same)[0].headline()


def test_a_prediction_that_errs_beyond_chance_says_so(planted):
    """The same customers with their predictions swapped between the arms."""
    turned = planted[0].expected[["mail", "control"]].set_axis(["control", "mail"], axis="columns")
    wrong = [type(planted[0])(**{**vars(planted[0]), "expected": turned})]
    assert "the wrong way round, beyond chance" in uplift(wrong)[0].headline()
    assert "is worse than treating everyone alike" in targeting(wrong)[0].headline()


def test_one_arm_for_everyone_leaves_nothing_to_choose():
    rows = customers(np.random.default_rng(5), 3000, {"mail": lambda town, visits: np.full(len(town), 0.4)})
    assert "would give everyone mail, so there is nothing to choose" in targeting(predicted(rows))[0].headline()


def test_the_tested_half_teaches_nothing():
    rows = customers(np.random.default_rng(6), 2000, {"mail": opposite})
    learning = np.arange(2000) % 2 == 0
    known = rows[["visits", "town"]]
    expected, _ = expected_outcomes(known, rows["variant"], rows["bought"], learning, "proportion")
    altered = rows["bought"].where(learning, 1 - rows["bought"])
    again, _ = expected_outcomes(known, rows["variant"], altered, learning, "proportion")
    pd.testing.assert_frame_equal(expected, again)


def test_missing_numbers_and_rare_values_do_no_harm():
    rows = customers(np.random.default_rng(7), 2000, {"mail": opposite})
    known = rows[["visits", "town"]].assign(constant=1.0, copy=rows["visits"] * 2)
    known.loc[::3, "visits"] = np.nan
    known.loc[:4, "town"] = ["x", "y", "z", None, "v"]
    learning = np.arange(2000) % 2 == 0
    expected, told = expected_outcomes(known, rows["variant"], rows["bought"], learning, "mean")
    assert np.isfinite(expected.to_numpy()).all()
    assert told == ("visits", "town", "copy")
    assert (expected["mail"] - expected["control"]).groupby(rows.loc[~learning, "town"].to_numpy()).mean()[
        ["north", "south"]
    ].tolist() == pytest.approx([0.2, -0.15], abs=0.12)


def test_what_customers_told_before_is_joined_and_what_can_change_is_not():
    rows = customers(np.random.default_rng(8), 3000, {"mail": opposite})
    about = rows[["customer_id"]].assign(country=rows["town"], level=rows["town"], device=rows["visits"] > 3)
    about["device"] = about["device"].map({True: "app", False: "web"})
    device = Extra("device", "attributes", Origin())
    found = predicted(
        rows.drop(columns=["town", "visits"]), covariates=(), attributes=(device,), about=about.iloc[::-1]
    )
    assert found[0].covariates == ("country", "device")
    assert uplift(found)[0].coefficients["lower"].iloc[0] > 0


def test_neither_the_order_of_the_rows_nor_customers_in_two_arms_change_anything(planted):
    rows = customers(np.random.default_rng(1), 8000, {"mail": opposite})
    twice = pd.DataFrame(
        {"customer_id": ["d1", "d1"], "variant": ["control", "mail"], "town": "north", "visits": 3.0, "bought": 1.0}
    )
    shuffled = pd.concat([rows.sample(frac=1, random_state=0), twice], ignore_index=True)
    again = predicted(shuffled)[0]
    pd.testing.assert_frame_equal(again.rows, planted[0].rows)
    pd.testing.assert_frame_equal(again.expected, planted[0].expected)


def test_a_customer_stays_in_one_half_when_others_come():
    rows = customers(np.random.default_rng(9), 3000, {"mail": opposite})
    few, more = (predicted(rows.iloc[:n])[0].rows for n in (2000, 3000))
    pd.testing.assert_frame_equal(more.iloc[: len(few)], few)
    assert len(more) == pytest.approx(1500, abs=110)


@pytest.mark.parametrize(("missing", "share"), [("0", 1.0), ("not eligible", 0.5)])
def test_a_missing_value_counts_as_the_metric_says(missing, share):
    rows = customers(np.random.default_rng(10), 4000, {"mail": opposite})
    rows.loc[rows.index % 2 == 0, "bought"] = np.nan
    metric = Extra("bought", "metrics", Origin(), type="number", kind="proportion", missing=missing, label="Bought")
    found = predicted(rows, metric=metric)[0]
    assert len(found.rows) == pytest.approx(2000 * share, rel=0.08)
    assert found.rows["outcome"].mean() == pytest.approx(0.27 * (0.5 if missing == "0" else 1), abs=0.03)


def test_a_capped_metric_is_capped_as_everywhere():
    rows = customers(np.random.default_rng(11), 1000, {"mail": opposite})
    rows["bought"] = rows["bought"] * np.random.default_rng(0).pareto(1.5, 1000)
    capped = Extra("bought", "metrics", Origin(), type="number", kind="mean", missing="0", label="Spend", cap=(0, 0.9))
    found = predicted(rows, metric=capped)[0]
    limit = rows.loc[rows["bought"] > 0, "bought"].quantile(0.9)
    assert found.rows["outcome"].max() == pytest.approx(limit)


def test_what_cannot_be_predicted_says_why():
    rows = customers(np.random.default_rng(12), 400, {"mail": opposite})

    def reason(*args, **kwargs):
        (found,) = predicted(*args, **kwargs)
        assert uplift([found])[0] is found and targeting([found])[0] is found
        assert isinstance(found, NotApplicable)
        return found.reason

    assert "nothing is known of the customers" in reason(rows, covariates=())
    assert "too few customers" in reason(rows.iloc[:100])
    assert "no second arm" in reason(rows[rows["variant"] == "control"])
    assert "does not vary enough" in reason(rows.assign(town="north", visits=1.0))
    ratio = Extra("bought", "metrics", Origin(), type="number", kind="ratio", missing="0", label="Share", per="visits")
    assert "is a ratio, which no customer has alone" in reason(rows, metric=ratio)
    assert predictions(dataset(rows), ())[0].reason == "there is no experiment to read."


def test_arms_that_are_not_as_planned_are_not_read():
    rows = customers(np.random.default_rng(13), 2000, {"mail": opposite})
    found = predicted(rows, weights={"control": 1, "mail": 3})
    assert "the arms are not as large as planned" in uplift(found)[0].headline()
    assert "the arms are not as large as planned" in targeting(found)[0].headline()


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
    assert [text.get_text().replace("\n", " ") for text in ax.get_yticklabels()] == choice.policies["policy"].tolist()
    assert ax.get_xlabel() == "Gain"
    plt.close(ax.figure)


def test_the_demo_cannot_tell_whom_to_treat():
    """Its arms differ alike for everyone, whatever is known of them: targeting cannot beat treating all."""
    data = datasets.open("demo")
    found = targeting(predictions(data, experiments_arms.read(data)))
    assert [each.experiment for each in found] == ["spring_coupon", "checkout_aa", "push_copy"]
    assert not any("beats treating everyone" in each.headline() for each in found)
