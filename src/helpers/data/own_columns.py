"""Columns of one's own beside the customers of a data set: checked, typed, and put into its tables as attributes."""

from __future__ import annotations

import warnings
from collections.abc import Hashable
from dataclasses import replace

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from helpers.data import contracts, subsets
from helpers.data.intake.wording.schema import Settings
from helpers.data.intake.wording.tables import Extra, Feed, Origin
from helpers.language import _

ID = "customer_id"
CUSTOMERS = contracts.CUSTOMERS.name
NUMBERS = ("integer", "floating", "mixed-integer-float", "decimal")
TIMES = ("datetime64", "datetime", "date", "timedelta64", "timedelta", "time", "period")


def own(frame: pd.DataFrame | pd.Series, on: str, customers: pd.DataFrame) -> pd.DataFrame:
    """Columns of texts and numbers by customer_id, for those of `customers` that a row of `frame` names by `on`.

    `on` is a column of the frame, or its index. Yes or no becomes a text, categories their names. Warns of rows that
    name no customer. Raises ValueError for a frame without the key or beside it without columns, a customer in two
    rows, ids of which none is known, a column that customers have already, and one of times.
    """
    flat = _flat(frame, on)
    ids = _texts(flat[on])
    if twice := ids[ids.duplicated() & ids.notna()].tolist():
        raise ValueError(
            _("join on {on} = {value!r}: it has several rows. Sum them up to one row a customer first.").format(
                on=on, value=twice[0]
            )
        )
    known = ids.isin(customers[ID])
    if not known.any():
        raise ValueError(subsets.unmet(f"join on {on}", pd.Index(ids), customers[ID]))
    if strangers := int((~known).sum()):
        told = _("{strangers} of {rows} rows that were joined on {on} name no customer of this data set.")
        warnings.warn(told.format(strangers=strangers, rows=len(flat), on=on), stacklevel=3)
    columns = {str(name): _values(flat[name]) for name in flat.columns if name != on}
    for name in columns:
        if name in customers.columns or contracts.CUSTOMERS.column(name):
            raise ValueError(_("join column = {name!r}: customers have one already. Rename yours.").format(name=name))
    return pd.DataFrame({ID: ids, **columns})[known].reset_index(drop=True)


def tables_with(tables: dict[str, ir.Table], columns: pd.DataFrame, customers: pd.DataFrame) -> dict[str, ir.Table]:
    """The tables, of which that of customers has these `columns`; where there is none it is made of all `customers`.

    Who is known from orders alone, and has no row among customers, has one with these columns then.
    """
    people = tables.get(CUSTOMERS)
    if people is None:
        people = _table(customers[[ID]])
    both = people.outer_join(_table(columns), ID)
    return tables | {CUSTOMERS: both.mutate(**{ID: ibis.coalesce(both[ID], both[f"{ID}_right"])}).drop(f"{ID}_right")}


def settings_with(settings: Settings, columns: pd.DataFrame) -> Settings:
    """The settings, which declare these columns as attributes of customers."""
    declared = {
        name: Extra(name, "attributes", Origin(), type="number" if pd.api.types.is_numeric_dtype(values) else "text")
        for name, values in columns.drop(columns=ID).items()
    }
    feed = settings.feeds.get(CUSTOMERS, Feed(("(joined)",), CUSTOMERS))
    feed = replace(feed, attributes={**feed.attributes, **declared})
    return replace(settings, feeds={**settings.feeds, CUSTOMERS: feed})


def _flat(frame: pd.DataFrame | pd.Series, on: str) -> pd.DataFrame:
    flat = frame.to_frame() if isinstance(frame, pd.Series) else frame
    if on not in flat.columns and on in flat.index.names:
        flat = flat.reset_index()
    if on not in flat.columns:
        names = ", ".join(map(str, flat.columns))
        raise ValueError(
            _(
                "join = {on!r}: the table has no such column or index, but {names}. Say on which one it is joined."
            ).format(on=on, names=names or _("nothing"))
        )
    if len(flat.columns) == 1:
        raise ValueError(_("join = {on!r}: the table has no other column. Give one to join.").format(on=on))
    return flat.reset_index(drop=True)


def _texts(ids: pd.Series) -> pd.Series:
    """The ids as the data set has them: whole numbers without a decimal point."""
    if pd.api.types.is_float_dtype(ids) and (ids.dropna() % 1 == 0).all():
        ids = ids.astype("Int64")
    return ids.astype(object).where(ids.notna()).map(lambda each: str(each).strip(), na_action="ignore")


def _values(values: pd.Series) -> pd.Series:
    """The values of a column as numbers or as texts."""
    kind = pd.api.types.infer_dtype(values, skipna=True)
    if kind in TIMES:
        raise ValueError(
            _("join column = {name!r}: it has times. Give numbers or texts, such as the days since.").format(
                name=str(values.name)
            )
        )
    if kind in NUMBERS:
        return values.astype("Float64").astype(float).replace([np.inf, -np.inf], np.nan)
    return values.astype(object).where(values.notna()).map(_word, na_action="ignore").astype(object)


def _word(value: Hashable) -> str:
    return ("yes" if value else "no") if isinstance(value, bool | np.bool_) else str(value)


def _table(columns: pd.DataFrame) -> ir.Table:
    types = {name: "float64" if pd.api.types.is_numeric_dtype(columns[name]) else "string" for name in columns}
    return ibis.memtable(columns, schema=ibis.schema(types))
