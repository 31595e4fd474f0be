"""The data sets that tests need, from one place: small shops made of a few rows, experiments, and public data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd

from helpers.data import contracts, snapshot
from helpers.data.datasets import Dataset
from helpers.data.intake import parsing
from helpers.data.intake.settings import DEFAULT_POLICY, Extra, Feed, Origin, Settings

SHARED = Path(__file__).resolve().parents[1] / "../shared/data"  # public data beside the project; absent elsewhere
AS_OF = dt.date(2025, 6, 30)
BOOKS = ["table", "outcome", "rule", "rows", "rows_meeting"]

Rows = pd.DataFrame | ir.Table | Mapping[str, Any]


class Shop(Dataset):
    """A data set in memory, whose customers are read from its tables when they are asked for."""

    @cached_property
    def customers(self) -> pd.DataFrame:
        return snapshot.customers(self.tables, self.as_of, self.settings.policy).execute()


def words(**given: Any) -> Settings:
    """The settings of a data set that says nothing but what is `given`."""
    silent = {
        "title": "A toy shop", "preset": "", "time_zone": "UTC", "currency": "", "contractual": None,
        "observed_from": "", "observed_on": "", "policy": DEFAULT_POLICY, "feeds": {}, "experiments": {}, "notebooks": {},
    }  # fmt: skip
    return Settings(**silent | given)


def shop(
    *,
    as_of: dt.date = AS_OF,
    settings: Settings | None = None,
    known: pd.DataFrame | None = None,
    accounting: Iterable[tuple] | pd.DataFrame = (),
    aside: Mapping[str, Rows] | None = None,
    as_given: bool = False,
    **tables: Rows,
) -> Dataset:
    """A data set of these contract tables (orders=…, tickets=…), opened as of a day.

    A column `days_ago` becomes the time of its rows, counted back from `AS_OF`. Columns of the contract that are not
    given are missing in every row, and facts after `as_of` are cut off; with `as_given` the tables stay as they are.
    `known` is the snapshot, one row a customer, where the tables shall not make it; `accounting` has rows of `BOOKS`.
    """
    made = {name: _table(name, rows, as_given) for name, rows in tables.items()}
    books = accounting if isinstance(accounting, pd.DataFrame) else pd.DataFrame(list(accounting), columns=BOOKS)
    left = {name: _table(name, rows, as_given=True) for name, rows in (aside or {}).items()}
    cut = made if as_given else snapshot.cut(made, as_of)
    data = Shop("shop", as_of, settings or words(), cut, books, Path(), (), Path(), left)
    if known is not None:
        vars(data)["customers"] = known
    return data


def metric(name: str, kind: str = "mean", missing: str = "0", *, label: str = "", **more: Any) -> Extra:
    """A metric of an experiment, as dataset.toml would declare it; missing values count as 0."""
    return Extra(name, "metrics", Origin(), type="number", kind=kind, missing=missing, label=label or name, **more)


def covariate(name: str, type: str = "number") -> Extra:
    """A column known before the assignment, as dataset.toml would declare it."""
    return Extra(name, "covariates", Origin(), type=type)


def trial(
    rows: Rows,
    *extras: Extra,
    as_of: dt.date = AS_OF,
    experiments: Mapping[str, dict[str, Any]] | None = None,
    accounting: Iterable[tuple] | pd.DataFrame = (),
    **tables: Rows,
) -> Dataset:
    """A data set with the experiment `test` of these rows (variant, metrics …), one new customer each if none is named.

    `extras` are its metrics and covariates; `experiments` what the settings say of experiments, by name.
    """
    frame = pd.DataFrame(rows)
    frame = frame.assign(
        **{name: value for name, value in {"experiment": "test", "customer_id": [f"c{row}" for row in range(len(frame))]}.items()
           if name not in frame}
    )  # fmt: skip
    settings = words(feeds={"experiments": Feed("experiments", (), extras=extras)}, experiments=dict(experiments or {}))
    return shop(as_of=as_of, settings=settings, accounting=accounting, as_given=True, experiments=frame, **tables)


def _table(name: str, rows: Rows, as_given: bool) -> ir.Table:
    if isinstance(rows, ir.Table):
        return rows
    contract, frame = contracts.TABLES[name], pd.DataFrame(rows)
    if "days_ago" in frame:
        times = pd.Timestamp(AS_OF) - pd.to_timedelta(frame["days_ago"], unit="D")
        frame = frame.drop(columns="days_ago").assign(**{contract.fact_at: times})
    table = ibis.memtable(frame)
    return table if as_given or name == "customers" else parsing.completed(table, contract)
