"""All that knows a backend: `connection` opens DuckDB through Ibis and says in its words what Ibis has none for."""

from helpers.data.engine.connection import (
    DEFAULT_URL,
    ERRORS,
    ROW,
    SPILLED,
    check_time_layout,
    connect,
    csv_text,
    fixed_width_text,
    from_frame,
    local_time,
    parquet,
    rejected_lines,
    time_from_text,
)
from helpers.data.engine.expressions import FUNCTIONS, OVER_ROWS, proved, with_columns
from helpers.data.engine.sums import total

__all__ = [
    "DEFAULT_URL",
    "ERRORS",
    "FUNCTIONS",
    "OVER_ROWS",
    "ROW",
    "SPILLED",
    "check_time_layout",
    "connect",
    "csv_text",
    "fixed_width_text",
    "from_frame",
    "local_time",
    "parquet",
    "proved",
    "rejected_lines",
    "time_from_text",
    "total",
    "with_columns",
]
