"""Columns of texts as the engine sees them: their shapes, and what a reading makes of each text."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import Any

import ibis
import pandas as pd

from helpers.data import engine
from helpers.data.intake.readings import shapes
from helpers.data.intake.readings.shapes import Shape

_ASCII = str.maketrans("０１２３４５６７８９", "0123456789")


def shaped(texts: Sequence[str]) -> tuple[Shape, ...]:
    """The shapes of texts, the most frequent first."""
    return shapes.merged([Shape(re.sub("[0-9]", "9", text.translate(_ASCII)), 1, text, text)] for text in texts)


def read(reading: Any, texts: Sequence[str], method: str = "value") -> list[Any]:
    """What `reading` makes of each text, None for null, by its expression `value` or another."""
    table = ibis.memtable(pd.DataFrame({"place": range(len(texts)), "text": pd.Series(list(texts), dtype="str")}))
    values = table.select("place", value=getattr(reading, method)(table.text)).order_by("place")
    return _connection().to_pyarrow(values)["value"].to_pylist()


@functools.cache
def _connection() -> ibis.BaseBackend:
    return engine.connect()
