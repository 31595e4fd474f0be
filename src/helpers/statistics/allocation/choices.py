"""One option a row, so that their values add up to the most within a budget and limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from helpers.statistics.allocation import prices as priced
from helpers.statistics.allocation.prices import Scarcity

NOTHING = -1  # the option of a row that has none
PASSES = 50  # over the rows that could still be given something; each ends at the first limit that is met


@dataclass(frozen=True, eq=False)
class Allocation:
    """The chosen option of each row (-1 for none), their value, and what no choice is worth more than.

    `prices` say by how much the value would grow with one more unit of the budget (first) and of each group's limit:
    0 where there is enough. `used` is how much of each is used, `limits` how much there is.
    """

    chosen: np.ndarray
    value: float
    bound: float
    prices: np.ndarray
    used: np.ndarray
    limits: np.ndarray

    @property
    def gap(self) -> float:
        """By which part of the bound the best choice can be better than this one, at most."""
        return (self.bound - self.value) / self.bound if self.bound > 0 else 0.0


def allocate(
    values: ArrayLike,
    *,
    costs: ArrayLike,
    budget: float = np.inf,
    groups: Sequence[ArrayLike] = (),
    sizes: Sequence[float] = (),
    seed: int = 0,
) -> Allocation:
    """At most one option for each row of `values` (n, k), of the most value within all limits.

    A value that is missing, -inf or not above 0 is no option. `costs` and each table of `groups` are (n, k) or, where
    all rows are alike, (k,). All costs together stay within `budget`; a group is a whole number from 0, of which at
    most `sizes[number]` are chosen, and -1 where an option is in none: one table for channels, one for who does it.
    Lagrangian prices of what is scarce say what each row would take (Fisher 1981), then what is too much is taken back
    and what is left given out, by value above prices. With many rows the gap to the best choice is small: it is known,
    as the prices bound it. Raises ValueError for shapes that do not fit, and costs or limits below 0.
    """
    table = np.asarray(values, dtype=float)
    scarcity = _scarcity(table, costs, budget, groups, sizes)
    if not table.size:
        zero = np.zeros(len(scarcity.limits))
        return Allocation(np.full(len(table), NOTHING), 0.0, 0.0, zero, zero, scarcity.limits)
    worth = np.where(_possible(table, scarcity), table, -np.inf)
    prices, bound = priced.sought(worth, scarcity, seed)
    chosen = _given(worth, scarcity, prices)
    rows = np.flatnonzero(chosen >= 0)
    value = float(worth[rows, chosen[rows]].sum())
    return Allocation(chosen, value, max(bound, value), prices, scarcity.used(rows, chosen[rows]), scarcity.limits)


def _given(worth: np.ndarray, scarcity: Scarcity, prices: np.ndarray) -> np.ndarray:
    """What rows would take at the prices as far as it is there, then what others can have of the rest."""
    chosen = np.full(len(worth), NOTHING)
    left = scarcity.limits.copy()
    surplus = worth - scarcity.priced(prices)
    waiting = np.flatnonzero(np.isfinite(worth).any(axis=1))
    for _ in range(PASSES):
        if not len(waiting):
            break
        rows, options, above = _wishes(surplus, scarcity, waiting, left)
        order = np.argsort(-above, kind="stable")
        taken = order[_within(scarcity, rows[order], options[order], left)]
        if not len(taken):
            break
        chosen[rows[taken]] = options[taken]
        left -= scarcity.used(rows[taken], options[taken])
        waiting = np.setdiff1d(rows, rows[taken], assume_unique=True)
    return chosen


def _wishes(
    surplus: np.ndarray, scarcity: Scarcity, waiting: np.ndarray, left: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The rows that something is left for, their best such option, and its value above prices."""
    offered = np.where(_there(scarcity.of(waiting, len(waiting)), left), surplus[waiting], -np.inf)
    options = offered.argmax(axis=1)
    above = np.take_along_axis(offered, options[:, None], axis=1)[:, 0]
    some = np.isfinite(above)
    return waiting[some], options[some], above[some]


def _within(scarcity: Scarcity, rows: np.ndarray, options: np.ndarray, left: np.ndarray) -> np.ndarray:
    """Which of the choices, the first before the others, stay within what is left of each limit."""
    fits = np.ones(len(rows), dtype=bool)
    for group in scarcity.groups:
        numbers = priced.picked(group, rows, options)
        fits &= (numbers < 0) | (_places(numbers) < left[numbers])
    paid = np.where(fits, priced.picked(scarcity.costs, rows, options), 0.0)
    return fits & (np.cumsum(paid) <= left[0] * (1 + 1e-12))


def _places(numbers: np.ndarray) -> np.ndarray:
    """How many of the same number stand before each."""
    order = np.argsort(numbers, kind="stable")
    ordered = numbers[order]
    starts = np.searchsorted(ordered, ordered, side="left")
    places = np.empty(len(numbers), dtype=np.int64)
    places[order] = np.arange(len(numbers)) - starts
    return places


def _there(scarcity: Scarcity, left: np.ndarray) -> np.ndarray:
    """(n, k) or (1, k): whether one more of each option is left."""
    enough = np.append(left >= 1, True)  # -1 is in no group
    there = scarcity.costs <= left[0]
    for group in scarcity.groups:
        there = there & enough[group]
    return there


def _possible(table: np.ndarray, scarcity: Scarcity) -> np.ndarray:
    return (table > 0) & _there(scarcity, scarcity.limits)


def _scarcity(
    table: np.ndarray, costs: ArrayLike, budget: float, groups: Sequence[ArrayLike], sizes: Sequence[float]
) -> Scarcity:
    if table.ndim != 2:
        raise ValueError(f"values = array of shape {table.shape}: one row a customer, one column an option.")
    limits = np.array([budget, *sizes], dtype=float)
    if not (limits >= 0).all():
        raise ValueError(f"budget, sizes = {limits}: numbers from 0. Write infinity for no limit.")
    paid = _fitted(costs, table, "costs", float)
    if not (paid >= 0).all():
        raise ValueError("costs = below 0 or missing: numbers from 0. Fill the costs.")
    numbers = tuple(_fitted(group, table, "groups", np.int64) for group in groups)
    for each in numbers:
        if each.size and not (each.min() >= NOTHING and each.max() < len(sizes)):
            raise ValueError(f"groups = {each.min()} to {each.max()}: whole numbers below {len(sizes)}, or -1.")
    return Scarcity(paid, tuple(np.where(each >= 0, each + 1, NOTHING) for each in numbers), limits)


def _fitted(entries: ArrayLike, table: np.ndarray, name: str, kind: type) -> np.ndarray:
    """The entries as (n, k), or as (1, k) where they are the same for all rows."""
    array: np.ndarray = np.atleast_2d(np.asarray(entries, dtype=kind))
    if array.shape[0] not in (1, len(table)) or array.shape[1] != table.shape[1]:
        raise ValueError(f"{name} = array of shape {array.shape}: as the values, {table.shape}, or one row for all.")
    return array
