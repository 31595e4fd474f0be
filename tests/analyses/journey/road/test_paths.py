"""What follows what: beside slow loops over random touchpoints, and cases counted by hand."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.journey.road.paths import step_matrix, transitions
from helpers.analyses.journey.vocabulary import ENDED, NOTHING
from helpers.findings import NotApplicable

FIRST, NIGHT = pd.Timestamp("2025-01-01"), pd.Timestamp("2025-07-02")


def test_transitions_agree_with_a_slow_loop(walked, lines):
    counts, people, totals = Counter(), {}, Counter()
    for customer, line in lines.items():
        for at, (day, step) in enumerate(line):
            if FIRST + pd.Timedelta(days=int(day) - 1 + 20) >= NIGHT:
                continue
            later = line[at + 1] if at + 1 < len(line) else (10_000, "")
            to = later[1] if later[0] <= day + 20 else NOTHING
            counts[step, to] += 1
            totals[step] += 1
            people.setdefault((step, to), set()).add(customer)
    cells = transitions(walked, 20).table.set_index(["from_step", "to_step"])
    assert len(cells) == 4 * 5 and min(len(who) for who in people.values()) < 5
    for (step, to), row in cells.iterrows():
        who = len(people.get((step, to), ()))
        assert row["touchpoints"] == totals[step]
        assert row["customers"] == who and row["share"] == pytest.approx(counts[step, to] / totals[step])


def test_the_most_usual_way_and_the_most_frequent_end_are_said(walked):
    found = transitions(walked, 20)
    onward = found.table[found.table["to_step"] != NOTHING].dropna(subset="share")
    top = onward.loc[onward["share"].idxmax()]
    assert "most surely" not in words_of(found)  # of two alike
    table = found.table.assign(share=found.table["share"].mask(found.table.index == top.name, 0.9))
    told = words_of(replace(found, table=table.assign(likely_rate=table["share"])))
    assert told.startswith(f"After “{top['from_step']}” most surely comes “{top['to_step']}”: likely for 90.0%.")
    assert "nothing follows within 20 days" in words_of(found)
    drawn = found.plot()
    assert [text.get_text() for text in drawn.get_xticklabels()] == ["1", "2", "3", "4", "none"]
    assert [text.get_text() for text in drawn.get_yticklabels()][0] == "1  a"
    plt.close("all")


def test_touchpoints_too_late_to_be_followed_are_left_out(walkers, walks):
    late = walkers[walkers["day"] > 175]
    assert "too few touchpoints are older than 20 days" in words_of(transitions(walks(late), 20))
    for analysis in (transitions, step_matrix):
        assert "missing above" in words_of(analysis(NotApplicable("no.")))
    with pytest.raises(ValueError, match="within_days = 0"):
        transitions(walks(late), 0)


def test_ways_of_few_customers_alone_are_not_told(walks):
    rows = [(f"c{n}", "a", 5) for n in range(6)] + [(f"c{n}", "b", 6) for n in range(3)]
    found = transitions(walks(pd.DataFrame(rows, columns=["customer_id", "step", "day"])))
    assert words_of(found) == "Cannot be told: no way from one step to the next was gone by 5 customers."


def test_the_step_matrix_agrees_with_a_slow_loop(walked, lines):
    found = step_matrix(walked, 4)
    for position, step, customers, share, *_ in found.table.itertuples(index=False):
        ways = [line[position - 1][1] if len(line) >= position else ENDED for line in lines.values()]
        expected = ways.count(step)
        assert np.isnan(customers) if 0 < expected < 5 else (customers, share) == (expected, expected / 300)
    wide = found.summary().set_index("step")
    assert list(wide.columns) == [f"touchpoint_{n}_share" for n in range(1, 5)]
    assert list(wide.index) == ["a", "b", "order", "sent", ENDED]
    assert wide.dropna(axis=1).sum().to_numpy() == pytest.approx(1)


def test_the_step_matrix_is_drawn_in_the_order_of_the_road(walked):
    drawn = step_matrix(walked, 3).plot()
    assert [text.get_text() for text in drawn.get_yticklabels()] == ["a", "b", "order", "sent", ENDED]
    assert [text.get_text() for text in drawn.get_xticklabels()] == ["1", "2", "3"]
    plt.close("all")
