"""Whether chances come true in the largest public shop; a smaller one is tested with every change."""

from __future__ import annotations

import pytest

from helpers.analyses.churn.forecast.backtest import holdout
from helpers.analyses.churn.forecast.call_list import lift
from helpers.analyses.churn.leaving.definition import stays
from helpers.data import datasets
from shops import SHARED


def test_of_an_online_shop_the_chances_rank_better_than_chance():
    if not (SHARED / "online_retail").is_dir():
        pytest.skip("the online_retail sample is not beside the project")
    data = datasets.open(SHARED / "online_retail")
    found = holdout(stays(data), data)
    assert found.value("auc")["lower"] > 0.68
    assert found.value("scaled_brier")["value"] > 0
    assert lift(found).table["lower"].iloc[0] > 1
