"""The closed loop against a slow count, ticket by ticket; what is not recorded, or too young, does not count."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.feedback.service.loop import FULL, STAGES, closed_loop
from helpers.analyses.feedback.service.loop_by_group import closed_loop_by
from helpers.analyses.feedback.vocabulary import STAGE
from helpers.findings import NotApplicable
from helpers.statistics.shares import clustered_shares
from shops import shop
from tickets import DAYS, NIGHT, random_tickets, reached


def limits(tickets: list[dict], lost: str) -> tuple[float, float]:
    """Of the share that did not reach a stage, customers being the units."""
    each = pd.DataFrame({"customer": [ticket["customer"] for ticket in tickets], "n": 1})
    each = each.assign(count=[not ticket[lost] for ticket in tickets]).groupby("customer").sum()
    found = clustered_shares(np.zeros(len(each)), each["count"], each["n"]).iloc[0]
    return found["lower"], found["upper"]


@pytest.mark.parametrize("stages", [tuple(STAGES)[1:], ("handled", "resolved"), ("resolved", "summarised")])
def test_stages_and_losses_are_those_of_a_slow_count(stages):
    rows = random_tickets(np.random.default_rng(len(stages)), stages=stages)
    found, slow = closed_loop(shop(tickets=rows), DAYS), reached(rows, ["recorded", *stages])
    assert found.tickets == len(slow) < len(rows) and found.too_young == len(rows) - len(slow)
    assert list(found.table["stage"]) == ["recorded", *stages]
    assert found.full == sum(all(ticket[stage] for stage in stages) for ticket in slow)
    before = "recorded"
    for row in found.table.iloc[1:].itertuples():
        there = [ticket for ticket in slow if ticket[before]]
        assert row.tickets == sum(ticket[row.stage] for ticket in slow)
        assert row.completeness_rate == row.tickets / len(slow)
        assert row.loss_rate == pytest.approx(sum(not ticket[row.stage] for ticket in there) / len(there))
        assert (row.loss_rate_lower, row.loss_rate_upper) == pytest.approx(limits(there, row.stage))
        before = row.stage
    assert set(found.not_recorded) == set(STAGES) - {"recorded", *stages}
    assert all(STAGE.write(stage) in words_of(found) for stage in found.not_recorded)


def test_a_ticket_is_counted_from_the_moment_it_is_old_enough_and_a_stage_until_that_moment():
    limit = NIGHT - pd.Timedelta(days=DAYS)
    opened = [limit, limit + pd.Timedelta(minutes=1), *[pd.Timestamp("2025-01-01")] * 5]
    late = [-1, 0, 1, 0, 0, 0, 0]  # minutes after the thirty days
    closed = [at + pd.Timedelta(days=DAYS, minutes=minutes) for at, minutes in zip(opened, late, strict=True)]
    rows = pd.DataFrame({"ticket_id": list("abcdefg"), "customer_id": list("abcdefg"), "opened_at": opened})
    found = closed_loop(shop(tickets=rows.assign(closed_at=closed)), DAYS)
    assert (found.tickets, found.too_young) == (6, 1)
    assert found.table["tickets"].tolist() == [6, 5]


def test_work_begins_with_the_first_reply_where_nothing_else_tells():
    rows = random_tickets(np.random.default_rng(1), stages=("resolved",))
    rows["first_reply_at"] = rows["opened_at"] + pd.Timedelta(hours=1)
    assert closed_loop(shop(tickets=rows), DAYS).table.set_index("stage").loc["handled", "completeness_rate"] == 1


def test_stages_that_hardly_any_ticket_reached_tell_no_numbers():
    opened = pd.Timestamp("2025-01-01")
    rows = pd.DataFrame({"ticket_id": list("abcdefghij"), "customer_id": list("abcdefghij"), "opened_at": opened})
    closed = rows.assign(closed_at=[opened] * 6 + [pd.NaT] * 4, summarised_at=[opened] * 3 + [pd.NaT] * 7)
    found = closed_loop(shop(tickets=closed), DAYS)
    assert found.table["tickets"].tolist()[:2] == [10, 6] and found.table.iloc[2, 1:].isna().all()
    assert str(found.headline()) == "Fewer than 5 of 10 requests go the whole way in 30 days."
    assert "between “recorded” and “resolved”" in words_of(found)
    only = closed_loop(shop(tickets=closed.drop(columns="closed_at")), DAYS)
    assert "lost" not in words_of(only) and "weakest" not in words_of(only)


def test_what_cannot_be_told_is_not_applicable():
    rows = random_tickets(np.random.default_rng(4), stages=())
    none = shop()
    few = random_tickets(np.random.default_rng(4)).assign(customer_id="1")
    for data in (none, shop(tickets=rows), shop(tickets=rows.head(0)), shop(tickets=few)):
        assert isinstance(closed_loop(data), NotApplicable)
        assert isinstance(closed_loop_by(data), NotApplicable)
    assert isinstance(closed_loop_by(shop(tickets=random_tickets(np.random.default_rng(4))), "channel"), NotApplicable)
    with pytest.raises(ValueError, match="by = 'colour': choose one of"):
        closed_loop_by(shop(tickets=rows), "colour")
    with pytest.raises(ValueError, match="within_days = 0"):
        closed_loop(shop(tickets=rows), 0)


def test_figures_draw_what_the_tables_say():
    data = shop(tickets=random_tickets(np.random.default_rng(5)))
    loop, by = closed_loop(data), closed_loop_by(data)
    widths = [bar.get_width() for bar in loop.plot().patches]
    assert widths == loop.table["tickets"].tolist()
    shown = [text.get_text().replace("\n", " ") for text in by.plot().get_xticklabels()]
    assert shown == [STAGE.write(stage) for stage in [*list(STAGES)[1:], FULL]]
    plt.close("all")
