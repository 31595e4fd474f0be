"""What follows what, and what came before: beside slow loops over random touchpoints, and cases counted by hand."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

import ibis
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from helpers.analyses.journey.road.paths import ENDED, step_matrix, transitions
from helpers.analyses.journey.road.precursors import NOTHING, before_second_order, before_silence
from helpers.analyses.journey.road.touches import touchpoints
from helpers.data.datasets import Dataset
from helpers.data.intake.settings import DEFAULT_POLICY, Settings
from helpers.findings import NotApplicable
from helpers.findings.folding import SMALL_GROUPS

FIRST, AS_OF = pd.Timestamp("2025-01-01"), dt.date(2025, 7, 1)
NIGHT = pd.Timestamp("2025-07-02")


def road(table: pd.DataFrame, steps: list[dict] | None = None):
    """Touchpoints of customer_id, step, day (of 2025, from 1); by default one step a name, in alphabetical order."""
    at = FIRST + pd.to_timedelta(table["day"] - 1, unit="D")
    events = pd.DataFrame(
        {
            "customer_id": table["customer_id"],
            "event": table["step"],
            "happened_at": at,
            "channel": "web",
            "content": "c",
        }
    )
    orders = events[events["event"] == "order"]
    orders = pd.DataFrame({"customer_id": orders["customer_id"], "ordered_at": orders["happened_at"]})
    touches = events[events["event"] == "sent"]
    touches = pd.DataFrame({"customer_id": touches["customer_id"], "touched_at": touches["happened_at"]})
    settings = Settings(
        title="t",
        preset="",
        time_zone="UTC",
        currency="",
        contractual=None,
        observed_from="",
        observed_on="",
        policy=DEFAULT_POLICY,
        feeds={},
        experiments={},
        notebooks={},
    )
    tables = {"events": ibis.memtable(events), "orders": ibis.memtable(orders), "touches": ibis.memtable(touches)}
    data = Dataset("t", AS_OF, settings, tables, pd.DataFrame(), Path(), (), Path())
    own = {"order": {"table": "orders"}, "sent": {"table": "touches"}}
    names = sorted(table["step"].unique())
    return touchpoints(
        data, [{"step": name, **own.get(name, {"table": "events", "where": {"event": name}})} for name in names]
    )


@pytest.fixture(scope="module")
def crowd() -> pd.DataFrame:
    """Three hundred customers with one to nine touchpoints on whole days of half a year, several on one day."""
    rng = np.random.default_rng(11)
    sizes = rng.integers(1, 10, 300)
    return pd.DataFrame(
        {
            "customer_id": np.repeat([f"c{n}" for n in range(300)], sizes),
            "step": rng.choice(["a", "b", "order", "sent"], sizes.sum(), p=[0.5, 0.05, 0.25, 0.2]),
            "day": rng.integers(1, 183, sizes.sum()),
        }
    )


def lines(table: pd.DataFrame) -> dict[str, list[tuple[int, str]]]:
    """Each customer's (day, step) in order; the steps of one day in the order of the road, which is alphabetical."""
    return {
        customer: sorted(zip(own["day"], own["step"], strict=True)) for customer, own in table.groupby("customer_id")
    }


def test_transitions_agree_with_a_slow_loop(crowd):
    counts, people, totals = Counter(), {}, Counter()
    for customer, line in lines(crowd).items():
        for at, (day, step) in enumerate(line):
            if FIRST + pd.Timedelta(days=int(day) - 1 + 20) >= NIGHT:
                continue
            later = line[at + 1] if at + 1 < len(line) else (10_000, "")
            to = later[1] if later[0] <= day + 20 else "(nothing for 20 days)"
            counts[step, to] += 1
            totals[step] += 1
            people.setdefault((step, to), set()).add(customer)
    cells = transitions(road(crowd), 20).cells.set_index(["from_step", "to_step"])
    assert len(cells) == 4 * 5 and min(len(who) for who in people.values()) < 5
    for (step, to), row in cells.iterrows():
        who = len(people.get((step, to), ()))
        assert row["touchpoints"] == totals[step]
        if 0 < who < 5:
            assert row[["customers", "share", "lower", "upper"]].isna().all()
        else:
            assert row["customers"] == who and row["share"] == pytest.approx(counts[step, to] / totals[step])


def test_the_most_usual_way_and_the_most_frequent_end_are_said(crowd):
    found = transitions(road(crowd), 20)
    onward = found.cells[found.cells["to_step"] != "(nothing for 20 days)"].dropna(subset="share")
    top = onward.loc[onward["share"].idxmax()]
    assert f"“{top['from_step']}” is next followed by “{top['to_step']}”" in found.headline()
    assert "nothing follows within 20 days" in found.headline()
    drawn = found.plot()
    assert [text.get_text() for text in drawn.get_xticklabels()] == ["1", "2", "3", "4", "none"]
    assert [text.get_text() for text in drawn.get_yticklabels()][0] == "1  a"
    plt.close("all")


def test_touchpoints_too_late_to_be_followed_are_left_out(crowd):
    late = crowd[crowd["day"] > 175]
    assert "too few touchpoints are older than 20 days" in transitions(road(late), 20).headline()
    with pytest.raises(ValueError, match="within_days = 0"):
        transitions(road(late), 0)


def test_ways_of_few_customers_alone_are_not_told():
    rows = [(f"c{n}", "a", 5) for n in range(6)] + [(f"c{n}", "b", 6) for n in range(3)]
    found = transitions(road(pd.DataFrame(rows, columns=["customer_id", "step", "day"])))
    assert found == NotApplicable("no way from one step to the next was gone by 5 customers.")


