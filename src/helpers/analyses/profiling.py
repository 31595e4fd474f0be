"""Who our customers are, how the business stands, who comes back, and whether the data can be trusted.

Findings a notebook asks for, one function a question; each takes an opened data set. Shown and saved by
`helpers.reports.findings`.
"""

from helpers.analyses.profiling_accounting import RowAccounting, Rules, row_accounting, rules
from helpers.analyses.profiling_checks import Checks, checks
from helpers.analyses.profiling_cohorts import Return, retention_cells
from helpers.analyses.profiling_column_profile import profile_table
from helpers.analyses.profiling_columns import ColumnQuality, columns
from helpers.analyses.profiling_completeness import Completeness, completeness
from helpers.analyses.profiling_drift import Drift, drift
from helpers.analyses.profiling_duplicates import Duplicates, duplicates
from helpers.analyses.profiling_funnel import OrderFunnel, order_funnel
from helpers.analyses.profiling_health import Health, health
from helpers.analyses.profiling_kpis import Kpis, kpis
from helpers.analyses.profiling_levels import Levels, levels
from helpers.analyses.profiling_lifecycle import Lifecycle, lifecycle
from helpers.analyses.profiling_needs import Needs, needs
from helpers.analyses.profiling_patterns import Patterns, patterns
from helpers.analyses.profiling_portrait import Portrait, portrait
from helpers.analyses.profiling_quality import Freshness, Keys, RowsOverTime, freshness, keys, rows_over_time
from helpers.analyses.profiling_rates import Rates, definitions, rates
from helpers.analyses.profiling_retention import Retention, retention, retention_means
from helpers.analyses.profiling_segment_portraits import SegmentPortraits, segment_portraits
from helpers.analyses.profiling_stickiness import Stickiness, stickiness
from helpers.analyses.profiling_targets import Targets, targets

__all__ = [
    "Checks", "ColumnQuality", "Completeness", "Drift", "Duplicates", "Freshness", "Health", "Keys",
    "Kpis", "Levels", "Lifecycle", "Needs", "OrderFunnel", "Patterns", "Portrait", "Rates", "Retention", "Return",
    "RowAccounting", "RowsOverTime", "Rules", "SegmentPortraits", "Stickiness", "Targets", "checks", "columns",
    "completeness", "definitions", "drift", "duplicates", "freshness", "health", "keys", "kpis",
    "levels", "lifecycle", "needs", "order_funnel", "patterns", "portrait", "profile_table", "rates", "retention",
    "retention_cells", "retention_means", "row_accounting", "rows_over_time", "rules", "segment_portraits",
    "stickiness", "targets",
]  # fmt: skip
