"""Who moved from which group to which between two dates under the same model: counts, rates, and the value moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.segmentation.crossings import pair_sums
from helpers.analyses.segmentation.groups import Groups
from helpers.analyses.segmentation.vocabulary import (
    AFTER,
    AFTER_NUMBERED,
    BEFORE,
    BEFORE_SHARE,
    HELD_VALUE,
    KIND,
    MOVE,
)
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, formats, say
from helpers.findings.columns import Column
from helpers.findings.drawing import charts
from helpers.findings.folding import SMALLEST_GROUP
from helpers.findings.privacy.disclosure import DOMINATED, dominated
from helpers.findings.privacy.members import Members
from helpers.findings.vocabulary import CUSTOMER_ID, CUSTOMERS, LOWER, UPPER
from helpers.language import later
from helpers.statistics.shares import wilson_interval

NEWCOMERS, GONE = later("(not known before)"), later("(no longer in the data)")


class Move(StrEnum):
    """Which way the customers of a cell moved."""

    UP = "up"
    DOWN = "down"
    KEPT = "kept"
    CAME = "came"  # not known at the first date
    WENT = "went"  # not in the data at the second


@dataclass(frozen=True)
class Migration(Members, Finding):
    """Customers by their group at two dates."""

    table: pd.DataFrame  # a row a pair of groups that occurs; the value is missing where none is known
    kind: str
    days: int  # between the two dates
    order: tuple[str, ...]  # names of the groups, the best first; those not known before or after last
    currency: str = ""
    labels: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)  # customer_id → before, after, move
    columns = (
        BEFORE, AFTER, MOVE, CUSTOMERS.but(adds_up=[[BEFORE], [AFTER]]), BEFORE_SHARE, LOWER, UPPER, HELD_VALUE,
        DOMINATED,
    )  # fmt: skip

    @property
    def known(self) -> pd.DataFrame:
        """The cells of customers who are in the data at both dates."""
        return self.table[self.table[MOVE].isin([Move.UP, Move.DOWN, Move.KEPT])]

    def members(self) -> pd.DataFrame:
        """Each customer, its group at either date, and which way it moved."""
        return self.labels.rename_axis(CUSTOMER_ID).reset_index()

    def matrix(self) -> pd.DataFrame:
        """Customers, as readers may see them: a row a group before, newcomers last, a column a group after."""
        wide = self.readable.pivot(index="before", columns="after", values="customers")
        rows, columns = ([name for name in self.order if name in held] for held in (wide.index, wide.columns))
        return wide.loc[rows, columns].astype("Int64")

    def summary(self) -> pd.DataFrame:
        """Every upgrade and downgrade of enough customers, the most customers first."""
        moved = self.readable[self.table[MOVE].isin([Move.UP, Move.DOWN])].dropna(subset="customers")
        return moved.sort_values("customers", ascending=False, kind="stable").reset_index(drop=True)

    def plot(self, ax: Axes | None = None) -> Axes:
        """A heat map of the matrix; the groups after bear the numbers of those before."""
        tidy = self.matrix().astype(float).reset_index().melt(BEFORE, var_name=AFTER, value_name=CUSTOMERS)
        return drawn(tidy, CUSTOMERS, self.order, ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("From which {kind} to which did customers move?", kind=facts.Word(self.kind, KIND))

    def headline(self) -> Sentence:
        """How many moved up and down; the share that kept its group, their value, and who came or went below."""
        known = self.known
        total, sums = int(known["customers"].sum()), known.groupby("move")["customers"].sum()
        kept, up, down = (int(sums.get(move, 0)) for move in (Move.KEPT, Move.UP, Move.DOWN))
        low, high = (facts.Share(float(limit)) for limit in wilson_interval(kept, total))
        return say(
            "In {days} {up} customers moved up a {kind} and {down} moved down.",
            days=facts.Days(self.days),
            up=facts.People(up),
            down=facts.People(down),
            kind=facts.Word(self.kind, KIND),
        ).resting_on(
            say(
                "Of {customers} known then {share} stayed (95% interval {interval}).",
                customers=facts.Count(total),
                share=facts.Share(kept / total),
                interval=facts.Range(low, high),
            ),
            self._value(),
            *self._others(),
        )

    def _others(self) -> list[Sentence]:
        """Who came and who went, where these are customers enough to show."""
        came, went = (int(self.table.loc[self.table[MOVE] == move, CUSTOMERS].sum()) for move in (Move.CAME, Move.WENT))
        told = []
        if came >= SMALLEST_GROUP:
            told.append(say("{customers} were not known before.", customers=facts.Count(came)))
        if went >= SMALLEST_GROUP:
            told.append(say("{customers} are no longer in the data.", customers=facts.Count(went)))
        return told

    def _value(self) -> Sentence | None:
        if HELD_VALUE not in self.known or not self.known[HELD_VALUE].sum() > 0:
            return None
        shares = self.known.groupby(MOVE)[HELD_VALUE].sum() / self.known[HELD_VALUE].sum()
        up, down = (facts.Share(float(shares.get(move, 0.0))) for move in (Move.UP, Move.DOWN))
        return say(
            "Those who moved up hold {up} of their revenue so far, those who moved down {down}.", up=up, down=down
        )


@analysis
def migration(
    before: Groups | NotApplicable,
    after: Groups | NotApplicable,
    values: pd.Series | None = None,
    days: int = 0,
    known: pd.Index | None = None,
) -> Migration | NotApplicable:
    """How the customers of two groupings of one kind, made by the same model `days` apart, moved between groups.

    `values` is money by customer_id, such as net revenue so far; customers that it does not name hold none. `known`
    names the customers who were there at the first date (see `seen`), by default all that it groups. Up is towards the
    first of the rules, which stand best first. Customers in only one of the two have a row or a column of their own.
    Raises ValueError for groupings of two kinds. Assumes the same cuts at both dates: otherwise customers move who did
    nothing.
    """
    if isinstance(before, NotApplicable):
        return before
    if isinstance(after, NotApplicable):
        return after
    if before.kind != after.kind:
        raise ValueError(f"after = {after.kind}: before is {before.kind}. Give two groupings of one kind.")
    order = list(dict.fromkeys([*after.rules, *before.rules]))
    at_first = before.labels if known is None else before.labels[before.labels.index.isin(known)]
    every = after.labels.index.append(at_first.index.difference(after.labels.index))
    at_first = _placed(at_first, order, every, NEWCOMERS).rename(BEFORE)
    at_last = _placed(after.labels, order, every, GONE).rename(AFTER)
    counts = pair_sums(at_first, at_last)
    if not counts.loc[order, order].to_numpy().any():
        return NotApplicable(say("no customer is known at both dates."))
    cells = _tidy(counts, CUSTOMERS)
    cells.insert(2, MOVE, [_move(order, *pair) for pair in zip(cells[BEFORE], cells[AFTER], strict=True)])
    cells = cells.assign(**rates_of(cells, BEFORE_SHARE))
    pairs = at_first.cat.codes.astype("int32") * (len(order) + 1) + at_last.cat.codes  # of names, as numbers
    if values is not None:
        held = values.reindex(every).fillna(0.0)
        cells = cells.merge(_tidy(pair_sums(at_first, at_last, held), HELD_VALUE))
        cells[DOMINATED] = dominated(held, pairs).reindex(range(len(cells)), fill_value=False).to_numpy()
    labels = pd.DataFrame({BEFORE: at_first, AFTER: at_last}).assign(**{MOVE: cells[MOVE].to_numpy()[pairs]})
    occurring = cells[cells["customers"] > 0].reset_index(drop=True)
    return Migration(occurring, after.kind, days, (*order, NEWCOMERS, GONE), after.currency, labels)


def seen(data: Dataset) -> pd.Index:
    """Ids of the customers who had joined, ordered or subscribed by the day of the data.

    A source that lists customers without saying since when lists those to come as well.
    """
    customers = data.customers
    since = customers["tenure_days"].notna() if "tenure_days" in customers else pd.Series(True, customers.index)
    return pd.Index(customers.loc[since, "customer_id"])


def spent(data: Dataset) -> pd.Series | None:
    """customer_id → net revenue so far; None without orders."""
    return data.customers.set_index("customer_id")["monetary"] if "monetary" in data.customers else None


def rates_of(cells: pd.DataFrame, name: str) -> dict[str, pd.Series]:
    """Of each group before, the share that is in a cell, under this name, with Wilson's limits."""
    of = cells.groupby(BEFORE, sort=False)["customers"].transform("sum")
    lower, upper = wilson_interval(cells["customers"], of)
    return {name: cells["customers"] / of, LOWER: lower, UPPER: upper}


