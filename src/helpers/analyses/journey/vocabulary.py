"""The columns of journeys, each declared once: what it is called, what it holds, how readers see its codes."""

from __future__ import annotations

from helpers.data.days import WEEKDAYS
from helpers.findings import Column, Kind
from helpers.findings.folding import SMALL_GROUPS

# the road
NOTHING = "(nothing)"  # stands for the step of a touchpoint where there is none
ENDED = "(ended)"  # stands for the step of a journey that had come to its end
ANOTHER_ORDER = "another order"  # of whoever came with the first one

# how readers see the steps that a road has by itself, and what many exports call an event; other names as they are
STEPS = {
    name: {"view_product": "product view", "add_to_cart": "put in the cart"}.get(name, name)
    for name in (
        "message sent", "message opened", "message clicked", "order placed", "ticket opened", "survey answered",
        "visit", "view_product", "add_to_cart", "checkout", ANOTHER_ORDER, NOTHING, ENDED, SMALL_GROUPS,
        "any {} of {} steps", "{}",
    )
}  # fmt: skip
STEP = Column("step", Kind.CODE, "the step of the road: a kind of touchpoint", words=STEPS)
TIME = Column("time", Kind.FIELD, "the column of that table that dates a touchpoint")
TOUCHPOINTS = Column(
    "touchpoints", Kind.COUNT, "how many touchpoints, of which a customer may have several", people=True
)
FIRST_ON = Column("first_on", Kind.DATE, "the day of the first touchpoint")
LAST_ON = Column("last_on", Kind.DATE, "the day of the last touchpoint")

# the funnel
OF_ALL_SHARE = Column(
    "of_all_share", Kind.SHARE, "share of everybody met at any touchpoint", heading="Of all", tells="customers"
)
OF_ENTERED_SHARE = Column(
    "of_entered_share", Kind.SHARE, "share of those who set out", heading="Of those who entered", tells="customers"
)
OF_STEP_BEFORE_SHARE = Column(
    "of_step_before_share",
    Kind.SHARE,
    "share of those at the step before; of everybody, for the first step",
    heading="Of the step before",
    tells="customers",
)
MEAN_DAYS = Column("mean_days", Kind.DAYS, "mean time that those who did it took")
MEDIAN_DAYS = Column("median_days", Kind.DAYS, "time within which half of those who did it had done it")
MEAN_TIMES = tuple(Column(f"mean_{unit}", Kind.NUMBER, f"the same in {unit}") for unit in ("hours", "minutes"))
MEDIAN_TIMES = tuple(Column(f"median_{unit}", Kind.NUMBER, f"the same in {unit}") for unit in ("hours", "minutes"))
EXPECTED_MEDIAN_DAYS = Column(
    "expected_median_days", Kind.DAYS, "time within which half of all who set out would; none where fewer would"
)
DAYS_SINCE_ENTRY = Column("days_since_entry", Kind.DAYS, "days since the customer set out", heading="Days since entry")
CONVERTED = Column("converted", Kind.COUNT, "customers who reached the last step", people=True, of="customers")
CONVERTED_RATE = Column(
    "converted_rate", Kind.SHARE, "share of customers who reach the last step within the window", of="customers"
)

# differences
DIFFERENCE_RATE = Column(
    "difference_rate",
    Kind.POINTS,
    "the share less the one that it is compared with",
    heading="Difference",
    tells="converted_rate",
)
DIFFERENCE_LOWER = Column(
    "difference_rate_lower", Kind.LIMIT, "lower end of the difference's 95% interval", heading="Lower"
)
DIFFERENCE_UPPER = Column(
    "difference_rate_upper", Kind.LIMIT, "upper end of the difference's 95% interval", heading="Upper"
)

