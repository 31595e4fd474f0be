"""What is declared of an experiment that the data do not have is told, with the name that may be meant."""

import pandas as pd

from helpers.data.inspection import experiments
from shops import shop, words

ROWS = pd.DataFrame({"customer_id": ["a", "b"], "experiment": "spring_mail", "variant": ["x", "y"], "assigned_at": pd.Timestamp("2025-01-01")})  # fmt: skip


def test_an_experiment_that_no_row_is_of_is_told_with_the_nearest():
    settings = words(experiments={"spring_mail": {}, "spring_mall": {}, "Winter": {}})
    assert experiments.unmet(shop(experiments=ROWS, settings=settings)) == [
        "experiments.Winter: the data have no such experiment, so its settings do nothing yet.",
        "experiments.spring_mall: the data have no such experiment, so its settings do nothing yet. "
        "Did you mean 'spring_mail'?",
    ]


def test_where_all_are_there_or_none_is_declared_nothing_is_told():
    assert experiments.unmet(shop(experiments=ROWS, settings=words(experiments={"spring_mail": {}}))) == []
    assert experiments.unmet(shop(experiments=ROWS)) == []
