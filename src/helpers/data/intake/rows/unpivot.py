"""Wide columns as rows: a survey with a column a question becomes one row an answer."""

from __future__ import annotations

from dataclasses import replace
from fnmatch import fnmatchcase

import ibis

from helpers.data import engine
from helpers.data.intake import files
from helpers.data.intake.wording import mentions
from helpers.data.intake.wording.tables import Unpivot
from helpers.language import _


def unpivoted(text: files.TextTable, words: Unpivot) -> files.TextTable:
    """One row for each filled cell of the columns that `words` name, beside the row's other columns.

    `file_row` counts the cells of those columns, row after row. Raises ValueError for columns that are not there, and
    for a new one that is there already.
    """
    wide = _wide(text, words)
    name, value = files.fold(words.name), files.fold(words.value)
    others = [header for header in text.headers if header not in wide]
    for new in (name, value):
        if new in others or name == value:
            raise ValueError(
                _("unpivot: two columns would be called {new!r}. Choose another name or value.").format(new=new)
            )
    texts = text.rows.mutate(**{header: text.rows[header].cast("string") for header in wide})
    long = texts.pivot_longer(list(wide), names_to=name, values_to=value)
    long = long.filter(long[value].strip() != "")
    place = ibis.cases(*((long[name] == header, place) for place, header in enumerate(wide, start=1)))
    rows = long.mutate(**{engine.ROW: (long[engine.ROW] - 1) * len(wide) + place})
    headers = (*others, name, value)
    return replace(text, rows=rows.select(*headers, engine.ROW), headers=headers)


def _wide(text: files.TextTable, words: Unpivot) -> tuple[str, ...]:
    """The headers that are named, in the order of the file."""
    patterns = {pattern: mentions.folded(pattern) for pattern in words.columns}
    for pattern, folded in patterns.items():
        if not any(fnmatchcase(header, folded) for header in text.headers):
            raise ValueError(
                _("unpivot: no column {pattern!r}. Found {headers}.").format(
                    pattern=pattern, headers=", ".join(text.headers)
                )
            )
    return tuple(header for header in text.headers if any(fnmatchcase(header, each) for each in patterns.values()))
