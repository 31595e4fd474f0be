"""Contracts of a file that was drawn on one day: who had left by then, and how long everybody had been there."""

from __future__ import annotations

from dataclasses import replace

from helpers.data.intake import files
from helpers.data.intake.wording.tables import Drawn, Feed, Origin
from helpers.language import _

LONGEST = {"days": 36_525, "weeks": 5_200, "months": 1_200, "years": 100}  # a century; what is longer is no tenure


def dated(feed: Feed, observed_on: str) -> Feed:
    """The feed with a beginning so long before the day on which it was drawn, and that day as the end of who had left.

    A feed that is not drawn stays as it is. Raises ValueError for one of another table than subscriptions, and where
    its day is not known.
    """
    also = tuple(dated(each, observed_on) for each in feed.also)
    if feed.drawn is None:
        return replace(feed, also=also) if also else feed
    where = f"tables.{feed.table}.drawn"
    if feed.table != "subscriptions":
        raise ValueError(_("{where}: only subscriptions are drawn. Move it there.").format(where=where))
    if not observed_on:
        raise ValueError(
            _("{where}: the day on which the file was drawn is not known. Write observed_on at the top.").format(
                where=where
            )
        )
    made = {
        "started_at": Origin(sql=_began(feed.drawn, observed_on)),
        "ended_at": Origin(sql=_ended(feed.drawn, observed_on)),
    }
    return replace(feed, also=also, columns=feed.columns | made)


def _began(drawn: Drawn, day: str) -> str:
    tenure, unit = f"number({_column(drawn.tenure)})", drawn.unit.removesuffix("s").upper()
    return (
        f"CASE WHEN {tenure} BETWEEN 0 AND {LONGEST[drawn.unit]} THEN DATE '{day}' - INTERVAL 1 {unit} * {tenure} END"
    )


def _ended(drawn: Drawn, day: str) -> str:
    left = f"flag({_column(drawn.left)})"
    if drawn.values:
        texts = ", ".join("'" + value.replace("'", "''") + "'" for value in drawn.values)
        left = f"{_column(drawn.left)} IN ({texts})"
    return f"CASE WHEN {left} THEN DATE '{day}' END"


def _column(header: str) -> str:
    return '"' + files.fold(header).replace('"', '""') + '"'
