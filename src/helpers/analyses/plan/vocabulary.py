"""The columns of plans, each declared once: what it is called, what it holds, how readers see its codes."""

from __future__ import annotations

from typing import Any

from helpers.data.contracts import EVERYTHING, HOLDOUT, TREAT
from helpers.findings import Column, Kind
from helpers.findings.folding import SMALL_GROUPS
from helpers.findings.vocabulary import SEGMENT

NAMES = {
    "service_recovery": "service recovery call", "save_call": "call to keep them", "renewal": "renewal reminder",
    "wake": "wake-up message", "win_back": "win-back message", "second_order": "nudge to a second order",
    "onboarding": "welcome message", "replenish": "refill reminder", "cross_sell": "cross-sell offer",
    "up_sell": "up-sell offer", "tier_nudge": "nudge to the next tier", "birthday": "birthday greeting",
    "advocate_ask": "ask to recommend", "survey_chase": "survey reminder", "coupon": "coupon",
    EVERYTHING: EVERYTHING, SMALL_GROUPS: SMALL_GROUPS, "{}": "{}",
}  # fmt: skip

# the plan
ACTION_KEY = Column("action_key", Kind.PLAIN, "the planned action, the same in a CRM, in a result and in later plans")
ACTION = Column("action", Kind.CODE, "what is done, as the settings call it", words=NAMES)
FAMILY = Column("family", Kind.NAME, "actions of one purpose, of which a customer gets one at a time")
ARM = Column("arm", Kind.CODE, "whether it is done", words={TREAT: "done", HOLDOUT: "held out"})
SEASON = Column("season", Kind.NAME, "the time for which a customer stays in one arm, by its first day")
HOLDOUT_SHARE = Column("holdout_share", Kind.SHARE, "share held out by lot to see what the action does")
PLANNED_ON = Column("planned_on", Kind.DATE, "the day whose data the plan was made from")
PLAN_ON = Column("plan_on", Kind.DATE, "the day on which the plan begins")
DUE_ON = Column("due_on", Kind.DATE, "the day by which it is to be done")
CHANNEL = Column("channel", Kind.NAME, "how the customer is reached")
OWNER = Column("owner", Kind.NAME, "who does it")
PRIORITY = Column("priority", Kind.COUNT, "its place by value, 1 the first", unit="place")
REASON_1 = Column("reason_1", Kind.NAME, "what is known of the customer that it rests on")
REASON_2 = Column("reason_2", Kind.NAME, "what else is known that it rests on; empty where nothing is")
OFFER_GOOD = Column("offer_good", Kind.NAME, "the good that it offers; empty for none")
SCRIPT = Column("script", Kind.NAME, "what to say; goods and days only")
COST = Column("cost", Kind.MONEY, "what it costs")
VALUE_AT_STAKE = Column("value_at_stake", Kind.MONEY, "what the outcome that it is to change is worth")
EXPECTED_GAIN = Column("expected_gain", Kind.MONEY, "what it is expected to bring, cost taken off")
GAIN_LOWER = Column("gain_lower", Kind.MONEY, "the same where its effect is the lower quartile of what is believed")
EFFECT_SOURCE = Column(
    "effect_source", Kind.CODE, "where its effect is known from",
    words=("measured", "assumed"),
)  # fmt: skip

# carried out
ASSIGNED = Column("assigned", Kind.COUNT, "customers who were to get it", people=True)
DONE = Column("done", Kind.COUNT, "of these, who got it", people=True, of="assigned")
DONE_RATE = Column("done_rate", Kind.SHARE, "share of these who got it", of="assigned")
DELAY_DAYS = Column("median_delay_days", Kind.DAYS, "days after the due day by which half of it was done")
HELD_OUT = Column("held_out", Kind.COUNT, "customers who were not to get it, by lot", people=True, of="(all)")
CONTACTED = Column("held_out_but_contacted", Kind.COUNT, "of these, who got it even so", people=True, of="held_out")
STATUS_SHARE = Column("{}_share", Kind.SHARE, "share with the status that the name says")
CARRIED_OUT = Column(
    "carried_out", Kind.CODE, "whether the arms can be compared",
    words={
        "fair": "fair", "sample_ratio": "arms not as drawn", "contaminated": "held-out ones got it",
        "too_few": "too few to tell", "not_done": "hardly done",
    },
)  # fmt: skip

