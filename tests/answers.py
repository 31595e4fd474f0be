"""What an answer says: its headline with all that it rests on."""

from __future__ import annotations

from helpers.findings import Finding, NotApplicable


def words_of(answer: Finding | NotApplicable) -> str:
    """The headline and its basis in one text."""
    return answer.headline().whole
