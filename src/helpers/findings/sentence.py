"""A whole sentence with typed facts, spoken last, in the language of whoever reads it.

English stands in the code: `say("{share} of {buyers} came back.", share=facts.Share(.589), buyers=facts.Count(1296))`.
The message is looked up in the catalogue and each fact is written as the language writes its kind, so no sentence is
put together from parts. What logic decides by are the facts, never the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from helpers import language
from helpers.language import _

OPENING = re.compile(r"{(\w+)}.*[.?]$", flags=re.DOTALL)  # of a sentence: the place of the fact that begins it
# A blank that a message keeps for names in Latin letters, between two Chinese signs.
IDLE_BLANK = re.compile("(?<=[\u3400-\u9fff，。：；、（）“”]) (?=[\u3400-\u9fff，。：；、（）“”])")


@dataclass(frozen=True)
class Sentence:
    """A message of the catalogue with the facts that it tells, and below it what it rests on.

    `message` is English, with a place in braces for each fact. `basis` are the sentences of the second line: interval,
    numbers of customers, method, doubt.
    """

    message: str
    facts: Mapping[str, object] = field(default_factory=dict)
    basis: tuple[Sentence, ...] = ()

    def __str__(self) -> str:
        """The sentence in the language that is spoken, without its basis."""
        told = _(self.message).format(**{name: str(fact) for name, fact in self.facts.items()})
        if language.current() == language.CHINESE:
            return IDLE_BLANK.sub("", told)
        return told[:1].upper() + told[1:] if self._opens_with_a_word else told

    @property
    def _opens_with_a_word(self) -> bool:
        """Whether a word of ours begins it, which has a capital there; names of the data stay as they are."""
        opening = OPENING.match(self.message)
        return opening is not None and bool(getattr(self.facts.get(opening[1]), "is_word", False))

    @property
    def whole(self) -> str:
        """The sentence with all that it rests on."""
        return joined([self, *self.basis])

    def resting_on(self, *basis: Sentence | None) -> Sentence:
        """The same sentence with more in its second line; what is None is passed over."""
        return replace(self, basis=(*self.basis, *filter(None, basis)))


def say(message: str, /, **facts: object) -> Sentence:
    """The sentence of `message` with a fact for each of its places; from these calls the catalogue is made."""
    return Sentence(message, facts)


def joined(sentences: Iterable[object]) -> str:
    """Sentences one after the other, with a space between where the language has one there."""
    return ("" if language.current() == language.CHINESE else " ").join(map(str, sentences))