# effects
EVENTS = ("left", "ordered", "opted_out")
OUTCOME = Column(
    "outcome", Kind.CODE, "what is counted of everybody as assigned, within the horizon",
    words={
        "left": "left", "ordered": "ordered", "spend": "spend", "contribution": "contribution",
        "opted_out": "refused a channel",
    },
)  # fmt: skip
# What happened to a customer is counted as a share, whose differences are in points; the rest is money.
LEVELS: dict[str, Any] = {"by": OUTCOME, "kinds": dict.fromkeys(EVENTS, Kind.SHARE)}
DIFFERENCES: dict[str, Any] = {"by": OUTCOME, "kinds": dict.fromkeys(EVENTS, Kind.POINTS)}
CYCLES = Column("cycles", Kind.COUNT, "plans that assigned customers to it")
LEVEL = Column(
    "level_held_out", Kind.NUMBER, "the outcome of those held out, a share or money", heading="Level held out",
    **LEVELS,
)  # fmt: skip
EFFECT = Column("effect", Kind.NUMBER, "those assigned less those held out: points of a share, or money", **DIFFERENCES)
EFFECT_LOWER = Column("lower", Kind.NUMBER, "lower end of the 95% interval", **DIFFERENCES)
EFFECT_UPPER = Column("upper", Kind.NUMBER, "upper end of the 95% interval", **DIFFERENCES)
REACHED = Column(
    "effect_reached", Kind.NUMBER, "the effect on those whom it reached", heading="Effect on those reached",
    **DIFFERENCES,
)  # fmt: skip
REACHED_LOWER = Column("reached_lower", Kind.NUMBER, "lower end of its 95% interval", **DIFFERENCES)
REACHED_UPPER = Column("reached_upper", Kind.NUMBER, "upper end of its 95% interval", **DIFFERENCES)
BEFORE_AFTER = Column(
    "before_after_claim", Kind.NUMBER,
    "what a comparison with the time before would claim, of leaving one with those not reached; it is wrong",
    heading="Before/after would claim", **DIFFERENCES)  # fmt: skip
CONTRIBUTION = Column(
    "contribution_per_customer", Kind.MONEY, "what it earned for each customer assigned, cost taken off"
)
CONTRIBUTION_LOWER = Column("contribution_lower", Kind.LIMIT, "lower end of its 95% interval")
CONTRIBUTION_UPPER = Column("contribution_upper", Kind.LIMIT, "upper end of its 95% interval")
CHANCE_POSITIVE = Column("chance_positive", Kind.SHARE, "chance that it earned more than it cost")
VERDICT = Column(
    "verdict", Kind.CODE, "what to do with the action, by the first rule that fits",
    words={
        "unreadable": "not readable", "not_carried_out": "not carried out", "stop": "stop", "scale": "scale",
        "early": "keep, too early", "testing": "keep testing", "cannot_pay": "stop: cannot pay",
    },
)  # fmt: skip
RANDOMISED = Column("randomised", Kind.COUNT, "customers put into its arms by lot", unit="customers", people=True)
CHOICE = Column(
    "choice", Kind.CODE, "whether choosing customers for it earns more than giving it to all, and than to nobody",
    words={"choose": "choose customers", "no_evidence": "no evidence", "too_few": "too few to tell"},
)  # fmt: skip
CHOSEN_SHARE = Column("chosen_share", Kind.SHARE, "share of customers whom the models would give it to")
OVER_ALL = Column(
    "over_all", Kind.MONEY, "what choosing earned a customer beside giving it to all", heading="Beside all"
)
OVER_ALL_LOWER = Column("over_all_lower", Kind.LIMIT, "lower end of its interval", heading="Beside all, lower")
OVER_ALL_UPPER = Column("over_all_upper", Kind.LIMIT, "upper end of its interval", heading="Beside all, upper")
OVER_NONE = Column(
    "over_none", Kind.MONEY, "what choosing earned a customer beside giving it to nobody", heading="Beside nobody"
)
OVER_NONE_LOWER = Column("over_none_lower", Kind.LIMIT, "lower end of its interval", heading="Beside nobody, lower")
OVER_NONE_UPPER = Column("over_none_upper", Kind.LIMIT, "upper end of its interval", heading="Beside nobody, upper")
CYCLES_P_VALUE = Column("cycles_p_value", Kind.P_VALUE, "how often chance alone would make its plans differ so much")
MORE_CUSTOMERS = Column("more_customers", Kind.COUNT, "customers that it would still take to tell")
DAYS_LEFT = Column("days_left", Kind.DAYS, "days until the horizon of the latest plan is over")
WORTHWHILE = Column(
    "worthwhile", Kind.POINTS_APART, "the change of the outcome that it is believed to make", heading="Change hoped for"
)
EXPECTED_LEVEL = Column("expected_level", Kind.SHARE, "share that would leave, or order, within the horizon without it")
SMALLEST_SEEN = Column(
    "smallest_seen_{}", Kind.POINTS_APART, "smallest difference that this many held out of a hundred would show",
    heading="Seen with {}% held out",
)  # fmt: skip

