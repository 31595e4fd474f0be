"""What customers say: the latest answer counts, scales are not guessed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.analyses.profiling.business.voice import (
    answers,
    complainers,
    complaint_shares,
    net_promoter_figures,
    satisfied,
    satisfied_shares,
)
from helpers.analyses.profiling.business.windows import Window
from helpers.data.datasets import Dataset
from helpers.statistics.shares.proportions import wilson_interval
from shops import AS_OF, shop

WINDOW = Window(AS_OF, 30)


def survey(rows: list[tuple]) -> Dataset:
    """Answers as (customer, day of June, question, score)."""
    answered = pd.DataFrame(rows, columns=["customer_id", "day", "question", "score"])
    answered["answered_at"] = pd.Timestamp("2025-05-31") + pd.to_timedelta(answered.pop("day"), unit="D")
    return shop(surveys=answered)


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
    (figure,) = net_promoter_figures(data, WINDOW)
    lower, upper = figure.limits
    assert (figure.value, round(lower, 2), upper, figure.definition.denominator) == (100, 17.49, 100, "5 answers")
    assert net_promoter_figures(survey([("odd", 5, "nps", 55.0)]), WINDOW) == []


def test_stars_and_two_scales_at_once_are_no_net_promoter_score():
    stars = [(f"s{n}", 5, "nps", 4.0 + n % 2) for n in range(40)]
    marks = [(f"m{n}", 5, "nps", 9.0 + n % 2) for n in range(40)]
    assert net_promoter_figures(survey(stars), WINDOW) == []
    assert net_promoter_figures(survey(stars + marks), WINDOW) == []
    assert net_promoter_figures(survey(marks), WINDOW)[0].value == 100


def tickets(**more) -> Dataset:
    opened = pd.to_datetime(["2025-06-01", "2025-06-30 23:00", "2025-06-02", "2025-05-31"], format="ISO8601")
    rows = {"customer_id": ["a", "a", "b", "c"], "opened_at": opened, "complaint": [True, True, False, True]}
    return shop(tickets=rows | more)


def test_a_customer_who_complains_twice_is_one():
    assert complainers(tickets(), WINDOW) == 1
    (share,) = complaint_shares(tickets(), WINDOW)
    assert share.now == (1, 3) and share.definition.denominator == "customers known on 2025-06-30"
    assert np.isnan(share.before).all()  # tickets begin after the window before does


def test_no_share_complains_where_no_ticket_is_marked_or_tickets_begin_within_the_window():
    assert complaint_shares(tickets(complaint=[False] * 4), WINDOW) == []
    assert complaint_shares(tickets(), Window(AS_OF, 60)) == complaint_shares(shop(), WINDOW) == []


def test_satisfied_customers_are_a_share_of_those_with_an_answer():
    data = survey([("a", 1, "csat", 4.0), ("b", 2, "csat", 3.0), ("a", -20, "csat", 5.0)])
    (share,) = satisfied_shares(data, WINDOW)
    assert (share.kpi, share.now, share.before) == ("CSAT", (1, 2), (1, 1))
    assert satisfied_shares(survey([("a", 1, "nps", 9.0)]), WINDOW) == satisfied_shares(shop(), WINDOW) == []
