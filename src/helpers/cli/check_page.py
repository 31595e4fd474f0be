"""The page that `kehu check` prints, and the same as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text

from helpers import language
from helpers.data import headers
from helpers.data.inspection import Found, Inspection, Loss, Reading
from helpers.data.intake import terms
from helpers.findings import vocabulary
from helpers.language import _
from helpers.reports.applicability import Applicability

NAMED = 3  # columns that set the day; of more one is named
PIPED = 100  # columns, where no terminal says how wide it is
HEAD, WARN, PLAIN = "bold", "yellow", ""
RULE = vocabulary.RULE.but(fields=False)  # columns by the names that dataset.toml calls them
Lines = Iterator[tuple[str, str]]  # style, text


def as_json(found: Inspection, applies: Sequence[Applicability]) -> str:
    """All that the page tells, under stable keys."""
    notebooks = {each.word: {"applies": each.applies, "lacks": list(each.lacks)} for each in applies}
    return json.dumps(found.as_dict() | {"notebooks": notebooks}, ensure_ascii=False, indent=2)


def show(found: Inspection, applies: Sequence[Applicability]) -> None:
    """Prints the page: in colours on a terminal, as plain lines elsewhere."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(width=PIPED, highlight=False, color_system=None)
    for style, text in page(found, applies):
        hang = len(text) - len(text.lstrip())
        for line in Text(text.strip(), style=style).wrap(console, console.width - hang) or [Text()]:
            line.rstrip()
            console.print(Text(" " * hang) + line)


def page(found: Inspection, applies: Sequence[Applicability]) -> Lines:
    """The lines of the page, each with its style."""
    data = found.data
    yield (
        HEAD,
        _("{title}, as of {day}: {customers:,} customers").format(
            title=data.title, day=language.day(data.as_of), customers=len(data.customers)
        ),
    )
    yield PLAIN, _day(found)
    if found.terms:
        yield (
            PLAIN,
            _("{columns}: ends that may lie ahead, as (nearly) every row has one").format(
                columns=", ".join(found.terms)
            ),
        )
    for table in found.losses:
        yield PLAIN, ""
        yield from _table(found, table)
    yield from _keys(found)
    yield from _listed(_("Calls for a look"), found.warnings(), WARN)
    yield from _listed(_("Open: reading cannot mend it yet"), found.open(), WARN)
    yield PLAIN, ""
    yield HEAD, _("Notebooks")
    width = max((len(each.word) for each in applies), default=0)
    for each in applies:
        yield PLAIN, f"  {each.word:<{width}}  {_notebook(each)}"


def _day(found: Inspection) -> str:
    """What set the report's day."""
    names = found.data.set_by
    if not names:
        return _("the day was given")
    if names[0] == "observed_on":
        return _("the day is observed_on of the settings")
    if len(names) > NAMED:
        words = _("the day is the last in {column} and {number:,} more columns")
        return words.format(column=names[0], number=len(names) - 1)
    return _("the day is the last in {column}").format(column=", ".join(names))


def _table(found: Inspection, table: str) -> Lines:
    loss, span = found.losses[table], found.data.spans.get(table)
    yield HEAD, _("{table}: {first} to {last}").format(table=table, first=span.first, last=span.last) if span else table
    yield PLAIN, "  " + _("files: {files}").format(files=", ".join(found.files(table)))
    mine = [each for each in found.headers if each.table == table]
    mapped = ", ".join(
        each.name if each.name == each.column else f"{each.column} ← {each.name}" for each in mine if each.column
    )
    yield PLAIN, "  " + _("columns: {columns}").format(columns=mapped)
    if table == "customers" and (exported := found.data.settings.as_of_export):
        yield PLAIN, "  " + _("as of the export alone: {columns}").format(columns=", ".join(exported))
    if dropped := [_dropped(each.name, each.likely) for each in mine if not each.column]:
        yield PLAIN, "  " + _("dropped: {headers}").format(headers=", ".join(dropped))
    yield from ((PLAIN, f"  {_found(each)}") for each in found.found.get(table, ()))
    yield from ((PLAIN, f"  {_reading(each)}") for each in found.readings.get(table, ()))
    yield from _rows(loss)


