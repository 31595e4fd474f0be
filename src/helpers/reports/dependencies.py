"""What a page rests on beside its data, parameters and code: an ingredient each, so that a change of any is seen."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.data import datasets, privacy, tombstones
from helpers.data.datasets import Dataset
from helpers.findings import load
from helpers.findings.drawing import typeface
from helpers.reports import content

# Of the environment what a kernel may read by itself; who is mailed, passwords and programs that print decide no page.
READ = re.compile(
    r"KEHU_ENGINE|KEHU_ALLOW_OUTSIDE|LANG|LC_\w+|TZ|\w+_NUM_THREADS|MPLBACKEND|MATPLOTLIBRC|PYTHONPATH|PYTHONHASHSEED"
)
SHEETS = "*.csv"  # copies for people, which no notebook reads


def of_all(data: Dataset, editions: Sequence[str], surroundings: Mapping[str, str]) -> dict[str, str]:
    """What every page of a report rests on: ingredient → digits that change with it."""
    own = {name: value for name, value in os.environ.items() if READ.fullmatch(name)}
    return {
        "erased": content.digest(tombstones.of(datasets.PREPARED, data.name)),
        "pseudonyms": content.of_files([path for path in [privacy.KEY_FILE] if path.exists()], privacy.KEY_FILE.parent),
        "readings": content.of_rows(
            data.readings.astype(str)
        ),  # beside those of the preparation before, which no file tells
        "languages": ",".join(editions),
        "environment": content.digest(sorted((own | dict(surroundings)).items())),
        "packages": content.packages(),
        "python": content.digest(platform.python_implementation(), platform.python_version(), platform.machine()),
        "typeface": content.of_files([typeface.han_font()], typeface.han_font().parent),
    }


def of_earlier(given: Mapping[str, Any], draft: Path, as_of: str) -> dict[str, str]:
    """What a page with the parameters `given` reads of reports of earlier days, as a kernel in `draft` finds it."""
    found = {}
    if previous := given.get("previous"):
        home = (draft / previous).resolve()
        found["previous"] = content.of_files([path for path in home.glob("*") if not path.match(SHEETS)], home)
    if kept := given.get("memory"):
        found["memory"] = _plans((draft / kept).resolve(), as_of)
    return found


def _plans(home: Path, as_of: str) -> str:
    """Digits of the plans kept in a folder that were made before a day, whose report makes its own anew."""
    kept = load(home, "plan_history")
    known = None if kept is None else kept[kept["planned_on"] < pd.Timestamp(as_of)]
    return "" if known is None or known.empty else content.of_rows(known)
