"""What came before silence and a second order: beside slow loops over random touchpoints, and cases by hand."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.journey.road.precursors import NOTHING, before_second_order, before_silence
from helpers.findings import NotApplicable
from helpers.findings.folding import SMALL_GROUPS

FIRST, NIGHT = pd.Timestamp("2025-01-01"), pd.Timestamp("2025-07-02")


def compared(table: pd.DataFrame) -> dict[str, tuple[int, float, float]]:
    rows = table[table["path"] != SMALL_GROUPS].itertuples()
    return {row.path: (row.customers, pytest.approx(row.event_share), pytest.approx(row.others_share)) for row in rows}


def shares(paths: list[tuple[str, bool]]) -> dict[str, tuple[int, float, float]]:
    events, others = (sum(event is kind for _, event in paths) for kind in (True, False))
    return {path: (sum(each == path for each, _ in paths), paths.count((path, True)) / events,
                   paths.count((path, False)) / others) for path, _ in paths}  # fmt: skip


def test_paths_before_silence_agree_with_a_slow_loop(walked, lines):
    """Landmark 2025-05-23 00:00, the end of day 142: who acted on days 103 to 142, silent if not from day 143 on."""
    paths = []
    for line in lines.values():
        before = [step for day, step in line if 103 <= day <= 142]
        if any(step != "sent" for step in before):
            back = any(day > 142 and step != "sent" for day, step in line)
            paths.append((" → ".join(before[-2:]), not back))
    table = before_silence(walked, silence_days=40, lookback_days=40).table
    expected = shares(paths)
    counts = compared(table)
    assert len(counts) >= 4 and all(expected[path] == counted for path, counted in counts.items())
    assert table["customers"].sum() == len(paths)


def test_paths_before_the_second_order_agree_with_a_slow_loop(walked, lines):
    paths = []
    for line in lines.values():
        orders = sorted({day for day, step in line if step == "order"})
        if not orders or FIRST + pd.Timedelta(days=int(orders[0]) - 1 + 20 + 60) >= NIGHT:
            continue
        first, second = orders[0], orders[1] if len(orders) > 1 else 10_000
        if second > first + 20:
            between = [step for day, step in line if first < day <= first + 20]
            paths.append((" → ".join(between[-1:]) or NOTHING, second <= first + 80))
    table = before_second_order(walked, wait_days=20, horizon_days=60, length=1).table
    expected = shares(paths)
    counts = compared(table)
    assert NOTHING in counts and len(counts) >= 2 and all(expected[path] == counted for path, counted in counts.items())
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


def test_the_lift_is_the_ratio_of_shares_with_its_log_interval(walks):
    found = before_silence(walks(planted(40, 10)), silence_days=60, lookback_days=60)
    line = found.table.set_index("path").loc["a → ticket"]
    reach = np.exp(1.959964 * np.sqrt(1 / 40 - 1 / 100 + 1 / 10 - 1 / 100))
    assert line[["event_share", "others_share", "lift"]].tolist() == pytest.approx([0.4, 0.1, 4])
    assert line[["lower", "upper"]].tolist() == pytest.approx([4 / reach, 4 * reach], rel=1e-6)
    assert str(found.headline()) == "Before silence, “a → ticket” is more frequent, “a” less."
    assert "“a → ticket”: 4 times as frequent" in words_of(found) and "association, not an effect" in words_of(found)
    drawn = found.plot()
    assert sorted(drawn.lines[-1].get_xdata()) == pytest.approx(sorted(found.table["lift"]))
    plt.close("all")


def test_no_difference_and_too_little_to_test_are_said(walks):
    none = before_silence(walks(planted(20, 20)), silence_days=60, lookback_days=60)
    assert str(none.headline()) == "No evidence that customers go other ways before they fall silent."
    few = before_silence(walks(planted(4, 4)), silence_days=60, lookback_days=60)
    assert "no path is frequent enough" in words_of(few)
    alike = before_silence(walks(planted(0, 0)), silence_days=60, lookback_days=60)
    assert "have the same path" in words_of(alike)


def test_too_few_customers_or_no_orders_are_not_compared(walkers, walks):
    small = walkers[walkers["customer_id"].isin([f"c{n}" for n in range(15)])]
    assert isinstance(before_silence(walks(small), silence_days=40), NotApplicable)
    assert "no step of the road is an order" in words_of(
        before_second_order(walks(walkers[walkers["step"] != "order"]))
    )
    for analysis in (before_silence, before_second_order):
        assert "missing above" in words_of(analysis(NotApplicable("no.")))
    with pytest.raises(ValueError, match="length = 0"):
        before_silence(walks(small), length=0)
