"""The closed loop against a slow count, ticket by ticket; what is not recorded, or too young, does not count."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from answers import words_of

from helpers.analyses.feedback.service.loop import FULL, STAGES, closed_loop, closed_loop_by
from helpers.analyses.feedback.vocabulary import STAGE
from helpers.findings import NotApplicable
from helpers.findings.folding import UNKNOWN
from helpers.statistics.shares import alike_groups, clustered_shares
from shops import shop

NIGHT = pd.Timestamp("2025-07-01")
DAYS = 30


def random_tickets(rng: np.random.Generator, n: int = 400, stages: tuple[str, ...] = tuple(STAGES)[1:]) -> pd.DataFrame:
    """Tickets of half a year, each stage reached by most after some days, whatever the others are."""
    opened = pd.Timestamp("2025-01-01") + pd.to_timedelta(rng.integers(0, 181 * 1440, n), unit="min")
    rows = pd.DataFrame({"ticket_id": np.arange(n).astype(str), "opened_at": opened})
    rows["customer_id"] = rng.integers(0, 150, n).astype(str)
    rows["category"] = pd.array(rng.choice(["a", "b", "c", None], n, p=[0.5, 0.35, 0.05, 0.1]), dtype="string")
    for stage in stages:
        at = opened + pd.to_timedelta(rng.integers(0, 45 * 1440, n), unit="min")
        rows[STAGES[stage]] = at.where((rng.random(n) < 0.8) & (at < NIGHT))
    return rows


def reached(rows: pd.DataFrame, stages: list[str]) -> list[dict]:
    """Slow: for every ticket old enough, whether each stage came within the days."""
    found = []
    for row in rows.to_dict("records"):
        if row["opened_at"] > NIGHT - pd.Timedelta(days=DAYS):
            continue
        took = {stage: row[STAGES[stage]] - row["opened_at"] for stage in stages}
        flags = {stage: not pd.isna(t) and t <= pd.Timedelta(days=DAYS) for stage, t in took.items()}
        found.append({**flags, "category": row["category"], "customer": row["customer_id"]})
    return found


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


def test_the_loop_by_group_is_that_of_a_slow_count_and_an_unknown_group_is_one():
    rows = random_tickets(np.random.default_rng(2))
    found, slow = closed_loop_by(shop(tickets=rows), "category", DAYS), reached(rows, list(STAGES))
    cells = found.table.set_index(["group", "stage"])
    assert set(found.table["group"]) == {"a", "b", "c", UNKNOWN}
    for (group, stage), row in cells.iterrows():
        name = None if group == UNKNOWN else group
        mine = [ticket for ticket in slow if (None if pd.isna(ticket["category"]) else ticket["category"]) == name]
        hit = [all(ticket[each] for each in STAGES) if stage == FULL else ticket[stage] for ticket in mine]
        assert (row["tickets"], row["completeness_rate"]) == (len(mine), pytest.approx(np.mean(hit)))


def test_groups_that_differ_are_told_from_groups_that_do_not():
    rows = random_tickets(np.random.default_rng(3), 3_000, ("resolved",))
    alike = rows.assign(category=np.where(rows.index % 2, "a", "b"))
    assert "no group clearly differs" in words_of(closed_loop_by(shop(tickets=alike), "category", DAYS))
    never = alike["closed_at"].where((alike["category"] == "a") | (alike.index % 3 == 0))
    told = words_of(closed_loop_by(shop(tickets=alike.assign(closed_at=never)), "category", DAYS))
    assert told.startswith("Category: requests of “a” go the whole way most often (") and "p < 0.001" in told


def test_customers_with_many_requests_do_not_make_groups_differ():
    """A few customers never settle anything; which group they ask in says nothing of the group."""
    rng = np.random.default_rng(6)
    rows = random_tickets(rng, 600, ("resolved",)).assign(customer_id=np.arange(600) % 40)
    rows = rows.assign(category=np.where(rows["customer_id"] % 2, "a", "b"), opened_at=pd.Timestamp("2025-03-01"))
    stubborn = rows["customer_id"].isin([1, 3])
    rows = rows.assign(closed_at=(rows["opened_at"] + pd.Timedelta(days=1)).where(~stubborn & (rng.random(600) < 0.8)))
    found = closed_loop_by(shop(tickets=rows.assign(customer_id=rows["customer_id"].astype(str))), "category", DAYS)
    once = rows.assign(done=rows["closed_at"].notna())
    assert found.p_value > 0.05 > alike_groups(once["category"], once.index, once["done"], np.ones(600))


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
