"""Profiling: can the data be trusted, who are the customers, and how does the business stand?

The public door of the notebook. Each function takes a data set opened by `helpers.data.datasets` and returns a frozen
finding, or NotApplicable where the data set lacks what the question needs.
"""

from __future__ import annotations

from helpers.analyses.profiling_accounting import row_accounting, rules
from helpers.analyses.profiling_checks import checks
from helpers.analyses.profiling_columns import columns
from helpers.analyses.profiling_concentration import (
    concentration,
    gini,
    lorenz,
    top_share,
)
from helpers.analyses.profiling_funnel import order_funnel
from helpers.analyses.profiling_kpis import kpis
from helpers.analyses.profiling_portrait import portrait
from helpers.analyses.profiling_quality import freshness, keys, rows_over_time
from helpers.analyses.profiling_rates import definitions, rates

__all__ = [
    "checks", "columns", "concentration", "definitions", "freshness", "gini", "keys", "kpis", "lorenz", "order_funnel",
    "portrait", "rates", "row_accounting", "rows_over_time", "rules", "top_share",
]  # fmt: skip
