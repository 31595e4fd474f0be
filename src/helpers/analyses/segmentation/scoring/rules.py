"""Rules that name a segment by its scores: those that ship with the package, and those of a data set's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from helpers import parameters

DIMENSIONS = ("recency", "frequency", "monetary")
OTHERS = "Others 其他客户"
SCALE = (1, 5)


@dataclass(frozen=True)
class Rule:
    """Scores, from and to on a scale of five, that make a segment; the whole scale asks for nothing."""

    recency: tuple[int, int] = SCALE
    frequency: tuple[int, int] = SCALE
    monetary: tuple[int, int] = SCALE

    def __str__(self) -> str:
        return self.words(DIMENSIONS)

    def words(self, dimensions: Sequence[str]) -> str:
        """What it asks of these dimensions: R4–5 F1–2."""
        asked = {name: getattr(self, name) for name in dimensions if getattr(self, name) != SCALE}
        return (
            " ".join(
                f"{name[0].upper()}{low}" if low == high else f"{name[0].upper()}{low}–{high}"
                for name, (low, high) in asked.items()
            )
            or "any scores"
        )


# The first rule that fits names the customer. Together they cover every cell; Others is for rules of one's own.
SEGMENTS: Mapping[str, Rule] = {
    "Champions 重要价值客户": Rule((4, 5), (4, 5), (4, 5)),
    "Loyal 忠诚客户": Rule((3, 5), (3, 5), (3, 5)),
    "Big spenders, few orders 重要发展客户": Rule((3, 5), (1, 2), (4, 5)),
    "Frequent, small baskets 一般价值客户": Rule((3, 5), (3, 5), (1, 2)),
    "Promising 一般发展客户": Rule((3, 5), (1, 2), (1, 3)),
    "Cannot lose 重要保持客户": Rule((1, 2), (4, 5), (4, 5)),
    "Lapsed big spenders 重要挽留客户": Rule((1, 2), (1, 3), (4, 5)),
    "Fading regulars 一般保持客户": Rule((1, 2), (3, 5), (1, 3)),
    "Hibernating 一般挽留客户": Rule((1, 2), (1, 2), (1, 3)),
}

# Where nothing is known of money, names that speak of it would promise too much.
SEGMENTS_WITHOUT_MONEY: Mapping[str, Rule] = {
    name: Rule(SEGMENTS[name].recency, SEGMENTS[name].frequency)
    for name in (
        "Champions 重要价值客户",
        "Loyal 忠诚客户",
        "Promising 一般发展客户",
        "Cannot lose 重要保持客户",
        "Fading regulars 一般保持客户",
        "Hibernating 一般挽留客户",
    )
}


def rules_from(words: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Rule]:
    """The rules that a setting such as {"VIP": {"recency": [4, 5], "monetary": [5, 5]}} makes, in its order.

    A dimension that a rule leaves out may have any score. Raises ValueError for no rules, another dimension, a rule
    by the name of Others, or anything but two whole numbers from 1 to 5 in rising order.
    """
    if not words or OTHERS in words:
        raise ValueError(f"rules = {list(words)}: name at least one segment, and none {OTHERS!r}.")
    return {name: _rule(f"rules.{name}", scores) for name, scores in words.items()}


def _rule(subject: str, scores: Mapping[str, Any]) -> Rule:
    for dimension, span in scores.items():
        parameters.one_of(subject, dimension, DIMENSIONS)
        match span:
            case [int() as low, int() as high] if SCALE[0] <= low <= high <= SCALE[1]:
                continue
        raise ValueError(f"{subject}.{dimension} = {span!r}: give the lowest and the highest score, such as [4, 5].")
    return Rule(**{dimension: tuple(span) for dimension, span in scores.items()})
