"""The settings of a data set: its dataset.toml laid over the preset it names, checked and frozen."""

from __future__ import annotations

import os
import re
import reprlib
import shlex
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from helpers import parameters
from helpers.data.intake import files
from helpers.data.intake.wording import drawn, idle, naming, own_words
from helpers.data.intake.wording.addresses import without_secrets
from helpers.data.intake.wording.schema import Settings
from helpers.data.intake.wording.tables import ROLES, Feed
from helpers.data.intake.wording.values import listed
from helpers.language import _

WORDS: TypeAdapter[Settings] = TypeAdapter(Settings)


def preset_names() -> list[str]:
    """The presets that ship with the package."""
    return sorted(entry.name.removesuffix(".toml") for entry in _presets().iterdir() if entry.name.endswith(".toml"))


def preset_text(name: str) -> str:
    """The TOML of one preset; ValueError when there is none of that name."""
    parameters.one_of("preset", name, preset_names())
    return (_presets() / f"{name}.toml").read_text(encoding="utf-8")


def read(folder: Path, preset: str = "") -> Settings:
    """The settings of the data set in `folder`: its dataset.toml over the preset that it, or the caller, names.

    Raises ValueError for unknown keys, presets and values, and for a folder that has neither of the two.
    """
    own = own_words.of(folder)
    name = preset or own.get("preset", "") or ("" if own else recognised_preset(folder))
    if not own and not name:
        raise ValueError(
            _(
                "data set = {name!r}: it has no dataset.toml, and its files fit no preset. Run `kehu init {folder}`, "
                "which writes one, or name a preset: {presets}."
            ).format(name=folder.name, folder=shlex.quote(_told(folder)), presets=", ".join(preset_names()))
        )
    base = tomllib.loads(preset_text(name)) if name else {}
    return _settings(folder, name, base, own)


def _told(folder: Path) -> str:
    """A folder as a command would name it: by its name under data/raw, else by its path from here."""
    return folder.name if folder.parent.parts[-2:] == ("data", "raw") else os.path.relpath(folder)


def recognised_preset(folder: Path) -> str:
    """The one preset whose every file, but for results of a plan, is in `folder`; empty when none or several fit."""
    fitting = [name for name in preset_names() if _fits(folder, tomllib.loads(preset_text(name)))]
    return fitting[0] if len(fitting) == 1 else ""


def _fits(folder: Path, preset: dict[str, Any]) -> bool:
    feeds = [feed for name, feed in preset["tables"].items() if name != "action_results"]
    patterns = [pattern for feed in feeds for pattern in listed(feed["file"])]
    return all(files.find(folder, (pattern,)) for pattern in patterns)


def _presets() -> Any:
    return resources.files("helpers.data.intake") / "presets"


def _settings(folder: Path, preset: str, base: dict[str, Any], own: dict[str, Any]) -> Settings:
    merged: dict[str, Any] = {"title": folder.name} | base | own
    for name in ("policy", "experiments", "health", "loyalty", "notebooks"):
        if name in own:
            merged[name] = _laid_over(base.get(name, {}), own[name])
    if "tables" in merged:
        merged["tables"] = _tables(base, own)
    reading = {key: merged[key] for key in ("encoding", "delimiter") if key in merged}
    if isinstance(merged.get("tables"), dict):
        merged["tables"] = {name: _over_each(reading, table) for name, table in merged["tables"].items()}
    try:
        words = WORDS.validate_python(merged | {"preset": preset})
    except ValidationError as error:
        raise ValueError(_sentence(error)) from None
    named = own.get("tables", {})
    feeds = {
        name: naming.together(
            [naming.named(name, each, _is_of_preset(each, named.get(name, {}))) for each in feed.each]
        )
        for name, feed in words.feeds.items()
    }
    words = replace(words, feeds={name: drawn.dated(feed, words.observed_on) for name, feed in feeds.items()})
    _check_places(words)
    idle.check(words)
    _check_ratios(words)
    _check_totals(words)
    _check_experiments(words)
    return words


def _laid_over(base: Any, own: Any) -> Any:
    """Own words over others; what is no table is left for the check to tell."""
    return base | own if isinstance(base, dict) and isinstance(own, dict) else own


def _over_each(base: Any, own: Any) -> Any:
    """Own words, or each of a list of them, over others."""
    return [_laid_over(base, each) for each in own] if isinstance(own, list) else _laid_over(base, own)


def _is_of_preset(feed: Feed, own: Any) -> bool:
    """Whether a preset names the files of a feed, of which the data set's `own` words say none: they may be absent."""
    return not feed.of_database and "file" not in _keys(own)


def _tables(base: dict[str, Any], own: dict[str, Any]) -> Any:
    """Own tables laid over the preset's: lists are replaced, mappings of columns are merged."""
    below, above = base.get("tables", {}), own.get("tables", {})
    if not isinstance(above, dict):
        return above
    tables = {}
    for name in below | above:
        lower, upper = below.get(name, {}), above.get(name, {})
        if "source" in own and _keys(upper) & {"table", "query"}:
            lower = {key: word for key, word in lower.items() if key not in ("file", "sheet", "query")}
        tables[name] = [_table(lower, each) for each in upper] if isinstance(upper, list) else _table(lower, upper)
    return tables


