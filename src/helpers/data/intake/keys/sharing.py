"""Numbers that several customers, or several days, have: each of these gets a number of its own.

A row says itself whose it is and when it was, so a row with a typo parts its own number only, and how all others are
read does not depend on it. Rows less than a day apart belong together: an order may cross midnight.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from helpers.data.days import DAY_SECONDS

OWN, OWNER, MOMENT = "own", "owner", "moment"  # the number of its own; whose and when, never null
BETWEEN = " · "  # the parts of a number of its own


def owners(rows: ir.Table, key: str, at: str = "") -> ir.Table:
    """The customers and, where `at` names a time, the moments that share one `key`, each with a number of its own.

    Where rows name no customers, their channels, such as shops, are told apart instead.

    Columns: `key`, owner, moment (seconds), own; since and until, the days of the rows with that number.
    """
    named = _named(rows, key, at)
    seen = named.group_by(key).agg(
        one=named[OWNER].min(), other=named[OWNER].max(), first=named[MOMENT].min(), last=named[MOMENT].max()
    )
    several = seen.filter((seen.one != seen.other) | (seen["last"] - seen["first"] >= DAY_SECONDS))
    each = named.semi_join(several, key).distinct()
    mine = ibis.window(group_by=[key, OWNER], order_by=MOMENT)
    each = each.mutate(begins=(each[MOMENT] - each[MOMENT].lag().over(mine) >= DAY_SECONDS).fill_null(False))
    until_now = ibis.window(group_by=[key, OWNER], order_by=MOMENT, rows=(None, 0))
    each = each.mutate(turn=each.begins.ifelse(1, 0).sum().over(until_now))
    turn = ibis.window(group_by=[key, OWNER, "turn"])
    each = each.mutate(since=_day(each[MOMENT].min().over(turn)), until=_day(each[MOMENT].max().over(turn)))
    day = ibis.literal(BETWEEN) + each.since.cast("string") if at else ibis.literal("")
    whose = ibis.cases((each[OWNER] == "", ""), else_=ibis.literal(BETWEEN) + each[OWNER])
    each = each.mutate(**{OWN: each[key] + whose + day})
    every = ibis.window(group_by=key)
    parted = each.mutate(parted=each[OWN].min().over(every) != each[OWN].max().over(every))
    return parted.filter(parted.parted).select(key, OWNER, MOMENT, OWN, "since", "until")


def owned(rows: ir.Table, owners: ir.Table, key: str, at: str = "") -> ir.Table:
    """`rows`, in which what shared one key has those of its `owners`."""
    named = rows.mutate(**_whose(rows, at))
    known = owners.select(key, OWNER, MOMENT, OWN)
    met = named.left_join(known, [key, OWNER, MOMENT])
    return met.select(**{name: met[name] for name in rows.columns} | {key: ibis.coalesce(met[OWN], met[key])})


def unmoved(rows: ir.Table, owners: ir.Table, key: str, at: str = "") -> ir.Table:
    """The `owners` of keys that are shared, without those of a key that later exports give to another one.

    Such a key is that of one thing whose customer or day was corrected since. They are told from numbers that begin
    anew in every file by the others: most keys that several files have are of one owner.
    """
    files = rows.group_by(key).agg(files=rows["file"].nunique())
    again = files.filter(files.files > 1)
    named = rows.mutate(**_whose(rows, at)).join(owners, [key, OWNER, MOMENT])
    within = named.group_by(key, "file").agg(own=named[OWN].nunique())
    moved = within.group_by(key).agg(most=within.own.max()).filter(lambda each: each.most == 1)
    moved = moved.semi_join(again, key)
    n_again, n_owned, n_moved = (int(each.count().execute()) for each in (again, again.semi_join(owners, key), moved))
    return owners.anti_join(moved, key) if n_moved and n_again - n_owned >= n_moved else owners


def counts(owners: ir.Table, key: str) -> dict[str, int]:
    """How many keys are of several customers, and how many of several days of one of them."""
    own = owners.group_by(key, OWNER).agg(one=owners[OWN].min(), other=owners[OWN].max())
    each = own.group_by(key).agg(customers=own.count() > 1, days=(own.one != own.other).any())
    found = each.agg(**{name: each[name].sum().fill_null(0) for name in ("customers", "days")}).execute().iloc[0]
    return {name: int(rows) for name, rows in found.items()}


def _named(rows: ir.Table, key: str, at: str) -> ir.Table:
    return rows.select(key, **_whose(rows, at))


def _whose(rows: ir.Table, at: str) -> dict[str, ir.Value]:
    moment = rows[at].epoch_seconds().cast("int64") if at else ibis.null("int64")
    named = "customer_id" in rows.columns  # else receipts of shops, each of which may begin anew every day
    whose = rows.customer_id if named else rows.channel if "channel" in rows.columns else ibis.null("string")
    return {OWNER: whose.fill_null(""), MOMENT: ibis.coalesce(moment, ibis.literal(0, "int64"))}


def _day(seconds: ir.IntegerValue) -> ir.DateValue:
    return seconds.as_timestamp("s").date()
