"""The columns of this word, each declared once; those that words share stand in `findings.vocabulary`."""

from __future__ import annotations

from helpers.findings import Column, Kind
from helpers.findings.evidence import CI
from helpers.findings.folding import OTHERS

BY_NAME = Column("{}", Kind.NAME, "the group, under the name of the column that it is a value of")
BY = Column("by", Kind.FIELD, "the column of tickets whose values are the groups")

# answers to surveys
QUESTION = Column(
    "question", Kind.CODE, "the question of the survey",
    words=("{}, since {}", "{}, before {}", "{}"),
)  # fmt: skip
MEASURE = Column(
    "measure", Kind.CODE, "how answers are summed up: promoters less detractors, or the share of the satisfied",
    words={"nps": "NPS", "csat": "CSAT"},
)  # fmt: skip
SCALE_TOP = Column("scale_top", Kind.NUMBER, "the highest score of the question's scale")
ANSWERS = Column("answers", Kind.COUNT, "how many answers", people=True)
LEVEL = Column(
    "level", Kind.SHARE, "how pleased the answers are, from -1 (NPS) or 0 (CSAT) to 1", heading="Level of answers"
)
LEVEL_POINTS = Column("level_points", Kind.NUMBER, "how pleased the answers are, in points of 100")
NPS_POINTS = Column("nps_points", Kind.NUMBER, "promoters less detractors, in points of 100")
SATISFIED_SHARE = Column("satisfied_share", Kind.SHARE, "share of the answers that are satisfied", of="answers")
LEVEL_DIFFERENCE = Column("level_difference", Kind.POINTS, "the level less that of all other customers who answered")
DIFFERENCE_POINTS = Column(
    "difference_points", Kind.NUMBER, "the level less that of all other customers who answered, in points of 100"
)
PERIOD = Column("period", Kind.DATE, "the month or quarter, by its first day")
LOWEST_SCORE = Column("lowest_score", Kind.NUMBER, "the lowest score that was given")
HIGHEST_SCORE = Column("highest_score", Kind.NUMBER, "the highest score that was given")
BEFORE = Column("before", Kind.NUMBER, "the highest score before the scale changed")
AFTER = Column("after", Kind.NUMBER, "the usual highest score of a month since the scale changed")

# invitations to surveys
INVITATIONS = Column("invitations", Kind.COUNT, "how many invitations to a survey", people=True)
ANSWERED = Column("answered", Kind.COUNT, "how many of them were answered in time", people=True, of="invitations")
RESPONSE_RATE = Column(
    "response_rate",
    Kind.SHARE,
    "share of the invitations that were answered in time",
    of="invitations",
    heading="Answered share",
)

# what goes with answers
DRIVER = Column(
    "driver", Kind.CODE, "what happened to the customer in the days before the answer",
    words={
        "tickets": "requests",
        "complaints": "complaints",
        "reply_hours": "hours to the first reply (doubled)",
        "resolution_hours": "hours to resolution (doubled)",
        "open_tickets": "requests still open",
        "reopened": "requests opened again",
        "orders": "orders",
        "refunded": "orders given back in part or whole",
    },
)  # fmt: skip
EFFECT_POINTS = Column(
    "effect_points", Kind.NUMBER, "by how many points of the scale the score is higher with one more, the others equal"
)
CUSTOMERS_WITH = Column(
    "customers_with",
    Kind.COUNT,
    "customers with it; of a number, those who differ from the usual one",
    people=True,
)

# tickets
TICKETS = Column("tickets", Kind.COUNT, "how many tickets; missing where fewer than may be shown", people=True)
STAGE = Column(
    "stage", Kind.CODE, "how far a ticket got",
    words={
        "recorded": "recorded",
        "handled": "handled",
        "followed_up": "followed up",
        "resolved": "resolved",
        "revisited": "revisited",
        "summarised": "summarised",
        "full_loop": "full loop",
    },
)  # fmt: skip
COMPLETENESS_RATE = Column(
    "completeness_rate", Kind.SHARE, "share of all tickets that reached the stage in time", tells="tickets"
)
LOSS_RATE = Column("loss_rate", Kind.SHARE, "share of the tickets at the stage before that did not reach this one")
LOSS_RATE_LOWER = Column("loss_rate_lower", Kind.LIMIT, f"lower end of the {CI} of the share lost")
LOSS_RATE_UPPER = Column("loss_rate_upper", Kind.LIMIT, f"upper end of the {CI} of the share lost")
FULL_LOOP_RATE = Column(
    "full_loop_rate", Kind.SHARE, "share of the tickets that reached every stage in time", of="tickets"
)

