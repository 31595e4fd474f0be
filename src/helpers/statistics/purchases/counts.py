"""Purchase histories as counts: how often customers share the same repeat purchases, last purchase and age."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.statistics.arrays import finite_numbers


@dataclass(frozen=True)
class PurchaseCounts:
    """The distinct histories and how many customers have each; four float arrays of one length."""

    x: np.ndarray  # repeat purchases: all but the first
    t_x: np.ndarray  # time from the first purchase to the last; 0 for one-time buyers
    age: np.ndarray  # time from the first purchase to the end of observation, often written T
    counts: np.ndarray  # customers, above 0

    @property
    def customers(self) -> float:
        """How many customers were counted."""
        return float(self.counts.sum())


def grouped(
    frequency: ArrayLike, recency: ArrayLike, age: ArrayLike, counts: ArrayLike | None = None
) -> PurchaseCounts:
    """Distinct (frequency, recency, age) and the number of customers of each, in the order they first appear.

    One element a customer (or a cell of `counts` customers): `frequency` whole repeat purchases, `recency` and `age`
    in one unit of time. Cells of nobody are left out. A likelihood of these rows, weighted by counts, is that of all
    customers. Raises ValueError as `histories` does, for negative counts, and when there is no customer.
    """
    x, t_x, age = histories(frequency, recency, age)
    weights = np.ones(len(x)) if counts is None else cell_counts(counts, len(x))
    cell, first = distinct(x, t_x, age)
    customers = np.bincount(cell, weights, len(first))
    first, customers = first[customers > 0], customers[customers > 0]
    if not len(first):
        raise ValueError("frequency = 0 customers: at least one is needed. Check the filter before this call.")
    return PurchaseCounts(x[first], t_x[first], age[first], customers)


def cell_counts(counts: ArrayLike, size: int) -> np.ndarray:
    """Numbers of customers in `size` cells; raises ValueError for negative ones or another number of cells."""
    customers = finite_numbers(counts, "counts")
    if len(customers) != size:
        raise ValueError(f"counts = {len(customers)} rows: as many as frequency ({size}). Take both from one table.")
    if (customers < 0).any():
        raise ValueError(f"counts = {customers.min():g} in a row: customers are at least 0. Mend those rows.")
    return customers


def histories(frequency: ArrayLike, recency: ArrayLike, age: ArrayLike) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Repeat purchases, time of the last and age, as float vectors that can be true of a customer.

    Scalars stand for every row. Raises ValueError for missing or negative values, lengths that differ, parts of
    purchases, a last purchase after the end of observation, and one without a repeat purchase.
    """
    checked = {
        "frequency": whole_purchases(frequency),
        "recency": finite_numbers(np.atleast_1d(recency), "recency"),
        "age": finite_numbers(np.atleast_1d(age), "age"),
    }
    sizes = {name: len(values) for name, values in checked.items()}
    if len(set(sizes.values()) - {1}) > 1:
        raise ValueError(f"rows = {sizes}: one of each for every customer. Take all three from one table.")
    x, t_x, end = (np.array(values) for values in np.broadcast_arrays(*checked.values()))
    _refuse("recency", t_x, t_x < 0, "at least 0. Measure from the first purchase to the last")
    _refuse("recency", t_x, (x == 0) & (t_x > 0), "0 where frequency is 0. Measure from the first purchase to the last")
    _refuse("recency", t_x, t_x > end, "at most the age. Measure both from the first purchase, in one unit")
    return x, t_x, end


def whole_purchases(frequency: ArrayLike) -> np.ndarray:
    """Numbers of purchases as a float vector; raises ValueError for missing or negative ones and for parts of one."""
    x = finite_numbers(np.atleast_1d(frequency), "frequency")
    _refuse("frequency", x, (x < 0) | (x % 1 > 0), "a whole number, at least 0. Count purchases")
    return x


def time_spans(values: ArrayLike, name: str) -> np.ndarray:
    """Spans of time, or one, as a float vector; raises ValueError for missing or negative ones."""
    spans = finite_numbers(np.atleast_1d(values), name)
    _refuse(name, spans, spans < 0, "a span of time is at least 0. Count from now on")
    return spans


def one_each(values: ArrayLike, name: str, size: int) -> np.ndarray:
    """One finite number for each of `size` customers, from as many or from one for all; raises ValueError otherwise."""
    numbers = finite_numbers(np.atleast_1d(values), name)
    if len(numbers) not in (1, size):
        raise ValueError(f"{name} = {len(numbers)} rows: one, or one for each of {size} customers. Take one table.")
    return np.broadcast_to(numbers, (size,))


def distinct(*columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Code of each row among the distinct rows of the columns, and a row where each code appears, the first one."""
    code = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        values, labels = pd.factorize(column)
        code = pd.factorize(code * max(len(labels), 1) + values)[0]
    first = np.zeros(code.max(initial=-1) + 1, dtype=np.int64)
    first[code[::-1]] = np.arange(len(code))[::-1]
    return code, first


def _refuse(name: str, values: np.ndarray, wrong: np.ndarray, rule: str) -> None:
    if wrong.any():
        row = int(np.argmax(wrong))
        raise ValueError(f"{name} = {values[row]:g} (row {row}): {rule}.")
