"""What choosing an arm for each customer gains is the gain that was planted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from answers import words_of
from helpers.analyses.experiments.audience.outcome_models import predictions
from helpers.analyses.experiments.audience.policies import CHOSEN, targeting
from helpers.analyses.experiments.audience.ranking import uplift


def test_the_value_of_targeting_is_the_planted_one(planted):
    """Half of the customers gain 20 points, half lose 15: mail for the gainers is worth 10 over nobody, 7.5 over all."""
    found = targeting(planted)[0]
    chosen = found.table.set_index("policy").loc[CHOSEN]
    assert chosen["treated_share"] == pytest.approx(0.5, abs=0.03)
    for column, truth in (("over_none", 0.1), ("over_all", 0.075)):
        error = (chosen[f"{column}_upper"] - chosen[f"{column}_lower"]) / 3.92
        assert chosen[column] == pytest.approx(truth, abs=3.5 * error)
        assert error < 0.015
    assert any(f"would choose: control {tens}" in words_of(found) for tens in (4, 5))
    assert str(found.headline()) == "test: choosing whom to treat beats treating everyone alike."


def test_treating_a_share_is_worth_what_was_planted_for_it(planted):
    """Shares up to a half hold gainers alone: each tenth of customers treated adds 2 points; from then on it costs."""
    policies = targeting(planted)[0].table.set_index("policy")
    names = [name for name in policies.index if "predicted to gain most" in name]
    assert len(names) == 4
    for name in names:
        share, value = policies.loc[name, "treated_share"], policies.loc[name, "over_none"]
        truth = 0.2 * min(share, 0.5) - 0.15 * max(share - 0.5, 0)
        error = (policies.loc[name, "over_none_upper"] - policies.loc[name, "over_none_lower"]) / 3.92
        assert value == pytest.approx(truth, abs=3.5 * error)


def test_each_customer_gets_the_better_of_two_treatments(customers, predicted):
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
    chosen = found.table.set_index("policy").loc[CHOSEN]
    assert chosen["over_all"] == pytest.approx(0.1, abs=0.05)
    assert chosen["over_all_lower"] > 0.04
    assert chosen["over_none"] == pytest.approx(0.2, abs=0.06)
    assert found.given[["mail", "phone"]].tolist() == pytest.approx([0.5, 0.5], abs=0.05)
    assert found.best in ("mail", "phone")
    assert len(uplift(predicted(rows))[0].summary()) == 10


def test_one_arm_for_everyone_leaves_nothing_to_choose(customers, predicted):
    rows = customers(np.random.default_rng(5), 3000, {"mail": lambda town, visits: np.full(len(town), 0.4)})
    assert "would give everyone mail, so there is nothing to choose" in words_of(targeting(predicted(rows))[0])


def test_the_demo_cannot_tell_whom_to_treat(demo, demo_trials):
    """Its arms differ alike for everyone, whatever is known of them: targeting cannot beat treating all, and costs."""
    found = targeting(predictions(demo, demo_trials))
    assert [each.experiment for each in found] == ["spring_coupon", "checkout_aa", "push_copy"]
    coupon, *others = map(words_of, found)
    assert coupon.startswith("spring_coupon: choosing whom to treat is worse than treating everyone alike.")
    assert all(each.startswith("No evidence that choosing whom to treat beats") for each in others)


def test_of_a_metric_of_which_less_is_better_the_mirror_image_is_chosen(planted):
    """Values and expectations negated, and less is better: the same arms for the same customers, gains negated."""
    (more,) = planted
    rows = more.rows.assign(outcome=-more.rows["outcome"])
    metric = replace(more.metric, kind="mean", better="lower")
    less = replace(more, rows=rows, expected=-more.expected, metric=metric)
    (up,), (down,) = (targeting([each]) for each in (more, less))
    assert down.given.tolist() == up.given.tolist()
    assert -down.table["over_all_upper"].iloc[0] == pytest.approx(up.table["over_all_lower"].iloc[0])
    assert str(down.headline()) == "test: choosing whom to treat beats treating everyone alike."
    assert uplift([less])[0].coefficients["lower"].iloc[0] > 0
    assert uplift([less])[0].table["effect"].iloc[0] < uplift([less])[0].table["effect"].iloc[-1]
