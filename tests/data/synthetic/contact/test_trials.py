"""Experiments."""

import pandas as pd

from helpers.data.synthetic.clock import DAY, NEVER, day_number
from helpers.data.synthetic.contact import trials
from helpers.data.synthetic.truth import TRUTH


def test_experiments_enrol_who_had_joined_once_each(people):
    arms = trials.experiments(people)
    assert not arms.duplicated(["experiment", "customer"]).any()
    first = arms["experiment"].map(trials.EXPERIMENT_STARTS).map(day_number)
    assert (people["joined"].to_numpy()[arms["customer"]] < first * DAY).all()
    assert arms["assigned"].between(first, first + 13).all()
    assert ((arms["spend"] == NEVER) == ~arms["converted"]).all()
    assert isinstance(arms, pd.DataFrame) and set(arms["experiment"]) == set(TRUTH.conversions)
