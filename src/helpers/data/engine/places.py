"""Sets of places as the bits of one whole number, the same on every engine.

Not by shifting a 1, which some engines do in 32 bits, nor by a hash, of which each engine has its own.
"""

from __future__ import annotations

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

PLACES = 63  # from 0 on, that fit into a whole number of 64 bits above 0
HEX = "0123456789abcdef"


@ibis.udf.scalar.builtin(name="md5", signature=((dt.string,), dt.string))
def _md5(text: str) -> ir.StringValue:
    """The MD5 of a text in UTF-8, in hexadecimal."""


@ibis.udf.agg.builtin(name="bit_or", signature=((dt.int64,), dt.int64))
def _bit_or(number: int) -> ir.IntegerScalar:
    """All bits that any of the numbers has; Ibis has this too, but not for Spark."""


# Ibis makes a class of it, which is found again under this name where an expression is pickled.
_bit_or_0 = type(_bit_or(ibis.literal(0)).op())


def bits(places: ir.IntegerColumn, where: ir.BooleanValue | None = None) -> ir.IntegerScalar:
    """The number whose bits are these places, of rows where the condition holds; null of no rows."""
    powers = (ibis.literal(2.0) ** places).cast("int64")
    return _bit_or(powers if where is None else where.ifelse(powers, ibis.null("int64")))


def bits_from(number: ir.IntegerValue, place: int | ir.IntegerValue) -> ir.IntegerValue:
    """The bits of a number from `place` on, which becomes the first."""
    return number >> (place if isinstance(place, int) else place.cast("int32"))


def bucket(key: ir.Value, buckets: int) -> ir.IntegerValue:
    """A number from 0 to below `buckets`, 256 at most, that hangs on the text of a key alone."""
    digits = _md5(key.cast("string"))
    first, second = (ibis.literal(HEX).find(digits.substr(place, 1)) for place in (0, 1))
    return (first * len(HEX) + second) % buckets