def _keys(words: Any) -> set[str]:
    """The keys of a table, or of the first of several."""
    first = words[0] if isinstance(words, list) and words else words
    return set(first) if isinstance(first, dict) else set()


def _table(lower: dict[str, Any], upper: Any) -> Any:
    table = _laid_over(lower, upper)
    for mapping in ("columns", *(role for roles in ROLES.values() for role in roles)):
        if isinstance(upper, dict) and mapping in upper:
            table[mapping] = _laid_over(lower.get(mapping, {}), upper[mapping])
    return table


def _check_places(words: Settings) -> None:
    """ValueError for a feed of which no file and no table is named."""
    for table, feed in words.feeds.items():
        for place, each in enumerate(feed.each, start=1):
            where = f"tables.{table}" + (f"[{place}]" if place > 1 else "")
            if each.of_database and not words.source.url:
                raise ValueError(_missing(where, "file", f'file = "{table}.csv"'))
            if each.of_database and not (each.sheet or each.query):
                raise ValueError(_missing(where, "table", f'table = "shop.{table}"'))


def _missing(where: str, setting: str, example: str) -> str:
    words = _("{where}: missing {setting}. Write it, such as {example}.")
    return words.format(where=where, setting=setting, example=example)


def _check_ratios(words: Settings) -> None:
    metrics = words.metrics
    for name, metric in metrics.items():
        where = f"tables.experiments.metrics.{name}.per"
        if metric.kind == "ratio":
            parameters.one_of(where, metric.per, [other for other in metrics if other != name])
        elif metric.per:
            raise ValueError(
                _('{where} = {per!r}: only a ratio has one. Write kind = "ratio".').format(where=where, per=metric.per)
            )


def _check_totals(words: Settings) -> None:
    """ValueError for a metric of totals that sums do not tell, and for sums of squares where there are no totals."""
    for table, feed in words.feeds.items():
        for name, metric in feed.metrics.items():
            where = f"tables.{table}.metrics.{name}"
            if table == "experiments":
                if metric.squares:
                    raise ValueError(_("{where}.squares: only totals have them. Leave it out.").format(where=where))
            elif metric.kind == "ratio" or metric.cap:
                told = _("{where}: sums tell no ratio and no cap. Leave it out, or give one row a customer.")
                raise ValueError(told.format(where=where))
            elif metric.kind != "proportion" and not metric.squares:
                raise ValueError(
                    _(
                        "{where}: a {kind} is compared by its spread. Name the column with the sum of squares "
                        '(squares = …), or write kind = "proportion" where it counts customers.'
                    ).format(where=where, kind=metric.kind)
                )


def _check_experiments(words: Settings) -> None:
    for name, experiment in words.experiments.items():
        where = f"experiments.{name}"
        for metric in (experiment.primary, *experiment.guardrails):
            if metric:
                place = "primary" if metric == experiment.primary else "guardrails"
                parameters.one_of(f"{where}.{place}", metric, words.metrics)
        if experiment.unit:
            parameters.one_of(f"{where}.unit", experiment.unit, words.covariates)


def _rules(context: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong, by the kind of pydantic's error; what else there is says it itself."""
    no_table = _("write a table, such as [tables.orders], or { … }.")
    return {
        "string_type": _("write a text, in quotes."),
        "bool_type": _("write true or false, without quotes."),
        "int_type": _("write a whole number, without quotes."),
        "tuple_type": _("write a list, in brackets."),
        "too_short": _("it is empty. Write at least one."),
        "greater_than": _("write a number above {bound}.").format(bound=context.get("gt")),
        "greater_than_equal": _("write a number of at least {bound}.").format(bound=context.get("ge")),
        "less_than_equal": _("write a number of at most {bound}.").format(bound=context.get("le")),
        "dict_type": no_table,
        "dataclass_type": no_table,
    }


def _sentence(error: ValidationError) -> str:
    """The first thing that is wrong: where it stands, what stands there, the rule and the remedy."""
    first = error.errors()[0]
    places = [part for part in map(str, first["loc"]) if part != "origin" and not re.search(r"[\[(]", part)]
    where = ".".join(places) or "dataset.toml"
    where = re.sub(r"\.also\.(\d+)", lambda place: f"[{int(place[1]) + 2}]", where)
    if first["type"] == "missing":
        setting = first["loc"][-1]
        return _missing(where.rpartition(".")[0], str(setting), f"{setting} = …")
    value, context = first["input"], first.get("ctx", {})
    given = without_secrets(reprlib.repr(without_secrets(value) if isinstance(value, str) else value))
    if first["type"] == "value_error":
        rule = str(context["error"])
        return f"{where}: {rule}" if isinstance(value, dict) else f"{where} = {given}: {rule}"
    if first["type"] == "literal_error":
        choices = re.findall(r"'([^']*)'", context["expected"])
        hint = parameters.nearest(str(value), choices)
        told = _("{where} = {value}: choose one of {choices}.")
        return told.format(where=where, value=given, choices=", ".join(choices)) + hint
    return f"{where} = {given}: {_rules(context).get(first['type'], first['msg'] + '.')}"
