"""Files written, read and settled, as a data set's only table."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from helpers.data import engine
from helpers.data.intake import settlement, sources
from helpers.data.intake.feeds import Source
from helpers.data.intake.rows import strays
from helpers.data.intake.wording import settings
from helpers.data.shelf import Shelf

ORDERS = "[tables.orders]\nfile = 'orders.csv'\n"


def check(folder: Path, toml: str, **raw: str) -> tuple[settlement.Checked, pd.DataFrame]:
    """What the check of the only table in `toml` says of the files written from `raw`, and the good rows."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "dataset.toml").write_text(toml, encoding="utf-8")
    for name, text in raw.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    words = settings.read(folder)
    (feed,) = words.feeds.values()
    read = sources.read(Source(engine.connect(), folder, feed, words, Shelf(folder / "shelf"), folder))
    outcome = settlement.settled(read, strays.of({feed.table: read.rows}))
    return outcome, pd.read_parquet(folder / f"{feed.table}.parquet")


def rows_of(outcome: settlement.Checked, rule: str) -> int:
    """The rows that are lost to a rule first."""
    return int(outcome.accounting.set_index("rule")["rows"].get(rule, 0))
