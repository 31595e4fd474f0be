"""What stays of a report that is pruned, for those after it: its first measure, and the decisions that it told."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from helpers.reports import folder
from helpers.reports.past import decisions

NAME = "history"  # the folder beside the reports
MEASURE = "first_measure"  # in a manifest, whatever the language


def keep(report: Path) -> None:
    """Leaves beside the finished `report` what stays of it, whole or not at all; no row of it is of a customer."""
    record = folder.record(report)
    with folder.building(report.parent / NAME / report.name) as draft:
        (draft / "tables").mkdir()
        for kept in decisions.KEPT:
            table = report / "tables" / f"{kept.table}.parquet"
            if table.exists():
                shutil.copy2(table, draft / "tables")
        words = {name: record.get(name) for name in ("dataset", "as_of", "started_at", MEASURE)}
        (draft / folder.MANIFEST).write_text(json.dumps(words), encoding="utf-8")


def days(home: Path) -> list[str]:
    """The days of the pruned reports of a data set, oldest first."""
    return sorted(path.parent.name for path in (home / NAME).glob(f"*/{folder.MANIFEST}") if _is_day(path.parent))


def with_pruned(standing: Sequence[Path], home: Path, day: str) -> list[Path]:
    """The `standing` reports before a `day`, the newest first, and between them what stays of those that are pruned."""
    there = {report.name: report for report in standing}
    pruned = {each: home / NAME / each for each in days(home) if each < day}
    return [found for _day, found in sorted((pruned | there).items(), reverse=True)]


def _is_day(path: Path) -> bool:
    return bool(folder.DAY.fullmatch(path.name))
