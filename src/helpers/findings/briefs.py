"""What an answer has to say on the first page of a report: news by what hangs on it, tiles, and by what it is made."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from helpers import language
from helpers.findings.facts import Fact
from helpers.findings.privacy.discretion import UNTOLD, Secrets, discreet
from helpers.findings.sentence import Sentence, joined

UNKNOWN = math.nan
RISEN, FALLEN, WITHIN_CHANCE = "▲", "▼", "◆"  # signs of changes


class Topic(StrEnum):
    """What a piece of news is."""

    VERDICT = "verdict"  # how the business stands, in one sentence
    CHANGE = "change"  # something that is no longer as it was, beyond chance
    ACTION = "action"  # something to do


class Direction(StrEnum):
    """Whether something became better or worse, told in a word and a sign."""

    BETTER = "better"
    WORSE = "worse"
    LEVEL = "level"  # within chance
    UNKNOWN = ""


@dataclass(frozen=True)
class News:
    """One sentence for the first page; its basis is what stands behind "how sure?".

    `stake` is the money of about 90 days that hangs on it, not a number where none is known; `sure` the chance, from 0
    to 1, that it is no accident. News on one `subject` are told once.
    """

    topic: Topic
    subject: str
    said: Sentence
    stake: float = UNKNOWN
    sure: float = 1.0
    direction: Direction = Direction.UNKNOWN
    gain: float = 0.0  # above or below zero for what rises or falls
    owner: Sentence | None = None  # who acts
    due_on: dt.date | None = None  # by when
    table: str = ""  # the saved table of the customers meant

    @property
    def weight(self) -> float:
        """Money at stake × how sure; 0 where no money is known, which stands behind whatever has a weight."""
        return 0.0 if math.isnan(self.stake) else abs(self.stake) * self.sure

    def spoken(self) -> dict[str, Any]:
        """The news in the language that is spoken, as plain values."""
        return {
            "topic": str(self.topic),
            "subject": self.subject,
            "said": str(self.said),
            "basis": joined(self.said.basis),
            "weight": self.weight,
            "direction": str(self.direction),
            "sign": sign(self.direction, self.gain),
            "owner": str(self.owner or ""),
            "due_on": language.day(self.due_on) if self.due_on else "",
            "table": self.table,
        }


@dataclass(frozen=True)
class Standing:
    """One comparison on a tile: what it is with, by how much, and whether that is good.

    One is `seasonal` where the time of the year alone may have made it, and a better one stands beside it.
    """

    said: Sentence
    direction: Direction = Direction.UNKNOWN
    gain: float = 0.0
    seasonal: bool = False

    def spoken(self) -> dict[str, Any]:
        """The comparison in the language that is spoken, as plain values."""
        return {
            "said": str(self.said), "direction": str(self.direction), "sign": sign(self.direction, self.gain),
            "seasonal": self.seasonal,
        }  # fmt: skip


@dataclass(frozen=True)
class Tile:
    """A key figure: its name, its value, what it is compared with, and its last periods, oldest first.

    `drawn` says in words what the line of the periods shows.
    """

    name: object
    value: Fact
    standings: Sequence[Standing]
    periods: Sequence[float]
    drawn: Sentence

    def spoken(self) -> dict[str, Any]:
        """The tile in the language that is spoken, as plain values; a period without a value is None."""
        return {
            "name": str(self.name), "value": str(self.value), "number": float(self.value.value),
            "drawn": str(self.drawn), "standings": [each.spoken() for each in self.standings],
            "periods": [None if math.isnan(value) else round(float(value), 6) for value in self.periods],
        }  # fmt: skip


class Ground(StrEnum):
    """What kind of thing it is by which numbers are made, besides what customers do."""

    DEFINITION = "definition"
    MODEL = "model"
    TARGET = "target"


@dataclass(frozen=True)
class Yardstick:
    """By what numbers are made: where it is another than in the report before, they differ though nobody did anything.

    `what` is its name and `said` what it is, both as parts of a sentence; `amount` its length, where it has one that is
    taken from the data: small differences of it are none. Two with a `code` are one where these are, however written.
    """

    ground: Ground
    what: Sentence | Fact
    said: Sentence | Fact
    amount: float = UNKNOWN
    code: str = ""

    def spoken(self) -> dict[str, Any]:
        """The yardstick in the language that is spoken, as plain values."""
        amount = None if math.isnan(self.amount) else float(self.amount)
        known = {"ground": str(self.ground), "what": str(self.what), "said": str(self.said), "amount": amount}
        return known | ({"code": self.code} if self.code else {})


@dataclass(frozen=True)
class Brief:
    """What one answer has for the first page, and by what it is made.

    What earlier answers said on a subject that it `settles` no longer stands: an action that was weighed is decided on.
    """

    news: Sequence[News] = ()
    tiles: Sequence[Tile] = ()
    settles: Sequence[str] = ()
    yardsticks: Sequence[Yardstick] = ()

    def without(self, untold: Secrets) -> Brief:
        """The brief with news that tell nothing of what is to stay `untold`; what is left without its facts is none."""
        told = (replace(each, said=discreet(each.said, untold)) for each in self.news)
        whole = (each for each in told if each.topic is Topic.VERDICT or UNTOLD not in each.said.facts.values())
        return replace(self, news=tuple(whole))

    def spoken(self) -> dict[str, Any]:
        """The brief in the language that is spoken, as plain values."""
        return {
            "news": [each.spoken() for each in self.news], "tiles": [each.spoken() for each in self.tiles],
            "settles": list(self.settles), "yardsticks": [each.spoken() for each in self.yardsticks],
        }  # fmt: skip


def sureness(change: float, error: float) -> float:
    """The chance, from 0 to 1, that a change of this standard error is no accident: 2Φ(|change| ÷ error) − 1."""
    return math.erf(abs(change) / (error * math.sqrt(2))) if error > 0 else 0.0


def sign(direction: Direction, gain: float) -> str:
    """▲ for what rises, ▼ for what falls, ◆ for what chance may explain; nothing where no change is told."""
    if direction is Direction.LEVEL:
        return WITHIN_CHANCE
    return RISEN if gain > 0 else FALLEN if gain < 0 else ""


def ranked(news: Iterable[dict[str, Any]], most: int) -> list[dict[str, Any]]:
    """The `most` weightiest of some spoken news, each subject once; what weighs the same keeps its order."""
    told: dict[str, dict[str, Any]] = {}
    for each in sorted(news, key=lambda each: -each["weight"]):
        told.setdefault(each["subject"], each)
    return list(told.values())[:most]
