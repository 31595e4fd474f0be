"""Messages and what followed each, beside a slow loop."""

from __future__ import annotations

import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.journey.message.campaigns import responses
from helpers.analyses.journey.message.sent import messages
from shops import shop

NIGHT = pd.Timestamp("2025-07-01")
DAYS = 5


def sorted_rows(table: pd.DataFrame) -> list[tuple]:
    return sorted(
        table[
            [
                "customer_id",
                "sent_at",
                "campaign",
                "channel",
                "opened",
                "clicked",
                "ordered",
                "ordered_before",
                "messages_before",
            ]
        ]
        .fillna({"messages_before": -1})
        .itertuples(index=False, name=None)
    )


def test_what_followed_each_message_agrees_with_a_slow_loop(sent, followed):
    assert sorted_rows(sent.rows.execute()) == sorted_rows(followed)
    assert sent.responses == ("opened", "clicked", "ordered")
    assert (
        0 < followed["ordered"].mean() < 1
        and followed["messages_before"].max() > 6
        and followed["messages_before"].isna().any()
    )


def test_campaigns_can_be_left_out_but_still_count_as_contacts(touches, orders, followed):
    left = messages(shop(touches=touches, orders=orders), DAYS, ["summer"])
    assert sorted_rows(left.rows.execute()) == sorted_rows(followed[followed["campaign"] != "summer"])
    with pytest.raises(ValueError, match="without = 'sumer': no message is of that campaign"):
        messages(shop(touches=touches, orders=orders), DAYS, ["sumer"])
    with pytest.raises(ValueError, match="without = 'summer': a list"):
        messages(shop(touches=touches, orders=orders), DAYS, "summer")


def test_invitations_to_surveys_are_no_messages_but_still_count_as_contacts(touches, orders, followed):
    marked = touches.assign(purpose=touches["campaign"].map({"summer": "survey"}))
    rows = messages(shop(touches=marked, orders=orders), DAYS).rows.execute()
    assert sorted_rows(rows) == sorted_rows(followed[followed["campaign"] != "summer"])


def test_what_is_missing_is_said(touches, orders):
    assert "no touches" in words_of(messages(shop(orders=orders)))
    late = touches[touches["touched_at"] > NIGHT - pd.Timedelta(days=3)]
    assert "older than 5 days" in words_of(messages(shop(touches=late, orders=orders), DAYS))
    silent = touches.assign(opened_at=pd.NaT, clicked_at=pd.NaT)
    silent = silent.astype({"opened_at": "datetime64[ns]", "clicked_at": "datetime64[ns]"})
    assert "no message was opened" in words_of(messages(shop(touches=silent), DAYS))
    only = messages(shop(touches=silent, orders=orders), DAYS)
    assert only.responses == ("ordered",) and "opened_rate" not in responses(only).summary()
