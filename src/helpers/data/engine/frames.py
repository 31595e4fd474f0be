"""Results as pandas has them from Ibis, without a Python object for each value where some are missing."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from ibis.backends.duckdb.converter import DuckDBPandasData
from ibis.expr.schema import Schema

# Kinds of which some may be missing, and pandas infers from a list what Arrow gives it.
KNOWN = (pa.types.is_floating, pa.types.is_integer, pa.types.is_boolean, pa.types.is_string, pa.types.is_large_string)


def frame(rows: pa.Table, schema: Schema) -> pd.DataFrame:
    """The rows as a table of pandas whose columns are of the types in `schema`."""
    columns = {name: _values(column) for name, column in zip(rows.column_names, rows.columns, strict=True)}
    return DuckDBPandasData.convert_table(pd.DataFrame(columns, copy=False), schema)  # which makes the one copy


def _values(column: pa.ChunkedArray) -> pd.Series | list:
    """Values as Ibis hands them to pandas, which infers the type of a list, but for that list where it can be done."""
    kind, missing = column.type, column.null_count
    if pa.types.is_nested(kind) or pa.types.is_dictionary(kind) or missing == len(column) > 0:
        return column.to_pylist()
    if not missing or any(known(kind) for known in KNOWN):
        return column.to_pandas()
    if pa.types.is_timestamp(kind) and kind.tz is None and _fits(column):
        return column.to_pandas().astype("datetime64[ns]")
    return column.to_pylist()


def _fits(times: pa.ChunkedArray) -> bool:
    """Whether nanoseconds can tell all of these times."""
    ends = pc.min_max(times.cast(pa.timestamp("us"))).as_py()
    return pd.Timestamp.min < ends["min"] and ends["max"] < pd.Timestamp.max
