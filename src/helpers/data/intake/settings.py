"""The settings of a data set: its dataset.toml laid over the preset it names, checked and frozen."""

from __future__ import annotations

import re
import reprlib
import tomllib
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from helpers import parameters
from helpers.data import contracts
from helpers.data.intake.schema import OWN_COLUMNS, ROLES, Extra, Feed, Origin, Role, Settings
from helpers.data.intake.values import listed

# Columns of the snapshot, beside which those that describe customers stand.
TAKEN = (
    "age_days", "complaints", "first_order_on", "frequency", "joined_on", "last_order_on", "last_survey_on",
    "last_survey_question", "last_survey_score", "mean_repeat_spend", "monetary", "orders", "plan", "recency_days",
    "refunds", "subscribed_on", "subscription", "subscription_ended_on", "subscription_reason", "t_x_days",
    "tenure_days", "tickets",
)  # fmt: skip
WORDS: TypeAdapter[Settings] = TypeAdapter(Settings)
NOT_A_TABLE = "write a table, such as [tables.orders], or { … }."
RULES = {  # by the kind of pydantic's error; what else there is says it itself
    "string_type": "write a text, in quotes.",
    "bool_type": "write true or false, without quotes.",
    "int_type": "write a whole number, without quotes.",
    "tuple_type": "write a list, in brackets.",
    "too_short": "it is empty. Write at least one.",
    "greater_than_equal": "write a number of at least 0.",
    "dict_type": NOT_A_TABLE,
    "dataclass_type": NOT_A_TABLE,
}


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
    own = _own_words(folder)
    name = preset or own.get("preset", "") or ("" if own else recognised_preset(folder))
    if not own and not name:
        raise ValueError(
            f"data set = {folder.name!r}: it has no dataset.toml, and its files fit no preset. "
            f"Write one (see data/raw/README.md) or name a preset: {', '.join(preset_names())}."
        )
    base = tomllib.loads(preset_text(name)) if name else {}
    return _settings(folder, name, base, own)


def recognised_preset(folder: Path) -> str:
    """The one preset whose every file is in `folder`; empty when none or several fit."""
    fitting = [name for name in preset_names() if _fits(folder, tomllib.loads(preset_text(name)))]
    return fitting[0] if len(fitting) == 1 else ""


def _fits(folder: Path, preset: dict[str, Any]) -> bool:
    patterns = [pattern for feed in preset["tables"].values() for pattern in listed(feed["file"])]
    return all(any(folder.glob(pattern)) for pattern in patterns)


def _presets() -> Any:
    return resources.files("helpers.data.intake") / "presets"


def _own_words(folder: Path) -> dict[str, Any]:
    path = folder / "dataset.toml"
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path.name} of {folder.name!r}: it is not valid TOML: {error}.") from None


def _settings(folder: Path, preset: str, base: dict[str, Any], own: dict[str, Any]) -> Settings:
    merged: dict[str, Any] = {"title": folder.name} | base | own
    for name in ("policy", "experiments", "notebooks"):
        if name in own:
            merged[name] = _laid_over(base.get(name, {}), own[name])
    if "tables" in merged:
        merged["tables"] = _tables(base, own)
    reading = {key: merged[key] for key in ("encoding", "delimiter") if key in merged}
    if isinstance(merged.get("tables"), dict):
        merged["tables"] = {name: _laid_over(reading, table) for name, table in merged["tables"].items()}
    try:
        words = WORDS.validate_python(merged | {"preset": preset})
    except ValidationError as error:
        raise ValueError(_sentence(error)) from None
    named = own.get("tables", {})
    feeds = {name: _named(name, feed, "file" not in named.get(name, {})) for name, feed in words.feeds.items()}
    words = replace(words, feeds=feeds)
    _check_ratios(words)
    _check_experiments(words)
    return words


def _laid_over(base: Any, own: Any) -> Any:
    """Own words over others; what is no table is left for the check to tell."""
    return base | own if isinstance(base, dict) and isinstance(own, dict) else own


def _tables(base: dict[str, Any], own: dict[str, Any]) -> Any:
    """Own tables laid over the preset's: lists are replaced, mappings of columns are merged."""
    below, above = base.get("tables", {}), own.get("tables", {})
    if not isinstance(above, dict):
        return above
    tables = {}
    for name in below | above:
        lower, upper = below.get(name, {}), above.get(name, {})
        tables[name] = _laid_over(lower, upper)
        for mapping in ("columns", *(role for roles in ROLES.values() for role in roles)):
            if isinstance(upper, dict) and mapping in upper:
                tables[name][mapping] = _laid_over(lower.get(mapping, {}), upper[mapping])
    return tables


