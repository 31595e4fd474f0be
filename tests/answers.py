"""What an answer says: its headline with all that it rests on."""

from __future__ import annotations

from helpers.findings import Finding, NotApplicable, Sentence


def words_of(answer: Finding | NotApplicable) -> str:
    """The headline and its basis in one text."""
    headline = answer.headline()
    return headline.whole if isinstance(headline, Sentence) else headline
