"""What customers do, ask and answer, and how they are spoken to."""

from __future__ import annotations

from dataclasses import replace

from helpers.data.contracts.forms import FLAG, ID, INTEGER, NUMBER, PROSE, TEXT, TIME, Column, Table
from helpers.data.contracts.shared import ACTION_KEY, CUSTOMER_ID, UPDATED_AT

SURVEY = "survey"  # the purpose of a message that asks the customer to answer one

EVENTS = Table(
    "events",
    "one thing that a customer did",
    (),
    "happened_at",
    (
        CUSTOMER_ID,
        Column("event", TEXT, "what was done, such as visit or add_to_cart", required=True),
        Column("happened_at", TIME, "when", required=True),
        Column("channel", TEXT, "app, mini programme, web, community (社群) …"),
        Column("content", TEXT, "page, article or product it was done on"),
    ),
)

TICKETS = Table(
    "tickets",
    "one service request or complaint",
    ("ticket_id",),
    "opened_at",
    (
        Column("ticket_id", ID, "the ticket", required=True),
        CUSTOMER_ID,
        Column("opened_at", TIME, "when it was recorded", required=True),
        Column("handled_at", TIME, "when somebody began to work on it"),
        Column("first_reply_at", TIME, "when somebody first answered"),
        Column("followed_up_at", TIME, "when the customer was told how it stands"),
        Column("closed_at", TIME, "when it was resolved; empty while it is open"),
        Column("revisited_at", TIME, "when the customer was asked whether it is settled (回访)"),
        Column("summarised_at", TIME, "when what was learnt from it was written down"),
        Column("category", TEXT, "what it is about"),
        Column("channel", TEXT, "phone, chat …"),
        Column("workgroup", TEXT, "who works on it"),
        Column("priority", TEXT, "how urgent it is"),
        Column("complaint", FLAG, "it is a complaint"),
        Column("replies", INTEGER, "answers given to the customer", low=0),
        Column("reopened", INTEGER, "times it was opened again", low=0),
        Column("text", PROSE, "what the customer wrote"),
        UPDATED_AT,
    ),
    history=True,
    not_before=("closed_at", "opened_at"),
)

SURVEYS = Table(
    "surveys",
    "one answer to one question",
    (),
    "answered_at",
    (
        CUSTOMER_ID,
        Column("answered_at", TIME, "when it was answered", required=True),
        Column("question", TEXT, "nps, csat …"),
        Column("score", NUMBER, "the answer", required=True, scale=True, low=0, high=100),
        Column("text", PROSE, "what the customer wrote beside it"),
    ),
)

TOUCHES = Table(
    "touches",
    "one contact made with a customer",
    (),
    "touched_at",
    (
        CUSTOMER_ID,
        Column("touched_at", TIME, "when it was sent or made", required=True),
        Column("campaign", TEXT, "the campaign it belongs to"),
        Column("channel", TEXT, "e-mail, SMS, WeChat, visit …"),
        Column("opened_at", TIME, "when it was opened"),
        Column("clicked_at", TIME, "when it was clicked"),
        Column("purpose", TEXT, "marketing, service …; survey: it asks the customer to answer one"),
        replace(ACTION_KEY, meaning="the planned action that it carried out", seldom=True),
    ),
    lasting=("customer_id", "touched_at", "campaign", "channel"),
)
