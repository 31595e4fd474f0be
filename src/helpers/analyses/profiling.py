"""Profiling: can the data be trusted, who are the customers, and how does the business stand?

The public door of the notebook. Each function takes a data set opened by `helpers.data.datasets` and returns a frozen
finding, or NotApplicable where the data set lacks what the question needs.
"""

from __future__ import annotations

from helpers.analyses.profiling_accounting import policies, row_accounting
from helpers.analyses.profiling_checks import checks
from helpers.analyses.profiling_concentration import (
    concentration,
    gini,
    lorenz,
    top_share,
)
from helpers.analyses.profiling_funnel import order_funnel
from helpers.analyses.profiling_kpis import kpis
from helpers.analyses.profiling_portrait import completeness, fields, portrait
from helpers.analyses.profiling_quality import columns, freshness, keys, rows_over_time
from helpers.analyses.profiling_rates import rates

__all__ = [
    "checks", "columns", "completeness", "concentration", "fields", "freshness", "gini", "keys", "kpis", "lorenz",
    "order_funnel", "policies", "portrait", "rates", "row_accounting", "rows_over_time", "top_share",
]  # fmt: skip
