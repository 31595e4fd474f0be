"""Settings of which nothing could come where they stand: whoever wrote them believes that something does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from helpers.data import contracts
from helpers.data.contracts import INTEGER, NUMBER, TIME
from helpers.data.intake.wording.schema import Settings
from helpers.data.intake.wording.tables import Extra, Feed, Origin
from helpers.language import _

OF_METRICS = ("kind", "missing", "better", "per", "squares", "cap")  # of extra columns; others are no outcomes
DEFAULTS = {field.name: field.default for field in fields(Extra)}


def check(words: Settings) -> None:
    """ValueError for the first setting of which nothing could come, with its value, why, and what to do."""
    for told in _told(words):
        raise ValueError(told)


def _told(words: Settings) -> Iterator[str]:
    yield from _of_money(words)
    feeds = {name: feed.each for name, feed in words.feeds.items()}
    if words.source.url and not any(each.of_database for several in feeds.values() for each in several):
        yield _("source.url: no table is read from there, each names files. Write table = … in one, or leave it out.")
    for name, several in feeds.items():
        for place, each in enumerate(several, start=1):
            where = f"tables.{name}" + (f"[{place}]" if place > 1 else "")
            yield from _of_feed(where, each)
            yield from _of_columns(where, each)


def _of_money(words: Settings) -> Iterator[str]:
    if words.rates and not words.currency:
        told = _("rates.{code} = {rate:g}: the data set's own currency is not said. Write currency = … at the top.")
        yield told.format(code=next(iter(words.rates)), rate=next(iter(words.rates.values())))
    if words.rates.get(words.currency, 1) != 1:
        told = _("rates.{code} = {rate:g}: all money is told in {code} already. Leave it out.")
        yield told.format(code=words.currency, rate=words.rates[words.currency])


def _of_feed(where: str, feed: Feed) -> Iterator[str]:
    for setting in ("since", "key"):
        if getattr(feed, setting) and (setting == "key" and not feed.since or not feed.of_database):
            rule = _("it serves to read new rows of a table of [source] by `since`. Leave it out.")
            yield f"{where}.{setting}: {rule}"
    if feed.skip and not feed.fields:
        told = _("{where}.skip = {lines}: only files of fixed width, with `fields`, have lines to skip; of others the "
                 "lines above the header are found. Leave it out.")  # fmt: skip
        yield told.format(where=where, lines=feed.skip)
    for setting in ("sheet", "query"):
        if feed.fields and (given := getattr(feed, setting)):
            told = _("{where}.{setting} = {given!r}: files of fixed width, with `fields`, have none. Leave it out.")
            yield told.format(where=where, setting=setting, given=given)
    if feed.merge and not contracts.TABLES[feed.table].key:
        told = _("{where}.merge = true: rows of {table} have no key by which they could be one. Leave it out, or write "
                 'policy.duplicates = "drop".')  # fmt: skip
        yield told.format(where=where, table=feed.table)


def _of_columns(where: str, feed: Feed) -> Iterator[str]:
    """What is said of columns whose type, or role, it cannot concern."""
    types = {column.name: column.type for column in contracts.TABLES[feed.table].columns}
    for name, origin in feed.columns.items():
        yield from _of_type(f"{where}.columns.{name}", origin, types[name])
    for extra in feed.extras:
        place = f"{where}.{extra.role}.{extra.name}"
        yield from _of_type(place, extra.origin, extra.type)
        if extra.role != "metrics":
            given = (name for name in OF_METRICS if getattr(extra, name) != DEFAULTS[name])
            told = _("{where}.{setting}: it is of metrics alone, the outcomes of experiments. Leave it out.")
            yield from (told.format(where=place, setting=name) for name in given)
        elif extra.kind == "proportion" and extra.cap:
            told = _("{where}.cap = {cap}: of a proportion, which is 0 or 1, there is nothing to cap. Leave it out.")
            yield told.format(where=place, cap=list(extra.cap))


def _of_type(where: str, origin: Origin, kind: str) -> Iterator[str]:
    """How numbers, or times, are written is of no use to a header that is read as something else."""
    if origin.sql:
        return
    if origin.decimal and kind not in (NUMBER, INTEGER):
        told = _("{where}.decimal = {mark!r}: the column is read as {kind}, not as a number. Leave it out.")
        yield told.format(where=where, mark=origin.decimal, kind=kind)
    if origin.time_layouts and kind != TIME:
        told = _("{where}.time_layouts = {layouts}: the column is read as {kind}, not as a time. Leave it out.")
        yield told.format(where=where, layouts=list(origin.time_layouts), kind=kind)
