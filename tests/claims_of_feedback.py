"""The claims of 06_feedback, on tickets of which the truth is known."""

from __future__ import annotations

import numpy as np

from claims import Claim
from helpers.findings.evidence import Z


def grown(tickets: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Whether the open requests are told to have moved in a year: so many are open on either day, at random."""
    now, then = rng.poisson(tickets, (2, draws))
    return np.abs(now - then) > Z * np.sqrt(now + then)


CLAIMS = (Claim("open requests moved in a year", "feedback/service/open_tickets", "one rate", 0.05, grown),)
