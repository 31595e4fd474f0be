"""The control is the one that the caller or the settings name, else one that is called so, else the largest arm."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.analyses.experiments.trials.found_arms import found_arms
from helpers.data.intake.wording.schema import Experiment


def met(**customers):
    """The customers met in each arm, none of them in two."""
    return pd.DataFrame({"arm": list(customers), "in_two_arms": False, "customers": list(customers.values())})


@pytest.mark.parametrize(
    ("arms", "words", "control", "found"),
    [
        ({"A": 5, "B": 9}, Experiment(), "A", ("A", "parameter")),
        ({"A": 5, "B": 9}, Experiment(control="A"), "", ("A", "settings")),
        ({"Control ": 5, "B": 9}, Experiment(), "", ("Control ", "name")),
        ({"X": 5, "Y": 9}, Experiment(), "", ("Y", "size")),
    ],
)
def test_the_control_is_found_by_the_first_rule_that_tells(arms, words, control, found):
    table, told_by = found_arms(met(**arms), words, control)
    assert (table["arm"].iloc[0], told_by) == found
    assert set(table["arm"]) == set(arms)


def test_an_arm_that_was_planned_and_never_met_has_nobody():
    table, _ = found_arms(met(A=5), Experiment(control="A", weights={"A": 1, "B": 2}), "")
    assert table.set_index("arm")["customers"].to_dict() == {"A": 5, "B": 0}
    assert table["weight"].tolist() == [1.0, 2.0]