# waiting
TIME = Column("time", Kind.NUMBER, "time since the ticket was recorded, in hours (first reply) or days (resolution)")
AT_RISK = Column("at_risk", Kind.COUNT, "how many tickets wait just before that time", people=True)
EVENTS = Column("events", Kind.COUNT, "how many tickets are answered, or resolved, at that time")
CENSORED = Column("censored", Kind.COUNT, "how many tickets had waited so long, and still wait")
STILL_WAITING_SHARE = Column("survival", Kind.SHARE, "share of the tickets that wait for longer than that time")
FIRST_REPLY_HOURS = Column("first_reply_hours", Kind.NUMBER, "hours since the ticket was recorded", unit="hours")
RESOLUTION_DAYS = Column("resolution_days", Kind.DAYS, "days since the ticket was recorded")
ANSWERED_SHARE = Column("answered_share", Kind.SHARE, "share of the tickets that are answered by that time")
RESOLVED_SHARE = Column("resolved_share", Kind.SHARE, "share of the tickets that are resolved by that time")
WAITING = Column("waiting", Kind.COUNT, "how many tickets still wait", people=True, of="tickets")
MEDIAN_HOURS = Column("median_hours", Kind.NUMBER, "hours by which half of the tickets are answered", unit="hours")
MEDIAN_DAYS = Column("median_days", Kind.DAYS, "days by which half of the tickets are resolved")
ON_TIME_SHARE = Column(
    "on_time_share", Kind.SHARE, "share of the tickets that are done within the promised time", of="tickets"
)
TIER = Column("tier", Kind.NAME, "the tier of whoever made the request")
TIMES_EXPECTED = Column(
    "times_expected", Kind.NUMBER,
    "how many requests are done, over how many would be if all tiers waited as long for requests of the same kind and "
    "quarter; above 1: faster", heading="Over expected",
)  # fmt: skip

# open tickets
RECORDED = Column("recorded", Kind.COUNT, "how many tickets were recorded in that time", people=True, of="(all)")
RESOLVED = Column("resolved", Kind.COUNT, "how many tickets were resolved in that time", people=True, of="(all)")
OPEN = Column("open", Kind.COUNT, "how many tickets were open at its end", people=True)
FROM_DAYS = Column("from_days", Kind.DAYS, "open for at least so many days")
BELOW_DAYS = Column("below_days", Kind.DAYS, "and for fewer than so many; infinite for the oldest")
OPEN_FOR = Column("open_for", Kind.NAME, "how long the tickets have been open, in words")

# tickets that come back
RATE = Column(
    "rate", Kind.CODE, "what became of the resolved tickets", heading="Outcome",
    words={"reopen_rate": "reopened", "one_touch_rate": "settled at the first touch"},
)  # fmt: skip
RESOLVED_TICKETS = Column(
    "resolved_tickets",
    Kind.COUNT,
    "how many resolved tickets tell whether it did",
    heading="Resolved",
    people=True,
)
WITH_OUTCOME = Column(
    "with_outcome", Kind.COUNT, "how many of them did", heading="Count", people=True, of="resolved_tickets"
)
OUTCOME_SHARE = Column("outcome_share", Kind.SHARE, "share of them that did", heading="Share", of="resolved_tickets")

