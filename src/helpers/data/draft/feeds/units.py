"""Money whose header says in what it is counted: cents, thousands, 万元."""

from __future__ import annotations

import re

from helpers.data.draft.feeds.guesses import Guess, Sql, name
from helpers.language import _

MONEY = ("amount", "refund", "unit_price", "price")
# The end of a folded header, and what one of it is worth: amount_cents, total_in_thousands, revenue_k, 金额_万元.
UNITS = {
    r"_(cents?|pence|centimes|cts|fen|分)$": "0.01",
    r"_(角|jiao)$": "0.1",
    r"_(k|keur|kusd|kgbp|k元|teur|tsd|thousands?|000s?)$|千元$": "1000",
    r"(?<![百千十])[万萬]元?$": "10000",
    r"_(mio|mn|meur|millions?)$|百万元?$": "1000000",
    r"千万元?$": "10000000",
    r"亿元?$|億元?$": "100000000",
}
MARKED = re.compile(r"(?i)\d\s*([kmb]|tsd|mio|mrd|[百千万萬亿億])")  # values that say so themselves


def in_whole(guess: Guess) -> Guess:
    """The guess with its money in whole units of the currency, where headers say that it is in others."""
    for column in MONEY:
        header = guess.columns.get(column)
        if not isinstance(header, str) or any(map(MARKED.search, guess.values(column))):
            continue
        factor = next((factor for end, factor in UNITS.items() if re.search(end, header)), "")
        if factor:
            guess.columns[column] = Sql(f"number({name(header)}) * {factor}")
            guess.notes.append(
                _("{header!r} says in what it counts: {column} is {factor} times as much").format(
                    header=header, column=column, factor=factor
                )
            )
    return guess