def test_the_step_matrix_agrees_with_a_slow_loop(crowd):
    found = step_matrix(road(crowd), 4)
    for position, step, customers, share, *_ in found.cells.itertuples(index=False):
        ways = [line[position - 1][1] if len(line) >= position else ENDED for line in lines(crowd).values()]
        expected = ways.count(step)
        assert np.isnan(customers) if 0 < expected < 5 else (customers, share) == (expected, expected / 300)
    wide = found.summary().set_index("step")
    assert list(wide.columns) == [f"touchpoint_{n}_share" for n in range(1, 5)]
    assert list(wide.index) == ["a", "b", "order", "sent", ENDED]
    assert wide.dropna(axis=1).sum().to_numpy() == pytest.approx(1)


def test_the_step_matrix_is_drawn_in_the_order_of_the_road(crowd):
    drawn = step_matrix(road(crowd), 3).plot()
    assert [text.get_text() for text in drawn.get_yticklabels()] == ["a", "b", "order", "sent", ENDED]
    assert [text.get_text() for text in drawn.get_xticklabels()] == ["1", "2", "3"]
    plt.close("all")


def compared(table: pd.DataFrame) -> dict[str, tuple[int, float, float]]:
    rows = table[table["path"] != SMALL_GROUPS].itertuples()
    return {row.path: (row.customers, pytest.approx(row.event_share), pytest.approx(row.others_share)) for row in rows}


def shares(paths: list[tuple[str, bool]]) -> dict[str, tuple[int, float, float]]:
    events, others = (sum(event is kind for _, event in paths) for kind in (True, False))
    return {path: (sum(each == path for each, _ in paths), paths.count((path, True)) / events,
                   paths.count((path, False)) / others) for path, _ in paths}  # fmt: skip


def test_paths_before_silence_agree_with_a_slow_loop(crowd):
    """Landmark 2025-05-23 00:00, the end of day 142: who acted on days 103 to 142, silent if not from day 143 on."""
    paths = []
    for line in lines(crowd).values():
        before = [step for day, step in line if 103 <= day <= 142]
        if any(step != "sent" for step in before):
            back = any(day > 142 and step != "sent" for day, step in line)
            paths.append((" → ".join(before[-2:]), not back))
    table = before_silence(road(crowd), silence_days=40, lookback_days=40).table
    expected = shares(paths)
    told = compared(table)
    assert len(told) >= 4 and all(expected[path] == counted for path, counted in told.items())
    assert table["customers"].sum() == len(paths)


def test_paths_before_the_second_order_agree_with_a_slow_loop(crowd):
    paths = []
    for line in lines(crowd).values():
        orders = sorted({day for day, step in line if step == "order"})
        if not orders or FIRST + pd.Timedelta(days=int(orders[0]) - 1 + 20 + 60) >= NIGHT:
            continue
        first, second = orders[0], orders[1] if len(orders) > 1 else 10_000
        if second > first + 20:
            between = [step for day, step in line if first < day <= first + 20]
            paths.append((" → ".join(between[-1:]) or NOTHING, second <= first + 80))
    table = before_second_order(road(crowd), wait_days=20, horizon_days=60, length=1).table
    expected = shares(paths)
    told = compared(table)
    assert NOTHING in told and len(told) >= 2 and all(expected[path] == counted for path, counted in told.items())
    assert table["customers"].sum() == len(paths)


def planted(ticket_silent: int, ticket_back: int) -> pd.DataFrame:
    """Two hundred customers who act on day 100, half silent thereafter; some of either half then met a ticket."""
    rows = []
    for n in range(200):
        silent = n < 100
        rows.append((f"c{n}", "a", 100))
        if (n if silent else n - 100) < (ticket_silent if silent else ticket_back):
            rows.append((f"c{n}", "ticket", 101))
        if not silent:
            rows.append((f"c{n}", "a", 150))
    return pd.DataFrame(rows, columns=["customer_id", "step", "day"])


def test_the_lift_is_the_ratio_of_shares_with_its_log_interval():
    found = before_silence(road(planted(40, 10)), silence_days=60, lookback_days=60)
    line = found.table.set_index("path").loc["a → ticket"]
    reach = np.exp(1.959964 * np.sqrt(1 / 40 - 1 / 100 + 1 / 10 - 1 / 100))
    assert line[["event_share", "others_share", "lift"]].tolist() == pytest.approx([0.4, 0.1, 4])
    assert line[["lower", "upper"]].tolist() == pytest.approx([4 / reach, 4 * reach], rel=1e-6)
    assert "“a → ticket” is 4 times" in found.headline() and "This is association" in found.headline()
    drawn = found.plot()
    assert sorted(drawn.lines[-1].get_xdata()) == pytest.approx(sorted(found.table["lift"]))
    plt.close("all")


def test_no_difference_and_too_little_to_test_are_said():
    assert "no evidence" in before_silence(road(planted(20, 20)), silence_days=60, lookback_days=60).headline()
    few = before_silence(road(planted(4, 4)), silence_days=60, lookback_days=60)
    assert "no path is frequent enough" in few.headline()
    alike = before_silence(road(planted(0, 0)), silence_days=60, lookback_days=60)
    assert "have the same path" in alike.headline()


def test_too_few_customers_or_no_orders_are_not_compared(crowd):
    small = crowd[crowd["customer_id"].isin([f"c{n}" for n in range(15)])]
    assert isinstance(before_silence(road(small), silence_days=40), NotApplicable)
    assert "no step of the road is an order" in before_second_order(road(crowd[crowd["step"] != "order"])).headline()
    for analysis in (before_silence, before_second_order, transitions, step_matrix):
        assert analysis(NotApplicable("no.")) == NotApplicable("no.")
    with pytest.raises(ValueError, match="length = 0"):
        before_silence(road(small), length=0)