# exits and paths
DROPPED_AFTER = Column("dropped_after", Kind.CODE, "the last step that these customers reached", words=STEPS)
NEXT = Column("next", Kind.CODE, "the step of the touchpoint that came next, or why there was none", words=STEPS)
WAY = Column("way", Kind.NAME, "the last step reached, and what came next")
FROM_STEP = Column("from_step", Kind.CODE, "the step of a touchpoint", words=STEPS)
TO_STEP = Column(
    "to_step", Kind.CODE, "the step of the touchpoint after it, or that there was none in time", words=STEPS
)
POSITION = Column("position", Kind.PLAIN, "which touchpoint of the customer's: 1 for the first")
TOUCHPOINT_SHARE = Column("touchpoint_{}_share", Kind.SHARE, "share of customers whose touchpoint of that number it is")
PATH = Column("path", Kind.NAME, "the last touchpoints, the latest at the end")
EVENT_SHARE = Column(
    "event_share", Kind.SHARE, "share with the path of the customers to whom it happened", heading="Share of these"
)
OTHERS_SHARE = Column("others_share", Kind.SHARE, "share with the path of all other customers")
LIFT = Column("lift", Kind.NUMBER, "how many times as frequent the path is among the former")

# messages
CAMPAIGN = Column("campaign", Kind.NAME, "the campaign that the messages belong to")
CHANNEL = Column("channel", Kind.NAME, "the channel by which messages were sent")
OUTCOME = Column(
    "outcome",
    Kind.CODE,
    "what became of a message",
    words={
        "opened": "opened",
        "clicked": "clicked",
        "ordered": "ordered",
        "ordered_before": "ordered before",
    },
)
MESSAGES = Column("messages", Kind.COUNT, "how many messages were sent", people=True)
CUSTOMERS_WITH = Column(
    "customers_with", Kind.COUNT, "customers with the outcome at least once", people=True, of="customers"
)
RESPONSE_RATE = Column("response_rate", Kind.SHARE, "share of the messages with the outcome", of="messages")
OUTCOME_RATE = Column("{}_rate", Kind.SHARE, "share of the messages with the outcome that the name says", of="messages")
WEEKDAY = Column("weekday", Kind.CODE, "the weekday of sending", words={day: day for day in WEEKDAYS})
HOURS = Column("hours", Kind.CODE, "the hours of sending, by the data set's clocks", words=("all day", "{}"))
MESSAGES_BEFORE = Column("messages_before", Kind.COUNT, "other messages to the same customer in the 30 days before")
RECENT_MESSAGES = Column("messages_in_30_days_before", Kind.NAME, "the same, the largest numbers together")
MESSAGES_IN_ALL = Column(
    "messages_in_all",
    Kind.CODE,
    "messages that the customer ever got",
    heading="Messages",
    words=("{} or more", "{} to {}", "{}"),
)
OPTED_OUT_SHARE = Column(
    "opted_out_share", Kind.SHARE, "share of customers who asked not to be contacted", of="customers"
)

# the test that would tell
QUESTION = Column(
    "question", Kind.CODE, "what the test would do to a random half",
    words={
        "message": "hold the message back",
        "channel": "the best channel instead of the worst",
        "frequency": "after few messages instead of many",
    },
)  # fmt: skip
QUESTION_IN_WORDS = Column("question_in_words", Kind.NAME, "the same, with what is meant", heading="Question")
BASE_RATE = Column("base_rate", Kind.SHARE, "the share without it, as seen")
CUSTOMERS_AN_ARM = Column("customers_an_arm", Kind.COUNT, "customers that each half takes")
TEST_DAYS = Column(
    "test_days", Kind.DAYS, "days that the test takes at today's pace; infinite beyond two years", heading="Days"
)
LEAST_RATE = Column(
    "least_in_91_days_rate",
    Kind.SHARE,
    "the smallest difference that a quarter would show",
    heading="Smallest effect seen in 91 days",
)

# the beginning
CAME_IN = Column("came_in", Kind.NAME, "the month, quarter or year in which these customers came")
NEWCOMERS = Column("newcomers", Kind.COUNT, "customers who came in that time")
REACHED_7D_SHARE = Column(
    "reached_7d_share", Kind.SHARE, "share that took the step within 7 days of coming", heading="Within 7 days"
)
REACHED_30D_SHARE = Column(
    "reached_30d_share", Kind.SHARE, "share that took it within 30 days", heading="Within 30 days"
)
TREND_P_VALUE = Column(
    "trend_p_value",
    Kind.P_VALUE,
    "how often chance alone would make the share rise or fall so from cohort to cohort, corrected for the steps",
)

