"""What leaving means, said in words, and the attributes that stays may be grouped by."""

from __future__ import annotations

import pandas as pd
import pytest

from answers import words_of
from helpers import language
from helpers.analyses.churn.drivers.single_attributes import attribute_tests
from helpers.analyses.churn.leaving.beginnings_and_ends import stays
from helpers.analyses.churn.leaving.definition import chosen_attribute
from helpers.data.intake.wording.tables import Extra, Feed, Origin
from shops import shop, words


def test_a_contract_that_ended_is_leaving_in_both_languages(contracts):
    left, all_of_them = contracts.table["left"].sum(), len(contracts.table)
    headline = contracts.headline()
    assert str(headline) == f"Leaving means that a contract ended: {left:,} of {all_of_them:,} have."
    assert f"{all_of_them - left:,} are running" in headline.whole
    with language.spoken("zh"):
        assert str(headline) == f"离开指合约终止：{all_of_them:,} 份中已有 {left:,} 份。"


def test_the_definition_names_the_segments(kinds, buyers):
    by_channel = stays(buyers(*kinds), silence_by="channel")
    web, shop_days = (by_channel.silences_by["silence_days"].iloc[i] for i in (0, 1))
    assert f"no order for more than {web} days to {shop_days} days, by Channel: " in words_of(by_channel)
    words = by_channel.summary().set_index("measure")["value"]
    assert words["Silence of web"] == f"{web} days"


def test_what_leaving_means_is_a_yardstick(contracts, kinds, buyers):
    one, several = (stays(buyers(*kinds), **given) for given in ({"silence_days": 90}, {"silence_by": "channel"}))
    said, amounts = zip(*((str(each.said), each.amount) for finding in (contracts, one, several)
                          for each in finding.brief().yardsticks), strict=True)  # fmt: skip
    assert said[:2] == ("the end of a contract", "no order for more than 90 days") and " to " in said[2]
    assert str(amounts[0]) == "nan" and amounts[1] == 90


def test_where_nobody_leaves_it_is_said_that_silence_cannot_tell(never_left):
    """Nearly all of its ends are pauses: so many would there be without leaving, and the headline begins with it."""
    assert 0.5 * never_left.left_share < never_left.alone_share <= never_left.left_share
    assert str(never_left.headline()).startswith("How many leave cannot be told by silence: ")
    assert "If nobody left, silence alone would end at least" in words_of(never_left)
    assert (never_left.table.loc[never_left.once, "started_on"] == never_left.table["ended_on"][never_left.once]).all()


def test_what_is_known_as_of_the_export_alone_describes_no_stay():
    began = pd.date_range("2023-01-01", periods=60, freq="D")
    subscriptions = pd.DataFrame(
        {"customer_id": [f"c{n}" for n in range(60)], "started_at": began, "plan": list("ab") * 30}
    )
    subscriptions["ended_at"] = pd.Series(began + pd.Timedelta(days=90)).where(subscriptions.index % 3 == 0)
    people = subscriptions[["customer_id"]].assign(level=list("xyz") * 20, device=list("pqrs") * 15)
    columns = {"level": Origin(("level",), as_of_export=True)}
    device = Extra("device", "attributes", Origin(("device",)))
    customers = Feed(("a.csv",), "customers", columns=columns, attributes={"device": device})
    settings = words(contractual=True, feeds={"customers": customers})
    assert settings.as_of_export == ("level",) and "device" in settings.lasting
    known = stays(shop(settings=settings, subscriptions=subscriptions, customers=people))
    assert known.attributes == ("plan", "device") and "level" not in known.table
    assert words_of(attribute_tests(known)).endswith("Left out, as they are known as of the export alone: Level.")
    with pytest.raises(ValueError, match=r"by = 'level': known as of the export alone, .* Choose one of plan, device."):
        chosen_attribute(known, "level")
