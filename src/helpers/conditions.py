"""For which customers: a rule over their columns, checked against these columns' names and kinds before it is asked."""

from __future__ import annotations

import ast
import datetime as dt
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from helpers import language, parameters
from helpers.language import _

NUMBER, TEXT, FLAG, DAY = "number", "text", "flag", "day"
COMPARED: dict[type, Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}  # fmt: skip
RECKONED: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
}  # fmt: skip


@dataclass(frozen=True)
class Condition:
    """A rule such as `band == 'red' and leave_90d_rate > 0.3`, and the columns that it asks for."""

    text: str
    columns: tuple[str, ...]

    def holds(self, customers: pd.DataFrame) -> pd.Series:
        """Whether it holds for each customer; not where it asks for something that is not known of the customer."""
        tree = ast.parse(self.text, mode="eval").body
        with np.errstate(divide="ignore", invalid="ignore"):
            found = _value(tree, customers)
        flags = pd.array(found, dtype="boolean") if isinstance(found, bool) else found
        return pd.Series(flags, index=customers.index, dtype="boolean").fillna(False).astype(bool)


def condition(text: str, kinds: Mapping[str, str], where: str) -> Condition:
    """The rule `text` over columns of these kinds (number, text, flag or day).

    Comparisons, `and`, `or`, `not`, `in`, arithmetic, numbers and texts are allowed, nothing else; a day is compared
    with a text such as '2025-07-01'. Raises ValueError, which names `where` the rule stands, for what is no such rule,
    a column that there is not, or one of another kind.
    """
    try:
        tree = ast.parse(text.strip(), mode="eval").body
        kind = _kind(tree, kinds)
    except (SyntaxError, ValueError) as error:
        told = _("it is no rule") if isinstance(error, SyntaxError) else str(error)
        raise ValueError(
            _("{where} = {rule!r}: {told} Write one such as `orders == 1 and recency_days > 30`.").format(
                where=where, rule=text, told=language.ended(told)
            )
        ) from None
    if kind != FLAG:
        raise ValueError(_("{where} = {rule!r}: it is no yes or no. Compare it.").format(where=where, rule=text))
    names = {node.id: None for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return Condition(text.strip(), tuple(names))


def kinds_of(table: pd.DataFrame) -> dict[str, str]:
    """The kinds of a table's columns, as `condition` asks for them."""
    return {str(name): _kind_of(values) for name, values in table.items()}


def _kind_of(values: pd.Series) -> str:
    if pd.api.types.is_datetime64_any_dtype(values):
        return DAY
    if pd.api.types.infer_dtype(values, skipna=True) == "boolean":
        return FLAG
    return NUMBER if pd.api.types.is_numeric_dtype(values) else TEXT


def _kind(node: ast.expr, kinds: Mapping[str, str]) -> str:
    """What a part of a rule yields; ValueError for a part that is not allowed or does not fit."""
    match node:
        case ast.Name(id=name):
            return kinds[parameters.one_of("column", name, kinds)]
        case ast.Constant(value=bool()):
            return FLAG
        case ast.Constant(value=int() | float()):
            return NUMBER
        case ast.Constant(value=str()):
            return TEXT
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return _all_of([inner], NUMBER, kinds)
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            return _all_of([inner], FLAG, kinds)
        case ast.BoolOp(values=parts):
            return _all_of(parts, FLAG, kinds)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in RECKONED:
            return _all_of([left, right], NUMBER, kinds)
        case ast.Compare(left=left, ops=ops, comparators=others):
            return _compared(left, ops, others, kinds)
    raise ValueError(_("{part!r} may not stand in a rule").format(part=ast.unparse(node)))


def _compared(left: ast.expr, ops: list[ast.cmpop], others: list[ast.expr], kinds: Mapping[str, str]) -> str:
    named = next((part for part in (left, *others) if not isinstance(part, ast.Constant)), left)
    kind = _kind(named, kinds)
    if kind == DAY:
        return _days_compared([left, *others], ops, kinds)
    _all_of([left], kind, kinds)
    for op, other in zip(ops, others, strict=True):
        if isinstance(op, ast.In | ast.NotIn) and isinstance(other, ast.Tuple | ast.List):
            _all_of([each for each in other.elts if isinstance(each, ast.Constant)] or [other], kind, kinds)
        elif type(op) in COMPARED:
            _all_of([other], kind, kinds)
        else:
            raise ValueError(_("{part!r} may not stand in a rule").format(part=ast.unparse(other)))
    return FLAG


def _days_compared(parts: list[ast.expr], ops: list[ast.cmpop], kinds: Mapping[str, str]) -> str:
    """A comparison of days, of which some are written as texts."""
    if not all(type(op) in COMPARED for op in ops):
        raise ValueError(_("{part!r} are days, which are compared by <, <=, ==").format(part=ast.unparse(parts[0])))
    for part in parts:
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            _day(part.value)
        else:
            _all_of([part], DAY, kinds)
    return FLAG


def _day(text: str) -> None:
    """ValueError unless the text is a day."""
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        raise ValueError(_("{text!r} is no day, which is written '2025-07-01'").format(text=text)) from None


def _all_of(parts: list[ast.expr], wanted: str, kinds: Mapping[str, str]) -> str:
    for part in parts:
        if (kind := _kind(part, kinds)) != wanted:
            raise ValueError(
                _("{part!r} is a {kind}, not a {wanted}").format(part=ast.unparse(part), kind=kind, wanted=wanted)
            )
    return wanted


def _value(node: ast.expr, customers: pd.DataFrame) -> Any:
    match node:
        case ast.Name(id=name):
            column = customers[name]
            return column.astype("boolean") if column.dtype == bool else column
        case ast.Constant(value=value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -_value(inner, customers)
        case ast.UnaryOp(operand=inner):
            return ~_flags(_value(inner, customers), customers)
        case ast.BoolOp(op=op, values=parts):
            join = operator.and_ if isinstance(op, ast.And) else operator.or_
            first, *rest = (_flags(_value(part, customers), customers) for part in parts)
            for each in rest:
                first = join(first, each)
            return first
        case ast.BinOp(left=left, op=op, right=right):
            return RECKONED[type(op)](_value(left, customers), _value(right, customers))
        case ast.Compare(left=left, ops=ops, comparators=others):
            return _comparison(left, ops, others, customers)
    raise AssertionError(f"{ast.unparse(node)} was checked before")


def _comparison(left: ast.expr, ops: list[ast.cmpop], others: list[ast.expr], customers: pd.DataFrame) -> pd.Series:
    """The comparison, unknown where either side is."""
    result, before = _flags(True, customers), _value(left, customers)
    for op, other in zip(ops, others, strict=True):
        if isinstance(op, ast.In | ast.NotIn):
            values = [each.value for each in other.elts]  # type: ignore[attr-defined]  # checked before
            after, found = before, before.isin(values)
            found = ~found if isinstance(op, ast.NotIn) else found
        else:
            after = _value(other, customers)
            found = COMPARED[type(op)](before, after)
        unknown = pd.isna(before) | pd.isna(after)
        result = result & _flags(found, customers).mask(unknown)
        before = after
    return result


def _flags(values: Any, customers: pd.DataFrame) -> pd.Series:
    return pd.Series(values, index=customers.index, dtype="boolean")