def _placed(labels: pd.Series, order: Sequence[str], every: pd.Index, otherwise: str) -> pd.Series:
    names = [*order, otherwise]
    return labels.cat.set_categories(names).reindex(every).fillna(otherwise)


def _tidy(sums: pd.DataFrame, name: str) -> pd.DataFrame:
    return sums.reset_index().melt(BEFORE, var_name=AFTER, value_name=name).pipe(_sorted, list(sums.index))


def _sorted(cells: pd.DataFrame, rows: list[str]) -> pd.DataFrame:
    """Row by row, each row's cells in the order they came in."""
    places = cells["before"].map({name: place for place, name in enumerate(rows)})
    return cells.iloc[np.argsort(places.to_numpy(), kind="stable")].reset_index(drop=True)


def _move(order: Sequence[str], before: str, after: str) -> str:
    if before == NEWCOMERS:
        return str(Move.CAME)
    if after == GONE:
        return str(Move.WENT)
    if before == after:
        return str(Move.KEPT)
    return str(Move.UP if order.index(after) < order.index(before) else Move.DOWN)


def drawn(cells: pd.DataFrame, value: Column, order: Sequence[str], ax: Axes | None) -> Axes:
    """A heat map with named and numbered rows; columns that are rows too bear the number, for names are long."""
    numbers = {name: str(place) for place, name in enumerate(order, start=1)} | {NEWCOMERS: ""}
    rows = set(cells["before"])
    after = [numbers[name] if name in rows else name for name in cells[AFTER]]
    before = [f"{numbers[name]} {formats.text(name)}".strip() for name in cells[BEFORE]]
    shown = pd.DataFrame({BEFORE: before, AFTER_NUMBERED: after, value: cells[value]})
    return charts.heat_map(shown, row=BEFORE, column=AFTER_NUMBERED, value=value, ax=ax)
