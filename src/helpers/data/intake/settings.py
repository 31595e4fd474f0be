"""What a data set says about itself: its dataset.toml laid over the preset it names, checked and frozen."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any, Literal, get_args

from helpers import parameters
from helpers.data import contracts

POLICIES = {
    "cancellations": ("net", "drop", "keep"),
    "refunds": ("net", "drop", "keep"),
    "duplicates": ("keep", "drop"),
}
DEFAULT_POLICY = {"cancellations": "net", "refunds": "net", "duplicates": "keep"}
Kind = Literal["proportion", "mean", "count", "ratio"]  # of a metric
KINDS: tuple[Kind, ...] = get_args(Kind)
MISSING = ("0", "not eligible")
EXTRA_ROLES = {"customers": ("attributes",), "experiments": ("metrics", "covariates")}

TOP_KEYS = {
    "title",
    "preset",
    "time_zone",
    "currency",
    "contractual",
    "observed_from",
    "observed_on",
    "policy",
    "tables",
    "experiments",
    "notebooks",
    "encoding",
    "delimiter",
}
EXPERIMENT_KEYS = ("control", "primary", "weights", "guardrails", "unit")
PLAIN_KEYS = ("encoding", "delimiter", "sheet", "skip", "anonymous", "merge")
FEED_KEYS = {
    *PLAIN_KEYS,
    "file",
    "fields",
    "time_layouts",
    "columns",
    "attributes",
    "metrics",
    "covariates",
    "rules",
    "join",
}


@dataclass(frozen=True)
class Origin:
    """Where a column comes from: the first header found among `headers`, or an SQL expression over the file."""

    headers: tuple[str, ...] = ()
    sql: str = ""


@dataclass(frozen=True)
class Extra:
    """A column kept beyond the contract; `role` is attributes, metrics or covariates.

    A ratio is the column over that of the metric `per`. Values other than 0 beyond the quantiles `cap` (lower, upper)
    count as the quantile; None leaves them alone.
    """

    name: str
    role: str
    origin: Origin
    type: str = contracts.TEXT
    kind: Kind = "mean"
    missing: str = "not eligible"
    label: str = ""
    per: str = ""
    cap: tuple[float, float] | None = None


@dataclass(frozen=True)
class RowRule:
    """A rule of one source: rows for which the SQL expression `keep` is not true go to quarantine."""

    rule: str
    keep: str


@dataclass(frozen=True)
class Join:
    """Columns looked up in another file, by equal values of the columns `on` (their first row wins)."""

    file: str
    on: tuple[str, ...]
    sheet: str = ""


@dataclass(frozen=True)
class Feed:
    """How files become one contract table."""

    table: str
    files: tuple[str, ...]
    optional: bool = False  # named by a preset: absent files mean an absent table
    encoding: str = "auto"
    delimiter: str = "auto"
    sheet: str = ""
    fields: tuple[tuple[str, int, int], ...] = ()  # fixed width: name, first column (from 1), length
    skip: int = 0  # fixed width: lines before the first row
    time_layouts: tuple[str, ...] = ()
    anonymous: bool = False  # the source names no customers
    merge: bool = False  # many rows a key: the first one stands for all
    columns: dict[str, Origin] = field(default_factory=dict)
    extras: tuple[Extra, ...] = ()
    rules: tuple[RowRule, ...] = ()
    joins: tuple[Join, ...] = ()


@dataclass(frozen=True)
class Settings:
    """A data set's own words: units, policies, feeds, and parameters for notebooks."""

    title: str
    preset: str
    time_zone: str
    currency: str
    contractual: bool | None
    observed_from: str
    observed_on: str
    policy: dict[str, str]
    feeds: dict[str, Feed]
    experiments: dict[str, dict[str, Any]]
    notebooks: dict[str, dict[str, Any]]

    def extras(self, role: str) -> dict[str, Extra]:
        """The extra columns of one role, by name."""
        return {extra.name: extra for feed in self.feeds.values() for extra in feed.extras if extra.role == role}

    @property
    def attributes(self) -> tuple[str, ...]:
        """Names of the columns that describe customers beyond the contract."""
        return tuple(self.extras("attributes"))

    @property
    def metrics(self) -> dict[str, Extra]:
        """Experiment metrics by name: kind, what a missing value means, label."""
        return self.extras("metrics")

    @property
    def covariates(self) -> tuple[str, ...]:
        """Names of the columns known before assignment."""
        return tuple(self.extras("covariates"))


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
    patterns = [pattern for feed in preset["tables"].values() for pattern in _texts(feed["file"])]
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
    for words in (base, own):
        _known_keys("dataset.toml", words, TOP_KEYS)
    merged = {**base, **own}
    policy = {**DEFAULT_POLICY, **base.get("policy", {}), **own.get("policy", {})}
    _known_keys("policy", policy, POLICIES)
    for key, value in policy.items():
        parameters.one_of(f"policy.{key}", value, POLICIES[key])
    return Settings(
        title=merged.get("title", folder.name),
        preset=preset,
        time_zone=merged.get("time_zone", "UTC"),
        currency=merged.get("currency", ""),
        contractual=merged.get("contractual"),
        observed_from=str(merged.get("observed_from", "")),
        observed_on=str(merged.get("observed_on", "")),
        policy=policy,
        feeds=_feeds(base, own),
        experiments=_experiments({**base.get("experiments", {}), **own.get("experiments", {})}),
        notebooks={**base.get("notebooks", {}), **own.get("notebooks", {})},
    )


