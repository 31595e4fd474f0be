"""What the values of the guessed columns leave open: readings to choose from, and texts that may stand for nothing."""

from __future__ import annotations

from dataclasses import replace

from helpers.data import contracts
from helpers.data.draft.feeds import blanks
from helpers.data.draft.feeds.guesses import Guess, Question
from helpers.data.intake import readings
from helpers.data.intake.readings import Asked, Decided, Evidence, evidence, guests, nulls
from helpers.data.intake.readings.amounts import stand_ins
from helpers.data.intake.readings.dates import periods, zones
from helpers.language import _

MOST_NULLS = 5  # texts of one column that are proposed
ZONE = "UTC"  # where no name beside a time says where its clocks stand
MEASURED = (contracts.NUMBER, contracts.INTEGER, contracts.TIME)


def opened(guess: Guess) -> Guess:
    """A guess with the questions that its columns ask, and the texts that may stand for nothing, or nobody, in them."""
    shown = _shown(guess)
    named = sorted({place for name, column in _columns(guess).items() for place in _places(column, shown[name])})
    zone = named[0] if len(named) == 1 else ZONE
    wanted = {name: _asked(guess, column, zone) for name, column in _columns(guess).items()}
    questions = blanks.questions(guess)
    while True:
        try:
            decided = readings.decided(wanted, shown)
        except readings.Undecided as reason:
            name, _, told = str(reason).partition(": ")
            questions.append(Question(name, told, reason.settings))
            wanted.pop(name)
        else:
            questions += [_unread(guess, name) for name, each in decided.items() if _reads_few(each, shown[name])]
            empty = [text for name, each in decided.items() for text in _for_nothing(each, shown[name])]
            return replace(guess, questions=questions, nulls=empty, zones=named, guests=_guests(guess))


def _places(column: contracts.Column, shown: Evidence) -> set[str]:
    """The time zones that names beside the times of a column may mean."""
    return zones.places(shown.shapes) if column.type == contracts.TIME else set()


def _asked(guess: Guess, column: contracts.Column, zone: str) -> Asked:
    """How a column is to be read, as long as dataset.toml says nothing of it."""
    own = column.name == contracts.TABLES[guess.table].fact_at
    return Asked(
        column.type,
        zone,
        scale=column.scale,
        nulls=nulls.RUNNING if column.ahead else (),
        fact=column.fact and not (column.ahead or column.consumed),
        within=periods.named(guess.holding.files) if own else (),
    )


def _guests(guess: Guess) -> list[str]:
    """The customers that are spelled as nobody and have far more rows than anybody."""
    header, rows = guess.columns.get("customer_id"), guess.holding.table
    named = nulls.cleaned(rows[str(header)], contracts.ID) if header in guess.holding.names else None
    crowds = guests.crowds(named) if named is not None else []
    return [crowd.customer for crowd in crowds if crowd.nobody]


def _columns(guess: Guess) -> dict[str, contracts.Column]:
    """The columns that a header of the file answers to, and whose values are no words."""
    table = contracts.TABLES[guess.table]
    return {
        column.name: column
        for column in table.columns
        if column.type not in contracts.WORDS and guess.columns.get(column.name) in guess.holding.names
    }


def _shown(guess: Guess) -> dict[str, Evidence]:
    rows = guess.holding.table
    columns = {name: (str(guess.columns[name]), column.type) for name, column in _columns(guess).items()}
    return evidence.of(rows.get_backend(), rows, columns, ZONE)


def _reads_few(decided: Decided, shown: Evidence) -> bool:
    """Whether a reading fits less than half of the texts of a column."""
    shapes = shown.cleaned(decided.type, decided.nulls).shapes
    fitting = sum(shape.rows for shape in shapes if decided.reading.fits(shape))
    return decided.type == contracts.TIME and 2 * fitting < sum(shape.rows for shape in shapes)


def _unread(guess: Guess, column: str) -> Question:
    """What is told of a column that is called a time and says none."""
    example = guess.holding.column(str(guess.columns[column])).samples()[0]
    words = _("its values, such as {example!r}, cannot be read as times. Say how they are written, or export them anew")
    return Question(column, words.format(example=example), ('time_layouts = ["%Y-%m-%d %H:%M"]',))


def _for_nothing(decided: Decided, shown: Evidence) -> list[str]:
    if decided.type not in MEASURED:
        return []
    left = shown.cleaned(decided.type, decided.nulls)
    shapes = left.shapes
    unfit = [shape for shape in shapes if not decided.reading.fits(shape)]
    return [*nulls.proposed(unfit), *stand_ins.stand_ins(decided.reading, shapes, left.peaks)][:MOST_NULLS]