def _rows(loss: Loss) -> Lines:
    """What became of the rows of a table, and of their money."""
    yield PLAIN, _row(loss.read, _("read"))
    yield PLAIN, _row(loss.used, _("used"))
    if loss.guests:
        yield PLAIN, _row(loss.guests, _("whole, but name no customer"))
    if loss.later:
        yield PLAIN, _row(loss.later, _("later than the report's day"))
    for rule, rows in loss.merged.items():
        yield PLAIN, _row(rows, _("merged: {rule}").format(rule=RULE.write(rule)))
    for rule, rows in loss.aside.items():
        yield WARN, _row(rows, _("set aside: {rule}").format(rule=RULE.write(rule)))
    for rule, rows in loss.emptied.items():
        yield PLAIN, _row(rows, _("used without a value: {rule}").format(rule=RULE.write(rule)))
    if loss.repeated:
        yield PLAIN, _row(loss.repeated, _("equal to another row, and counted"))
    if loss.money_used is not None:
        yield PLAIN, "  " + _("money on the rows used: {money:,.2f}").format(money=loss.money_used)
    if loss.money_guests:
        yield PLAIN, "  " + _("money on rows that name no customer: {money:,.2f}").format(money=loss.money_guests)
    if loss.money_aside:
        words = _("money on rows set aside: {money:,.2f}, {share:.1%} of all")
        yield WARN, "  " + words.format(money=loss.money_aside, share=loss.money_share)


def _found(each: Found) -> str:
    """What is told of files; of many files the first is named."""
    first, *others = each.files
    named = _("{file} and {number:,} more").format(file=first, number=len(others)) if others else first
    return _("{file}: {told}").format(file=named, told="; ".join(map(terms.told, each.told)))


def _reading(each: Reading) -> str:
    """How a column is read, what could not be, and what may stand for none."""
    unread = _("{number:,} of {values:,} values could not be read")
    told = [terms.told(each.told), terms.doubted(each.stand_ins)]
    told.append(unread.format(number=each.unreadable, values=each.values) if each.unreadable else "")
    if each.before is not None:
        told.append(_("until now {told}").format(told=terms.told(each.before) or _("written plainly")))
    return _("{column}: {told}").format(column=each.column, told="; ".join(filter(None, told)))


def _row(rows: int, what: str) -> str:
    return f"  {rows:>12,}  {what}"


def _dropped(header: str, likely: str) -> str:
    if likely and not any(word in header.split("_") for word in headers.PERSONAL.split()):
        return _("{header} (is it {column}?)").format(header=header, column=likely)
    return header


def _keys(found: Inspection) -> Lines:
    some = _("{table}: {missing:,} of its {keys:,} different {key} cannot be found in {other}")
    none = _("{table}: each {key} is in {other}, {keys:,} different ones")
    lines = [
        (some if each.missing else none).format(
            table=each.table, keys=each.keys, key=each.key, missing=each.missing, other=each.other
        )
        for each in found.meetings
    ]
    lines += found.added_up()
    if found.nameless:
        lines.append(_("orders: {rows:,} without a customer").format(rows=found.nameless))
    yield from _listed(_("Keys"), lines, PLAIN)


def _listed(title: str, lines: Sequence[str], style: str) -> Lines:
    if lines:
        yield PLAIN, ""
        yield HEAD, title
        yield from ((style, f"  {line}") for line in lines)


def _notebook(each: Applicability) -> str:
    lacks = ", ".join(each.lacks)
    if not each.applies:
        return (
            _("has nothing to say: it needs customers and one of {tables}").format(tables=lacks)
            if lacks
            else _("has nothing to say: no row names a customer")
        )
    return _("applies; with {tables} it says more").format(tables=lacks) if lacks else _("applies")