# candidates, exclusions, choice
CANDIDATES = Column("candidates", Kind.COUNT, "customers for whom the action is", unit="customers", people=True)
ALONE = Column("alone", Kind.COUNT, "of these, for whom no other is", unit="customers", people=True, of="candidates")
LACKING = Column("lacking", Kind.NAME, "what its rule asks for and this data set lacks", heading="Lacks")
REASON = Column(
    "reason", Kind.CODE, "why customers are left alone, the first that fits",
    words={
        "opted_out": "asked not to be contacted", "no_consent": "no consent for a channel of it",
        "global_holdout": "held out of everything", "open_complaint": "a complaint or ticket is open",
        "refund": "a refund of late", "contacted": "contacted of late", "cap": "the channel's cap is reached",
        "cooldown": "got one of the family of late", "still_open": "the same is still open", "minor": "a child",
        "no_value": "worth less than it costs", "left": "left to choose from",
    },
)  # fmt: skip
PAIRS = Column("pairs", Kind.COUNT, "pairs of a customer and an action", heading="Customer and action", people=True)
REMAINING = Column("remaining", Kind.COUNT, "pairs that remain after it")
SCARCE = Column("scarce", Kind.NAME, "what there is not enough of: money, a channel, who does it")
LIMIT = Column("limit", Kind.NUMBER, "how much of it there is in a cycle")
USED = Column("used", Kind.NUMBER, "how much of it the plan uses")
PRICE = Column("price", Kind.MONEY, "what one more of it would bring")
PLANNED = Column("planned", Kind.COUNT, "actions that are planned", people=True)
GAIN = Column("gain", Kind.MONEY, "what these are expected to bring, cost taken off")
WEEK = Column("week", Kind.DATE, "the week, by its Monday")
OCCASION = Column(
    "occasion", Kind.CODE, "what comes",
    words={
        "birthday": "birthdays", "joining": "anniversaries of joining", "contract": "anniversaries of contracts",
        "due": "goods due", "tier": "spend leaves a tier's window", "day_off": "time off", "workday": "weekend work",
        "春节": "Spring Festival", "元宵": "Lantern Festival", "端午": "Dragon Boat Festival",
        "七夕": "Qixi", "中秋": "Mid-Autumn Festival", "重阳": "Double Ninth",
        "618": "618", "双11": "Double 11", "双12": "Double 12",
    },
)  # fmt: skip

