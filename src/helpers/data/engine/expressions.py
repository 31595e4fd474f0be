"""SQL of a data set's settings: proved to be one expression over a row, and printed anew from what was proved.

A data set is data and comes from anywhere, so nothing of its text reaches the engine: what runs is the parsed tree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import accumulate

import ibis
import ibis.expr.types as ir
import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from helpers import parameters
from helpers.language import _

DIALECT = "duckdb"
LONGEST = 10_000  # characters
DEEPEST = 8  # brackets within brackets: the parser takes twice as long with each more
READINGS = ("number", "time", "flag")  # the text of an expression as settings read a column of that type

Read = Callable[[str, str, ir.StringValue], ir.Value]

OPERATORS = (
    exp.Add, exp.And, exp.Between, exp.Boolean, exp.Case, exp.Cast, exp.Column, exp.DataType, exp.DataTypeParam,
    exp.Div, exp.DPipe, exp.EQ, exp.Filter, exp.GT, exp.GTE, exp.Identifier, exp.If, exp.ILike, exp.In, exp.IntDiv,
    exp.Interval, exp.Is, exp.Like, exp.Literal, exp.LT, exp.LTE, exp.Mod, exp.Mul, exp.Neg, exp.NEQ, exp.Not, exp.Null,
    exp.NullSafeEQ, exp.NullSafeNEQ, exp.Or, exp.Order, exp.Ordered, exp.Paren, exp.Star, exp.Sub, exp.TryCast, exp.Var,
    exp.Where, exp.Window, exp.WindowSpec,
)  # fmt: skip
FUNCTIONS: dict[str, type[exp.Expr]] = {
    "abs": exp.Abs, "ceil": exp.Ceil, "coalesce": exp.Coalesce, "concat": exp.Concat, "contains": exp.Contains,
    "date_diff": exp.DateDiff, "date_trunc": exp.TimestampTrunc, "extract": exp.Extract, "floor": exp.Floor,
    "greatest": exp.Greatest, "least": exp.Least, "left": exp.Left, "length": exp.Length, "lower": exp.Lower,
    "nullif": exp.Nullif, "regexp_extract": exp.RegexpExtract, "regexp_matches": exp.RegexpLike,
    "regexp_replace": exp.RegexpReplace, "replace": exp.Replace, "right": exp.Right, "round": exp.Round,
    "split_part": exp.SplitPart, "starts_with": exp.StartsWith, "substring": exp.Substring, "trim": exp.Trim,
    "upper": exp.Upper,
}  # fmt: skip
OVER_ROWS: dict[str, type[exp.Expr]] = {
    "arg_max": exp.ArgMax, "arg_min": exp.ArgMin, "avg": exp.Avg, "count": exp.Count, "first_value": exp.FirstValue,
    "lag": exp.Lag, "last_value": exp.LastValue, "lead": exp.Lead,
    "max": exp.Max, "min": exp.Min, "row_number": exp.RowNumber, "sum": exp.Sum,
}  # fmt: skip
TYPES = {
    exp.DType.BIGINT: "BIGINT", exp.DType.BOOLEAN: "BOOLEAN", exp.DType.DATE: "DATE", exp.DType.DECIMAL: "DECIMAL",
    exp.DType.DOUBLE: "DOUBLE", exp.DType.INT: "INTEGER", exp.DType.INTERVAL: "INTERVAL", exp.DType.TIME: "TIME",
    exp.DType.TIMESTAMPNTZ: "TIMESTAMP", exp.DType.TIMESTAMP: "TIMESTAMP", exp.DType.TEXT: "VARCHAR",
    exp.DType.VARCHAR: "VARCHAR",
}  # fmt: skip
_NAMED = {kind: name for name, kind in (FUNCTIONS | OVER_ROWS).items()}


def proved(sql: str) -> exp.Expr:
    """The tree of `sql`, DuckDB's dialect: one expression over a row's own columns, within what is allowed.

    Operators, CASE, casts (which yield null where a text is not of the type), `FUNCTIONS`, `READINGS`, and
    `OVER_ROWS` under OVER. Raises ValueError saying in a few words what else it found.
    """
    check_size(sql)
    try:
        tree = sqlglot.parse_one(sql, read=DIALECT)
        for node in tree.walk():
            _check(node)
        return tree.transform(_lenient)
    except SqlglotError as error:
        raise ValueError(_("not an SQL expression ({slip}).").format(slip=slip(error))) from None
    except RecursionError:
        raise nested() from None


def check_size(sql: str) -> None:
    """ValueError for SQL that is too long or too deep to be given to the parser."""
    if len(sql) > LONGEST:
        raise ValueError(_("it has more than {most:,} characters. Write a shorter one.").format(most=LONGEST))
    depth = accumulate((mark == "(") - (mark == ")") for mark in sql)
    if max(depth, default=0) > DEEPEST:
        raise nested()


def nested() -> ValueError:
    """What is said of SQL that is too deep for the parser."""
    return ValueError(_("it is nested too deeply. Write a simpler one."))


def column_names(tree: exp.Expr) -> list[str]:
    """The columns that an expression asks for."""
    return list(dict.fromkeys(column.name for column in tree.find_all(exp.Column)))


def with_columns(
    connection: ibis.BaseBackend,
    table: ir.Table,
    trees: Mapping[str, exp.Expr],
    read: Read,
) -> ir.Table:
    """`table` and one more column for each proved expression, which sees all columns as text.

    `read` says what a call of one of `READINGS` yields, from its word, the whole call and its text. Raises ValueError
    naming a column that is not there, or the expression that the engine refuses.
    """
    texts = {name for name in table.columns if table[name].type().is_string()}
    known = {name.casefold(): name for name in table.columns}
    asked: dict[str, exp.Expr] = {}
    for name, tree in trees.items():
        missing = [column for column in column_names(tree) if column.casefold() not in known]
        if missing:
            hint = parameters.nearest(missing[0], table.columns)
            words = _("{name}: no column {column!r} in the file.{hint}")
            raise ValueError(words.format(name=name, column=missing[0], hint=hint))
        seen = tree.transform(lambda node: _as_text(node, known, texts))
        asked[name] = exp.paren(seen, copy=False)  # so that every call has a place in which to be replaced
    made = 0
    while calls := [call for tree in asked.values() for call in _innermost(tree)]:
        columns = {f"read_{made + place}": call for place, call in enumerate(calls)}
        made += len(calls)
        table = _selected(connection, table, {name: _arguments(call)[0] for name, call in columns.items()})
        table = table.mutate(
            **{name: read(_word(call), _told(call), table[name].cast("string")) for name, call in columns.items()}
        )
        for name, call in columns.items():
            call.replace(exp.column(name, quoted=True))
    whole = _selected(connection, table, asked)
    return whole.drop(*(f"read_{place}" for place in range(made)))


def _check(node: exp.Expr) -> None:
    """ValueError for a node that may not stand in a data set's SQL."""
    match node:
        case exp.Column() if node.table:
            words = _("{name!r} names a table. An expression sees one row of its own file.")
            raise ValueError(words.format(name=node.sql(DIALECT)))
        case exp.Star() if not isinstance(node.parent, exp.Count):
            raise ValueError(_("'*' stands for no value. Name a column."))
        case exp.DataType() if node.this not in TYPES:
            words = _("type {name!r} is not allowed. Choose one of {known}.")
            raise ValueError(words.format(name=node.sql(DIALECT), known=", ".join(dict.fromkeys(TYPES.values()))))
        case exp.Anonymous() | exp.Time() if _word(node) in READINGS:
            if len(_arguments(node)) != 1:
                raise ValueError(_("{word}() reads one expression, as in {word}(a).").format(word=_word(node)))
        case _ if type(node) in OVER_ROWS.values():
            if node.find_ancestor(exp.Window) is None:
                words = _("{word}() sums up rows. Say which, by OVER (PARTITION BY …).")
                raise ValueError(words.format(word=_NAMED[type(node)]))
        case _ if isinstance(node, (*OPERATORS, *FUNCTIONS.values())):
            return
        case exp.Anonymous() | exp.Func():
            word = _word(node)
            hint = parameters.hint(word, (*FUNCTIONS, *OVER_ROWS, *READINGS))
            raise ValueError(_("function {word}() is not allowed.{hint}").format(word=word, hint=hint))
        case _:
            words = _("{word} does not belong in one expression over a row. Take it out.")
            raise ValueError(words.format(word=node.key))


