"""What is spent on winning customers follows the truth, month by month."""

import pytest

from helpers.data.synthetic.customers import acquisition, people
from helpers.data.synthetic.truth import TRUTH


def test_a_new_buyer_costs_what_is_planted():
    everyone = people.customers()
    spent = acquisition.spending(everyone)
    buyers = everyone[everyone["buys"]].groupby("channel").size()
    each = spent.groupby("channel")["cost"].sum() / buyers
    assert each.to_dict() == pytest.approx(dict(TRUTH.acquisition_costs), rel=0.05)
    assert spent["month"].min() == "2024-01" and spent["month"].max() == "2025-12"
    assert not spent.duplicated(["channel", "month"]).any()
