"""The options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

DATASET = Annotated[str, typer.Option(help="A folder under data/raw, or the path of any folder.")]
AS_OF = Annotated[str, typer.Option(help="The report's day, YYYY-MM-DD; by default the last day in the data.")]
PRESET = Annotated[str, typer.Option(help="The column mapping for a folder without dataset.toml, such as zoho.")]
OUT = Annotated[Path, typer.Option(help="The folder that holds all reports.")]
LANGUAGE = Annotated[
    str, typer.Option("--language", metavar="en|zh", help="The language of what is said; by default that of LANG.")
]
FRESH = Annotated[
    int | None,
    typer.Option(
        min=0, metavar="DAYS", help="Exit with 3 where the data, or a table that stopped, end longer before the day."
    ),
]
ENGINE = Annotated[
    str,
    typer.Option(
        "--engine",
        metavar="URL",
        help="Compute in postgresql://user@host/database or sc://host:15002.",
    ),
]
OUTSIDE = Annotated[
    bool, typer.Option("--allow-outside", help="Read files outside the data set's folder that its dataset.toml names.")
]
