"""The claims of 06_feedback, on tickets of which the truth is known."""

from __future__ import annotations

import numpy as np
import pandas as pd

from claims import Claim
from helpers.analyses.feedback.service.waits_by_tier import tier_test
from helpers.findings.evidence import SIGNIFICANCE, Z


def grown(tickets: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Whether the open requests are told to have moved in a year: so many are open on either day, at random."""
    now, then = rng.poisson(tickets, (2, draws))
    return np.abs(now - then) > Z * np.sqrt(now + then)


def sooner(customers: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Whether a tier is told to be served sooner than another: customers ask again and again, the lowest tier complains
    more, complaints take long, and some customers' requests take longer than others'; a fifth are still open.
    """
    return np.array([tier_test(*_served(customers, rng)).p_value < SIGNIFICANCE for _ in range(draws)])


def _served(customers: int, rng: np.random.Generator) -> tuple[pd.DataFrame, pd.Series]:
    """Requests of three tiers of so many customers each, all served alike, and the customers of each."""
    tier = np.repeat(["a", "b", "c"], customers)
    owner = np.repeat(np.arange(3 * customers), rng.poisson(rng.gamma(1, 2, 3 * customers)))
    complaint = rng.random(len(owner)) < np.where(tier[owner] == "c", 0.6, 0.2)
    slow = rng.gamma(4, 1 / 4, 3 * customers)[owner]
    wait, seen = rng.exponential(np.where(complaint, 10, 1) * slow), rng.exponential(20, len(owner))
    rows = pd.DataFrame({
        "customer_id": owner, "group": tier[owner], "stratum": complaint, "minutes": np.minimum(wait, seen),
        "done": wait <= seen,
    })  # fmt: skip
    return rows, rows.groupby("group")["customer_id"].nunique()


CLAIMS = (
    Claim("open requests moved in a year", "feedback/service/open_tickets", "one rate", 0.05, grown),
    Claim(
        "a tier is served sooner", "feedback/service/waits_by_tier",
        "all tiers are served alike; the lowest complains more", 0.05, sooner, costs=5,
    ),
)  # fmt: skip
