"""Money whose header says in what it is counted: cents, thousands, 万元; USD, 美元, €."""

from __future__ import annotations

import re

from helpers.data.draft.feeds.guesses import Guess, Sql, name, texts
from helpers.data.intake.readings.amounts import currencies
from helpers.language import _

MONEY = ("amount", "refund", "unit_price", "price")
# The end of a folded header, and what one of it is worth: amount_cents, total_in_thousands, revenue_k, 金额_万元.
UNITS = {
    r"_(cents?|pence|centimes|cts?|fen|分|(in_)?minor(_units?)?)$": "0.01",
    r"_micros?$": "0.000001",
    r"_(角|jiao)$": "0.1",
    r"_(k|t_€|keur|kusd|kgbp|k元|teur|tsd|thousands?|000s?)$|千[元円]$": "1000",
    r"(?<![百千十])[万萬][元円]?$": "10000",
    r"_(mio|mn|meur|millions?)$|百万[元円]?$": "1000000",
    r"千万[元円]?$": "10000000",
    r"亿元?$|億[元円]?$": "100000000",
}
PLAIN = re.compile(r"[-−+(]?[\d.,' ]+[-)]?")  # values without a currency of their own
# Words of a header whose money is in the shop's own currency already, whatever the currency of its row.
OWN = re.compile(r"本位[币幣]|本[币幣]|(^|_)(bcy|base|base_currency|(company|home|reporting)_currency|converted)(_|$)")
MARKED = re.compile(r"(?i)\d\s*([kmb]|tsd|mio|mrd|[百千万萬亿億])")  # values that say so themselves


def in_whole(guess: Guess) -> Guess:
    """The guess with its money in whole units of the currency, where headers say that it is in others."""
    for column in MONEY:
        header = guess.columns.get(column)
        if not isinstance(header, str) or any(map(MARKED.search, guess.values(column))):
            continue
        said = (header, _without_currency(header))
        factor = next((factor for end, factor in UNITS.items() if any(re.search(end, each) for each in said)), "")
        if factor:
            guess.columns[column] = Sql(f"number({name(header)}) * {factor}")
            guess.notes.append(
                _("{header!r} says in what it counts: {column} is {factor} times as much").format(
                    header=header, column=column, factor=factor
                )
            )
    return guess


def in_currency(guess: Guess) -> Guess:
    """The guess with the currency of its money, where headers alone say it: files of two do not add up then."""
    money = {column: header for column in MONEY if isinstance(header := guess.columns.get(column), str)}
    plain = all(PLAIN.fullmatch(value.strip()) for column in money for value in guess.values(column))
    codes = {code for header in money.values() for code in _codes(header)}
    if "currency" in guess.columns or len(codes) != 1 or not plain:
        return guess
    guess.columns["currency"] = Sql(texts(codes))
    guess.notes.append(_("{header!r} says in which currency it is").format(header=next(filter(_codes, money.values()))))
    return guess


def in_own_currency(guess: Guess) -> Guess:
    """The guess without currencies and rates, where the header of its money says that it is converted already."""
    own = [header for column in MONEY if isinstance(header := guess.columns.get(column), str) and OWN.search(header)]
    if not own or not {"currency", "rate"} & guess.columns.keys():
        return guess
    for column in ("currency", "rate"):
        if guess.columns.pop(column, None) is not None and column in guess.holding.names:
            guess.columns[column] = Sql("NULL")  # a header of that name would answer
    guess.notes.append(
        _("{header!r} is in the shop's own currency: the rates of its rows are not for it").format(header=own[0])
    )
    return guess


def _codes(header: str) -> set[str]:
    """The currencies that a folded header names, such as amount_usd, 金额_美元 and amount_€."""
    said = [word.upper() if _is_sign(word) else word for word in header.split("_") if _is_money(word)]
    return set(currencies.settled(said).values())


def _without_currency(header: str) -> str:
    """A folded header without the words and signs of currencies at its end: revenue_k_€ counts thousands."""
    words = header.split("_")
    while words and (_is_sign(words[-1]) or words[-1] in currencies.SMALL):
        words.pop()
    return "_".join(words)


def _is_money(word: str) -> bool:
    return _is_sign(word) or word in currencies.SMALL or word in currencies.IDEOGRAPHS


def _is_sign(word: str) -> bool:
    return word.upper() in currencies.SIGNS
