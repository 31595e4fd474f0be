"""What keeps a page from pointing at a person: how small a group may be, what stands for smaller ones, pseudonyms."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Iterable
from pathlib import Path

import ibis.expr.types as ir
import pandas as pd

SMALLEST_GROUP = 5  # customers; fewer are never shown by themselves
SMALL_GROUPS = "(small groups)"
UNKNOWN = "(not known)"  # what stands for a missing value where customers are grouped

DIGITS = 10  # of a pseudonym, 40 bits: among a million customers about half a pair share one
KEY_FILE = Path(__file__).resolve().parents[3] / "data" / "prepared" / "pseudonym.key"


DATE = r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([ T]\d{1,2}:\d{2}(:\d{2})?)?"
NUMBER = r"[+-]?[\d.,]{1,10}"  # too short for a phone or an identity card
PLAIN = re.compile(f"({DATE}|{NUMBER})?")


def published(customers: pd.DataFrame) -> pd.DataFrame:
    """One row a customer for a report's folder: texts that fewer than 5 customers share are one small group.

    `customer_id` stays, for what comes next needs it; who brought a customer is left out.
    """
    texts = [name for name in customers.select_dtypes(["object", "string"]) if name != "customer_id"]
    shown = customers.drop(columns="referred_by", errors="ignore")
    return shown.assign(**{name: folded_texts(shown[name]) for name in texts if name in shown})


def shape(text: str) -> str:
    """A text that is no date and no short number as its shape: letters are x, digits 0; others as they are."""
    return text if PLAIN.fullmatch(text) else "".join("0" if c.isdigit() else "x" if c.isalpha() else c for c in text)


def folded_texts(values: pd.Series) -> pd.Series:
    """The texts, those that fewer than 5 rows share as one small group; numbers as they are."""
    if pd.api.types.is_numeric_dtype(values):
        return values
    shared = values.map(values.value_counts()).astype(float) >= SMALLEST_GROUP
    return values.astype(object).where(shared | values.isna(), SMALL_GROUPS)


def shown_groups(sizes: pd.Series, most: int | None = None, smallest: int = SMALLEST_GROUP) -> list:
    """The names of the groups that are shown, the largest first; all others are to be shown as one group.

    `sizes` is how many customers each group has. Shown are groups of at least `smallest`, and of more than `most` the
    largest `most` - 1, so that with the others there are `most`. Others that are fewer than `smallest` together take
    in the smallest group shown: who knows the total could else tell them from the rest.
    """
    ordered = sizes.sort_index(key=lambda names: names.astype(str)).sort_values(ascending=False, kind="stable")
    large = [name for name in ordered.index[ordered >= smallest] if name != SMALL_GROUPS]  # folded before stays so
    if len(large) == len(ordered) and (most is None or len(large) <= most):
        return large
    shown = large if most is None else large[: most - 1]
    return shown[:-1] if sizes.drop(shown).sum() < smallest else shown


def folded_groups(values: pd.Series, most: int | None = None, smallest: int = SMALLEST_GROUP) -> pd.Series:
    """The group in which each customer is shown, the categories from the largest to the fold (see `shown_groups`).

    `values` has one value a customer; missing ones are a group.
    """
    named = values.astype(object).where(values.notna(), UNKNOWN)
    shown = shown_groups(named.value_counts(), most, smallest)
    alone = named.isin(shown)
    groups = shown if alone.all() else [*shown, SMALL_GROUPS]
    return pd.Series(pd.Categorical(named.where(alone, SMALL_GROUPS), groups), index=values.index)


def group_sizes(rows: ir.Table, column: str) -> pd.Series:
    """How many customers each value of a column has."""
    pairs = rows.select(column, "customer_id").distinct()
    return pairs.group_by(column).agg(customers=pairs.customer_id.count()).execute().set_index(column)["customers"]


def folded_rows(rows: ir.Table, column: str, most: int) -> tuple[ir.Table, list[str]]:
    """`rows` with a column of texts as the groups in which they are shown (see `shown_groups`), and the groups' names.

    A group's size is its number of customers, of whom one may be in several groups; missing values are a group.
    """
    rows = rows.mutate(**{column: rows[column].fill_null(UNKNOWN)})
    sizes = group_sizes(rows, column)
    shown = shown_groups(sizes, most)
    others = sizes.drop(shown)
    if others.empty:
        return rows, shown
    if shown and others.max() < SMALLEST_GROUP:  # else one of them alone is enough
        customers = rows.filter(rows[column].isin(list(others.index))).customer_id.nunique().execute()
        shown = shown if customers >= SMALLEST_GROUP else shown[:-1]
    folded = rows[column].isin(shown).ifelse(rows[column], SMALL_GROUPS)
    return rows.mutate(**{column: folded}), [*shown, SMALL_GROUPS]


def digest(identifier: str, key: bytes) -> str:
    """HMAC-SHA256 of an identifier, in hexadecimal (RFC 2104)."""
    return hmac.new(key, identifier.encode("utf-8"), hashlib.sha256).hexdigest()


def pseudonyms(identifiers: Iterable[str], key: bytes | None = None) -> list[str]:
    """A name for each identifier that stays the same from report to report and leads back to nobody without the key.

    Without `key` that of this project folder is used, which is drawn at the first call and never leaves it.
    """
    secret = own_key(KEY_FILE) if key is None else key
    return [digest(str(identifier), secret)[:DIGITS].upper() for identifier in identifiers]


def own_key(path: Path) -> bytes:
    """The key kept at `path`; drawn and written, readable by its owner alone, where there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_bytes(32))
    return path.read_bytes()
