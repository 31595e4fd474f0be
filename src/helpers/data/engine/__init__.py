"""All that knows a backend.

`connection` opens DuckDB through Ibis and says in its words what Ibis has none for; `warehouses` leads to engines
elsewhere (`postgres`, `spark`), whose results come through the one `door`. `places`, `firsts`, `sums` and `cuts` say
what all engines say alike, and `frames` makes tables of pandas of what they answer.
"""

from helpers.data.engine.connection import (
    ERRORS,
    MEMORY,
    ROW,
    SPILLED,
    THREADS,
    answer,
    character,
    connect,
    connected,
    csv_text,
    fixed_width_text,
    found_no_room,
    from_frame,
    held,
    local_time,
    memory,
    on_clocks,
    parquet,
    prepared,
    rejected_lines,
    released,
    sha256,
)
from helpers.data.engine.cuts import up_to
from helpers.data.engine.documents import (
    LARGEST_OBJECT,
    json_columns,
    json_kinds,
    json_objects,
    json_structure,
    json_within,
    pointer_to,
)
from helpers.data.engine.expressions import FUNCTIONS, OVER_ROWS, Read, column_names, proved, with_columns
from helpers.data.engine.firsts import first, with_firsts
from helpers.data.engine.places import PLACES, bits, bits_from, bucket
from helpers.data.engine.queries import proved_query
from helpers.data.engine.shapes import Counted, Look, Pattern, counted_shapes
from helpers.data.engine.sums import total
from helpers.data.engine.warehouses import HERE, checked, elsewhere, loaded

__all__ = [
    "ERRORS",
    "FUNCTIONS",
    "HERE",
    "LARGEST_OBJECT",
    "Counted",
    "Look",
    "MEMORY",
    "OVER_ROWS",
    "PLACES",
    "ROW",
    "Pattern",
    "Read",
    "SPILLED",
    "THREADS",
    "answer",
    "bits",
    "bits_from",
    "bucket",
    "character",
    "checked",
    "column_names",
    "connect",
    "connected",
    "counted_shapes",
    "csv_text",
    "elsewhere",
    "first",
    "fixed_width_text",
    "found_no_room",
    "from_frame",
    "held",
    "json_columns",
    "json_kinds",
    "json_objects",
    "json_structure",
    "json_within",
    "loaded",
    "local_time",
    "memory",
    "on_clocks",
    "parquet",
    "pointer_to",
    "prepared",
    "proved",
    "proved_query",
    "rejected_lines",
    "released",
    "sha256",
    "total",
    "up_to",
    "with_columns",
    "with_firsts",
]
