"""The shelf of all reports: per data set its first measure over all its days, its state, and what the newest says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from helpers import language
from helpers.data import whole_files
from helpers.findings import facts, say
from helpers.findings.drawing import typeface
from helpers.findings.sentence import Sentence
from helpers.reports import folder
from helpers.reports.pages import publish
from helpers.reports.pages.monday import Monday
from helpers.reports.pages.publish import Entry
from helpers.reports.past import history

FIRST_PAGE, NUMBER = "first_page", history.MEASURE  # in a manifest: by language, and whatever the language


def kept(first: Monday) -> dict[str, str]:
    """What a manifest keeps of a first page for the shelf, in the language that is spoken."""
    tile = next(iter(first.tiles), {"name": "", "value": ""})
    return {"verdict": first.verdict, "measure": tile["name"], "value": tile["value"]}


def number(first: Monday) -> float | None:
    """The first measure as a number; None without any."""
    return next((tile["number"] for tile in first.tiles), None)


def write(out: Path, edition: str) -> None:
    """Writes the page of all reports under `out` in a language, in one step."""
    with language.spoken(edition):
        (index,) = typeface.with_glyphs([publish.reports_index(entries(out))])
    whole_files.write(out / "index.html", index)


def language_of(report: Path) -> str:
    """The main language of a finished report."""
    return next(iter(folder.record(report).get("languages", ())), language.ENGLISH)


def entries(out: Path) -> list[Entry]:
    """The data sets with finished reports under `out`, by name, as their manifests tell of them."""
    return [_entry(out / name, sorted(days, reverse=True)) for name, days in sorted(folder.reports(out).items())]


def _entry(home: Path, days: Sequence[str]) -> Entry:
    records = [folder.record(home / day) for day in days]
    newest = records[0]
    told: Mapping[str, dict[str, str]] = newest.get(FIRST_PAGE, {})
    page = told.get(language.current()) or next(iter(told.values()), {})
    measured = {day: folder.record(home / history.NAME / day).get(NUMBER) for day in history.days(home)}
    measured |= {day: record.get(NUMBER) for day, record in zip(days, records, strict=True)}
    line = [measured[day] for day in sorted(measured)]
    states = [notebook["status"] for notebook in newest.get("notebooks", {}).values()]
    return Entry(
        home.name,
        days,
        title=newest.get("title", ""),
        verdict=page.get("verdict", ""),
        measure=page.get("measure", ""),
        value=page.get("value", ""),
        line=line if sum(value is not None for value in line) > 1 else (),
        drawn=_drawn(sorted(measured, reverse=True)),
        state=_state(states),
        is_whole=all(state == "completed" for state in states),
    )


def _drawn(days: Sequence[str]) -> Sentence:
    """What the line shows: from which report to which."""
    ends = facts.Range(*(facts.Day(dt.date.fromisoformat(day)) for day in (days[-1], days[0])))
    return say("{reports} reports: {span}.", reports=facts.Count(len(days)), span=ends)


def _state(states: Sequence[str]) -> Sentence | None:
    """How many pages of the newest report completed."""
    if not states:
        return None
    whole = sum(state == "completed" for state in states)
    known: Mapping[str, Any] = {"whole": facts.Count(whole), "pages": facts.Count(len(states))}
    return say("{whole} of {pages} pages complete.", **known)