def _experiments(named: dict[str, Any]) -> dict[str, dict[str, Any]]:
    for name, words in named.items():
        _known_keys(f"experiments.{name}", words, EXPERIMENT_KEYS)
    return named


def _feeds(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Feed]:
    """Own tables laid over the preset's: lists are replaced, mappings of columns are merged."""
    reading = {key: own.get(key, base.get(key)) for key in ("encoding", "delimiter") if key in own or key in base}
    feeds = {}
    for table in {**base.get("tables", {}), **own.get("tables", {})}:
        parameters.one_of("tables", table, contracts.TABLES)
        preset_feed, own_feed = base.get("tables", {}).get(table, {}), own.get("tables", {}).get(table, {})
        feed = {**reading, **preset_feed, **own_feed}
        for mapping in ("columns", "attributes", "metrics", "covariates"):
            feed[mapping] = {**preset_feed.get(mapping, {}), **own_feed.get(mapping, {})}
        feeds[table] = _feed(table, feed, optional="file" not in own_feed)
    return feeds


def _feed(table: str, words: dict[str, Any], optional: bool) -> Feed:
    where = f"tables.{table}"
    _known_keys(where, words, FEED_KEYS)
    if "file" not in words:
        raise ValueError(f'{where}: missing file. Name the file that feeds it, such as file = "{table}.csv".')
    _known_keys(f"{where}.columns", words["columns"], [column.name for column in contracts.TABLES[table].columns])
    extras = [
        _extra(f"{where}.{role}", name, role, value)
        for role in EXTRA_ROLES.get(table, ())
        for name, value in words[role].items()
    ]
    for extra in extras:
        _check_ratio(f"{where}.metrics.{extra.name}", extra, words.get("metrics", {}))
    plain = {key: words[key] for key in PLAIN_KEYS if key in words}
    return Feed(
        table=table,
        files=_texts(words["file"]),
        optional=optional,
        fields=tuple((name, int(start), int(length)) for name, start, length in words.get("fields", ())),
        time_layouts=_texts(words.get("time_layouts", ())),
        columns={name: _origin(value) for name, value in words["columns"].items()},
        extras=tuple(extras),
        rules=tuple(RowRule(rule["rule"], rule["keep"]) for rule in words.get("rules", ())),
        joins=tuple(Join(join["file"], _texts(join["on"]), join.get("sheet", "")) for join in words.get("join", ())),
        **plain,
    )


def _origin(value: str | list[str] | dict[str, Any]) -> Origin:
    if isinstance(value, dict):
        return Origin(_texts(value.get("from", ())), value.get("sql", ""))
    return Origin(_texts(value))


def _extra(where: str, name: str, role: str, value: str | list[str] | dict[str, Any]) -> Extra:
    words: dict[str, Any] = value if isinstance(value, dict) else {"from": value}
    _known_keys(f"{where}.{name}", words, {"from", "sql", "type", "kind", "missing", "label", "per", "cap"})
    usual = contracts.NUMBER if role == "metrics" else contracts.TEXT
    return Extra(
        name,
        role,
        _origin(words),
        type=parameters.one_of(f"{where}.{name}.type", words.get("type", usual), (contracts.TEXT, contracts.NUMBER)),
        kind=parameters.one_of(f"{where}.{name}.kind", words.get("kind", "mean"), KINDS),
        missing=parameters.one_of(f"{where}.{name}.missing", str(words.get("missing", "not eligible")), MISSING),
        label=words.get("label", name),
        per=words.get("per", ""),
        cap=_cap(f"{where}.{name}.cap", words["cap"]) if "cap" in words else None,
    )


def _check_ratio(where: str, extra: Extra, metrics: dict[str, Any]) -> None:
    others = [name for name in metrics if name != extra.name]
    if extra.kind == "ratio":
        parameters.one_of(f"{where}.per", extra.per, others)
    elif extra.per:
        raise ValueError(f'{where}.per = {extra.per!r}: only a ratio has one. Write kind = "ratio".')


def _cap(where: str, quantiles: Any) -> tuple[float, float]:
    match quantiles:
        case [int() | float() as low, int() | float() as high] if 0 <= low < high <= 1:
            return float(low), float(high)
    raise ValueError(f"{where} = {quantiles!r}: a lower and an upper quantile, between 0 and 1. Write [0, 0.99].")


def _known_keys(where: str, words: dict[str, Any], known: Any) -> None:
    for key in words:
        if key not in known:
            hint = parameters.nearest(key, known)
            raise ValueError(f"{where}: {key!r} is not a setting.{hint or ' Known: ' + ', '.join(sorted(known)) + '.'}")


def _texts(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)
