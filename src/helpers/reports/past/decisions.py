"""Decisions that an earlier report told already: they are decided, and no news."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.analyses.experiments.vocabulary import DECISION
from helpers.analyses.plan.vocabulary import ACTION, CYCLES, VERDICT
from helpers.findings import Column, facts, load, say
from helpers.findings.sentence import Sentence

DAYS = 3  # of decisions that are told one by one
STOPS = ("stop", "cannot_pay")  # verdicts after which there is to be no further plan of the action


@dataclass(frozen=True)
class Kept:
    """A saved table of decisions: what they are about, what is decided, and which of it is final."""

    table: str
    about: tuple[str, ...]
    decision: Column
    final: tuple[str, ...]


KEPT = (
    Kept("experiment_decisions", ("experiment", "arm"), DECISION, ("ship", "keep", "harmed")),
    Kept("action_effects", ("action",), VERDICT, ("scale", *STOPS)),
)


@dataclass(frozen=True)
class Decision:
    """One decision, and the day of the first of the reports in a row that told it."""

    table: str
    about: tuple[str, ...]
    decided: facts.Word
    on: dt.date

    @property
    def what(self) -> facts.Name:
        """What it is about, as readers call it."""
        names = [
            facts.Word(name, ACTION) if self.table == "action_effects" else facts.Name(name) for name in self.about
        ]
        return facts.Name(" · ".join(map(str, names)))


def told(decisions: Sequence[Decision]) -> list[Sentence]:
    """One sentence for each of the last days on which something was decided, and one that counts all before."""
    days = sorted({each.on for each in decisions}, reverse=True)
    spoken = [_of_day(day, [each for each in decisions if each.on == day]) for day in days[:DAYS]]
    older = sum(each.on not in days[:DAYS] for each in decisions)
    if older == 1:
        return [*spoken, say("One earlier decision stands.")]
    return [*spoken, say("{decisions} earlier decisions stand.", decisions=facts.Count(older))] if older else spoken


def _of_day(day: dt.date, decisions: Sequence[Decision]) -> Sentence:
    """What was decided on a day: each verdict with all that it was given of."""
    verdicts = {str(each.decided.value): each.decided for each in decisions}
    given = [
        say(
            "{decision}: {what}", decision=verdict,
            what=facts.Listed(tuple(each.what for each in decisions if each.decided.value == code)),
        )
        for code, verdict in verdicts.items()
    ]  # fmt: skip
    return say("Decided on {day} – {decisions}.", day=facts.Day(day), decisions=facts.Clauses(tuple(given)))


def decided(tables: Path, earlier: Sequence[Path]) -> list[Decision]:
    """The decisions in a report's `tables` that those of `earlier` folders, the newest first, told already."""
    return [each for kept in KEPT for each in _of(kept, tables, earlier)]


def settled(tables: Path, decisions: Sequence[Decision]) -> set[str]:
    """The subjects of news that are none, since all that they ask for is decided."""
    subjects = {f"verdict on {each.about[0]}" for each in decisions if each.table == "action_effects"}
    known = {each.about for each in decisions if each.table == "experiment_decisions"}
    now = _decisions(KEPT[0], tables)
    asked = {about for about, row in now.items() if row["decision"] in ("ship", "harmed")}
    return subjects | ({"experiments"} if asked and asked <= known else set())


def _of(kept: Kept, tables: Path, earlier: Sequence[Path]) -> Iterator[Decision]:
    former = [(folder, _decisions(kept, folder / "tables")) for folder in earlier]
    for about, row in _decisions(kept, tables).items():
        code, since = row[kept.decision], None
        for folder, rows in former:
            if about not in rows or rows[about][kept.decision] != code or _went_on(code, row, rows[about]):
                break
            since = folder.name
        if code in kept.final and since:
            yield Decision(kept.table, about, facts.Word(code, kept.decision), dt.date.fromisoformat(since))


def _went_on(code: str, now: Mapping[str, Any], before: Mapping[str, Any]) -> bool:
    """Whether what was to stop was planned again since: then it has to be said again."""
    return code in STOPS and now[CYCLES] > before[CYCLES]


def _decisions(kept: Kept, tables: Path) -> dict[tuple[str, ...], dict[str, Any]]:
    """The rows of a table of decisions by what they are about; none where the report has no such table."""
    rows = load(tables, kept.table)
    if rows is None or not {*kept.about, kept.decision} <= set(rows.columns):
        return {}
    told = rows.drop_duplicates(list(kept.about)).astype(object)
    keys = told[list(kept.about)].astype(str).itertuples(index=False, name=None)
    return dict(zip(keys, told.where(pd.notna(told), None).to_dict("records"), strict=True))
