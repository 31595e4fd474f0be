"""The claims of 06_feedback, on tickets of which the truth is known."""

from __future__ import annotations

import numpy as np
import pandas as pd

from claims import Claim
from helpers.analyses.feedback.service.waiting import waits_alike
from helpers.findings.evidence import SIGNIFICANCE, Z
from helpers.statistics.effects import match
from helpers.statistics.purchases import cumulative_mean


def grown(tickets: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Whether the open requests are told to have moved in a year: so many are open on either day, at random."""
    now, then = rng.poisson(tickets, (2, draws))
    return np.abs(now - then) > Z * np.sqrt(now + then)


def sooner(customers: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Whether a tier is told to be served sooner than another: customers ask again and again, the lowest tier complains
    more, complaints take long, and some customers' requests take longer than others'; a fifth are still open.
    """
    return np.array([waits_alike(_served(customers, rng), "stratum").p_value < SIGNIFICANCE for _ in range(draws)])


def _served(customers: int, rng: np.random.Generator) -> pd.DataFrame:
    """Requests of three tiers of so many customers each, all served alike."""
    tier = np.repeat(["a", "b", "c"], customers)
    owner = np.repeat(np.arange(3 * customers), rng.poisson(rng.gamma(1, 2, 3 * customers)))
    complaint = rng.random(len(owner)) < np.where(tier[owner] == "c", 0.6, 0.2)
    slow = rng.gamma(4, 1 / 4, 3 * customers)[owner]
    wait, seen = rng.exponential(np.where(complaint, 10, 1) * slow), rng.exponential(20, len(owner))
    return pd.DataFrame({
        "customer_id": owner, "group": tier[owner], "stratum": complaint, "minutes": np.minimum(wait, seen),
        "done": wait <= seen, "tickets": 1,
    })  # fmt: skip


def worth_more(customers: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Whether brought customers are told to spend more or less than others: all spend alike, half of them log-normal
    money, more by one channel, by which more were brought; some persons bring several.
    """
    told = np.zeros(draws, bool)
    for draw in range(draws):
        by_link = np.arange(4 * customers) < 2 * customers
        brought = rng.permuted(np.r_[np.ones(customers), np.zeros(customers)]).astype(bool)
        is_brought = np.r_[brought, rng.random(2 * customers) < 0.1]
        who = np.where(is_brought, rng.integers(0, customers, len(by_link)), customers + np.arange(len(by_link)))
        spend = np.where(rng.random(len(by_link)) < 0.5, rng.lognormal(by_link * 0.5, 1), 0)
        told[draw] = match(is_brought, by_link, who).difference(spend)[3] < SIGNIFICANCE
    return told


def brings(customers: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Whether the interval of how many others a customer brings misses the truth, .3 in 12 months: some bring many."""
    missed = np.full(draws, np.nan)
    for draw in range(draws):
        rates = rng.gamma(0.3, 1 / 0.3, customers)[:, None] * 0.3 / 12
        counts, months = rng.poisson(np.repeat(rates, 12, axis=1)), np.minimum(rng.integers(0, 24, customers), 12)
        course = cumulative_mean(counts, months)
        last = course[course["at_risk"] >= 20].tail(1)
        if len(last) and last["month"].iloc[0] == 12:
            missed[draw] = not last["lower"].iloc[0] <= 0.3 <= last["upper"].iloc[0]
    return missed


CLAIMS = (
    Claim("open requests moved in a year", "feedback/service/open_tickets", "one rate", 0.05, grown),
    Claim(
        "a tier is served sooner", "feedback/service/waits_by_tier",
        "all tiers are served alike; the lowest complains more", 0.05, sooner, costs=5,
    ),
    Claim(
        "brought customers spend otherwise", "feedback/referral/brought",
        "all of a channel spend alike; more are brought by the dearer one", 0.05, worth_more, costs=5,
    ),
    Claim(
        "interval of others brought by a customer", "feedback/referral/rate", "0.3 each; a few bring most", 0.05, brings,
        costs=5,
    ),
)  # fmt: skip
