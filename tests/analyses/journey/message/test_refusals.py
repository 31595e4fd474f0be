"""Who opted out, counted by hand by the messages that they got."""

from __future__ import annotations

import numpy as np
import pandas as pd

from answers import words_of
from helpers.analyses.journey.message.refusals import opt_outs
from shops import shop


def test_opt_outs_are_shares_of_customers_by_messages():
    people = pd.DataFrame(
        {
            "customer_id": [f"c{n}" for n in range(60)],
            "opted_out": [True] * 6 + [False] * 32 + [None] * 2 + [True] * 8 + [False] * 12,
        }
    )
    got = [0] * 10 + [1] * 10 + [4] * 16 + [12] * 4 + [7] * 20
    touches = pd.DataFrame({"customer_id": np.repeat(people["customer_id"], got)}).assign(days_ago=1)
    found = opt_outs(shop(known=people, touches=touches))
    assert found.table[["messages_in_all", "customers", "opted_out_share"]].to_numpy().tolist() == [
        ["0", 10, 0.6],
        ["1", 10, 0.0],
        ["3 to 5", 16, 0.0],
        ["6 to 10", 20, 0.4],
    ]  # of the four with twelve messages two are not known, and two are too few
    told = "0% of customers with 1 message have opted out. Of those with 3 to 5 messages 0% have."
    assert words_of(found).startswith(
        told
    )  # that four of those with no message have not is not told, nor what would tell it
    alone = opt_outs(shop(known=people.head(10), touches=touches.iloc[[77]]))
    assert str(alone.headline()) == "60.0% of customers, with no message each, have opted out."
    assert "does not say" in words_of(opt_outs(shop(known=people.drop(columns="opted_out"), touches=touches)))
    assert "no touches" in words_of(opt_outs(shop(known=people)))