# as known of the customer that day
HEALTH = Column("health", Kind.NUMBER, "the health score, from 0 to 100")
BAND = Column("band", Kind.NAME, "the band of health: red, yellow or green")
TIER = Column("tier", Kind.NAME, "the tier that customers have")
LEAVE_90D_RATE = Column("leave_90d_rate", Kind.SHARE, "chance to leave within 90 days; of a group, its mean")
LIFETIME_VALUE = Column(
    "lifetime_value", Kind.MONEY, "what the customer's orders are expected to bring over the horizon, discounted"
)
TIER_GAP = Column(
    "tier_gap_share", Kind.SHARE, "what lacks to the next tier of the membership, as a share of what it takes",
    heading="Gap to the next tier",
)  # fmt: skip
TIER_DAYS = Column(
    "tier_window_days", Kind.DAYS, "days until the oldest order that counts towards it leaves the tier's window",
    heading="Days left for the next tier",
)  # fmt: skip
DUE_DAYS = Column(
    "due_in_days", Kind.DAYS, "days to the next day on which a good is due again", heading="Days to a good due"
)
PORTRAIT = (  # what a rule of an action may ask for
    Column("orders", Kind.COUNT, "completed orders", unit="orders"),
    Column("frequency", Kind.COUNT, "days with a completed order", unit="days"),
    Column("monetary", Kind.MONEY, "money of completed orders"),
    Column("recency_days", Kind.DAYS, "days since the last completed order"),
    Column("tenure_days", Kind.DAYS, "days since the customer came"),
    SEGMENT,
    TIER,
    Column("stage", Kind.NAME, "the stage of life"),
    Column("channel", Kind.NAME, "through which the customer came"),
    Column("plan", Kind.NAME, "what the running contract is for"),
    Column("subscription", Kind.NAME, "active while a contract runs, ended after it"),
    Column("tickets", Kind.COUNT, "requests so far", unit="requests"),
    Column("complaints", Kind.COUNT, "complaints so far", unit="complaints"),
    Column("open_tickets", Kind.COUNT, "requests that wait", unit="requests", heading="Open requests"),
    Column("open_complaints", Kind.COUNT, "complaints that wait", unit="complaints"),
    Column("last_survey_score", Kind.NUMBER, "the latest answer to a survey"),
    Column("survey_asked_days", Kind.DAYS, "days since a survey was sent that is not answered",
           heading="Survey unanswered (days)"),
    Column("advocate_score", Kind.NUMBER, "how much speaks for asking the customer to recommend the shop",
           heading="Fit to recommend"),
    HEALTH,
    BAND,
    Column("leave_30d_rate", Kind.SHARE, "chance to leave within 30 days", heading="Leave within 30 days"),
    LEAVE_90D_RATE,
    Column("p_alive", Kind.SHARE, "how likely it is that the customer still buys", heading="Chance still a customer"),
    Column("expected_orders", Kind.NUMBER, "orders that are expected over the horizon"),
    Column("expected_spend", Kind.MONEY, "what the customer is expected to spend on an order"),
    LIFETIME_VALUE,
    Column("contract_value", Kind.MONEY, "what the running contract is expected to bring, discounted"),
    Column("worth", Kind.MONEY, "lifetime and contract value; where neither is known, the money of the past",
           heading="Expected worth"),
    Column("worth_rank", Kind.SHARE, "share of customers who are worth no more", heading="Worth more than"),
    TIER_GAP,
    TIER_DAYS,
    DUE_DAYS,
    Column("birthday_in_days", Kind.DAYS, "days to the birthday, by the moon where it is kept so",
           heading="Days to the birthday"),
    Column("joining_anniversary_in_days", Kind.DAYS, "days to the yearly return of the joining",
           heading="Days to the joining anniversary"),
    Column("contract_anniversary_in_days", Kind.DAYS, "days to the yearly return of the contract's beginning",
           heading="Days to the contract anniversary"),
    Column("due_good", Kind.NAME, "the consumable that is due the likeliest", heading="Good that is due"),
    Column("due_chance", Kind.SHARE, "chance that it is bought within 30 days", heading="Chance of the due good"),
    Column("again_good", Kind.NAME, "a good to buy again", heading="Good to buy again"),
    Column("again_chance", Kind.SHARE, "chance that it is bought", heading="Chance to buy it again"),
    Column("again_margin", Kind.MONEY, "what it is expected to bring", heading="Gain of buying it again"),
    Column("new_good", Kind.NAME, "a good that the customer never bought", heading="New good"),
    Column("new_chance", Kind.SHARE, "chance that it is bought", heading="Chance of the new good"),
    Column("new_margin", Kind.MONEY, "what it is expected to bring", heading="Gain of the new good"),
    Column("up_good", Kind.NAME, "the line of goods of which a better one may be wanted", heading="Line to step up in"),
    Column("up_chance", Kind.SHARE, "chance that it is wanted", heading="Chance of the step up"),
)  # fmt: skip
