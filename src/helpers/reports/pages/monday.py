"""The first page of a report: the verdict, what changed, what to do, the measures, and one line a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

import pandas as pd
from nbformat import NotebookNode

from helpers.findings import facts, say
from helpers.findings.briefs import FALLEN, RISEN, WITHIN_CHANCE, Direction, Topic, ranked
from helpers.findings.sentence import Sentence
from helpers.language import _
from helpers.reports.pages import proof

CHANGES, ACTIONS = 3, 3
WIDTH, HEIGHT, MARGIN = 200.0, 32.0, 3.0  # of the line of periods on a tile


@dataclass(frozen=True)
class Monday:
    """What the first page says, in the language that was spoken when it was gathered."""

    verdict: str
    basis: str
    changes: Sequence[Mapping[str, Any]]
    actions: Sequence[Mapping[str, Any]]
    tiles: Sequence[Mapping[str, Any]]
    apart: Sequence[Sentence] = ()  # what is no change of the business: by what the report is made, what is decided

    @property
    def quiet(self) -> str:
        """That nothing changed, where measures were compared and nothing moved but by chance or with the season."""
        standings = [standing for tile in self.tiles for standing in tile["standings"]]
        moved = [standing for standing in standings if standing["sign"] in (RISEN, FALLEN)]
        compared = any(standing["sign"] == WITHIN_CHANCE for standing in standings)
        if self.changes or not compared or not all(standing.get("seasonal") for standing in moved):
            return ""
        if moved:
            return _("Nothing beyond chance changed on last year; on the days before, the season may be the reason.")
        return _("Nothing beyond chance changed.")


def directions() -> dict[str, str]:
    """What readers see of each direction of a change, in the language that is spoken."""
    return {Direction.BETTER: _("better"), Direction.WORSE: _("worse"), Direction.LEVEL: _("within chance")}


def briefs(notebook: NotebookNode) -> list[Mapping[str, Any]]:
    """The briefs of an executed notebook's answers in the language that is spoken, in order."""
    return [note["brief"] for note in proof.notes(notebook.cells) if note.get("applicable") and "brief" in note]


def gathered(
    told: Sequence[Mapping[str, Any]],
    headlines: Sequence[str],
    apart: Sequence[Sentence] = (),
    settled: Set[str] = frozenset(),
) -> Monday:
    """The first page made of all briefs of a report: the weightiest verdict, three changes, three actions, the tiles.

    Without a verdict the first of the `headlines` stands in its place. Actions on `settled` subjects are no news;
    `apart` stands what is none either.
    """
    news: list[Any] = []
    for brief in told:
        news = [each for each in news if each["subject"] not in brief.get("settles", ())] + list(brief["news"])
    news = [each for each in news if each["topic"] != Topic.ACTION or each["subject"] not in settled]
    by_topic = {topic: [each for each in news if each["topic"] == topic] for topic in Topic}
    verdict = next(iter(ranked(by_topic[Topic.VERDICT], 1)), None)
    return Monday(
        verdict["said"] if verdict else next(iter(headlines), ""),
        verdict["basis"] if verdict else "",
        ranked(by_topic[Topic.CHANGE], CHANGES),
        ranked(by_topic[Topic.ACTION], ACTIONS),
        [tile for brief in told for tile in brief["tiles"]],
        apart,
    )


def sparkline(periods: Sequence[float | None]) -> list[list[tuple[float, float]]]:
    """The runs of points of a line from the left to the right, the axis from 0 to the largest; a gap parts two runs."""
    known = [value for value in periods if value is not None]
    top = max([*known, 0.0]) or 1.0
    step = (WIDTH - 2 * MARGIN) / max(len(periods) - 1, 1)
    runs: list[list[tuple[float, float]]] = [[]]
    for place, value in enumerate(periods):
        if value is None:
            runs.append([])
        else:
            height = HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * max(value, 0.0) / top
            runs[-1].append((round(MARGIN + place * step, 1), round(height, 1)))
    return [run for run in runs if run]


def rows_told(accounting: pd.DataFrame, currency: str) -> Sentence:
    """One line on what became of the rows read: how many, how many are not used, and the money of their orders."""
    aside = accounting[accounting["outcome"].isin(["quarantined", "guest"])]
    money = aside.loc[aside["table"] == "orders", "money"].sum()
    known = {
        "read": facts.Count(accounting.loc[accounting["outcome"] == "read", "rows"].sum()),
        "aside": facts.Count(aside["rows"].sum()),
    }  # fmt: skip
    if money:
        return say(
            "{read} rows in all tables, {aside} of them not used, with {money} of orders.",
            money=facts.Money(money, currency),
            **known,
        )
    return say("{read} rows in all tables, {aside} of them not used.", **known)