def _word(call: exp.Expr) -> str:
    return (call.name if isinstance(call, exp.Anonymous) else getattr(call, "sql_name", lambda: call.key)()).lower()


def _told(call: exp.Expr) -> str:
    return f"{_word(call)}({_arguments(call)[0].sql(DIALECT, comments=False)})"


def _arguments(call: exp.Expr) -> list[exp.Expr]:
    return call.expressions if isinstance(call, exp.Anonymous) else [call.this]


def _lenient(node: exp.Expr) -> exp.Expr:
    """Casts that yield null for a text that does not fit: one bad row is no reason to read no file."""
    return exp.TryCast(**node.args) if type(node) is exp.Cast else node


def _as_text(node: exp.Expr, known: Mapping[str, str], texts: set[str]) -> exp.Expr:
    if not isinstance(node, exp.Column):
        return node
    name = known[node.name.casefold()]
    column = exp.column(name, quoted=True)
    return column if name in texts else exp.cast(column, exp.DType.VARCHAR)


def _innermost(tree: exp.Expr) -> Iterator[exp.Expr]:
    """Calls of `READINGS` that have no other in their argument."""
    for call in tree.find_all(exp.Anonymous, exp.Time):
        if not any(inner is not call for inner in call.find_all(exp.Anonymous, exp.Time)):
            yield call


def _selected(connection: ibis.BaseBackend, table: ir.Table, trees: Mapping[str, exp.Expr]) -> ir.Table:
    """`table` and one more column for each expression; ValueError naming the one that the engine refuses."""
    source = ibis.to_sql(table, dialect=DIALECT)
    columns = "".join(
        f", {exp.alias_(tree, name, quoted=True).sql(DIALECT, comments=False)}" for name, tree in trees.items()
    )
    try:
        return connection.sql(f"SELECT *{columns} FROM ({source}) AS file", dialect=DIALECT)
    except Exception as error:
        if len(trees) == 1:
            ((name, tree),) = trees.items()
            raise ValueError(f"{name} = {tree.sql(DIALECT)!r}: {_first_line(error)}.") from None
        for name, tree in trees.items():
            _selected(connection, table, {name: tree})
        raise


def slip(error: SqlglotError) -> str:
    """What the parser stumbled over, in a few words."""
    first = (getattr(error, "errors", None) or [{}])[0]
    description, column = first.get("description") or "", first.get("col")
    what = _("a part is missing") if description.startswith("Required keyword") else _first_line(description or error)
    what = what.rstrip(".")
    return _("{what}, at character {place}").format(what=what, place=column) if column else what


def _first_line(said: object) -> str:
    return str(said).strip().splitlines()[0].strip().rstrip(".")
