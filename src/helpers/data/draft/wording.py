"""A draft in words: the text of dataset.toml, with what was guessed and why in its comments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from helpers.data.draft.contents.holdings import Holding
from helpers.data.draft.databases import Database
from helpers.data.draft.feeds.guesses import Guess, Join, Sql
from helpers.data.draft.folders import Draft
from helpers.data.draft.presets import Fitting
from helpers.language import _


def as_toml(draft: Draft, database: Database | None = None) -> str:
    """The text of a dataset.toml that `kehu check` accepts; that of a `database` says where its tables are."""
    known = draft.known
    tables = [line for table in known.tables for line in _known(known, table)] if known else []
    tables += [line for guess in draft.guesses for line in _table(guess, draft, database)]
    ordered = any(table in ("orders", "order_items") for table, _holding in draft.tables)
    proposed = [setting for each in draft.wide[:1] if not ordered for setting in each.settings()]
    source = ["", "[source]", f"url = {_text(database.url)}"] if database else []
    return "\n".join([*_head(draft), *source, *tables, *(line for each in proposed for line in _comment(each)), ""])


def as_lines(draft: Draft) -> list[str]:
    """What the files hold, a block a file: its rows, its columns with samples, and what was made of it."""
    lines: list[str] = []
    for holding in draft.holdings:
        lines += [_("{file}: {rows:,} rows").format(file=holding.told, rows=holding.rows), *_columns(holding)]
        feeds = [table for table, each in draft.tables if each.told == holding.told]
        lookup = [guess.table for guess in draft.guesses for join in guess.joins if join.holding.told == holding.told]
        if feeds:
            lines.append("  → " + _("feeds {tables}").format(tables=", ".join(feeds)))
        if lookup:
            lines.append("  → " + _("is looked up in for {tables}").format(tables=", ".join(dict.fromkeys(lookup))))
        if not feeds and not lookup:
            lines.append("  → " + _("feeds no table"))
        lines.append("")
    lines += [
        _("{file}: not read ({reason})").format(file=name, reason=reason) for name, reason in draft.unread.items()
    ]
    lines += [
        _("{table}.{column}: {told}").format(table=guess.table, column=each.column, told=each.told)
        for guess in draft.guesses
        for each in (*guess.questions, *guess.asked)
    ]
    if draft.nulls:
        lines.append(_("these texts may stand for nothing: {texts}").format(texts=", ".join(draft.nulls)))
    if draft.guests:
        lines.append(_guests(draft))
    if draft.currencies:
        lines.append(_currencies(draft))
    return [*lines, *draft.told]


def _columns(holding: Holding) -> Iterator[str]:
    width = max(len(column.name) for column in holding.columns)
    for column in holding.columns:
        empty = holding.rows - column.filled
        samples = " · ".join(column.samples())
        counts = _("{count:,} different; {rows:,} empty") if empty else _("{count:,} different")
        different = counts.format(count=column.distinct, rows=empty)
        yield f"  {column.name:<{min(width, 32)}}  {samples}  ({different})"


def _head(draft: Draft) -> list[str]:
    lines = [
        *_comment(
            _("Written by kehu init: what it guessed of the files here, and why. Correct it, then run kehu check.")
        ),
        f"title = {_text(draft.folder.name)}",
        *([f"preset = {_text(draft.known.preset)}"] if draft.known else []),
        *_clocks(draft),
        *_comment('currency = "CNY"  # ' + _("of all money")),
    ]
    if draft.currencies:
        rates = ", ".join(f"{_key(code)} = 1" for code in draft.currencies)
        lines += [*_comment(_currencies(draft)), *_comment(f"rates = {{ {rates} }}")]
    if draft.nulls:
        told = _("texts that cannot be read, or numbers far from all others, which may stand for nothing")
        lines += _comment(f"nulls = [{', '.join(map(_text, draft.nulls))}]  # {told}")
    if draft.guests:
        lines += [*_comment(_guests(draft)), f"guests = [{', '.join(map(_text, draft.guests))}]"]
    contracts = any(guess.table == "subscriptions" for guess in draft.guesses)
    reason = _("customers have contracts that end") if contracts else _("customers just stop coming")
    if contracts or not draft.known:
        lines.append(f"contractual = {str(contracts).lower()}  # {reason}")
    if draft.observed_on:
        lines += _comment(
            _("No file has dates. This is the day on which the newest file was written: put the day of the export.")
        )
        lines.append(f'observed_on = "{draft.observed_on}"')
    lines += [line for told in draft.told for line in _comment(told)]
    lines += [
        line
        for name, reason in draft.unread.items()
        for line in _comment(_("{file}: not read ({reason})").format(file=name, reason=reason))
    ]
    for holding in (each for each in draft.unused if not any(told.startswith(each.told) for told in draft.told)):
        lines += _comment(
            _("{file}: feeds no table; its headers are {headers}").format(
                file=holding.told, headers=", ".join(holding.names)
            )
        )
    return lines


def _clocks(draft: Draft) -> Iterable[str]:
    """The time zone that names beside the times tell, or those to choose from."""
    if len(draft.zones) == 1:
        reason = _("the names beside the times are of its clocks")
        return [f"time_zone = {_text(draft.zones[0])}  # {reason}"]
    told = _("where the clocks of the export stand; UTC if nothing is said")
    choices = draft.zones or ("Asia/Shanghai",)
    return [line for zone in choices for line in _comment(f"time_zone = {_text(zone)}  # {told}")]


def _guests(draft: Draft) -> str:
    words = _("{customers}: has far more rows than anybody, and is taken for no customer")
    return words.format(customers=", ".join(draft.guests))


def _currencies(draft: Draft) -> str:
    words = _("the money is in {codes}: write what one unit of each is worth in the data set's own currency")
    return words.format(codes=", ".join(draft.currencies))


def _table(guess: Guess, draft: Draft, database: Database | None) -> list[str]:
    holding, where = guess.holding, f"tables.{guess.table}"
    several = sum(other.table == guess.table for other in draft.guesses) > 1
    head = f"[[{where}]]" if several else f"[{where}]"
    lines = ["", *(line for note in guess.notes for line in _comment(note)), head]
    lines += database.place(guess) if database else _place(holding)
    if holding.widths:
        fields = ", ".join(f'["{name}", {first}, {length}]' for name, first, length in holding.widths.fields)
        lines += [f"fields = [{fields}]", f"skip = {holding.widths.skip}"]
    for question in guess.questions:
        lines += _comment(_("{column}: {told}").format(column=question.column, told=question.told))
        lines += [line for setting in question.settings for line in _comment(setting)]
    lines += ["anonymous = true"] if guess.anonymous else []
    lines += ["merge = true"] if guess.merge else []
    if guess.rules:
        lines.append(f"accept_loss = [{', '.join(_text(rule.name) for rule in guess.rules)}]")
    if guess.joins and not database:
        lines.append(f"join = [{', '.join(map(_join, guess.joins))}]")
    lines += [f"[{where}.columns]", *(_column(guess, name) for name in guess.columns)]
    for role, extras in guess.extras.items():
        lines += (
            [f"[{where}.{role}]", *(f"{_key(name)} = {origin}" for name, origin in extras.items())] if extras else []
        )
    if guess.drawn:
        lines += [f"[{where}.drawn]", *(f"{key} = {_of_text(value)}" for key, value in guess.drawn.items())]
    asked = [line for each in guess.asked for line in (each.told, *each.settings)]
    lines += [line for other in (*guess.others, *asked) for line in _comment(other)]
    for rule in guess.rules:
        lines += ["", f"[[{where}.rules]]", f"rule = {_text(rule.name)}", f"keep = {_expression(rule.keep)}"]
    if guess.control:
        metrics = list(guess.extras.get("metrics", {}))
        name = str(guess.columns["experiment"].text).strip("'") if isinstance(guess.columns["experiment"], Sql) else ""
        if name:
            primary = [f'primary = "{metrics[0]}"'] if metrics else []
            lines += ["", f"[experiments.{_key(name)}]", f"control = {_text(guess.control)}", *primary]
    return lines


def _known(preset: Fitting, table: str) -> list[str]:
    """Of a table that a preset reads: what feeds it, and which columns it has not."""
    absent = [f'{column} = {{ sql = "NULL" }}' for column in preset.absent(table)]
    lacking = [f"[tables.{table}.columns]", *absent] if absent else []
    return ["", f"[tables.{table}]", *_place(preset.tables[table]), *lacking]


def _place(holding: Holding) -> list[str]:
    """The files of a holding, and the sheet."""
    names = [holding.pattern] if holding.pattern else list(holding.files)
    file = "file = " + (_text(names[0]) if len(names) == 1 else f"[{', '.join(map(_text, names))}]")
    return [file, f"sheet = {_text(holding.sheet)}"] if holding.sheet else [file]


def _join(join: Join) -> str:
    holding = join.holding
    sheet = f", sheet = {_text(holding.sheet)}" if holding.sheet else ""
    partial = ", partial = true" if join.partial else ""
    return f"{{ file = {_text(holding.pattern or holding.files[0])}, on = {_text(join.on)}{sheet}{partial} }}"


def _column(guess: Guess, name: str) -> str:
    origin = guess.columns[name]
    if isinstance(origin, Sql):
        return f"{name} = {{ sql = {_expression(origin.text)} }}"
    if origin not in guess.holding.names:
        return f"{name} = {_text(origin)}"
    samples = " · ".join(guess.holding.column(origin).samples()).replace("\n", " ")
    marked = f"{{ from = {_text(origin)}, as_of_export = true }}" if origin in guess.exported else _text(origin)
    return f"{name} = {marked}  # {samples}"


def _expression(sql: str) -> str:
    plain = not set(sql) & {'"', "\\", "\n"}
    return f'"{sql}"' if plain else f"'''{sql}'''"


def _comment(text: str) -> Iterable[str]:
    return [f"# {line}" for line in text.splitlines()]


def _key(name: str) -> str:
    return name if name.isascii() and name.replace("_", "").replace("-", "").isalnum() else _text(name)


def _of_text(value: str | tuple[str, ...]) -> str:
    return _text(value) if isinstance(value, str) else f"[{', '.join(map(_text, value))}]"


def _text(text: str) -> str:
    marks = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    return '"' + "".join(marks.get(letter, letter) for letter in text) + '"'
