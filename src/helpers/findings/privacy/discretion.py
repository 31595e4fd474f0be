"""Sentences tell no number that the tables beside them hide: the layer is asked about each of their facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from helpers.findings import facts, folding, formats
from helpers.findings.columns import Column, Kind, written_as
from helpers.findings.facts import Fact, Listed, Range
from helpers.findings.privacy.disclosure import flattened, hidden, known, numbers_of
from helpers.findings.sentence import Sentence, say
from helpers.language import later

UNTOLD = facts.Name(later("(not shown)"))  # stands in a sentence for a number that is hidden
NEAR = 1e-9  # of itself, by which a fact may differ from the cell that it tells

# A fact → the kind of column that holds what it tells; what is no count may also stand among plain or mixed numbers.
KINDS: Mapping[type[Fact], Kind] = {
    facts.Share: Kind.SHARE, facts.Points: Kind.SHARE, facts.Change: Kind.SHARE, facts.Money: Kind.MONEY,
    facts.Days: Kind.DAYS, facts.Count: Kind.COUNT, facts.People: Kind.COUNT, facts.Number: Kind.NUMBER,
    facts.Difference: Kind.NUMBER, facts.Hours: Kind.NUMBER, facts.Minutes: Kind.NUMBER,
}  # fmt: skip

Secrets = Mapping[Kind, np.ndarray]  # the numbers that are hidden and nowhere shown, by the kind of their column


def secrets(tables: Iterable[tuple[pd.DataFrame, Sequence[Column]]]) -> Secrets:
    """What the layer hides of some tables, each with its columns.

    A count below the smallest group is none: it is as often one of things. Who tells how few customers there are says
    so of himself, as "fewer than ten".
    """
    unseen: dict[Kind, list[float]] = {}
    seen: dict[Kind, list[float]] = {}
    for frame, columns in tables:
        cells = hidden(frame, columns)
        if not cells.any():
            continue
        flat = flattened(frame)
        kinds = [column.kind for column in written_as(known(columns, str(name)) for name in flat)]
        for (_name, values), few, kind in zip(flat.items(), cells.T, kinds, strict=True):
            numbers = numbers_of(values)
            kind = Kind.SHARE if kind in (Kind.POINTS, Kind.POINTS_APART) else kind
            unseen.setdefault(kind, []).extend(numbers[few])
            seen.setdefault(kind, []).extend(numbers[~few])
    return {kind: _alone(np.array(values), np.array(seen[kind]), kind) for kind, values in unseen.items()}


def discreet(said: Sentence, untold: Secrets) -> Sentence:
    """The sentence, with words in place of each number that is to stay `untold`, and what it rests on without such."""
    if not untold:
        return said
    told = {name: _discreet(fact, untold) for name, fact in said.facts.items()}
    basis = (discreet(each, untold) for each in said.basis)
    return replace(said, facts=told, basis=tuple(each for each in basis if UNTOLD not in each.facts.values()))


def left_out() -> Sentence:
    """What stands under a table of which something is hidden."""
    return say(
        "Numbers that would tell of fewer than {least} customers are left out.",
        least=facts.Count(folding.SMALLEST_GROUP),
    )


def _discreet(fact: object, untold: Secrets) -> object:
    if isinstance(fact, Sentence):
        return discreet(fact, untold)
    if isinstance(fact, Listed):
        return Listed(tuple(_discreet(each, untold) for each in fact.facts))
    if isinstance(fact, Range):
        return UNTOLD if any(_is_untold(end, untold) for end in (fact.low, fact.high)) else fact
    return UNTOLD if _is_untold(fact, untold) else fact


def _is_untold(fact: object, untold: Secrets) -> bool:
    if not isinstance(fact, Fact) or type(fact) not in KINDS or formats.is_missing(fact.value):
        return False
    kind = KINDS[type(fact)]
    kinds = {kind} if kind is Kind.COUNT else {kind, Kind.NUMBER, Kind.MIXED}
    numbers = np.concatenate([untold.get(each, np.array([])) for each in kinds])
    return bool(_is_near(float(fact.value), numbers).any())


def _alone(unseen: np.ndarray, seen: np.ndarray, kind: Kind) -> np.ndarray:
    """The hidden numbers that are nowhere shown; none and all are no secret, nor are small counts."""
    known = np.isfinite(unseen) & (unseen != 0)
    known &= np.abs(unseen) >= folding.SMALLEST_GROUP if kind is Kind.COUNT else unseen != 1
    return np.array([each for each in np.unique(unseen[known]) if not _is_near(each, seen).any()])


def _is_near(number: float, others: np.ndarray) -> np.ndarray:
    return np.abs(np.abs(others) - abs(number)) <= NEAR * abs(number)
