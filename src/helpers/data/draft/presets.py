"""Files whose headers are those of a known program: a preset reads them better than guesses do."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from typing import Any

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
FEWEST = 5  # headers that a preset names for a table
MOST = 0.8  # of them are in the file


def told(holdings: Iterable[Holding]) -> list[str]:
    """A sentence for each file that has the headers of a preset."""
    words = _(
        "{file}: its headers are those of {preset}, which has a preset. Rather write `preset = {preset!r}` alone, with "
        "the `file` of [tables.{table}] where it is called otherwise"
    )
    fitting = [(each, *found) for each in holdings if (found := _preset(each))]
    return [words.format(file=each.told, preset=preset, table=table) for each, preset, table in fitting]


def _preset(holding: Holding) -> tuple[str, str] | None:
    """The preset, and its table, most of whose headers a file has."""
    for name in PROGRAMS:
        for table, feed in tomllib.loads(settings.preset_text(name))["tables"].items():
            named = {headers for origin in feed.get("columns", {}).values() for headers in _headers(origin)}
            if len(named) >= FEWEST and sum(bool(each & set(holding.names)) for each in named) >= MOST * len(named):
                return name, table
    return None


def _headers(origin: Any) -> list[frozenset[str]]:
    """The folded headers that a column asks for: those of which one answers to it, or each that its expression has."""
    if isinstance(origin, dict) and "sql" in origin:
        return [frozenset([name]) for name in mentions.in_sql(origin["sql"])]
    named = origin.get("from", ()) if isinstance(origin, dict) else origin
    return [frozenset(map(files.fold, listed(named)))]
