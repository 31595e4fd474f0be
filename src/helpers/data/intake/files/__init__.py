"""Raw files of every layout as the same tables of text.

`patterns` finds the files that settings name; `readers` reads one by its kind, which `kinds` tells by its content:
`delimited` (CSV and its relatives), fixed widths, `workbooks` and `markup` (HTML), whose `cells` become such text,
`documents` (JSON, where `nesting` finds no abyss), `databases` (SQLite, DuckDB) and Parquet. `archives` unpacks what is
packed, `extents` bounds what is large; `tables` is what all of them yield.

Text is decoded first: `encodings` decides by how plausible (`plausibility`, `neighbours`) the signs are. Then `forms`
tells from the first lines how a file is written (`dialects`: the marks and quotes; `margins`: titles, repeated headers,
totals), `blocks` whether all of it is so, and `mending` makes a clean copy of one that is not.
"""

from helpers.data.intake.files.archives import on_disk
from helpers.data.intake.files.dialects import DELIMITERS
from helpers.data.intake.files.encodings import detected_encoding
from helpers.data.intake.files.mending import RULES
from helpers.data.intake.files.patterns import contents, find, names_in
from helpers.data.intake.files.readers import read, sheets
from helpers.data.intake.files.tables import SIGN, Aside, Layout, Mended, TextTable, distinct, fold, set_aside, told

__all__ = [
    "DELIMITERS",
    "RULES",
    "SIGN",
    "Aside",
    "Layout",
    "Mended",
    "TextTable",
    "contents",
    "detected_encoding",
    "distinct",
    "find",
    "fold",
    "names_in",
    "on_disk",
    "read",
    "set_aside",
    "sheets",
    "told",
]
