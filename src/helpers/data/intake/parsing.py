"""Text into typed values: every cast here yields null where the text does not name a value of the type."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from helpers.data import contracts, engine

IBIS_TYPES = {
    contracts.ID: "string",
    contracts.TEXT: "string",
    contracts.PROSE: "string",
    contracts.INTEGER: "int64",
    contracts.NUMBER: "float64",
    contracts.FLAG: "boolean",
    contracts.TIME: "timestamp",
}
# Patterns rather than lists: an engine may turn each IN list into a join, and there is one for every column.
NOTHING = r"(?i)^(null|nan|none|nat|\\n)?$"
TRUE = r"(?i)^(true|t|yes|y|1|1\.0|是|有)$"
FALSE = r"(?i)^(false|f|no|n|0|0\.0|否|无)$"


def empty(type_: str) -> ir.Value:
    """A null of the Ibis type that stands for a contract type."""
    return ibis.null(IBIS_TYPES[type_])


def completed(table: ir.Table, contract: contracts.Table) -> ir.Table:
    """`table` with an empty column for each contract column that it lacks."""
    lacking = {column.name: empty(column.type) for column in contract.columns if column.name not in table.columns}
    return table.mutate(**lacking) if lacking else table


def cleaned(value: ir.Value) -> ir.StringValue:
    """The text of `value` without spaces around it; null where it says nothing (empty, NULL, NaN, \\N …)."""
    text = value.cast("string").replace("\u3000", " ").strip()
    return ibis.cases((~text.re_search(NOTHING), text))


def parsed(value: ir.Value, text: ir.StringValue, type_: str, layouts: tuple[str, ...], zone: str) -> ir.Value:
    """`value`, or else its cleaned `text`, as a contract type: null where it is empty or does not name one.

    Columns that already have the type are kept; times become wall-clock times of `zone`; identifiers lose the
    `.0` that a float column leaves behind; numbers may carry thousands separators, currency signs or full-width digits.
    """
    known = value.type()
    if type_ == contracts.TIME and known.is_temporal():
        return engine.local_time(value.cast("timestamp") if known.is_date() else value, zone)
    if type_ == contracts.NUMBER and known.is_numeric():
        return _finite(value.cast("float64"))
    if type_ == contracts.FLAG and known.is_boolean():
        return value
    return _TEXT_PARSERS[type_](text, layouts, zone)


def _number(text: ir.StringValue) -> ir.FloatingValue:
    plain = text.translate("０１２３４５６７８９．－，", "0123456789.-,").re_replace(r"[,\s¥￥$€£]|R\$", "")
    return _finite(ibis.coalesce(text.try_cast("float64"), plain.try_cast("float64")))


def _finite(number: ir.FloatingValue) -> ir.FloatingValue:
    return ibis.cases((~(number.isnan() | number.isinf()), number))


def _flag(text: ir.StringValue) -> ir.BooleanValue:
    return ibis.cases((text.re_search(TRUE), True), (text.re_search(FALSE), False))


_TEXT_PARSERS = {
    contracts.ID: lambda text, layouts, zone: text.re_replace(r"^(\d+)\.0+$", r"\1"),
    contracts.TEXT: lambda text, layouts, zone: text,
    contracts.PROSE: lambda text, layouts, zone: text,
    contracts.INTEGER: lambda text, layouts, zone: _whole(_number(text)),
    contracts.NUMBER: lambda text, layouts, zone: _number(text),
    contracts.FLAG: lambda text, layouts, zone: _flag(text),
    contracts.TIME: engine.time_from_text,
}


def _whole(number: ir.FloatingValue) -> ir.IntegerValue:
    return ibis.cases((number == number.round(), number)).cast("int64")