# complaints
COMPLAINTS = Column("complaints", Kind.COUNT, "how many complaints", people=True)
COMPLAINTS_SHARE = Column("complaints_share", Kind.SHARE, "share of all complaints", tells="complaints")
CUMULATIVE_SHARE = Column(
    "cumulative_share", Kind.SHARE, "share of all complaints of this group and those above it", heading="Added up"
)
PART = Column("part", Kind.NAME, "what the share is of")
REPETITION = Column(
    "repetition", Kind.CODE, "how often customers complained", heading="Complained",
    words={
        "soon_again": "2 complaints within that time",
        "several": "several, further apart",
        "single": "1 complaint",
        "rest": OTHERS,
    },
)  # fmt: skip
REPETITION_IN_WORDS = Column(
    "repetition_in_words", Kind.NAME, "how customers repeat a complaint, with the days meant", heading="Complained"
)

# what follows a complaint
OUTCOME = Column(
    "outcome", Kind.CODE, "what customers did afterwards",
    words={"ordered_again": "ordered again", "net_spend": "spend"},
)  # fmt: skip
COMPLAINED = Column("complained", Kind.MIXED, "the mean after a complaint: a share of customers, or money")
ALIKE = Column("alike", Kind.MIXED, "the mean of customers alike who had not complained: a share, or money")
DIFFERENCE = Column("difference", Kind.MIXED, "after a complaint less that of customers alike: a share, or money")
INTERVAL = Column(CI, Kind.NAME, f"the {CI} of the difference, in words")
DAYS_SINCE = Column("days_since", Kind.DAYS, "days since the complaint", heading="Days since")
AGAIN_DIFFERENCE = Column(
    "ordered_again_difference_share", Kind.POINTS,
    "share of customers that has ordered again, less that of customers alike",
)  # fmt: skip
TRAIT = Column(
    "trait", Kind.CODE, "what was known of the customer on the day",
    words={
        "tenure_days": "days since the first order",
        "recency_days": "days since the last order",
        "order_days": "days with an order",
        "recent_order_days": "days with an order, last 90 days",
        "orders": "orders",
        "spend": "spend so far",
    },
)  # fmt: skip
TRAIT_COMPLAINED = Column("trait_complained", Kind.MIXED, "its mean before a complaint")
TRAIT_ALIKE = Column("trait_alike", Kind.MIXED, "its mean among customers alike")
STANDARDISED_DIFFERENCE = Column(
    "standardised_difference", Kind.NUMBER, "the difference of the two means, in standard deviations"
)

# what is written
TERM = Column("term", Kind.NAME, "the word")
CUSTOMERS_SHARE = Column(
    "customers_share", Kind.SHARE, "share of all customers who are counted here", tells="customers"
)
ODDS_RATIO = Column("odds_ratio", Kind.NUMBER, "odds of the word in the group over those elsewhere; 1: no more used")

# whose word carries
PSEUDONYM = Column("pseudonym", Kind.NAME, "a name that stands for the customer on pages")
SCORE = Column("score", Kind.NUMBER, "the mean of the customer's ranks, from 0 to 100")
REFERRALS = Column("referrals", Kind.COUNT, "customers they brought")
REACH = Column("reach", Kind.COUNT, "customers whom those brought in turn")
ACTIVITY = Column("activity", Kind.COUNT, "days with an event or an order")
DEPTH = Column("depth", Kind.COUNT, "different contents or categories they looked at or bought")

BROUGHT = Column("brought", Kind.MIXED, "the mean of customers whom another one brought: a share of them, or money")
OTHERS_ALIKE = Column("others_alike", Kind.MIXED, "the mean of others alike whom nobody brought: a share, or money")
BROUGHT_GAIN = Column(
    "brought_gain", Kind.MIXED, "of those who were brought less that of others alike", heading="Difference"
)
RELATIVE_GAIN = Column(
    "relative_gain_share", Kind.SHARE, "that difference as a share of what others alike show", heading="Difference"
)
MONTHS_SINCE = Column("months_since", Kind.COUNT, "months since the customer joined", heading="Months since")
REFERRALS_EACH = Column("referrals_each", Kind.NUMBER, "customers that one has brought by then, on average")

# names beside bars and points of figures
LABEL = Column("label", Kind.NAME, "the name beside a bar or a point")
