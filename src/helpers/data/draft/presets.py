"""Files whose headers are those of a known program: a preset reads them better than guesses do."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from helpers.data import contracts
from helpers.data.draft.contents.holdings import Holding
from helpers.data.intake import files
from helpers.data.intake.wording import mentions, settings
from helpers.data.intake.wording.values import listed
from helpers.language import _

PROGRAMS = (
    "alipay",
    "fxiaoke",
    "shopify",
    "taobao",
    "tmall",
    "wechat_pay",
    "wecom",
    "woocommerce",
    "zoho",
)  # the other presets are of single data sets
WHO = "customer_id"
FEWEST = 5  # headers that a preset names for a table
MOST = 0.8  # of them are in the file


@dataclass(frozen=True)
class Fitting:
    """A preset by which files are read: its name, and what feeds each of its tables."""

    preset: str
    tables: dict[str, Holding]

    def reads(self, holding: Holding) -> bool:
        """Whether a holding feeds one of the tables."""
        return holding in self.tables.values()

    def absent(self, table: str) -> list[str]:
        """The columns of a table for which its file has no header."""
        columns, names = _columns(self.preset)[table], set(self.tables[table].names)
        return [column for column, asked in columns.items() if not all(each & names for each in asked)]

    def told(self) -> list[str]:
        """A sentence for each file."""
        words = _("{file}: its headers are those of {preset}, whose preset reads it")
        names = dict.fromkeys(holding.told for holding in self.tables.values())
        return [words.format(file=name, preset=self.preset) for name in names]


def fitting(holdings: Iterable[Holding]) -> Fitting | None:
    """The preset that reads most of the files, where one does; of several for one table the longest counts."""
    every = sorted(holdings, key=lambda holding: holding.rows)
    found = [Fitting(name, {table: each for each in every for table in _tables(name, each)}) for name in PROGRAMS]
    best = max(found, key=lambda each: len({holding.told for holding in each.tables.values()}))
    return best if best.tables else None


def _tables(preset: str, holding: Holding) -> list[str]:
    """The tables of a preset that a file can feed: it has what they cannot do without, and most other headers."""
    feeds, columns = _feeds(preset), _columns(preset)
    return [table for table, feed in feeds.items() if _fits(set(holding.names), table, feed, columns[table])]


def _fits(names: set[str], table: str, feed: dict[str, Any], asked: dict[str, list[frozenset[str]]]) -> bool:
    kept = [name for rule in feed.get("rules", ()) for name in mentions.in_sql(rule["keep"])]
    needed = [column for column in contracts.TABLES[table].required if not (feed.get("anonymous") and column == WHO)]
    needed += [column for column, origin in feed.get("columns", {}).items() if isinstance(origin, dict)]
    wanted = [each for column in needed for each in asked.get(column, ())]
    wanted += [each for origin in feed.get("attributes", {}).values() for each in _headers(origin)]
    if not names.issuperset(kept) or not all(each & names for each in wanted):
        return False
    named = {headers for several in asked.values() for headers in several}
    return len(named) >= FEWEST and sum(bool(each & names) for each in named) >= MOST * len(named)


@cache
def _feeds(preset: str) -> dict[str, dict[str, Any]]:
    return dict(tomllib.loads(settings.preset_text(preset))["tables"])


def _columns(preset: str) -> dict[str, dict[str, list[frozenset[str]]]]:
    """The headers that each column of each table asks for."""
    return {
        table: {column: _headers(origin) for column, origin in feed.get("columns", {}).items()}
        for table, feed in _feeds(preset).items()
    }


def _headers(origin: Any) -> list[frozenset[str]]:
    """The folded headers that a column asks for: those of which one answers to it, or each that its expression has."""
    if isinstance(origin, dict) and "sql" in origin:
        return [frozenset([name]) for name in mentions.in_sql(origin["sql"])]
    named = origin.get("from", ()) if isinstance(origin, dict) else origin
    return [frozenset(map(files.fold, listed(named)))]
