"""SQL over the tables of one database file: proved to be one SELECT over these, and printed anew from the tree."""

from __future__ import annotations

from collections.abc import Collection

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from helpers.data.engine.expressions import FUNCTIONS, OPERATORS, OVER_ROWS, check_size, nested, slip
from helpers.language import _

PARTS = (
    exp.Alias, exp.CTE, exp.Distinct, exp.Except, exp.Exists, exp.From, exp.Group, exp.Having, exp.Intersect, exp.Join,
    exp.Limit, exp.Offset, exp.Select, exp.Subquery, exp.Table, exp.TableAlias, exp.Union, exp.With,
)  # fmt: skip
DATES = (exp.Date, exp.Datetime, exp.TimeToStr, exp.TsOrDsToTimestamp, exp.UnixToTime)  # date, datetime, strftime …
ALLOWED: tuple[type, ...] = (*PARTS, *OPERATORS, *FUNCTIONS.values(), *OVER_ROWS.values(), *DATES)


def proved_query(sql: str, dialect: str, tables: Collection[str] | None = None) -> str:
    """The SELECT `sql`, in a dialect of sqlglot, printed anew; it sees `tables` and no other.

    Without these it is for a server, whose account may read what it may, in other schemas too.

    Raises ValueError saying in a few words what it is instead.
    """
    check_size(sql)
    try:
        trees = sqlglot.parse(sql, read=dialect)
        tree = trees[0] if len(trees) == 1 else None
        if not isinstance(tree, exp.Query):
            raise ValueError(_("it is not one SELECT."))
        inner = {each.alias.casefold() for each in tree.find_all(exp.CTE)}
        known = None if tables is None else {name.casefold() for name in tables} | inner
        for node in tree.walk():
            _check(node, known)
        return tree.sql(dialect, comments=False)
    except SqlglotError as error:
        raise ValueError(_("not an SQL query ({slip}).").format(slip=slip(error))) from None
    except RecursionError:
        raise nested() from None


def _check(node: exp.Expr, tables: set[str] | None) -> None:
    """ValueError for a node that may not stand in a query."""
    match node:
        case exp.Table() if tables is None and isinstance(node.this, exp.Identifier):
            return
        case exp.Table() if tables is None:
            raise ValueError(_("{name!r} is no table.").format(name=node.sql()))
        case exp.Table() if node.db or node.catalog or not isinstance(node.this, exp.Identifier):
            raise ValueError(_("{name!r} is no table of this file.").format(name=node.sql()))
        case exp.Table() if tables is not None and node.name.casefold() not in tables:
            raise ValueError(_("no table {name!r}.").format(name=node.name))
        case exp.With() if node.args.get("recursive"):
            raise ValueError(_("a recursive query is not read. Write a plain one."))
        case _ if isinstance(node, ALLOWED):
            return
        case exp.Func():
            word = node.name or node.key
            raise ValueError(_("function {word}() is not allowed. Take it out.").format(word=word))
        case _:
            raise ValueError(_("{word} does not belong in a query. Take it out.").format(word=node.key))
