"""Names in a data set's settings: of tables and columns, which the contract knows, and of those beyond it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from helpers import parameters
from helpers.data import contracts
from helpers.data.intake.wording.tables import OWN_COLUMNS, ROLES, Extra, Feed, Origin, Role
from helpers.language import _

# Columns of the snapshot, beside which those that describe customers stand.
TAKEN = (
    "age_days", "complaints", "first_order_on", "frequency", "joined_on", "last_order_on", "last_survey_on",
    "last_survey_question", "last_survey_score", "mean_repeat_spend", "monetary", "orders", "plan", "recency_days",
    "refunds", "subscribed_on", "subscription", "subscription_ended_on", "subscription_reason", "t_x_days",
    "tenure_days", "tickets",
)  # fmt: skip

INVITATION = "invitation"  # a column of touches in earlier versions


def named(name: str, feed: Feed, optional: bool) -> Feed:
    """The feed of the contract table `name`, whose extra columns know their names and roles.

    `optional` says that a preset names its files, which may be absent. Raises ValueError for names that are not those
    of the contract, that are taken, or no names.
    """
    parameters.one_of("tables", name, contracts.TABLES)
    own = [column.name for column in contracts.TABLES[name].columns]
    _check_columns(name, feed, own)
    _check_export(name, feed)
    given: dict[Role, dict[str, Extra]] = {
        "attributes": feed.attributes, "metrics": feed.metrics, "covariates": feed.covariates
    }  # fmt: skip
    extras = {role: _extras(name, role, columns, own) for role, columns in given.items()}
    twice = [column for column in extras["metrics"] if column in extras["covariates"]]
    if twice:
        raise ValueError(
            _("{where}: {twice!r} is both a metric and a covariate. Name one of them otherwise.").format(
                where=f"tables.{name}", twice=twice[0]
            )
        )
    columns = {column: _from_somewhere(origin, column) for column, origin in feed.columns.items()}
    return replace(
        feed,
        table=name,
        optional=optional,
        columns=columns,
        attributes=extras["attributes"],
        metrics=extras["metrics"],
        covariates=extras["covariates"],
    )


def _check_columns(name: str, feed: Feed, own: list[str]) -> None:
    """Raises ValueError for columns that the contract's table, whose `own` these are, does not have."""
    where = f"tables.{name}"
    if name == "touches" and INVITATION in feed.columns:
        raise _renamed(f"{where}.columns", feed.columns[INVITATION])
    for column in feed.columns:
        if column not in own:
            raise ValueError(
                _("{where}.columns: {column!r} is not a column of {name}.{hint}").format(
                    where=where, column=column, name=name, hint=parameters.hint(column, own)
                )
            )


def _check_export(name: str, feed: Feed) -> None:
    """Raises ValueError for a column that is as of the export in a table that does not describe customers."""
    extras = {**feed.metrics, **feed.covariates}
    origins = {**feed.columns, **{column: extra.origin for column, extra in extras.items()}}
    exported = [column for column, origin in origins.items() if origin.as_of_export]
    if exported and name != "customers":
        raise ValueError(
            _("{where}: {column!r} cannot be as_of_export. Only what describes customers can.").format(
                where=f"tables.{name}", column=exported[0]
            )
        )


def _extras(name: str, role: Role, extras: dict[str, Extra], own: list[str]) -> dict[str, Extra]:
    """The extra columns of one role, which know their names; ValueError where the table cannot have them."""
    where = f"tables.{name}"
    if extras and role not in ROLES.get(name, ()):
        only = next(table for table, roles in ROLES.items() if role in roles)
        raise ValueError(
            _("{where}.{role}: only {only} have {role}. Move them to [tables.{only}.{role}].").format(
                where=where, role=role, only=only
            )
        )
    for column in extras:
        _check_name(f"{where}.{role}", column, (*own, *(TAKEN if role == "attributes" else ())))
    return {
        column: replace(extra, **_default(extra, column), name=column, role=role) for column, extra in extras.items()
    }


def _renamed(where: str, flag: Origin) -> ValueError:
    """What replaces the flag of invitations, as an expression of the same."""
    asked = flag.sql or f'flag("{(flag.headers or (INVITATION,))[0]}")'
    sql = json.dumps(f"CASE WHEN {asked} THEN '{contracts.SURVEY}' END", ensure_ascii=False)
    told = _(
        "{where}.{column}: the purpose of a message says whether it invites to a survey. Write `purpose = {origin}`."
    )
    return ValueError(told.format(where=where, column=INVITATION, origin=f"{{ sql = {sql} }}"))


def together(feeds: list[Feed]) -> Feed:
    """The feeds of one table as its first, which knows the others; each has the extra columns and rules of all.

    So their rows have the same columns and marks: what another feed maps is empty, its rules hold for every row.
    Raises ValueError where they differ in what must hold for the whole table.
    """
    first, *others = feeds
    if not others:
        return first
    for word in ("anonymous", "merge"):
        if len({getattr(feed, word) for feed in feeds}) > 1:
            raise ValueError(
                _("tables.{table}.{word}: its feeds differ. Write the same in each of them.").format(
                    table=first.table, word=word
                )
            )
    carried = [column.name for column in contracts.TABLES[first.table].columns if column.carried]
    mapped = {name: Origin((name,)) for feed in feeds for name in carried if name in feed.columns}
    whole = [
        replace(
            feed,
            columns=mapped | feed.columns,
            rules=tuple(rule if each is feed else replace(rule, keep="TRUE") for each in feeds for rule in each.rules),
            attributes=_unfilled(each.attributes for each in feeds) | feed.attributes,
            metrics=_unfilled(each.metrics for each in feeds) | feed.metrics,
            covariates=_unfilled(each.covariates for each in feeds) | feed.covariates,
        )
        for feed in feeds
    ]
    return replace(whole[0], also=tuple(whole[1:]))


def _unfilled(several: Iterable[dict[str, Extra]]) -> dict[str, Extra]:
    """The extra columns of several feeds, to none of which a header answers."""
    return {
        name: replace(extra, origin=Origin(), squares=extra.squares and Origin())
        for extras in several
        for name, extra in extras.items()
    }


def _default(extra: Extra, column: str) -> dict[str, Any]:
    """What an extra column is by default: read from the header of its own name, and shown under it."""
    return {"origin": _from_somewhere(extra.origin, column), "label": extra.label or column}


def _from_somewhere(origin: Origin, column: str) -> Origin:
    """An origin that names a header or an expression: where it names none, the header is called as the column."""
    return origin if origin.headers or origin.sql else replace(origin, headers=(column,))


def _check_name(where: str, name: str, taken: tuple[str, ...]) -> None:
    if not re.fullmatch(r"\w{1,60}", name):
        raise ValueError(
            _("{where}: {name!r} is no name. Write up to 60 letters, digits and _, such as 'seats'.").format(
                where=where, name=name
            )
        )
    if name.casefold() in (*taken, *OWN_COLUMNS) or re.match(r"(raw|keep|sql|mask)_|read_\d+$", name):
        raise ValueError(
            _("{where}: {name!r} is the name of another column. Choose one such as 'own_{name}'.").format(
                where=where, name=name
            )
        )
