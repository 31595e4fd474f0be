"""All plans of a data set, kept beside its reports: a deleted report takes nothing away that was given out."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from helpers.data import whole_files
from helpers.data.contracts import PLANNED_ACTIONS
from helpers.findings import load

NAME = "plan_history"
PLANNED_ON = "planned_on"


def remember(report: Path) -> None:
    """Adds the plans that the finished `report` knows to those kept beside it, in one step.

    A plan made for the report's day before is replaced by this one. Nothing happens where the report made no plan.
    """
    known = load(report / "tables", NAME)
    if known is None:
        return
    kept = load(report.parent, NAME)
    if kept is not None:
        others = kept[kept[PLANNED_ON] != pd.Timestamp(report.name)]
        known = pd.concat([others, known], ignore_index=True).drop_duplicates(list(PLANNED_ACTIONS.key), keep="first")
    keep(known, report.parent)


def keep(plans: pd.DataFrame, home: Path, name: str = NAME) -> None:
    """Writes `plans` into the folder `home` in one step, readable by their owner alone."""
    with whole_files.replacing(home / f"{name}.parquet", private=True) as beside:
        plans.to_parquet(beside, index=False)
