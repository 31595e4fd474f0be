"""What customers say, as key figures: satisfied (CSAT), recommending (NPS), complaining."""

from __future__ import annotations

import pandas as pd

from helpers.analyses.profiling.business.figures import UNKNOWN, Definition, Figure, Share
from helpers.analyses.profiling.business.windows import Window, known_customers
from helpers.data import engine
from helpers.data.datasets import Dataset
from helpers.data.days import morning, night
from helpers.findings.evidence import LEAST_AT_RISK
from helpers.statistics.shares import mixed_scales, net_promoter_score

SATISFIED = 4  # and above, of 1 to 5
CSAT_SCORES, NPS_SCORES = range(1, 6), range(0, 11)


def answers(data: Dataset, question: str, window: Window) -> pd.Series:
    """Customers by score: the latest answer of each to the question in the window, one score a row of the index.

    Answers without a customer count each for one.
    """
    surveys = data.tables["surveys"]
    rows = surveys.filter(
        (surveys.question.lower() == question)
        & (surveys.answered_at >= morning(window.start)) & (surveys.answered_at < night(window.end))
    )  # fmt: skip
    named = rows.filter(rows.customer_id.notnull())
    named = engine.with_firsts(named, ["customer_id"], score=[named.answered_at.desc(), named.score.desc()])
    latest = named.group_by("customer_id").agg(score=engine.first(named, "score")).select("score")
    every = latest.union(rows.filter(rows.customer_id.isnull()).select("score"))
    counts = every.group_by("score").agg(customers=every.count()).execute()
    return counts.set_index("score")["customers"].sort_index()


def satisfied(counts: pd.Series) -> tuple[int, int] | None:
    """Answers of 4 and 5 and all answers; None where a score is none of 1 to 5, for then the scale is another."""
    if counts.empty or not counts.index.isin(CSAT_SCORES).all():
        return None
    return int(counts[counts.index >= SATISFIED].sum()), int(counts.sum())


def net_promoter_figures(data: Dataset, window: Window) -> list[Figure]:
    """The net promoter score, in points, of the window's answers from 0 to 10, with the adjusted Wald interval.

    None where they look like stars of five, or like two scales at once.
    """
    counts = answers(data, "nps", window) if "surveys" in data.tables else pd.Series(dtype="int64")
    counts = counts[counts.index.isin(NPS_SCORES)]
    stars = counts.sum() >= LEAST_AT_RISK and counts.index.max() <= max(CSAT_SCORES)
    if counts.empty or stars or mixed_scales(counts.index, counts):
        return []
    promoters = net_promoter_score(counts.index, counts)
    lower, upper = (100 * limit for limit in promoters.interval())
    words = Definition(
        "share of 9 and 10 − share of 0 to 6, × 100 (latest answer of each customer; interval: adjusted Wald)",
        str(window),
        f"{promoters.answers:,.0f} answers",
    )
    return [Figure("NPS", 100 * promoters.score, "points", words, (lower, upper), relative=False)]


def satisfied_shares(data: Dataset, window: Window) -> list[Share]:
    """Satisfied customers (CSAT) of those with an answer; none without answers, or where the scale is another."""
    if "surveys" not in data.tables:
        return []
    now, then = (satisfied(answers(data, "csat", w)) for w in (window, window.before))
    if now is None:
        return []
    formula = "customers whose latest answer is 4 or 5 of 5 ÷ customers with one"
    words = Definition(formula, str(window), "customers with an answer")
    return [Share("CSAT", now, then or UNKNOWN, words, tells_most=True)]


def complainers(data: Dataset, window: Window) -> int:
    """Customers with a complaint recorded in the window."""
    tickets = data.tables["tickets"]
    opened = tickets.opened_at
    within = tickets.filter((opened >= morning(window.start)) & (opened < night(window.end)))
    return int(within.filter(within.complaint.fill_null(False)).customer_id.nunique().execute())


def opened_by(data: Dataset, window: Window) -> bool:
    """Whether tickets, complaints among them, were already recorded when the window began."""
    tickets = data.tables["tickets"]
    ever = tickets.agg(first=tickets.opened_at.min(), marked=tickets.complaint.any()).execute().iloc[0]
    return bool(ever["marked"]) and ever["first"].date() <= window.start


def complaint_shares(data: Dataset, window: Window) -> list[Share]:
    """Complaining customers of all; none where tickets were not yet recorded when the window began."""
    if "tickets" not in data.tables or not opened_by(data, window):
        return []
    now, then = ((complainers(data, w), known_customers(data, w.end)) for w in (window, window.before))
    if not now[1]:
        return []
    formula = "customers with a complaint in the window ÷ customers"
    words = Definition(formula, str(window), f"customers known on {window.end}")
    return [Share("complaint", now, then if opened_by(data, window.before) else UNKNOWN, words, tells_most=True)]
