"""The headers that the settings of a feed mention: all others are of no use to it, and are left where they are."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from fnmatch import fnmatchcase

from helpers.data import contracts, engine, headers
from helpers.data.intake import files
from helpers.data.intake.wording.tables import Feed, Origin


def origins(feed: Feed) -> dict[str, Origin]:
    """The origin of each column that a feed may have."""
    own = {column.name: Origin((column.name,)) for column in contracts.TABLES[feed.table].columns}
    return own | feed.columns | {extra.name: extra.origin for extra in feed.extras}


def of_origins(feed: Feed) -> set[str]:
    """The headers that the origins of a feed ask for."""
    asked: set[str] = set()
    for origin in origins(feed).values():
        asked.update(in_sql(origin.sql) if origin.sql else map(files.fold, origin.headers))
    return asked


def in_sql(sql: str) -> list[str]:
    """The headers that an expression asks for."""
    return [name.casefold() for name in engine.column_names(engine.proved(sql))]


def mentioned(feed: Feed, given: Iterable[str]) -> set[str]:
    """Those of the folded headers `given` that anything in the settings of a feed mentions."""
    known = of_origins(feed) | set(map(files.fold, (feed.since, *feed.key)))
    known.update(name for rule in feed.rules for name in in_sql(rule.keep))
    known.update(files.fold(name) for join in feed.join for name in join.on)
    wide = list(map(folded, feed.unpivot.columns)) if feed.unpivot else []
    return {
        each
        for each in given
        if {each, headers.unsigned(each)} & known or any(fnmatchcase(each, pattern) for pattern in wide)
    }


def folded(pattern: str) -> str:
    """A pattern of headers folded as they are, but for its stars."""
    parts = re.split(f"({files.SIGN})", unicodedata.normalize("NFKC", pattern).casefold())
    words = [f"_{part}_" if place % 2 else re.sub(r"[^\w*]+", "_", part) for place, part in enumerate(parts)]
    return re.sub("_+", "_", "".join(words)).strip("_")
