"""Sessions with servers, and what their users are told where one refuses."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from helpers import parameters
from helpers.data.intake.servers import database_files
from helpers.data.intake.servers.forms import Refused, Session, Why
from helpers.data.intake.servers.mysql import MySQL
from helpers.data.intake.servers.postgresql import PostgreSQL
from helpers.data.intake.wording.addresses import PASSWORD, Address
from helpers.language import _

SERVERS: dict[str, tuple[type[PostgreSQL] | type[MySQL], str]] = {  # with the package that each needs
    "postgresql": (PostgreSQL, "pg8000"),
    "mysql": (MySQL, "pymysql"),
}
LISTED = 20  # tables, in errors


@contextmanager
def session(address: Address, folder: Path) -> Iterator[Session]:
    """One reading of the database at `address`, seen from `folder`; ValueError in one sentence where it is refused."""
    server, package = SERVERS.get(address.kind, (None, ""))
    try:
        opened: Session = (
            server(address, os.environ.get(PASSWORD, ""))
            if server
            else database_files.KINDS[address.kind](database_files.path_of(address, folder))
        )
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != package:
            raise
        command = f"{sys.executable} -m pip install {package}"
        words = _("{address}: {package} is needed to read it. Install it: {command}")
        raise ValueError(words.format(address=address, package=package, command=command)) from None
    except Refused as reason:
        raise told(reason, address) from None
    try:
        yield opened
    finally:
        opened.close()


def told(reason: Refused, address: Address) -> ValueError:
    """Why a server refuses to be read at all, as a sentence with its remedy."""
    words = {
        Why.NO_HOST: _("{address}: no host has this name ({said}). Correct the url in dataset.toml."),
        Why.UNREACHABLE: _(
            "{address}: nothing takes the call there ({said}). Start the server, or correct host and port."
        ),
        Why.TIMED_OUT: _(
            "{address}: it did not answer in time ({said}). Run it again, or ask those who look after it."
        ),
        Why.NOT_SAFE: _(
            "{address}: the way there is not safe ({said}). Mend its certificate, or choose another sslmode."
        ),
        Why.WRONG_PASSWORD: _(
            "{address}: it does not let {user} in with the password in {variable} ({said}). Correct it."
        ),
        Why.NO_DATABASE: _("{address}: it has no such database ({said}). Correct the url in dataset.toml."),
        Why.NO_RIGHT: _("{address}: {user} may not read it ({said}). Ask for the right to."),
        Why.GONE: _("{address}: the connection broke ({said}); nothing was changed here. Run it again."),
    }.get(reason.why, _("{address}: it refused ({said}). Ask those who look after it."))
    if reason.why is Why.WRONG_PASSWORD and not os.environ.get(PASSWORD):
        words = _("{address}: it does not let {user} in without a password ({said}). Put it into {variable}.")
    return ValueError(words.format(address=address, said=reason.said, user=address.user, variable=PASSWORD))


def told_of(reason: Refused, address: Address, where: str, name: str, tables: list[str]) -> ValueError:
    """The same of the table or query `name`, which the settings give at `where`."""
    match reason.why:
        case Why.NO_RIGHT:
            words = _("{where} = {name!r}: {user} may not read it ({said}). Ask for the right to SELECT from it.")
        case Why.NO_TABLE:
            words = _("{where} = {name!r}: no such table ({said}). {address} has {tables}.")
        case Why.OTHER:
            words = _("{where} = {name!r}: {address} refused it ({said}). Correct it.")
        case _:
            return told(reason, address)
    listed = (", ".join(tables[:LISTED]) or _("none")) + (", …" if len(tables) > LISTED else "")
    hint = parameters.nearest(name, tables) if reason.why is Why.NO_TABLE else ""
    sentence = words.format(where=where, name=name, user=address.user, said=reason.said, address=address, tables=listed)
    return ValueError(sentence + hint)
