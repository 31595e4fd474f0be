"""Answers to surveys as a shop has them, made of scores and of days."""

from __future__ import annotations

import numpy as np
import pandas as pd

from shops import AS_OF


def answers(question: str, scores, days_ago, customers=None) -> pd.DataFrame:
    """Rows of `surveys`: a score a row, that many days before the report's day, each of another customer unless told."""
    n = len(scores)
    at = pd.Timestamp(AS_OF) - pd.to_timedelta(np.broadcast_to(days_ago, n), unit="D")
    ids = np.arange(n) if customers is None else customers
    return pd.DataFrame(
        {
            "customer_id": [f"c{each}" for each in ids],
            "answered_at": at,
            "question": question,
            "score": np.asarray(scores, dtype=float),
        }
    )
