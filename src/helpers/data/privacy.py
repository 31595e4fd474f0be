"""Pseudonyms: names that stay the same from report to report and lead back to nobody without the key."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Iterable
from pathlib import Path

DIGITS = 10  # of a pseudonym, 40 bits: among a million customers about half a pair share one
KEY_FILE = Path(__file__).resolve().parents[3] / "data" / "prepared" / "pseudonym.key"
KEY_BYTES = 32
REMEDY = "Put the key of the reports before back, or delete the file to begin with new pseudonyms."


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
    """The key kept at `path`; drawn and written, readable by its owner alone, where there is none.

    Raises ValueError for a file that is there and holds no key: another would rename everybody without a word.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _kept_key(path)
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_bytes(KEY_BYTES))
    return _kept_key(path)


def _kept_key(path: Path) -> bytes:
    try:
        key = path.read_bytes()
    except OSError as error:
        raise ValueError(f"{path.name}: it cannot be read ({error.strerror}). {REMEDY}") from None
    if len(key) != KEY_BYTES:
        raise ValueError(f"{path.name} = {len(key)} bytes: a key has {KEY_BYTES}. {REMEDY}")
    return key
