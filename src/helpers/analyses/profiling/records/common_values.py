"""The values that text and yes-no columns hold most, none of them shown that too few customers share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.profiling.records import places
from helpers.analyses.profiling.records.column_quality import kind
from helpers.analyses.profiling.records.vocabulary import LEVEL, LEVELS_SHOWN, MOST_FREQUENT, OTHERS_SHARE, PLACE
from helpers.data import contracts, engine
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, formats, say
from helpers.findings.drawing import charts
from helpers.findings.folding import OTHERS, SMALLEST_GROUP
from helpers.findings.vocabulary import COLUMN, ROWS, SHARE, TABLE

MOST_LEVELS = 12  # shown of one column
MOST_COUNTED = 1000  # levels of one column that leave the engine
FIRST_ROWS = 200_000  # of a table, in which customers are sought first
COLUMNS_DRAWN = 15
ONE_SIDED = 0.95  # a column of which one level has so large a share tells little
BUCKETS = 62  # that fit into the bits of a positive 64-bit integer


@dataclass(frozen=True)
class Levels(Finding):
    """The most frequent values of each text and yes-no column, as shares of the rows that have one."""

    table: pd.DataFrame
    columns = (TABLE, COLUMN, LEVEL, ROWS, SHARE)
    shown = (TABLE, COLUMN, MOST_FREQUENT, SHARE, LEVELS_SHOWN, OTHERS_SHARE)

    def summary(self) -> pd.DataFrame:
        """One line a column: its most frequent level, that level's share, the levels shown, and the share of others."""
        named = self.table[self.table[LEVEL] != OTHERS]
        by_column = [TABLE, COLUMN]
        first = named.groupby(by_column, sort=False).agg(
            most_frequent=(LEVEL, "first"), share=(SHARE, "first"), levels_shown=(LEVEL, "size")
        )
        others = self.table[self.table[LEVEL] == OTHERS].set_index(by_column)[SHARE]
        everything = pd.MultiIndex.from_frame(self.table[by_column].drop_duplicates())
        lines = first.reindex(everything).assign(others_share=others.reindex(everything).fillna(0.0))
        return lines.fillna({LEVELS_SHOWN: 0}).astype({LEVELS_SHOWN: int}).reset_index()

    def plot(self, ax: Axes | None = None) -> Axes:
        """The share of the most frequent level, of the columns where it is largest."""
        lines = self.to_show().dropna(subset=SHARE).nlargest(COLUMNS_DRAWN, SHARE)
        return charts.bars(lines.assign(**{PLACE: _named(lines)}), value=SHARE, label=PLACE, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("In which columns do most rows say the same?")

    def headline(self) -> Sentence:
        """In how many columns nearly all rows say the same."""
        lines, least = self.summary().dropna(subset=SHARE), facts.Count(SMALLEST_GROUP)
        if lines.empty:
            return say("No text is shared by {least} customers, so none is shown.", least=least)
        same, columns = lines[lines[SHARE] >= ONE_SIDED], facts.Count(len(lines))
        shown = say("Only values that at least {least} customers share are counted and shown.", least=least)
        if same.empty:
            return say(
                "In none of {columns} text and yes-no columns does one value hold {most} of the rows.",
                columns=columns,
                most=facts.Share(ONE_SIDED),
            ).resting_on(shown)
        named = [
            say(
                "{column}: “{level}” in {share} of the rows.",
                column=places.column_of(line.table, line.column),
                level=facts.Name(line.most_frequent),
                share=facts.Share(line.share),
            )
            for line in same.itertuples()
        ]
        return say(
            "In {same} of {columns} text and yes-no columns nearly all rows say the same.",
            same=facts.Count(len(same)),
            columns=columns,
        ).resting_on(*named, shown)


@analysis
def levels(data: Dataset) -> Levels | NotApplicable:
    """The most frequent values of each text and yes-no column of `data`; never of what people wrote.

    Takes three to five queries a table. Not applicable where no table has such a column with values.
    Values of too few customers, and those past the twelve most frequent, are others; so are the least frequent
    of the twelve where the others alone would be too few customers. Who the customers of a value are is
    counted by the buckets of a hash, which never counts too many: of a value that five to eight customers share, one
    in a few is folded without need.
    """
    by_table = [shown_levels(data, name, level_texts(name, rows)) for name, rows in data.tables.items()]
    by_table = [each for each in by_table if not each.empty]
    if not by_table:
        return NotApplicable(say("no table has a text or a yes-no column with values."))
    return Levels(pd.concat(by_table, ignore_index=True))


def level_texts(table: str, rows: ir.Table) -> dict[str, ir.StringValue]:
    """The values of each text and yes-no column of a table as texts, by column."""
    kinds = {name: kind(table, name, rows[name]) for name in rows.columns}
    texts = {name: rows[name] for name, kind_ in kinds.items() if kind_ == contracts.TEXT}
    return texts | {
        name: ibis.cases((rows[name], "yes"), (~rows[name], "no"))
        for name, kind_ in kinds.items()
        if kind_ == contracts.FLAG
    }


def shown_levels(data: Dataset, table: str, texts: Mapping[str, ir.StringValue]) -> pd.DataFrame:
    """table, column, level, rows and share of the levels that may be shown, with the others in one; see `levels`.

    Of a table with many rows the first ones mostly show customers enough; only the columns where they do not are
    looked through to the end, so that what is shown does not depend on which rows come first.
    """
    many = int(data.tables[table].count().execute()) > FIRST_ROWS
    parts = _by_column(counted_levels(data, table, texts, FIRST_ROWS if many else None))
    doubtful = {name: texts[name] for name, part in parts.items() if many and not _is_settled(part)}
    parts |= _by_column(counted_levels(data, table, doubtful))
    names = list(Levels.columns)
    folded = [_folded(part).assign(table=table) for part in parts.values()]
    return pd.concat(folded, ignore_index=True)[names] if folded else pd.DataFrame(columns=names)


def counted_levels(
    data: Dataset, table: str, texts: Mapping[str, ir.StringValue], first_rows: int | None = None
) -> pd.DataFrame:
    """column, level, rows, all_rows (those with a value) and unit_bits, at most a thousand levels a column.

    The bits set in `unit_bits` are never more than the level's customers, of `first_rows` or of all rows; orders stand
    for customers where none is named. Levels are in order of their rows.
    """
    names = ["column", "level", "rows", "unit_bits", "all_rows"]
    if not texts:
        return pd.DataFrame(columns=names)
    counts = _counts(_coded(data, table, texts, first_rows), texts)
    if first_rows:
        every = _counts(data.tables[table].select(**_places(texts)), texts)
        bits = counts.select("place", "level", "unit_bits")
        counts = every.left_join(bits, ["place", "level"]).select("place", "level", "rows", "unit_bits")
    largest = {"group_by": "place", "order_by": [counts.rows.desc(), counts.level.asc()]}
    counts = counts.mutate(
        all_rows=counts.rows.sum().over(group_by="place"), rank=ibis.row_number().over(**largest),
        unit_bits=counts.unit_bits.fill_null(0),
    )  # fmt: skip
    most = counts.filter(counts.rank < MOST_COUNTED).execute().sort_values(["place", "rank"], ignore_index=True)
    return most.assign(column=most["place"].map(dict(enumerate(texts))))[names]


def units_at_least(unit_bits: pd.Series) -> np.ndarray:
    """A number of different customers that each level is certain to have."""
    return np.bitwise_count(unit_bits.to_numpy("int64"))


def _by_column(counted: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return dict(list(counted.groupby("column", sort=False)))


def _is_settled(counted: pd.DataFrame) -> bool:
    """Whether all levels of a column that come first, and the others together, have customers enough already."""
    first, others = counted.head(MOST_LEVELS), counted.iloc[MOST_LEVELS:]
    enough = (units_at_least(first["unit_bits"]) >= SMALLEST_GROUP).all()
    return bool(enough and (others.empty or _units_together(others) >= SMALLEST_GROUP))


def _units_together(counted: pd.DataFrame) -> int:
    return int(np.bitwise_count(np.bitwise_or.reduce(counted["unit_bits"].to_numpy("int64"), initial=0)))


def _places(texts: Mapping[str, ir.StringValue]) -> dict[str, ir.StringValue]:
    return {f"level_{place}": text.cast("string") for place, text in enumerate(texts.values())}


def _coded(data: Dataset, table: str, texts: Mapping[str, ir.StringValue], first_rows: int | None) -> ir.Table:
    """The texts of a table's rows by place, with `bucket`: whose a row is, as one of a few numbers.

    A row is its customer's, where any row names one; an item is its order's customer's, or order's; any other is its
    own.
    """
    rows, keys, levels = data.tables[table], contracts.TABLES[table].key, _places(texts)
    named = "customer_id" in rows.columns and int(rows.customer_id.count().execute()) > 0
    through_orders = not named and table == "order_items" and "orders" in data.tables
    key = "customer_id" if named else next((name for name in keys if name in rows.columns), "")
    key = "order_id" if through_orders else key
    keyed = rows.select(**levels, key=rows[key] if key else ibis.row_number())
    keyed = keyed.limit(first_rows) if first_rows else keyed
    if through_orders:
        orders = data.tables["orders"]
        owners = orders.select(key=orders.order_id, owner=ibis.coalesce(orders.customer_id, orders.order_id))
        keyed = keyed.left_join(owners, "key").select(*levels, key="owner")
    return keyed.select(*levels, bucket=engine.bucket(keyed.key, BUCKETS))


def _counts(coded: ir.Table, texts: Mapping[str, ir.StringValue]) -> ir.Table:
    """place, level and rows of all levels of the texts by place; with a `bucket` of each row, unit_bits."""
    parts = []
    for place, name in enumerate(_places(texts)):
        rows = coded.filter(coded[name].notnull())
        units = {"unit_bits": engine.bits(rows.bucket)} if "bucket" in coded.columns else {}
        counts = rows.group_by(level=rows[name]).agg(rows=rows.count(), **units)
        parts.append(counts.mutate(place=ibis.literal(place, "int64")))
    return ibis.union(*parts) if len(parts) > 1 else parts[0]


def _folded(counted: pd.DataFrame) -> pd.DataFrame:
    """The levels of one column that may be shown, and all others as one."""
    enough = units_at_least(counted["unit_bits"]) >= SMALLEST_GROUP
    shown = counted[enough].head(MOST_LEVELS)
    bits = np.bitwise_or.reduce(counted.drop(shown.index)["unit_bits"].to_numpy("int64"), initial=0)
    while len(shown) < len(counted) and len(shown) and np.bitwise_count(bits) < SMALLEST_GROUP:
        bits |= shown["unit_bits"].iloc[-1]  # the few customers of the others are hidden among more
        shown = shown.iloc[:-1]
    of = int(counted["all_rows"].iloc[0])
    rest = of - int(shown["rows"].sum())
    if rest:
        others = pd.DataFrame({"column": counted["column"].iloc[0], "level": [OTHERS], "rows": [rest]})
        shown = pd.concat([shown, others], ignore_index=True)
    return shown.assign(rows=shown["rows"].astype("int64"), share=shown["rows"] / of)


def _named(lines: pd.DataFrame) -> pd.Series:
    """table · column: value."""
    return places.drawn(lines[TABLE], lines[COLUMN]) + formats.colon() + lines[MOST_FREQUENT].map(LEVEL.write)
