"""Whether keys find their match: between the tables of a data set, and in the files that its settings look into."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd

from helpers.data import engine
from helpers.data.intake import sources
from helpers.data.intake.readings.ids import NearMiss, near_misses
from helpers.data.intake.rows import lookups, purchases, rules
from helpers.data.intake.rows.lookups import Lookup

CUSTOMER, ORDER = "customer_id", "order_id"
LINES = ("order_items", "orders", ORDER)
LISTED = (("order_items", "products", "product_id"), ("action_results", "planned_actions", "action_key"))
MUCH = 0.01  # of the keys, rows or money


@dataclass(frozen=True)
class Meeting:
    """Of the different keys of a table, and the rows and money that they stand on, how many find no match."""

    table: str
    other: str  # a table, or the file that is looked into
    key: str
    keys: int
    missing: int  # of these, how many the other lacks
    near: tuple[NearMiss, ...] = ()  # of the missing, those that are there spelled otherwise
    rows: int = 0  # with a key
    rows_missing: int = 0
    money: float | None = None  # on these rows; None where the table has none
    money_missing: float | None = None
    unused: int = 0  # keys of the other that no row names
    repeated: int = 0  # keys on rows of the file looked into that differ: the first is taken
    torn: int = 0  # lines of that file that do not split into the columns of its header
    looked_up: bool = False

    @property
    def is_reference(self) -> bool:
        """Whether rows of the table name what should be in the other."""
        named = (self.table, self.other, self.key)
        return self.looked_up or self.other == "customers" or named in (LINES, *LISTED)

    @property
    def share(self) -> float:
        """The largest of the shares of keys, rows and money without a match."""
        counted = [
            (self.missing, self.keys),
            (self.rows_missing, self.rows),
            (self.money_missing or 0, self.money or 0),
        ]
        return max(abs(part / whole) if whole else 0.0 for part, whole in counted)


def of_lookups(reads: Iterable[sources.Read]) -> list[Meeting]:
    """How the rows used of each table meet the files that its settings look into."""
    found = []
    for read in reads:
        whole = [lookup for lookup in read.lookups if not lookup.join.partial]
        counts = _by_mask(read.marked) if whole else pd.DataFrame()
        found += [_of_lookup(read.source.connection, lookup, counts) for lookup in whole]
    return found


def _by_mask(marked: ir.Table) -> pd.DataFrame:
    """Rows used and their money, by file and by the lookups in which they found nothing."""
    sound = marked.filter(marked[rules.BROKEN].isnull())
    valued = sound.select("file", lookups.UNMET, worth=purchases.worth(sound))
    return valued.group_by("file", lookups.UNMET).agg(rows=valued.count(), money=engine.total(valued.worth)).execute()


def _of_lookup(connection: ibis.BaseBackend, lookup: Lookup, counts: pd.DataFrame) -> Meeting:
    asked, there = connection.read_parquet(lookup.asked).distinct(), connection.read_parquet(lookup.there)
    keys = _counts(asked.mutate(rows=1, money=ibis.null("float64")), there, lookups.KEY)
    mine = counts[counts["file"].isin(lookup.files)]
    lost = mine[(mine[lookups.UNMET] // (1 << lookup.place)) % 2 == 1]
    return Meeting(
        lookup.feed.table,
        lookup.join.file,
        " + ".join(lookup.join.on),
        keys["keys"],
        keys["missing"],
        tuple(near_misses(asked, there, lookups.KEY, personal=lookup.personal)) if keys["missing"] else (),
        int(mine["rows"].sum()),
        int(lost["rows"].sum()),
        _money(mine["money"].sum(min_count=1)),
        _money(lost["money"].sum()) if mine["money"].notna().any() else None,
        _unused(asked, there, lookups.KEY),
        int(there[lookups.DIFFERS].sum().fill_null(0).execute()),
        lookup.torn,
        looked_up=True,
    )


def of_tables(tables: Mapping[str, ir.Table]) -> list[Meeting]:
    """How the customers of each table meet those of the table of customers, and lines their orders, both ways.

    And how lines meet the list of products, results what was planned.
    """
    pairs = [
        (name, "customers", CUSTOMER)
        for name, table in tables.items()
        if name not in ("customers", "order_items") and CUSTOMER in table.columns and "customers" in tables
    ]
    if {"customers", "orders"} <= tables.keys():
        pairs.append(("customers", "orders", CUSTOMER))
    if {"orders", "order_items"} <= tables.keys():
        pairs += [LINES, ("orders", "order_items", ORDER)]
    pairs += [each for each in LISTED if set(each[:2]) <= tables.keys()]
    met = [_of_pair(tables, *pair) for pair in pairs]
    return [each for each in met if each.keys]


def of_lines(tables: Mapping[str, ir.Table]) -> list[Meeting]:
    """How lines meet their orders, before those of orders that are not there are cut off with the later ones."""
    met = [_of_pair(tables, *LINES)] if {"orders", "order_items"} <= tables.keys() else []
    return [each for each in met if each.keys]


def _of_pair(tables: Mapping[str, ir.Table], name: str, other: str, key: str) -> Meeting:
    mine, theirs = tables[name], tables[other].select(key).drop_null().distinct()
    valued = mine.select(key, worth=purchases.worth(mine)).drop_null(key)
    by_key = valued.group_by(key).agg(rows=valued.count(), money=engine.total(valued.worth))
    met = _counts(by_key, theirs, key)
    near = tuple(near_misses(by_key, theirs, key)) if met["missing"] else ()
    money, lost = _money(met["money"]), _money(met["money_missing"])
    counts = (met["rows"], met["rows_missing"], money, lost if lost or money is None else 0.0)
    return Meeting(name, other, key, met["keys"], met["missing"], near, *counts, _unused(by_key, theirs, key))


def _counts(by_key: ir.Table, theirs: ir.Table, key: str) -> dict[str, Any]:
    """Keys, rows and money, and those of keys that the other lacks."""
    known = theirs.select(there=theirs[key])
    both = by_key.left_join(known, by_key[key] == known.there)
    lost = both.there.isnull()
    found = both.agg(
        keys=both.count(),
        missing=both.count(where=lost),
        rows=both.rows.sum().fill_null(0),
        rows_missing=both.rows.sum(where=lost).fill_null(0),
        money=engine.total(both.money),
        money_missing=engine.total(both.money, where=lost),
    )
    line = found.execute().iloc[0]
    return {name: line[name] if name.startswith("money") else int(line[name]) for name in line.index}


def _unused(mine: ir.Table, theirs: ir.Table, key: str) -> int:
    """Keys of the other that the table never names."""
    return int(theirs.anti_join(mine, key).count().execute())


def _money(total: float | None) -> float | None:
    return None if total is None or total != total else float(total)


def write(met: Iterable[Meeting], path: Path) -> None:
    """Writes meetings down as JSON."""
    path.write_text(json.dumps([asdict(each) for each in met]), encoding="utf-8")


def read(path: Path) -> tuple[Meeting, ...]:
    """The meetings that were written down."""
    lines = json.loads(path.read_text(encoding="utf-8"))
    near = [
        tuple(NearMiss(each["kind"], each["ids"], tuple(each["example"])) for each in line["near"]) for line in lines
    ]
    return tuple(Meeting(**line | {"near": misses}) for line, misses in zip(lines, near, strict=True))


def meetings(tables: Mapping[str, ir.Table], kept: Iterable[Meeting]) -> list[Meeting]:
    """Those of the `tables`, with those that were `kept` of the time when they were prepared."""
    before = list(kept)
    met = {(each.table, each.other, each.key) for each in before}
    return [*(each for each in of_tables(tables) if (each.table, each.other, each.key) not in met), *before]