# who stays
TAKERS = Column("takers", Kind.COUNT, "customers who did it by the landmark, and have others alike to compare")
STAYED_SHARE = Column("stayed_share", Kind.SHARE, "share of them that stayed", heading="Stayed")
ALIKE_STAYED_SHARE = Column(
    "alike_stayed_share", Kind.SHARE, "share of others alike that stayed", heading="Of others alike"
)

# features
FEATURE = Column(
    "feature", Kind.CODE, "what is used: an event, its content or its channel", heading="What is used", words=STEPS
)
USERS = Column("users", Kind.COUNT, "customers who used it in the last 90 days")
ADOPTED_SHARE = Column(
    "adopted_share", Kind.SHARE, "share of the customers active in the last 90 days who used it", heading="Of active"
)
TRIED = Column("tried", Kind.COUNT, "customers who used it for the first time, 30 days ago or earlier")
AGAIN_SHARE = Column("again_share", Kind.SHARE, "share of them that used it again within 30 days", heading="Used again")
AGAIN_LOWER = Column("again_lower", Kind.LIMIT, "lower end of its 95% interval", heading="Again, lower end")
AGAIN_UPPER = Column("again_upper", Kind.LIMIT, "upper end of its 95% interval", heading="Again, upper end")

# the community
ACTIVE_CUSTOMERS = Column("active_customers", Kind.COUNT, "customers who did anything in the month")
COMMUNITY_MEMBERS = Column("community_members", Kind.COUNT, "customers active in the community in the month")
COMMUNITY_SHARE = Column("community_share", Kind.SHARE, "share of the former that are the latter")
BOUGHT = Column(
    "bought",
    Kind.CODE,
    "what is compared",
    heading="Outcome",
    words={"ordered": "share that ordered", "net_spend": "spend"},
)
JOINERS_BEFORE = Column("joiners_before", Kind.MIXED, "of joiners, in the 90 days before they joined")
JOINERS_AFTER = Column("joiners_after", Kind.MIXED, "of joiners, in the 90 days after")
ALIKE_BEFORE = Column("alike_before", Kind.MIXED, "of others alike, in the same 90 days before")
ALIKE_AFTER = Column("alike_after", Kind.MIXED, "of others alike, in the same 90 days after")
CHANGE_DIFFERENCE = Column(
    "change_difference", Kind.MIXED, "the change of joiners less that of others alike", heading="Difference"
)
WHO = Column("who", Kind.CODE, "joiners, or others alike", words={"joiners": "joiners", "alike": "others alike"})
WHEN = Column("when", Kind.CODE, "before or after", words={"before": "90 days before", "after": "90 days after"})
ORDERED_SHARE = Column("ordered_share", Kind.SHARE, "share that ordered in the 90 days")

# leads
SOURCE = Column("source", Kind.NAME, "where the lead came from")
LEADS = Column("leads", Kind.COUNT, "how many leads")
CONVERTED_LEADS = Column("converted_leads", Kind.COUNT, "how many of them have become customers so far")
SO_FAR_SHARE = Column("so_far_share", Kind.SHARE, "their share so far, by which new sources lose")
CONVERT_30D_RATE = Column(
    "convert_30d_rate", Kind.SHARE, "share that becomes a customer within 30 days", heading="Within 30 days"
)
CONVERT_90D_RATE = Column(
    "convert_90d_rate", Kind.SHARE, "share that becomes a customer within 90 days", heading="Within 90 days"
)
BECAME_RATE = Column(
    "became_rate", Kind.SHARE, "share that has become a customer by then", heading="Have become customers"
)
HALF_DAYS = Column(
    "half_days", Kind.DAYS, "days by which half of those who do so within 90 have", heading="Half of these by (days)"
)
DAYS_SINCE_LEAD = Column("days_since_lead", Kind.DAYS, "days since the lead came", heading="Days since the lead came")
