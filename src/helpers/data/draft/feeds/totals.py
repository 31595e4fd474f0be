"""Files of experiments summed up: a row an arm, or an arm and day, with how many customers it had and their sums."""

from __future__ import annotations

from collections.abc import Iterator

from helpers.data import headers
from helpers.data.contracts import EXPERIMENT_TOTALS
from helpers.data.draft.contents import roles
from helpers.data.draft.contents.columns import NUMBER
from helpers.data.draft.contents.holdings import Holding
from helpers.data.draft.feeds import trials
from helpers.data.draft.feeds.guesses import Guess, Sql, name, stem
from helpers.language import _

TOTALS = EXPERIMENT_TOTALS.name


def of_totals(holding: Holding) -> Guess | None:
    """The guess of a file that names no customer, counts them, and has each arm once, or once a day."""
    arm = headers.best(holding.names, TOTALS, "variant")
    if not arm or not 2 <= holding.column(arm).distinct <= roles.MOST_ARMS:
        return None
    found = roles.mapped(holding, TOTALS, {"variant": arm})
    keys = [found[key] for key in EXPERIMENT_TOTALS.key if key in found]
    if "customers" not in found or not holding.column(found["customers"]).whole or not _is_key(holding, keys):
        return None
    columns: dict[str, str | Sql] = {"experiment": Sql(f"'{stem(holding)}'"), **found}
    control = next((value for value in holding.column(arm).values if roles.is_control(value)), "")
    guess = Guess(TOTALS, holding, columns, control=control)
    guess.notes.append(_("each arm comes once, or once a day: these are totals of customers, not customers"))
    guess.extras["metrics"] = dict(_metrics(guess))
    trials.with_control(guess, arm)
    return guess


def _is_key(holding: Holding, headers_: list[str]) -> bool:
    """Whether no two rows have the same values under these headers."""
    return int(holding.table.select(*headers_).distinct().count().execute()) == holding.rows


def _metrics(guess: Guess) -> Iterator[tuple[str, str]]:
    """The names of metrics and their TOML: means with their squares, else counts of customers; others are told."""
    holding = guess.holding
    numbers = [each for each in holding.names if each not in guess.used and holding.column(each).is_a(NUMBER)]
    squares = {_about(each): each for each in numbers if headers.speaks(each, headers.SQUARES)}
    spreads = {_about(each): each for each in numbers if headers.speaks(each, headers.SPREADS)}
    for header in numbers:
        about, own = _about(header), roles.own_name(header, TOTALS)
        if header in (*squares.values(), *spreads.values()):
            continue
        if about in squares:
            yield own, f'{{ from = "{header}", squares = "{squares[about]}" }}'
        elif about in spreads and headers.speaks(header, headers.MEANS):
            yield own, _of_mean(str(guess.columns["customers"]), header, spreads[about])
        elif _counts_customers(guess, header):
            guess.notes.append(
                _("{header!r} is taken for the number of customers who did so, each counted once").format(header=header)
            )
            yield own, f'{{ from = "{header}", kind = "proportion" }}'
        else:
            guess.others.append(
                _("{header!r} is left out: to compare means, their sums of squares are needed too").format(
                    header=header
                )
            )


def _of_mean(customers: str, mean: str, spread: str) -> str:
    """A sum and its squares out of a mean and a standard deviation."""
    n, level, deviation = (f"number({name(each)})" for each in (customers, mean, spread))
    squares = f"{n} * {level} * {level} + ({n} - 1) * {deviation} * {deviation}"
    return f"{{ sql = '''{n} * {level}''', squares = {{ sql = '''{squares}''' }} }}"


def _counts_customers(guess: Guess, header: str) -> bool:
    """Whether a column has whole numbers that are never more than the customers."""
    if not guess.holding.column(header).whole:
        return False
    rows = guess.holding.table
    counts, customers = (rows[each].try_cast("float64") for each in (header, str(guess.columns["customers"])))
    return bool((counts.between(0, customers)).all().execute())


def _about(header: str) -> frozenset[str]:
    """What a header is about, without the words that say what was made of its values."""
    made = f"{headers.SQUARES} {headers.SUMS} {headers.MEANS} {headers.SPREADS}".split()
    for word in made:
        if not word.isascii():  # no blanks part it from the rest
            header = header.replace(word, "")
    return frozenset(header.split("_")) - {*made, ""}
