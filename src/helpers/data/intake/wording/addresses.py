"""Where a database is: its address without a password, which only the environment holds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

import pydantic
from pydantic import Field, StrictStr, model_validator

from helpers import parameters
from helpers.data.intake.wording.forms import WORDS, Words, described, known
from helpers.language import _

PASSWORD = "KEHU_DATABASE_PASSWORD"  # in the environment
KINDS = {"postgresql": "postgresql", "postgres": "postgresql", "mysql": "mysql", "mariadb": "mysql"}
FILES = ("sqlite", "duckdb")  # kinds that are a file
PORTS = {"postgresql": 5432, "mysql": 3306}
SAFETY = ("disable", "prefer", "require", "verify-full")  # of the way there, in the words of PostgreSQL
EXAMPLE = "postgresql://analyst@db.host/shop"
_SECRET = re.compile(r"(?<=://)([^:/@\s]*):\S*@|(?<=password=)[^&\s]+", re.I)


@dataclass(frozen=True)
class Address:
    """A database: whose account, on which host and port, under which name, and how safe the way there has to be."""

    kind: str  # postgresql, mysql, sqlite or duckdb
    user: str
    host: str
    port: int
    database: str  # of a file: its path, from the data set's folder on
    safety: str = "prefer"

    @property
    def is_file(self) -> bool:
        """Whether it is a file, which nobody serves."""
        return self.kind in FILES

    def __str__(self) -> str:
        if self.is_file:
            return f"{self.kind}:///{self.database}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == PORTS[self.kind] else f":{self.port}"
        return f"{self.kind}://{self.user}@{host}{port}/{self.database}"


def address(url: str) -> Address:
    """The address that `url` says; ValueError, which does not repeat it, where it is none or holds a password."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        raise ValueError(_("it is no address. Write one such as {example}.").format(example=EXAMPLE)) from None
    if parts.scheme in FILES:
        return _file(parts)
    beside = dict(parse_qsl(parts.query, keep_blank_values=True))
    if parts.password is not None or any(name.casefold() in ("password", "passwd", "pwd") for name in beside):
        words = _("it holds a password. Take it out, and give it in the environment as {variable}.")
        raise ValueError(words.format(variable=PASSWORD))
    _check(parts)
    kind = KINDS[parts.scheme]
    return Address(
        kind,
        unquote(parts.username or ""),
        parts.hostname or "",
        port or PORTS[kind],
        unquote(parts.path.strip("/")),
        _safety(beside),
    )


def _file(parts: SplitResult) -> Address:
    """The address of a database file: sqlite:///shop.db, from the data set's folder on."""
    path = unquote(parts.netloc + parts.path if parts.netloc else parts.path.removeprefix("/"))
    if not path or parts.query:
        words = _("it names no file. Write one such as {example}.")
        raise ValueError(words.format(example=f"{parts.scheme}:///shop.db"))
    return Address(parts.scheme, "", "", 0, path)


def _check(parts: SplitResult) -> None:
    """ValueError for an address that lacks a part, or is of another kind of database."""
    if parts.scheme not in KINDS:
        words = _("no such kind of database is read. Write one of {kinds}, such as {example}.")
        raise ValueError(words.format(kinds=", ".join((*KINDS, *FILES)), example=EXAMPLE))
    lacking = {
        _("its user"): parts.username,
        _("its host"): parts.hostname,
        _("the database's name"): parts.path.strip("/"),
    }
    for what, given in lacking.items():
        if not given:
            raise ValueError(_("it lacks {what}. Write one such as {example}.").format(what=what, example=EXAMPLE))


def _safety(beside: dict[str, str]) -> str:
    """What the query of an address says, which is sslmode alone."""
    for name in beside:
        parameters.one_of("url", name, ("sslmode",))
    return str(parameters.one_of("sslmode", beside.get("sslmode", "prefer"), SAFETY))


def without_secrets(text: str) -> str:
    """`text`, in which no address holds a password."""
    return _SECRET.sub(lambda found: f"{found[1]}:…@" if found[1] is not None else "…", text)


@pydantic.dataclasses.dataclass(frozen=True, config=WORDS)
class Database(Words):
    """The database that holds the tables which name no file."""

    url: Annotated[
        StrictStr,
        Field(
            description=f"its address, such as {EXAMPLE}, or mysql://…, also with ?sslmode=verify-full; the password "
            f"stands in the environment, as {PASSWORD}, and nowhere else; of a file in the folder: sqlite:///shop.db "
            "or duckdb:///shop.duckdb"
        ),
    ] = ""

    @model_validator(mode="before")
    @classmethod
    def _written(cls, given: Any) -> Any:
        """What was given, which no error repeats: there may be a password in it."""
        for key in given if isinstance(given, dict) else ():
            if key == "password":
                words = _("no password stands in a file. Give it in the environment as {variable}.")
                raise ValueError(words.format(variable=PASSWORD))
            known(key, described(cls))
        if isinstance(given, dict) and isinstance(given.get("url"), str):
            address(given["url"])
        return given

    @property
    def address(self) -> Address:
        """What the url says."""
        return address(self.url)
