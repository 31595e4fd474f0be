"""The types of the engine that stand for those of the contract, and values that files bring in types of their own."""

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
LARGEST = 2**62  # a whole number from here on ends the engine's cast, and counts nothing


def empty(type_: str) -> ir.Value:
    """A null of the Ibis type that stands for a contract type."""
    return ibis.null(IBIS_TYPES[type_])


def completed(table: ir.Table, contract: contracts.Table) -> ir.Table:
    """`table` with an empty column for each contract column that it lacks, but for those that are seldom there."""
    columns = [column for column in contract.columns if not (column.consumed or column.seldom)]
    lacking = {column.name: empty(column.type) for column in columns if column.name not in table.columns}
    return table.mutate(**lacking) if lacking else table


def has_type(value: ir.Value, type_: str) -> bool:
    """Whether a file brings the column in a type that needs no reading."""
    known = value.type()
    return (
        (type_ == contracts.TIME and known.is_temporal())
        or (type_ in (contracts.NUMBER, contracts.INTEGER) and known.is_numeric())
        or (type_ == contracts.FLAG and known.is_boolean())
    )


def native(value: ir.Value, text: ir.StringValue, type_: str, zone: str) -> ir.Value:
    """A value of a type that needs no reading, or else its `text`; times become wall-clock times of `zone`."""
    if not has_type(value, type_):
        return text
    if type_ == contracts.TIME:
        return engine.local_time(value.cast("timestamp") if value.type().is_date() else value, zone)
    return whole(_finite(value.cast("float64")), type_) if type_ != contracts.FLAG else value


def whole(value: ir.Value, type_: str) -> ir.Value:
    """Of whole numbers those that are, as such; every other value as it is."""
    if type_ != contracts.INTEGER:
        return value
    return ibis.cases(((value % 1 == 0) & (value.abs() < LARGEST), value)).cast("int64")


def _finite(number: ir.FloatingValue) -> ir.FloatingValue:
    return ibis.cases((~(number.isnan() | number.isinf()), number))
