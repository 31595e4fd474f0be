"""The rows of one table, of which each key has one, and what was found out about the key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import ibis
import ibis.expr.types as ir

from helpers.data import engine
from helpers.data.contracts import UPDATED_AT
from helpers.data.intake.feeds import Source
from helpers.data.intake.keys import lines, merging, sharing
from helpers.data.intake.rows.purchases import worth

LINES = "lines of one order"  # the rule of rows that are added up
NAN = float("nan")

Joined = tuple[str, int, float]  # rule, rows that are one with another, and their money that does not count


@dataclass(frozen=True)
class Unique:
    """Rows of which each key has one; of how many keys, and of how many in all, what was found."""

    rows: ir.Table
    joined: tuple[Joined, ...] = ()
    found: Mapping[str, tuple[int, int]] = field(
        default_factory=dict
    )  # customers, days, lines, differing, alike: of all
    owners: ir.Table | None = None  # of keys that were shared


def unique(source: Source, rows: ir.Table, columns: list[str]) -> Unique:
    """The sound `rows` of a source whose table has a key: one a key, with these columns.

    Keys that occur once are set aside first, so that only the others are sorted. Where the settings say `merge`, rows
    of one key are one whatever they say.
    """
    table, connection, key = source.table, source.connection, list(source.table.key)
    each = rows.group_by(key).agg(n=rows.count())
    keys, n_several = each.agg(keys=each.count(), several=(each.n > 1).sum().fill_null(0)).execute().iloc[0]
    if not n_several:
        return Unique(rows.select(*columns))
    several = engine.held(connection, each.filter(each.n > 1))
    alone = rows.anti_join(several, key)
    again = engine.held(connection, _needed(rows, columns).semi_join(several, key))
    versions = bool(again[UPDATED_AT.name].notnull().any().execute())
    own, owners = _parted(source, again, versions)
    own = merging.ranked(own, rows, table.fact_at)
    n_keys = int(keys) - int(n_several) + int(own.select(*key).distinct().count().execute())
    added = None
    if table.column("refund") and not source.feed.merge and not versions:
        added = lines.added(own, source.settings.policy, int(keys), _ends(rows))
    columns = [*columns, *(name for name in lines.MADE if added is not None and name not in columns)]
    plain = own if added is None else own.anti_join(added.orders, key)
    told = not source.feed.merge and not table.history and not versions
    differing = merging.differing(plain, table, columns) if told else 0
    alike = lines.alike(plain, n_keys) if told and table.column("refund") else 0
    ones = merging.merged(merging.placed(plain, table), table, columns)
    parts = [alone, ones] if added is None else [alone, ones, added.orders]
    shared = sharing.counts(owners, key[0]) if owners is not None else {}
    if "customer_id" not in columns and "customers" in shared:
        shared["channels"] = shared.pop("customers")
    n_added = 0 if added is None else int(added.orders.count().execute())
    return Unique(
        ibis.union(*(part.select(*columns) for part in parts)),
        _joined(source, own, plain, ones, added),
        {what: (n, int(keys)) for what, n in shared.items()}
        | {"differing": (differing, n_keys), "lines": (n_added, n_keys), "alike": (alike, n_keys)},
        owners,
    )


def _ends(rows: ir.Table) -> ir.Table:
    """The first and the last row of each file."""
    return rows.group_by("file").agg(first=rows[engine.ROW].min(), last=rows[engine.ROW].max())


def _needed(rows: ir.Table, columns: list[str]) -> ir.Table:
    """`rows` with what is asked of those of one key."""
    wanted = {*columns, *lines.MADE, "file", engine.ROW, UPDATED_AT.name}
    return rows.select(*(name for name in rows.columns if name in wanted))


def _parted(source: Source, rows: ir.Table, versions: bool) -> tuple[ir.Table, ir.Table | None]:
    """`rows` with keys of their own where several customers, or of orders several days, share one; whose these are.

    Rows that say when they were changed are versions of one thing, also with other days.
    """
    table = source.table
    if source.feed.merge or not table.shareable:
        return rows, None
    key, at = table.key[0], "" if table.history or versions else table.fact_at
    owners = engine.held(source.connection, sharing.owners(rows, key, at))
    owners = engine.held(source.connection, sharing.unmoved(rows, owners, key, at))
    if not owners.count().execute():
        return rows, None
    return engine.held(source.connection, sharing.owned(rows, owners, key, at)), owners


def _joined(
    source: Source, own: ir.Table, plain: ir.Table, ones: ir.Table, added: lines.Added | None
) -> tuple[Joined, ...]:
    """The rows that are one with another: merged, whose money counts once, or added up, whose money all counts."""
    (rows, money), (left, counted) = _size(plain), _size(ones)
    older, replaced, summed = 0, NAN, 0
    if added is not None:
        (every, of_every), (used, of_used) = _size(own.anti_join(plain, source.table.key)), _size(added.lines)
        older, replaced, summed = every - used, of_every - of_used, used - _size(added.orders)[0]
    repeated = (f"{' + '.join(source.table.key)} repeats", rows - left + older, _sum(money - counted, replaced))
    return tuple(line for line in (repeated, (LINES, summed, NAN)) if line[1])


def _sum(*money: float) -> float:
    """Sums of money together, where any is known."""
    known = [each for each in money if each == each]
    return sum(known) if known else NAN


def _size(rows: ir.Table) -> tuple[int, float]:
    """Rows and their money."""
    valued = rows.select(worth=worth(rows))
    sums = valued.agg(rows=valued.count(), money=engine.total(valued.worth)).execute().iloc[0]
    return int(sums["rows"]), NAN if sums["money"] is None else float(sums["money"])
