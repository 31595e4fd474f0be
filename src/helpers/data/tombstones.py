"""Customers who are to be forgotten: what a data set says of them is read no more, and who they are is nowhere told.

They are kept as salted digests, with those of their orders, whose lines name nobody.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pandas as pd

from helpers.data import engine, whole_files
from helpers.language import _

FOLDER = "erased"  # of the prepared data; `make clean` lets it stand
CUSTOMER, ORDER, REFERRER = "customer_id", "order_id", "referred_by"
KINDS = {CUSTOMER: CUSTOMER, REFERRER: CUSTOMER, ORDER: ORDER}  # a column → what its ids are of


@dataclass(frozen=True)
class Tombstones:
    """The digests of ids that are read no more, and the salt with which they were made."""

    salt: str = ""
    digests: tuple[str, ...] = ()

    def without(self, rows: ir.Table, told: Mapping[str, Sequence[str]]) -> ir.Table:
        """The rows that are of nobody erased; who was brought by one was brought by nobody.

        `told` names the columns of `rows` that hold the id of a kind, the first of them as it is read.
        """
        if not self.digests:
            return rows
        for column in (CUSTOMER, ORDER):
            if column in told:
                rows = rows.filter(~self._among(rows[told[column][0]], column))
        if REFERRER in told:
            gone = self._among(rows[told[REFERRER][0]], REFERRER)
            blank = {name: gone.ifelse(ibis.null(rows[name].type()), rows[name]) for name in told[REFERRER]}
            rows = rows.mutate(**blank)
        return rows

    def unnamed(self, keys: pd.DataFrame, column: str) -> pd.DataFrame:
        """The rows of a small table whose key is of nobody erased."""
        gone = keys[column].map(lambda key: digest(self.salt, CUSTOMER, key) in self.digests).astype(bool)
        return keys[~gone] if self.digests else keys

    def _among(self, ids: ir.Value, column: str) -> ir.BooleanValue:
        given = engine.sha256(ibis.literal(f"{self.salt}{KINDS[column]}\x1f") + ids.cast("string"))
        return given.isin(self.digests).fill_null(False)


def digest(salt: str, kind: str, identifier: object) -> str:
    """SHA-256 of an id of this kind, in hexadecimal; the engine makes the same."""
    return hashlib.sha256(f"{salt}{kind}\x1f{identifier}".encode()).hexdigest()


def of(prepared: Path, name: str) -> Tombstones:
    """Those of the data set called `name`; ValueError for a file that does not hold any."""
    path = prepared / FOLDER / f"{name}.json"
    if not path.exists():
        return Tombstones()
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return Tombstones(str(told["salt"]), tuple(map(str, told["digests"])))
    except (OSError, ValueError, KeyError, TypeError):
        words = _(
            "{file}: it does not say who was erased from {name}. Put it back from a copy; without it they return."
        )
        raise ValueError(words.format(file=f"{FOLDER}/{path.name}", name=name)) from None


def added(prepared: Path, name: str, ids: Mapping[str, Iterable[object]]) -> Tombstones:
    """The tombstones of the data set `name` with those of more `ids` by kind, kept before they are returned."""
    before = of(prepared, name)
    salt = before.salt or secrets.token_hex(16)
    new = {digest(salt, kind, each) for kind, known in ids.items() for each in known}
    after = Tombstones(salt, tuple(sorted({*before.digests, *new})))
    path = prepared / FOLDER / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    whole_files.write(path, json.dumps({"salt": after.salt, "digests": after.digests}, indent=1), private=True)
    return after
