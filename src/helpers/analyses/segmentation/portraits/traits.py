"""What is known of each customer beside money: who they are, how they buy, and what, where and when they like to."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from helpers.analyses.segmentation.dated_rows import rows_of
from helpers.analyses.segmentation.groups import categorical, unsorted_buyers
from helpers.data import contracts
from helpers.data.ages import age_bands
from helpers.data.datasets import Dataset
from helpers.data.days import WEEKDAYS
from helpers.findings import formats, labels
from helpers.findings.folding import OTHERS, SMALLEST_GROUP

DEMOGRAPHIC = ("age_band", "gender", "country", "province", "channel", "level", "plan")
BEHAVIOURAL = ("order_size", "order_count")
EARNED = (*BEHAVIOURAL, "level")  # what buying makes, and segments are made of too
PREFERENCES = ("main_category", "main_channel", "main_daypart", "main_weekday")

COUNT_EDGES = (0, 1, 3, 9, np.inf)
MOST_VALUES = 8  # of one trait; the rarer ones are put together


def traits(data: Dataset) -> pd.DataFrame:
    """One categorical column a trait that this data set tells of some customers, missing where it is not known; index
    customer_id, in the snapshot's order.

    Demographic: the columns that describe customers, age in bands of the year of `as_of`. Behavioural: mean order in
    thirds of the buyers, and number of orders. Preferences: the category bought most often, and the channel, part of
    the day and weekday of most orders, or of most events where orders do not say; of equals the latest. Of many values
    the 8 most frequent are kept. A column with one value is left out. A preference of few rows is mostly chance, and
    of many rows mostly what everybody prefers.
    """
    every = data.customers.set_index("customer_id")
    named = [name for name in (*DEMOGRAPHIC, *data.settings.attributes) if name in every]
    given = {"age_band": _age_bands(data, every), **{name: every[name] for name in named}}
    given |= _behaviour(data) | _preferences(data)
    tidy = {name: _few_values(values) for name, values in given.items() if values is not None}
    kept = {name: values.reindex(every.index) for name, values in tidy.items() if len(values.cat.categories) > 1}
    return pd.DataFrame(kept, index=every.index)


def _age_bands(data: Dataset, every: pd.DataFrame) -> pd.Series | None:
    if "birth_year" not in every:
        return None
    return age_bands(every["birth_year"], data.as_of)


def _behaviour(data: Dataset) -> dict[str, pd.Series]:
    if "orders" not in data.customers:
        return {}
    known = unsorted_buyers(data, ["monetary", "orders"])
    mean_order = known["monetary"] / known["orders"]
    thirds = np.quantile(mean_order, [1 / 3, 2 / 3]) if len(known) else (0.0, 0.0)
    sizes = pd.Categorical.from_codes(np.searchsorted(thirds, mean_order), labels.ORDER_SIZES)
    return {
        "order_size": pd.Series(sizes, known.index),
        "order_count": pd.cut(known["orders"], COUNT_EDGES, labels=labels.ORDER_COUNTS),
    }


def _preferences(data: Dataset) -> dict[str, pd.Series | None]:
    done = {name: rows_of(data, name) for name in ("order_items", "orders", "events")}
    dated = {
        name: rows.mutate(at=rows[contracts.TABLES[name].fact_at]) for name, rows in done.items() if rows is not None
    }
    visits = [dated[name] for name in ("orders", "events") if name in dated]
    lines = [dated[name] for name in ("order_items",) if name in dated]
    dayparts = _most_frequent(visits, lambda rows: (rows["at"].hour() / 6).floor())
    return {
        "main_category": _most_frequent(lines, lambda rows: rows.category),
        "main_channel": _most_frequent(visits, lambda rows: rows.channel),
        "main_daypart": _named(dayparts, labels.DAYPARTS),
        "main_weekday": _named(_most_frequent(visits, lambda rows: rows["at"].day_of_week.index()), WEEKDAYS),
    }


def _most_frequent(sources: Sequence[ir.Table], value_of: Callable[[ir.Table], ir.Value]) -> pd.Series | None:
    """The value that most rows of each customer have, from the first source that has more than one value.

    Of equals the latest: the first by name would be the more common the more rows, and so equals, a customer has.
    """
    for rows in sources:
        known = rows.select("customer_id", "at", value=value_of(rows))
        known = known.filter(known.value.notnull())
        counts = known.group_by("customer_id", "value").agg(rows=known.count(), latest_at=known["at"].max())
        order = [counts.rows.desc(), counts.latest_at.desc(), counts.value.asc()]
        first = counts.mutate(place=ibis.row_number().over(group_by="customer_id", order_by=order))
        favourites = first.filter(first.place == 0).select("customer_id", "value").execute()
        if favourites["value"].nunique() > 1:
            return favourites.set_index("customer_id")["value"]
    return None


def _named(codes: pd.Series | None, names: tuple[str, ...]) -> pd.Series | None:
    if codes is None:
        return None
    return pd.Series(pd.Categorical.from_codes(codes.astype("int8"), names), codes.index)


def _few_values(values: pd.Series) -> pd.Series:
    """The values as text, in their own order or by size; the rarest of many, and those of too few, together."""
    ordered = isinstance(values.dtype, pd.CategoricalDtype)
    words = values if ordered else formats.each(values)
    sizes = words.value_counts()
    sizes = sizes[sizes > 0]
    kept = list(sizes.index[sizes >= SMALLEST_GROUP][:MOST_VALUES])
    names = [name for name in words.cat.categories if name in kept] if ordered else kept
    rare = words.notna() & ~words.isin(kept)
    if rare.sum() < SMALLEST_GROUP:
        return categorical(words.astype(object).where(~rare), names)
    return categorical(words.astype(object).mask(rare, OTHERS), [*names, OTHERS])
