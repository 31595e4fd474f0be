"""Experiments in memory by when their customers came."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from helpers.data.datasets import Dataset
from shops import metric, trial

BEGAN = pd.Timestamp("2025-03-01")


def dataset(rows: pd.DataFrame, **tables: Any) -> Dataset:
    """A data set of one experiment of these customers, who bought nothing unless the rows say so."""
    rows = rows if "bought" in rows else rows.assign(bought=0.0)
    return trial(rows, metric("bought", "proportion", label="Bought"), **tables)


def two_arms(n: int, days: int = 14) -> pd.DataFrame:
    """Customers of two arms of `n`, who arrive two by two, evenly over the days."""
    at = np.arange(2 * n)
    return pd.DataFrame(
        {
            "customer_id": [f"c{i}" for i in at],
            "variant": np.where(at % 2, "new", "control"),
            "assigned_at": BEGAN + pd.to_timedelta(at // 2 % days, unit="D"),
        }
    )
