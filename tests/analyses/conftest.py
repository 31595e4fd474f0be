"""Data sets for tests, straight from tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import ibis
import pandas as pd
import pytest

from helpers.data import contracts, snapshot
from helpers.data.datasets import Dataset
from helpers.data.intake import parsing
from helpers.data.intake.settings import DEFAULT_POLICY, Settings

AS_OF = dt.date(2025, 6, 30)


@pytest.fixture(scope="session")
def made() -> Callable[..., Dataset]:
    """A function of contract tables (name=frame; a column `days_ago` becomes the time of its rows) and `as_of`."""

    def make(as_of: dt.date = AS_OF, **frames: pd.DataFrame) -> Dataset:
        words = Settings("shop", "", "UTC", "CNY", None, "", "", DEFAULT_POLICY, {}, {}, {})
        tables = {name: _contract_table(name, frame) for name, frame in frames.items()}
        known = snapshot.cut(tables, as_of)
        data = Dataset("shop", as_of, words, known, pd.DataFrame(), Path(), (), Path())
        vars(data)["customers"] = snapshot.customers(known, as_of, words.policy).execute()
        return data

    return make


def _contract_table(name: str, frame: pd.DataFrame) -> ibis.Table:
    contract = contracts.TABLES[name]
    if "days_ago" in frame:
        times = pd.Timestamp(AS_OF) - pd.to_timedelta(frame["days_ago"], unit="D")
        frame = frame.drop(columns="days_ago").assign(**{contract.fact_at: times})
    table = ibis.memtable(frame)
    return table if name == "customers" else parsing.completed(table, contract)
