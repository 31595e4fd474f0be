"""How the business stands, who comes back, who customers are, and whether the data can be trusted.

Rooms, in the order of the page:

    business    key figures and shares beside goals and the time before
    standing    the measures against last year, and through whom sales changed
    engagement  who comes back
    people      who customers are
    records     whether the data can be trusted

`vocabulary` declares the columns of key figures and portraits; `engagement` and `records` have their own.
"""

from helpers.analyses.profiling.business.goals import Targets, targets
from helpers.analyses.profiling.business.key_figures import Kpis, kpis
from helpers.analyses.profiling.business.key_shares import Definitions, Rates, definitions, rates
from helpers.analyses.profiling.business.orders import OrderFunnel, order_funnel
from helpers.analyses.profiling.business.projections import Projections, projections
from helpers.analyses.profiling.engagement.active_days import Stickiness, stickiness
from helpers.analyses.profiling.engagement.cohort_counts import Return
from helpers.analyses.profiling.engagement.comings_and_goings import Lifecycle, lifecycle
from helpers.analyses.profiling.engagement.retention_rates import Retention, retention
from helpers.analyses.profiling.people.by_segment import SegmentPortraits, segment_portraits
from helpers.analyses.profiling.people.filled_fields import Completeness, completeness
from helpers.analyses.profiling.people.groups import Portrait, portrait
from helpers.analyses.profiling.people.requests import Needs, needs
from helpers.analyses.profiling.records.accounting import (
    AccountingLines,
    RowAccounting,
    Rules,
    accounting_lines,
    row_accounting,
    rules,
)
from helpers.analyses.profiling.records.change import Drift, drift
from helpers.analyses.profiling.records.column_profile import Profile, profile_table
from helpers.analyses.profiling.records.column_quality import ColumnQuality, columns
from helpers.analyses.profiling.records.column_readings import ColumnReadings, column_readings
from helpers.analyses.profiling.records.common_values import Levels, levels
from helpers.analyses.profiling.records.references import Keys, keys
from helpers.analyses.profiling.records.repeats import Duplicates, duplicates
from helpers.analyses.profiling.records.timeliness import Freshness, RowsOverTime, freshness, rows_over_time
from helpers.analyses.profiling.records.unusual_values import Patterns, patterns
from helpers.analyses.profiling.records.verification import Checks, checks
from helpers.analyses.profiling.standing.sales_parts import SalesChange, sales_change
from helpers.analyses.profiling.standing.standings import Scorecard, scorecard

__all__ = [
    "AccountingLines", "Checks", "ColumnQuality", "ColumnReadings", "Completeness", "Definitions", "Drift",
    "Duplicates", "Freshness", "Keys", "Kpis", "Levels", "Lifecycle", "Needs", "OrderFunnel", "Patterns", "Portrait",
    "Profile", "Projections", "Rates", "Retention", "Return", "RowAccounting", "RowsOverTime", "Rules", "SalesChange",
    "Scorecard", "SegmentPortraits", "Stickiness", "Targets", "accounting_lines", "checks", "column_readings",
    "columns", "completeness", "definitions", "drift", "duplicates", "freshness", "keys", "kpis", "levels",
    "lifecycle", "needs", "order_funnel", "patterns", "portrait", "profile_table", "projections", "rates",
    "retention", "row_accounting", "rows_over_time", "rules", "sales_change", "scorecard", "segment_portraits",
    "stickiness", "targets",
]  # fmt: skip
