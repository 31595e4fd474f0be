"""What customers do with messages by campaign, channel and time, beside a slow loop."""

from __future__ import annotations

from dataclasses import replace

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.journey.message.campaigns import ALL_DAY, response_times, responses
from helpers.analyses.journey.message.sent import messages
from helpers.findings import NotApplicable
from helpers.findings.folding import SMALL_GROUPS
from shops import shop

DAYS = 5


def test_responses_by_campaign_count_messages_and_fold_small_groups(sent, followed):
    found = responses(sent, "campaign").summary().set_index("campaign")
    assert list(found.index) == ["spring", "summer"]  # the odd one has fewer than five customers
    for name, rows in followed[followed["campaign"] != "odd"].groupby("campaign"):
        line = found.loc[name]
        assert line["messages"] == len(rows)
        for outcome in ("opened", "clicked", "ordered", "ordered_before"):
            assert line[f"{outcome}_rate"] == pytest.approx(rows[outcome].mean())
        assert line["lower"] < line["ordered_rate"] < line["upper"]
    channels = responses(sent, "channel")
    people = channels.table[channels.table["outcome"] == "opened"].set_index("group")["customers"].to_dict()
    assert people == followed.groupby("channel")["customer_id"].nunique().to_dict()
    assert SMALL_GROUPS not in set(channels.table["group"])
    with pytest.raises(ValueError, match="by = 'content'"):
        responses(sent, "content")


def test_the_headline_of_responses_names_both_ends_only_where_they_differ(sent):
    by_channel = responses(sent, "channel")
    told = words_of(by_channel)
    assert told.startswith("Channel: ") and told.endswith(
        " of messages are followed by an order within 5 days; no group clearly differs."
    )
    told = words_of(replace(by_channel, p_value=0.01))
    assert " are followed by an order within 5 days most often (" in told and "p = 0.01" in told
    assert "had ordered anyway" in told


@pytest.fixture(scope="module")
def two_campaigns():
    """Forty customers got both messages; nine in ten open that of spring, every other that of autumn."""
    rows = pd.DataFrame(
        {"customer_id": [f"c{n % 40}" for n in range(80)], "campaign": ["spring"] * 40 + ["autumn"] * 40}
    )
    rows = rows.assign(channel="sms", touched_at=pd.Timestamp("2025-05-05 12:00"))
    opened = [n % 10 > 0 if n < 40 else n % 2 == 0 for n in range(80)]
    return messages(shop(touches=rows.assign(opened_at=rows["touched_at"].where(opened))), DAYS)


def test_a_campaign_that_nearly_all_open_stands_out_and_is_told_a_little_lower(two_campaigns):
    found = responses(two_campaigns)
    rates = found.table.set_index("group")
    assert found.p_value < 0.002 and rates["response_rate"].to_dict() == {"autumn": 0.5, "spring": 0.9}
    assert 0.5 < rates.loc["autumn", "likely_rate"] < rates.loc["spring", "likely_rate"] < 0.9
    assert words_of(found).startswith("Messages of “spring” are opened most often (")


def test_response_times_are_the_shares_of_three_hours_of_a_weekday(sent, followed):
    found = response_times(sent, "opened").table
    at = followed["sent_at"]
    assert len(found) == 56
    for row in found.itertuples():
        first = int(row.hours[:2])
        own = followed[(at.dt.day_name() == row.weekday) & at.dt.hour.between(first, first + 2)]
        assert (row.messages, row.response_rate) == (len(own), pytest.approx(own["opened"].mean()))
    drawn = response_times(sent).plot()
    assert [text.get_text() for text in drawn.get_yticklabels()][0] == "Monday"
    assert [text.get_text() for text in drawn.get_xticklabels()][:2] == ["00–03", "03–06"]
    plt.close("all")
    with pytest.raises(ValueError, match="response = 'read'"):
        response_times(sent, "read")


def test_messages_without_a_time_of_day_are_compared_by_weekday(touches, orders):
    days = touches.assign(touched_at=touches["touched_at"].dt.normalize())
    found = response_times(messages(shop(touches=days, orders=orders), DAYS))
    assert set(found.table["hours"]) == {ALL_DAY} and len(found.table) == 7
    assert "no time of the week clearly differs" in words_of(found)
    told = words_of(replace(found, p_value=0.01))
    assert " h are" not in told and told.split()[2].endswith("day") and "Least often" in told
    clock = words_of(replace(found, p_value=0.01, timed=True, table=found.table.assign(hours="12–15")))
    assert clock.split()[2:6] == [told.split()[2], "12–15", "h", "are"]


@pytest.fixture(scope="module")
def one_campaign():
    """Sixty messages of spring to thirty customers at noon, every other one opened, and three of a rare campaign."""
    rows = pd.DataFrame({"customer_id": [f"c{n % 30}" for n in range(60)], "campaign": "spring", "channel": "sms"})
    rows = rows.assign(touched_at=pd.Timestamp("2025-05-05 12:00") + pd.to_timedelta([n % 7 for n in range(60)], "D"))
    rows = rows.assign(opened_at=rows["touched_at"].where([n % 2 == 0 for n in range(60)]))
    rare = rows.head(3).assign(campaign="rare")
    return messages(shop(touches=pd.concat([rows, rare])), DAYS)


def test_a_single_campaign_is_compared_with_none_and_small_ones_stand_last(one_campaign):
    by_campaign = responses(one_campaign)
    assert by_campaign.summary().columns.tolist() == ["campaign", "messages", "opened_rate", "lower", "upper"]
    assert by_campaign.summary()["messages"].tolist() == [60] and by_campaign.table["customers_with"].tolist() == [15]
    assert words_of(by_campaign).startswith("50.0% of the messages of “spring” are opened. The interval is ")
    assert "had ordered anyway" not in words_of(by_campaign)


def test_times_that_reached_too_few_are_not_compared(one_campaign):
    times = response_times(one_campaign)
    assert times.table["hours"].unique().tolist() == ["12–15"]
    assert times.table["messages"].sum() == 63
    assert words_of(times).startswith("Fewer than two times of the week reached 20 customers")


def test_an_outcome_is_drawn_by_its_words(sent):
    drawn = responses(sent, "channel").plot()
    assert [text.get_text() for text in drawn.get_legend().get_texts()] == ["opened", "clicked", "ordered"]
    plt.close("all")


def test_why_there_are_no_messages_is_said_once():
    """Nothing above says it, so the first answer of the section does."""
    none = NotApplicable("no.")
    assert responses(none) == none
    assert "missing above" in words_of(response_times(none))
