"""Each response has sentences of its own, and an order its days."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.analyses.journey.message import response_rates
from helpers.findings import facts

DAYS, HIGH, LOW = facts.Days(7), (facts.Name("a"), facts.Share(0.2)), (facts.Name("b"), facts.Share(0.1))


def test_the_mean_is_that_of_all_messages():
    rates = pd.DataFrame({"messages": [30, 10], "response_rate": [0.1, 0.5]})
    assert str(response_rates.mean(rates)) == "20.0%"


@pytest.mark.parametrize(
    ("response", "what"),
    [("opened", "are opened"), ("clicked", "are clicked"), ("ordered", "are followed by an order within 7 days")],
)
def test_a_response_is_told_of_one_group_of_all_and_of_two_ends(response, what):
    share, by = facts.Share(0.2), facts.Attribute("channel")
    told = [
        response_rates.of_one(response, facts.Name("a"), share, DAYS),
        response_rates.of_alike(response, by, share, DAYS),
        response_rates.of_alike_times(response, share, DAYS),
        response_rates.of_ends(response, HIGH, LOW, DAYS),
        response_rates.of_ends_in_time(response, HIGH, LOW, DAYS),
    ]
    assert list(map(str, told)) == [
        f"20.0% of the messages of “a” {what}.",
        f"Channel: 20.0% of messages {what}; no group clearly differs.",
        f"20.0% of messages {what}; no time of the week clearly differs.",
        f"Messages of “a” {what} most often (20.0%), of “b” least (10.0%).",
        f"Messages sent a {what} most often (20.0%).",
    ]
