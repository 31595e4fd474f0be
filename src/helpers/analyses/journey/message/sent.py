"""Messages to customers, and what they did with each: opened it, clicked it, ordered soon after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import ibis
import ibis.expr.types as ir

from helpers import parameters
from helpers.data import contracts
from helpers.data.datasets import Dataset
from helpers.data.days import DAY_SECONDS, morning
from helpers.data.intake.rows import purchases
from helpers.findings import NotApplicable, analysis, facts, say

RECENT_DAYS = 30  # in which earlier contacts are counted
LONGEST_RESPONSE_DAYS = 365  # an order later than that follows no message
LEAST = 20  # messages, below which there is no answer
NO_MESSAGES = NotApplicable(say("this data set has no touches: no messages or calls to customers."))


class Outcome(StrEnum):
    """What became of a message: three responses, and what the customer did before it anyway."""

    OPENED = "opened"
    CLICKED = "clicked"
    ORDERED = "ordered"
    ORDERED_BEFORE = "ordered_before"


RESPONSES = (Outcome.OPENED, Outcome.CLICKED, Outcome.ORDERED)


@dataclass(frozen=True)
class Messages:
    """Messages whose following days are known, one row each in the engine."""

    # customer_id, sent_at, campaign, channel, opened, clicked, ordered and ordered_before (an order within `days` after
    # the message, and before it), messages_before (others in the 30 days before, those of the same moment included;
    # null where the data do not reach back so far)
    rows: ir.Table
    responses: tuple[Outcome, ...]  # of RESPONSES those that the data record
    days: int
    as_of: dt.date


@analysis
def messages(data: Dataset, within_days: int = 7, without: Sequence[str] = ()) -> Messages | NotApplicable:
    """Every message to a customer up to `within_days` before the data's end, with the responses to it.

    An order counts as a response when it is placed within `within_days` after the message was sent, for whatever
    reason; `ordered_before` is the same for the days before it, the measure of who would have ordered anyway. Orders
    that were cancelled count only where the data set keeps them. Later messages are left out, for their orders may
    still come, and so are invitations to surveys and the campaigns `without`, which an order itself may set off; they
    still count among the `messages_before` of others. Raises ValueError for a campaign that is not there.
    """
    parameters.between("within_days", within_days, 1, LONGEST_RESPONSE_DAYS)
    if "touches" not in data.tables:
        return NO_MESSAGES
    if isinstance(without, str):
        raise ValueError(f"without = {without!r}: a list of campaigns. Write it in brackets.")
    rows = _with_orders(_with_messages_before(data.tables["touches"]), data, within_days * DAY_SECONDS)
    rows = _left(rows, without)
    rows = rows.filter(~rows.invitation).drop("invitation")
    first_open_day = data.as_of + dt.timedelta(days=1 - within_days)  # from which on an order may still come
    rows = rows.filter(rows.sent_at < morning(first_open_day))
    rows = rows.cache()  # a table of the engine's own, which every answer about messages reads again
    counts = rows.agg(n=rows.count(), **{name: rows[name].sum().fill_null(0) for name in RESPONSES}).execute().iloc[0]
    if counts["n"] < LEAST:
        few = say(
            "fewer than {least} messages are older than {days}.",
            least=facts.Count(LEAST),
            days=facts.Days(within_days),
        )
        return NotApplicable(few)
    recorded = tuple(name for name in RESPONSES if counts[name])
    if not recorded:
        return NotApplicable(say("no message was opened, clicked or followed by an order."))
    return Messages(rows, recorded, within_days, data.as_of)


def _left(rows: ir.Table, without: Sequence[str]) -> ir.Table:
    for campaign in without:
        if not rows.filter(rows.campaign == campaign).count().execute():
            raise ValueError(f"without = {campaign!r}: no message is of that campaign. Mend or leave out the name.")
    return rows.filter(~rows.campaign.fill_null("").isin(list(without))) if without else rows


def _with_messages_before(touches: ir.Table) -> ir.Table:
    rows = touches.filter(touches.customer_id.notnull(), touches.touched_at.notnull())
    rows = rows.mutate(second=rows.touched_at.epoch_seconds(), first=rows.touched_at.min().over())
    recent = ibis.window(group_by="customer_id", order_by="second", range=(-RECENT_DAYS * DAY_SECONDS, 0))
    reaches_back = rows.touched_at >= rows["first"] + ibis.interval(days=RECENT_DAYS)
    return rows.select(
        "customer_id", "campaign", "channel", sent_at=rows.touched_at, opened=rows.opened_at.notnull(),
        clicked=rows.clicked_at.notnull(), invitation=(rows.purpose == contracts.SURVEY).fill_null(False),
        messages_before=ibis.cases((reaches_back, rows.count().over(recent) - 1)),
    )  # fmt: skip


def _with_orders(rows: ir.Table, data: Dataset, seconds: int) -> ir.Table:
    """Adds ordered and ordered_before, looking from every message to the next order and the one before it.

    An order of the same moment comes after the message.
    """
    if "orders" not in data.tables:
        return rows.mutate(ordered=ibis.literal(False), ordered_before=ibis.literal(False))
    orders = data.tables["orders"]
    orders = orders.filter(orders.customer_id.notnull(), orders.ordered_at.notnull())
    orders = purchases.made(orders, data.settings.policy)
    orders = orders.select(
        "customer_id", campaign=ibis.null("string"), channel=ibis.null("string"), sent_at=orders.ordered_at,
        opened=ibis.literal(False), clicked=ibis.literal(False), invitation=ibis.literal(False),
        messages_before=ibis.null("int64"),
    )  # fmt: skip
    both = ibis.union(rows.mutate(order=ibis.literal(0)), orders.mutate(order=ibis.literal(1)))
    after, before = (
        ibis.window(group_by="customer_id", order_by=order, rows=(None, 0))
        for order in ([both.sent_at.desc(), both.order.desc()], [both.sent_at, both.order])
    )
    window = ibis.interval(seconds=seconds)
    both = both.mutate(earlier_at=both.sent_at.max(where=both.order == 1).over(before), later_at=both.sent_at.min(
        where=both.order == 1).over(after))  # fmt: skip
    sent = both.filter(both.order == 0)
    return sent.mutate(
        ordered=(sent.later_at <= sent.sent_at + window).fill_null(False),
        ordered_before=(sent.earlier_at >= sent.sent_at - window).fill_null(False),
    ).drop("order", "earlier_at", "later_at")
