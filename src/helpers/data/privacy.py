"""What keeps a page from pointing at a person: how small a group may be, what stands for smaller ones, pseudonyms."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Iterable
from pathlib import Path

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
