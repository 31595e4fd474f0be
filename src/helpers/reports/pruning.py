"""Dated reports kept as far as a rule says, and the others removed, with what later reports rest on left as it is."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from helpers.language import _
from helpers.reports import folder
from helpers.reports.order import was_made
from helpers.reports.past import history, shelf

# A unit → the number of the period that a day lies in, which the next period has one more of.
PERIODS: dict[str, Callable[[dt.date], int]] = {
    "day": lambda day: day.toordinal(),
    "week": lambda day: (day.toordinal() - 1) // 7,  # from Monday on
    "month": lambda day: day.year * 12 + day.month,
    "quarter": lambda day: (day.year * 12 + day.month - 1) // 3,
    "year": lambda day: day.year,
}
CHINESE = {"天": "day", "日": "day", "周": "week", "月": "month", "季": "quarter", "季度": "quarter", "年": "year"}
RULE = re.compile(r"([1-9]\d{0,4})\s*个?\s*(?:(day|week|month|quarter|year)s?|(天|日|周|月|季度?|年))", re.IGNORECASE)


@dataclass(frozen=True)
class Pruning:
    """Of one data set the days whose reports stay and those whose reports go, oldest first."""

    home: Path
    kept: Sequence[str]
    removed: Sequence[str]
    sizes: Sequence[int]  # in bytes, of those removed


def rules(keep: str) -> list[tuple[int, str]]:
    """How many of which period `keep` names: "30 days, 12 months"; ValueError for anything else."""
    parts = [part.strip() for part in re.split("[,，、]", keep)]
    found = [RULE.fullmatch(part) for part in parts]
    if not all(found):
        words = _("keep = {keep!r}: write how many of what, such as '30 days, 12 months'.")
        raise ValueError(words.format(keep=keep))
    return [(int(each[1]), each[2].lower() if each[2] else CHINESE[each[3]]) for each in found if each]


def prune(out: Path, keep: str, dataset: str = "", *, dry_run: bool = False) -> list[Pruning]:
    """What of the reports under `out` goes and stays, by data set (all for none); a `dry_run` removes nothing.

    Of each of the last so many periods the last report stays, counted back from the newest report, which always does;
    so do those that the next report rests on. Raises ValueError where a run is writing one of them.
    """
    wanted = rules(keep)
    if not out.is_dir():
        raise ValueError(_("out = {folder!r}: no such folder.").format(folder=str(out)))
    with folder.alone(out):
        prunings = [_planned(out / name, days, wanted) for name, days in _found(out, dataset)]
        if not dry_run:
            _carry_out(out, [each for each in prunings if each.removed])
    return prunings


def _found(out: Path, dataset: str) -> Iterator[tuple[str, list[str]]]:
    there = folder.reports(out)
    name = Path(dataset).name
    if dataset and name not in there:
        words = _("dataset = {name!r}: it has no report under {out}. There are {known}.")
        known = ", ".join(there) or _("none")
        raise ValueError(words.format(name=dataset, out=out, known=known))
    return ((each, days) for each, days in there.items() if not dataset or each == name)


def _planned(home: Path, days: Sequence[str], wanted: Iterable[tuple[int, str]]) -> Pruning:
    kept = {*_by_rule(days, wanted), *_rested_on(home, days)}
    removed = [day for day in days if day not in kept]
    return Pruning(home, sorted(kept), removed, [_size(home / day) for day in removed])


def _by_rule(days: Sequence[str], wanted: Iterable[tuple[int, str]]) -> set[str]:
    """The last day of each of the last periods, counted from that of the newest day."""
    kept = {days[-1]}
    for number, unit in wanted:
        period_of = PERIODS[unit]
        last_of = {period_of(dt.date.fromisoformat(day)): day for day in days}
        newest = max(last_of)
        kept |= {day for period, day in last_of.items() if newest - period < number}
    return kept


def _rested_on(home: Path, days: Sequence[str]) -> set[str]:
    """The days that the next report goes on from: where `latest` leads, and of each page the newest that was made."""
    records = [folder.record(home / day).get("notebooks") for day in days]
    words = {word for pages in records if isinstance(pages, dict) for word in pages}
    newest = {next((day for day in reversed(days) if was_made(home / day, word)), "") for word in words}
    return {*newest, (home / "latest").resolve().name} & {*days}


def _carry_out(out: Path, prunings: Sequence[Pruning]) -> None:
    """Removes the reports: what stays of them is written first, then they are gone at once, then the shelf is anew."""
    for pruning in prunings:
        folder.check_unwritten(pruning.home)
    gone = [report for each in prunings for report in _set_aside(each)]
    if gone:
        shelf.write(out, shelf.language_of(prunings[0].home / prunings[0].kept[-1]))
    for report in gone:
        shutil.rmtree(report)


def _set_aside(pruning: Pruning) -> Iterator[Path]:
    for day in pruning.removed:
        report = pruning.home / day
        history.keep(report)
        aside = report.with_name(f".{day}{folder.GONE}")
        shutil.rmtree(aside, ignore_errors=True)
        yield report.rename(aside)


def _size(report: Path) -> int:
    return sum(path.stat().st_size for path in report.rglob("*") if path.is_file())
