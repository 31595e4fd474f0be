"""Rows of an export as texts: numbers, days, minutes and money as they are written, and strays among sound rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from helpers.data.synthetic.clock import FIRST_DAY, NEVER

Row = tuple[str, ...]


def text(header: Row, rows: Iterable[Row], delimiter: str = ",") -> str:
    """The header and its rows, a line each."""
    return "".join(delimiter.join(row) + "\n" for row in (header, *rows))


def spread(length: int, count: int) -> np.ndarray:
    """`count` places evenly apart among `length`."""
    return (2 * np.arange(count) + 1) * length // (2 * count)


def among(rows: Sequence[Row], strays: Sequence[Row]) -> list[Row]:
    """The rows with `strays` evenly among them, each after the row that stands at its place."""
    places = np.concatenate([np.arange(len(rows)), spread(len(rows), len(strays))])
    both = [*rows, *strays]
    return [both[place] for place in np.argsort(places, kind="stable")]


def customer_ids(numbers: Iterable[int]) -> list[str]:
    """What the customers are called."""
    return [customer_id(number) for number in numbers]


def customer_id(number: int) -> str:
    """What the customer of that number is called."""
    return f"C{number + 1:04d}"


def order_ids(numbers: Iterable[int]) -> list[str]:
    """What the orders are called."""
    return [f"O{number + 1:05d}" for number in numbers]


def minutes(minutes: pd.Series) -> list[str]:
    """Minutes since the log's first day as times; empty where there was none."""
    return [
        "" if minute == NEVER else str(FIRST_DAY + np.timedelta64(minute, "m")).replace("T", " ")
        for minute in minutes.tolist()
    ]


def days(days: pd.Series) -> list[str]:
    """Days since the log's first day as dates; empty where there was none."""
    return ["" if day == NEVER else str(FIRST_DAY + np.timedelta64(day, "D")) for day in days.tolist()]


def money(cents: Iterable[int]) -> list[str]:
    """Cents as money; empty where there is none."""
    return ["" if each == NEVER else f"{each // 100}.{each % 100:02d}" for each in cents]


def known(numbers: Iterable[int], known: Iterable[bool]) -> list[str]:
    """The numbers that are known; the others are empty."""
    return [str(number) if is_known else "" for number, is_known in zip(numbers, known, strict=True)]
