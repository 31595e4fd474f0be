"""What is said of sales as a whole, by the signs of what new and existing customers added."""

from __future__ import annotations

from helpers.findings import Sentence, facts, say


def level(new: int, *, stopped: bool, against: facts.Fact) -> Sentence:
    """The verdict where new and existing customers changed, one way and the other, and all together did not."""
    if new > 0:
        return say("Sales are level with {against}: new customers bring more, existing ones less.", against=against)
    if stopped:
        return say(
            "Sales are level with {against}: existing customers bring more, new ones have all but stopped coming.",
            against=against,
        )
    return say("Sales are level with {against}: existing customers bring more, new ones less.", against=against)


def seasonal(rises: bool, **known: object) -> Sentence:
    """What is said of a change on the days just before, where no day of last year is known."""
    if rises:
        return say("Sales are {change} above {against}; last year is not known, so the season may be why.", **known)
    return say("Sales are {change} below {against}; last year is not known, so the season may be why.", **known)


def fallen(new: int, old: int, *, stopped: bool, **known: object) -> Sentence:
    """What is said of sales that fell, by the signs of what new and existing customers added."""
    if new < 0 < old and stopped:
        return say(
            "Sales are {change} below {against}: existing customers buy more, new ones have all but stopped coming.",
            **known,
        )
    if new < 0 < old:
        return say("Sales are {change} below {against}: existing customers buy more, new ones much less.", **known)
    if new < 0 and old < 0 and stopped:
        return say(
            "Sales are {change} below {against}: existing customers bring less, new ones have all but stopped coming.",
            **known,
        )
    if new < 0 and old < 0:
        return say("Sales are {change} below {against}: both new and existing customers bring less.", **known)
    if new < 0 and stopped:
        return say("Sales are {change} below {against}: new customers have all but stopped coming.", **known)
    if new < 0:
        return say("Sales are {change} below {against}: new customers bring less.", **known)
    if old < 0 < new:
        return say("Sales are {change} below {against}: new customers bring more, existing ones much less.", **known)
    if old < 0:
        return say("Sales are {change} below {against}: existing customers bring less.", **known)
    return say("Sales are {change} below {against}.", **known)


def risen(new: int, old: int, **known: object) -> Sentence:
    """What is said of sales that rose."""
    if new > 0 and old > 0:
        return say("Sales are {change} above {against}: both new and existing customers bring more.", **known)
    if new > 0 > old:
        return say("Sales are {change} above {against}: new customers bring more, existing ones less.", **known)
    if old > 0 > new:
        return say("Sales are {change} above {against}: existing customers buy more, fewer new ones come.", **known)
    if new > 0:
        return say("Sales are {change} above {against}: new customers bring more.", **known)
    if old > 0:
        return say("Sales are {change} above {against}: existing customers bring more.", **known)
    return say("Sales are {change} above {against}.", **known)
