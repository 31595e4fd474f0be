"""A first dataset.toml for a folder of exports that nobody has described yet."""

from __future__ import annotations

import datetime as dt
import tempfile
from dataclasses import dataclass
from pathlib import Path

from helpers.data import engine
from helpers.data.draft import links, presets, questions
from helpers.data.draft.contents import columns, roles
from helpers.data.draft.contents.holdings import Holding, held
from helpers.data.draft.feeds import months, tables
from helpers.data.draft.feeds.guesses import Guess
from helpers.data.intake import files
from helpers.language import _


@dataclass(frozen=True)
class Draft:
    """What the files of a folder hold, which tables they are guessed to feed, and what is told beside."""

    folder: Path
    holdings: tuple[Holding, ...]
    guesses: tuple[Guess, ...]
    unread: dict[str, str]  # file → why
    told: tuple[str, ...]
    wide: tuple[months.Wide, ...] = ()  # columns that are months side by side
    known: presets.Fitting | None = None  # the preset that reads files, of which nothing is guessed

    @property
    def tables(self) -> list[tuple[str, Holding]]:
        """The contract tables that are fed, and by what."""
        read = self.known.tables if self.known else {}
        return [*read.items(), *((guess.table, guess.holding) for guess in self.guesses)]

    @property
    def unused(self) -> tuple[Holding, ...]:
        """The files that feed no table and are looked up in by none."""
        holdings = [holding for _table, holding in self.tables]
        holdings += [join.holding for guess in self.guesses for join in guess.joins]
        used = {name for each in holdings for name in _places(each)}
        return tuple(each for each in self.holdings if not used & set(_places(each)))

    @property
    def nulls(self) -> tuple[str, ...]:
        """Texts that may stand for nothing: such as cannot be read, and numbers far from all others."""
        found = dict.fromkeys(text for guess in self.guesses for text in guess.nulls)
        return tuple(text for text in found if columns.seen(text) == text)

    @property
    def zones(self) -> tuple[str, ...]:
        """The time zones on whose clocks the times may be, as names beside them say."""
        return tuple(dict.fromkeys(zone for guess in self.guesses for zone in guess.zones))

    @property
    def guests(self) -> tuple[str, ...]:
        """Texts of customer_id that seem to name nobody."""
        return tuple(dict.fromkeys(text for guess in self.guesses for text in guess.guests))

    @property
    def currencies(self) -> tuple[str, ...]:
        """The currencies that a header names, where they are several and no header gives the rates."""
        named = [guess for guess in self.guesses if "rate" not in guess.columns]
        codes = [code for guess in named for code in guess.values("currency")]
        return tuple(dict.fromkeys(codes)) if len(set(codes)) > 1 else ()

    @property
    def observed_on(self) -> dt.date | None:
        """Where no file has dates: the day on which the newest was written, for want of a better."""
        read = self.known and set(self.known.tables) - {"customers"}
        if read or any(tables.is_dated(guess) or guess.joins for guess in self.guesses) or not self.folder.exists():
            return None
        newest = max(files.on_disk(self.folder / name).stat().st_mtime for each in self.holdings for name in each.files)
        return dt.datetime.fromtimestamp(newest, dt.UTC).date()


def _places(holding: Holding) -> list[tuple[str, str]]:
    return [(name, holding.sheet) for name in holding.files]


def drafted(folder: Path) -> Draft:
    """What is guessed of the files of `folder`.

    Raises ValueError for a folder without a file that can be read, and for one in which nothing names a customer.
    """
    with tempfile.TemporaryDirectory() as scratch:
        found = held(engine.connect(), folder, Path(scratch))
        if not found.holdings:
            reasons = "; ".join(f"{name}: {reason}" for name, reason in found.unread.items()) or _("it is empty")
            raise ValueError(
                _("folder = {folder!r}: no file in it can be read ({reasons}). Put the exports there.").format(
                    folder=folder.name, reasons=reasons
                )
            )
        known = presets.fitting(found.holdings)
        left = [each for each in found.holdings if not (known and known.reads(each))]
        first, undated = _without_drawn([guess for each in left for guess in tables.guesses(each)])
        guesses, told = links.linked(first, found.holdings)
        guesses = [guess for guess in guesses if not (known and guess.table in known.tables)]
        guesses = list(map(questions.opened, guesses))
        wide = tuple(each for holding in left for each in months.wide(holding))
        told = [*undated, *told, *(each.told for each in wide), *(known.told() if known else ())]
        draft = Draft(folder, found.holdings, tuple(guesses), found.unread, tuple(told), wide, known)
        _check_for_customers(draft)
        return draft


def _without_drawn(guesses: list[Guess]) -> tuple[list[Guess], list[str]]:
    """The guesses without contracts drawn on a day, where other files have dates of their own; what is told of it."""
    drawn = [guess for guess in guesses if guess.drawn]
    if not drawn or not any(map(tables.is_dated, guesses)):
        return guesses, []
    words = _(
        "{file}: {header!r} says who had left, and other files say what happened when: no contracts are made of it"
    )
    told = [words.format(file=guess.holding.told, header=guess.drawn["left"]) for guess in drawn]
    return [guess for guess in guesses if not guess.drawn], told


def _check_for_customers(draft: Draft) -> None:
    """ValueError where nothing tells what customers did, and none holds orders or totals, which can do without them."""
    if draft.known or any({"customer_id", "ordered_at", "customers"} & guess.columns.keys() for guess in draft.guesses):
        return
    for holding in draft.holdings:
        if who := roles.person(holding):
            words = _(
                "folder = {folder!r}: {file} names customers ({header}), and its other headers do not tell what its "
                "rows are: {others}. Orders have a day and money, answers a day and a score that is a number, "
                "contracts a first day. Say so in dataset.toml (see data/raw/README.md)."
            )
            others = ", ".join(name for name in holding.names if name != who) or "–"
            raise ValueError(words.format(folder=draft.folder.name, file=holding.told, header=who, others=others))
    names = ", ".join(files.names_in(draft.folder))
    raise ValueError(
        _(
            "folder = {folder!r}: no file names a customer, and none holds orders with a day ({files}). Export "
            "the customer's number with each row, or write dataset.toml by hand (see data/raw/README.md)."
        ).format(folder=draft.folder.name, files=names)
    )
