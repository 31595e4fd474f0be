"""Scales on which low numbers are good: 1 of "1 - very satisfied", the marks of German schools."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from helpers.data.intake.readings.amounts import marks
from helpers.data.intake.readings.amounts.ladders import LADDERS
from helpers.data.intake.readings.shapes import Shape, Undecided
from helpers.language import _

BEST, WORST = 5, 1  # steps of a ladder
AROUND = re.compile(r"^[\W\d_]+|[\W\d_]+$")
NUMBER = re.compile(r"\d+(?:[.,]\d+)?")


def turned(shapes: Iterable[Shape]) -> float:
    """What answers are taken off where their words say that low numbers are good: both ends together; else 0.

    Raises Undecided where the ends of such a scale have no words that tell them.
    """
    texts = {marks.plain(text) for shape in shapes for text in (shape.low, shape.high)}
    answers = {text: float(hit[0].replace(",", ".")) for text in texts if (hit := NUMBER.search(text))}
    words = {text: AROUND.sub("", text).casefold() for text in answers}
    for steps in LADDERS:
        known = sorted((answers[text], steps[word]) for text, word in words.items() if word in steps)
        if len(known) > 1 and all(one < other and good > bad for (one, good), (other, bad) in pairwise(known)):
            return _ends(answers, known)
    return 0


def _ends(answers: dict[str, float], known: list[tuple[float, int]]) -> float:
    """The least and the greatest number together, where the words that are known are of both."""
    low, high = min(answers.values()), max(answers.values())
    (first, best), (last, worst) = known[0], known[-1]
    if (first, best) == (low, BEST) and (last < high or worst == WORST):
        return low + high
    named = {number: text for text, number in answers.items()}
    words = _(
        "{good!r} is a better answer than {bad!r}: low numbers are good, and nothing tells how far they go. Turn them "
        "by an expression (sql) in dataset.toml."
    )
    raise Undecided(words.format(good=named[first], bad=named[last]))