def _named(name: str, feed: Feed, optional: bool) -> Feed:
    """The feed of the contract table `name`, whose extra columns know their names and roles."""
    parameters.one_of("tables", name, contracts.TABLES)
    where, own = f"tables.{name}", [column.name for column in contracts.TABLES[name].columns]
    for column in feed.columns:
        if column not in own:
            hint = parameters.nearest(column, own) or f" Known: {', '.join(own)}."
            raise ValueError(f"{where}.columns: {column!r} is not a column of {name}.{hint}")
    named: dict[Role, dict[str, Extra]] = {}
    for role in (role for roles in ROLES.values() for role in roles):
        extras: dict[str, Extra] = getattr(feed, role)
        if extras and role not in ROLES.get(name, ()):
            only = next(table for table, roles in ROLES.items() if role in roles)
            raise ValueError(f"{where}.{role}: only {only} have {role}. Move them to [tables.{only}.{role}].")
        for column in extras:
            _check_name(f"{where}.{role}", column, (*own, *(TAKEN if role == "attributes" else ())))
        named[role] = {
            column: replace(extra, **_default(extra, column), name=column, role=role)
            for column, extra in extras.items()
        }
    twice = [column for column in named["metrics"] if column in named["covariates"]]
    if twice:
        raise ValueError(f"{where}: {twice[0]!r} is both a metric and a covariate. Name one of them otherwise.")
    return replace(
        feed,
        table=name,
        optional=optional,
        attributes=named["attributes"],
        metrics=named["metrics"],
        covariates=named["covariates"],
    )


def _default(extra: Extra, column: str) -> dict[str, Any]:
    """What an extra column is by default: read from the header of its own name, and shown under it."""
    origin = extra.origin if extra.origin.headers or extra.origin.sql else Origin((column,))
    return {"origin": origin, "label": extra.label or column}


def _check_name(where: str, name: str, taken: tuple[str, ...]) -> None:
    if not re.fullmatch(r"\w{1,60}", name):
        raise ValueError(f"{where}: {name!r} is no name. Write up to 60 letters, digits and _, such as 'seats'.")
    if name.casefold() in (*taken, *OWN_COLUMNS) or re.match(r"(raw|keep|sql|mask)_|read_\d+$", name):
        raise ValueError(f"{where}: {name!r} is the name of another column. Choose one such as 'own_{name}'.")


def _check_ratios(words: Settings) -> None:
    metrics = words.metrics
    for name, metric in metrics.items():
        where = f"tables.experiments.metrics.{name}.per"
        if metric.kind == "ratio":
            parameters.one_of(where, metric.per, [other for other in metrics if other != name])
        elif metric.per:
            raise ValueError(f'{where} = {metric.per!r}: only a ratio has one. Write kind = "ratio".')


def _check_experiments(words: Settings) -> None:
    for name, experiment in words.experiments.items():
        where = f"experiments.{name}"
        for metric in (experiment.primary, *experiment.guardrails):
            if metric:
                place = "primary" if metric == experiment.primary else "guardrails"
                parameters.one_of(f"{where}.{place}", metric, words.metrics)
        if experiment.unit:
            parameters.one_of(f"{where}.unit", experiment.unit, words.covariates)


def _sentence(error: ValidationError) -> str:
    """The first thing that is wrong: where it stands, what stands there, the rule and the remedy."""
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"] if part not in ("origin", "[key]")) or "dataset.toml"
    if first["type"] == "missing":
        table = where.split(".")[-2]
        example = f'file = "{table}.csv"' if where.endswith(".file") else f"{first['loc'][-1]} = …"
        return f"{where.rpartition('.')[0]}: missing {first['loc'][-1]}. Write it, such as {example}."
    value, context = first["input"], first.get("ctx", {})
    if first["type"] == "value_error":
        rule = str(context["error"])
        return f"{where}: {rule}" if isinstance(value, dict) else f"{where} = {reprlib.repr(value)}: {rule}"
    if first["type"] == "literal_error":
        choices = re.findall(r"'([^']*)'", context["expected"])
        hint = parameters.nearest(str(value), choices)
        return f"{where} = {reprlib.repr(value)}: choose one of {', '.join(choices)}.{hint}"
    return f"{where} = {reprlib.repr(value)}: {RULES.get(first['type'], first['msg'] + '.')}"
