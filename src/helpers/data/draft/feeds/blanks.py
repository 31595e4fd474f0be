"""Columns written once above the rows that they hold for, as reports have it: blank below until the next value."""

from __future__ import annotations

from helpers.data import engine
from helpers.data.draft.contents.holdings import Holding
from helpers.data.draft.feeds.guesses import Guess, Question, name
from helpers.data.draft.feeds.purchases import SEVERAL
from helpers.language import _

HEADS = ("customer_id", "order_id", "ordered_at")  # columns that may stand above several rows
LEADS = "leads"  # most of which have no customer
FEWEST = 3  # values
BLANK = 0.2  # of the rows, at least
ONCE = 0.9  # of the values differ from each other, at least; of the customers of a shop that has guests fewer do


def questions(guess: Guess) -> list[Question]:
    """What is asked of each column that seems to be written once for the rows below it, with the setting that fills."""
    heads = {column: guess.columns.get(column) for column in HEADS}
    asked = [
        (column, header)
        for column, header in heads.items()
        if guess.table != LEADS
        and isinstance(header, str)
        and header in guess.holding.names
        and _is_written_once(guess.holding, header)
    ]
    words = _(
        "{header!r} stands on {filled:,} of {rows:,} rows, the first among them, and hardly a value comes again. If it "
        "is written once for the rows below it, as in a report, put this in the place of {column}"
    )
    return [
        Question(
            column,
            words.format(
                header=header, filled=guess.holding.column(header).filled, rows=guess.holding.rows, column=column
            ),
            (f"{column} = {{ sql = '''{_filled(header)}''' }}",),
        )
        for column, header in asked
        if not _is_told_by_key(guess, header)
    ]


def _filled(header: str) -> str:
    """The expression that is the last value at or above a row."""
    text, row = name(header), "CAST(file_row AS INTEGER)"  # an expression sees texts
    return f"arg_max({text}, CASE WHEN trim({text}) <> '' THEN {row} END) OVER (ORDER BY {row})"


def _is_written_once(holding: Holding, header: str) -> bool:
    """Whether a column has blanks, a value on the first row, and hardly a value that comes again."""
    column, rows = holding.column(header), holding.table
    if not FEWEST <= column.filled <= (1 - BLANK) * holding.rows or column.distinct < ONCE * column.filled:
        return False
    first = rows.order_by(rows[engine.ROW]).limit(1).execute()
    return bool(first[header].notna().all())


def _is_told_by_key(guess: Guess, header: str) -> bool:
    """Whether an identifier of orders stands on every row, and says which rows belong together."""
    key = guess.columns.get("order_id")
    return (
        isinstance(key, str) and key != header and key in guess.holding.names and guess.holding.repeats(key) > SEVERAL
    )
