"""The value that comes first in a group, by a window and a maximum, which every engine has."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir


def with_firsts(rows: ir.Table, keys: Sequence[str], **orders: Sequence[ir.Value]) -> ir.Table:
    """`rows`, ready for `first` of each column named in `orders`: in what order it comes in a group of the `keys`.

    Rows without a value come last. An order goes to the last tie, else engines differ.
    """
    places = {
        f"first_{name}": ibis.row_number().over(group_by=list(keys), order_by=[rows[name].isnull(), *order])
        for name, order in orders.items()
    }
    return rows.mutate(**places)


def first(rows: ir.Table, name: str) -> ir.Scalar:
    """Of rows `with_firsts` and grouped by its keys the first value of the column; null where none has one."""
    return rows[name].max(where=rows[f"first_{name}"] == 0)
