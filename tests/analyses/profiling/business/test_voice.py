"""What customers say: the latest answer counts, scales are not guessed."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import ibis
import pandas as pd

from helpers.analyses.profiling.business.voice import answers, complainers, net_promoter_figures, satisfied
from helpers.analyses.profiling.business.windows import Window
from helpers.statistics.shares.proportions import wilson_interval

WINDOW = Window(dt.date(2025, 6, 30), 30)


def survey(rows: list[tuple]) -> SimpleNamespace:
    frame = pd.DataFrame(rows, columns=["customer_id", "day", "question", "score"])
    frame["answered_at"] = pd.Timestamp("2025-06-01") + pd.to_timedelta(frame["day"] - 1, unit="D")
    return SimpleNamespace(tables={"surveys": ibis.memtable(frame.drop(columns="day"))})


def test_the_latest_answer_of_each_customer_counts_and_each_answer_of_nobody():
    data = survey([
        ("a", 1, "CSAT", 1.0), ("a", 9, "csat", 5.0), ("b", 2, "csat", 3.0), (None, 3, "csat", 5.0), (None, 3, "csat", 5.0),
        ("b", 8, "nps", 9.0), ("c", -40, "csat", 1.0),
    ])  # fmt: skip
    assert answers(data, "csat", WINDOW).to_dict() == {3.0: 1, 5.0: 3}


def test_satisfied_are_the_two_best_of_five():
    """Case C1 of behaviour.md: 60 %, Wilson [46.18, 72.39]."""
    count, of = satisfied(pd.Series({5: 10, 4: 20, 3: 10, 2: 5, 1: 5}))
    assert count / of == 0.6
    assert [round(100 * float(limit), 2) for limit in wilson_interval(count, of)] == [46.18, 72.39]


def test_a_score_beyond_five_means_another_scale_and_no_share():
    assert satisfied(pd.Series({5.0: 3, 8.0: 1})) is None
    assert satisfied(pd.Series(dtype="int64")) is None


def test_recommendation_is_told_in_points_with_the_adjusted_interval():
    """Case N5 of behaviour.md: 5 of 5 promoters; adjusted Wald [17.49, 100]. A score of 55 is none of the scale."""
    data = survey([(f"c{n}", 5, "nps", 9.0 + n % 2) for n in range(5)] + [("odd", 5, "nps", 55.0)])
    (found,) = net_promoter_figures(data, WINDOW)
    assert (found.value, round(found.lower, 2), found.upper, found.denominator) == (100, 17.49, 100, "5 answers")
    assert net_promoter_figures(survey([("odd", 5, "nps", 55.0)]), WINDOW) == []


def test_a_customer_who_complains_twice_is_one():
    opened = pd.to_datetime(["2025-06-01", "2025-06-30 23:00", "2025-06-02", "2025-05-31"], format="ISO8601")
    tickets = pd.DataFrame(
        {"customer_id": ["a", "a", "b", "c"], "opened_at": opened, "complaint": [True, True, False, True]}
    )
    assert complainers(SimpleNamespace(tables={"tickets": ibis.memtable(tickets)}), WINDOW) == 1
