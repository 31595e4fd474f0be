"""The columns of experiments, each declared once: what it is called, what it holds, how readers see its codes."""

from __future__ import annotations

from helpers.findings import Column, Kind

# what is compared
EXPERIMENT = Column("experiment", Kind.NAME, "the experiment, as the data name it")
ARM = Column("arm", Kind.NAME, "the arm; its experiment before it where arms of several stand together")
LABEL = Column("label", Kind.NAME, "the metric as the settings call it")
ORDER_METRIC = Column(
    "metric",
    Kind.CODE,
    "the metric, as orders give it",
    words={"bought": "share of buyers", "orders": "orders a customer", "net_spend": "spend a customer"},
)
KIND = Column(
    "kind",
    Kind.CODE,
    "what the metric is, which says how it is tested",
    words=("proportion", "mean", "count", "ratio"),
)
ROLE = Column(
    "role",
    Kind.CODE,
    "whether the metric decides",
    words=("primary", "secondary"),
)
BETTER = Column(
    "better",
    Kind.CODE,
    "which way the metric is better, as the settings say",
    words={"higher": "more", "lower": "less"},
)
CONTROL_N = Column("control_n", Kind.COUNT, "customers of the control who count in the metric", people=True)
ARM_N = Column("arm_n", Kind.COUNT, "customers of the arm who count in the metric", people=True)
CONTROL_LEVEL = Column(
    "control_level", Kind.NUMBER, "the metric in the control: its share, mean, ratio or quantile", of="control_n"
)
ARM_LEVEL = Column("arm_level", Kind.NUMBER, "the metric in the arm: its share, mean, ratio or quantile", of="arm_n")

# what changed
EFFECT = Column(
    "effect", Kind.NUMBER, "arm less control, in the metric's own unit", tells=("control_level", "arm_level")
)
EFFECT_POINTS = Column(
    "effect_points", Kind.NUMBER, "arm less control, in points of a hundred", heading="Effect (points)"
)
PRIMARY_P_VALUE = Column(
    "primary_p_value", Kind.P_VALUE, "p-value of the metric that decides, corrected over arms alone"
)
LIFT_RATE = Column("lift_rate", Kind.SHARE, "the effect over the size of the control's level", tells="effect")
LIFT_RATE_LOWER = Column("lift_rate_lower", Kind.LIMIT, "lower end of the lift's interval")
LIFT_RATE_UPPER = Column("lift_rate_upper", Kind.LIMIT, "upper end of the lift's interval")
LIFT_P_VALUE = Column("lift_p_value", Kind.P_VALUE, "p-value of the lift, not corrected")
CONVENTION = Column("convention", Kind.NAME, "how effect, interval and p-value were worked out")
LIFT_CONVENTION = Column("lift_convention", Kind.NAME, "how the lift and its interval were worked out")
SMALLEST_EFFECT = Column("smallest_effect", Kind.NUMBER, "the smallest true effect that the test would see")
SMALLEST_LIFT_RATE = Column("smallest_lift_rate", Kind.SHARE, "the smallest true lift that the test would see")

# what to do
DECISION = Column(
    "decision",
    Kind.CODE,
    "what to do with the arm",
    words={
        "ship": "ship",
        "keep": "keep control",
        "harmed": "stop: harmed",
        "extend": "extend",
        "unreadable": "not readable",
    },
)
REASON = Column(
    "reason",
    Kind.CODE,
    "the rule that decided",
    words={
        "single_arm": "nobody in another arm",
        "empty_control": "nobody in the control",
        "sample_ratio": "arms not as planned",
        "changed_ratio": "arms' shares changed from week to week",
        "two_arms": "customers met in two arms",
        "split_groups": "groups in two arms",
        "no_metric": "no value of the primary metric",
        "unequal_loss": "arms lose customers unequally",
        "small_arm": "too few customers",
        "few_groups": "too few groups",
        "no_variation": "nothing varies",
        "uneven": "a handful of customers are the difference",
        "worse": "worse than control",
        "guardrail": "a guardrail is broken",
        "early": "too early to decide",
        "better": "better than control",
        "risky": "better, but shipping risks too much",
        "not_shown_safe": "better, but not shown to be safe",
        "too_small": "too small to be worth it",
        "no_evidence": "no evidence of an effect",
    },
)
DAYS_TO_EXTEND = Column(
    "days_to_extend", Kind.DAYS, "by how many days to extend, where that is known", heading="Days to extend"
)
WHAT_TO_DO = Column("what_to_do", Kind.NAME, "the decision in words, with the days to extend by")
WHY = Column("why", Kind.NAME, "the reason in a sentence")
WIN_PROBABILITY = Column("win_probability", Kind.SHARE, "chance that the arm is better than the control")
EXPECTED_LOSS_RATE = Column(
    "expected_loss_rate", Kind.SHARE, "what shipping is expected to lose, over the control's level"
)
LOOK = Column(
    "look",
    Kind.CODE,
    "which of the declared looks at the experiment this is",
    words={
        "running": "one of any number, while customers are assigned",
        "ended": "the one after the assignment",
    },
)
SHRUNKEN_LIFT_RATE = Column(
    "shrunken_lift_rate", Kind.SHARE, "what to expect of a lift that ships only because it was found"
)
OVERSTATED_BY = Column(
    "overstated_by", Kind.NUMBER, "how many times the expected lift those look like that ship", heading="Overstated by"
)

# whether it can be read
CONTROL_FROM = Column(
    "control_from",
    Kind.CODE,
    "how the control was told from the other arms",
    words={
        "parameter": "as the notebook's parameter says",
        "settings": "as the settings say",
        "name": "by its name",
        "size": "as the largest arm, for want of a named one",
    },
)
ARM_SHARE = Column(
    "arm_share",
    Kind.SHARE,
    "share of the customers compared (of the week, where one is named) who are in this arm",
    heading="Customer share",
    tells="customers",
)
PLANNED_SHARE = Column("planned_share", Kind.SHARE, "share of the customers that was planned for this arm")
SAMPLE_RATIO_P_VALUE = Column(
    "sample_ratio_p_value", Kind.P_VALUE, "p-value that the arms came in the planned ratio", heading="Sample ratio p"
)
SAMPLE_RATIO = Column(
    "sample_ratio",
    Kind.CODE,
    "whether the arms came in the planned ratio",
    words={
        "planned": "as planned",
        "close": "close to plan: watch",
        "broken": "not as planned",
        "untested": "not tested",
    },
)
IN_TWO_ARMS = Column(
    "in_two_arms",
    Kind.COUNT,
    "customers of this arm who were met in another arm too and are left out",
    people=True,
    of="customers",
)
FIRST_ASSIGNED_ON = Column("first_assigned_on", Kind.DATE, "day of the first assignment")
LAST_ASSIGNED_ON = Column("last_assigned_on", Kind.DATE, "day of the last assignment")
CUSTOMERS_A_DAY = Column("customers_a_day", Kind.NUMBER, "customers assigned a day, between the first and the last")
WEEKS = Column("weeks", Kind.COUNT, "weeks of assignment")
CHANGED_RATIO_P_VALUE = Column(
    "changed_ratio_p_value", Kind.P_VALUE, "p-value that the arms' shares were the same in every week"
)
EXPOSED = Column("exposed", Kind.COUNT, "customers whose first treatment is dated", people=True)
EXPOSED_BEFORE = Column(
    "exposed_before", Kind.COUNT, "of them, those treated before they were assigned", people=True, of="exposed"
)
NEVER_EXPOSED = Column(
    "never_exposed", Kind.COUNT, "customers of arms with dated treatments who never had one", people=True, of="treated"
)
TREATED = Column("treated", Kind.COUNT, "customers of arms, other than the control, with dated treatments", people=True)
MET_IN_TWO_ARMS = Column(
    "met_in_two_arms",
    Kind.COUNT,
    "customers met in more than one arm, rows that were set aside counted too",
    heading="In two arms",
    people=True,
    of="(all)",
)
WEEK = Column("week", Kind.COUNT, "week since the first one, which is 1")
HISTORY_DAYS = Column("history_days", Kind.DAYS, "days before the assignment that are compared, ninety at most")
COVARIATE = Column("covariate", Kind.NAME, "what was known before the assignment")
CONTROL_MEAN = Column("control_mean", Kind.NUMBER, "its mean, or the share who have it, in the control")
ARM_MEAN = Column("arm_mean", Kind.NUMBER, "its mean, or the share who have it, in the arm")
DIFFERENCE = Column("difference", Kind.NUMBER, "arm less control, in standard deviations of a customer")
MISSING = Column("missing", Kind.COUNT, "customers of the arm without a value", people=True, of="customers")
MISSING_SHARE = Column("missing_share", Kind.SHARE, "share of the arm's customers without a value", of="customers")
A_MISSING_VALUE = Column(
    "a_missing_value",
    Kind.CODE,
    "what the settings say that a missing value means",
    words={"0": "counts as 0", "not eligible": "is left out"},
)
COUNTED = Column("counted", Kind.COUNT, "customers of the arm who count in the metric", people=True)
UNEQUAL_LOSS_P_VALUE = Column(
    "unequal_loss_p_value", Kind.P_VALUE, "p-value that the arms leave out the same share of customers"
)

# less noise from the same customers
METHOD = Column(
    "method",
    Kind.CODE,
    "how the effect was adjusted",
    words={"cuped": "CUPED", "post_stratified": "post-stratified"},
)
ADJUSTED_FOR = Column("adjusted_for", Kind.NAME, "what it was adjusted for")
ADJUSTED_EFFECT = Column("adjusted_effect", Kind.NUMBER, "the adjusted effect, in the metric's unit")
ADJUSTED_STD_ERROR = Column(
    "adjusted_std_error", Kind.NUMBER, "standard error of the adjusted effect", heading="Adjusted standard error"
)
ADJUSTED_LOWER = Column("adjusted_lower", Kind.NUMBER, "lower end of the adjusted effect's interval")
ADJUSTED_UPPER = Column("adjusted_upper", Kind.NUMBER, "upper end of the adjusted effect's interval")
VARIANCE_SAVED_SHARE = Column(
    "variance_saved_share", Kind.SHARE, "share of the effect's variance that adjusting saves; below 0 it costs"
)
LOWER_CAP = Column("lower_cap", Kind.NUMBER, "values below it count as it; of a ratio, denominators")
UPPER_CAP = Column("upper_cap", Kind.NUMBER, "values above it count as it; of a ratio, denominators")
CONTROL_RAISED_SHARE = Column(
    "control_raised_share", Kind.SHARE, "share of the control's values raised to the lower cap"
)
CONTROL_CUT_SHARE = Column("control_cut_share", Kind.SHARE, "share of the control's values cut to the upper cap")
ARM_RAISED_SHARE = Column("arm_raised_share", Kind.SHARE, "share of the arm's values raised to the lower cap")
ARM_CUT_SHARE = Column("arm_cut_share", Kind.SHARE, "share of the arm's values cut to the upper cap")
UNCAPPED_EFFECT = Column("uncapped_effect", Kind.NUMBER, "the effect of the values as recorded")
UNCAPPED_STD_ERROR = Column(
    "uncapped_std_error", Kind.NUMBER, "standard error of the effect as recorded", heading="Uncapped standard error"
)
UNCAPPED_LOWER = Column("uncapped_lower", Kind.NUMBER, "lower end of the interval of the effect as recorded")
UNCAPPED_UPPER = Column("uncapped_upper", Kind.NUMBER, "upper end of the interval of the effect as recorded")

# day by day
DAY = Column("day", Kind.DATE, "day of assignment; customers assigned up to it are compared")
ASSIGNED_UP_TO = Column("assigned_up_to", Kind.DATE, "the last day of assignment of the customers compared")
BAND_LOWER = Column("band_lower", Kind.LIMIT, "lower end of the band that holds at any look", heading="Lower")
BAND_UPPER = Column("band_upper", Kind.LIMIT, "upper end of the band that holds at any look", heading="Upper")
BAND_P_VALUE = Column("band_p_value", Kind.P_VALUE, "p-value that holds at any look")
NAIVE_LOWER = Column("naive_lower", Kind.NUMBER, "lower end of the interval for one look, fixed beforehand")
NAIVE_UPPER = Column("naive_upper", Kind.NUMBER, "upper end of the interval for one look, fixed beforehand")
NAIVE_P_VALUE = Column("naive_p_value", Kind.P_VALUE, "p-value of one look, fixed beforehand")

CALLED = Column(
    "called",
    Kind.CODE,
    "what daily looks without a correction would have said",
    words=("better", "worse"),
)

# times to an event
EVENT = Column(
    "event",
    Kind.CODE,
    "what is waited for, by the table that dates it",
    words={"orders": "first order", "subscriptions": "end of the subscription"},
)
COUNTED_FOR = Column(
    "counted_for",
    Kind.CODE,
    "of whom it is told",
    words={"orders": "of all customers", "subscriptions": "of customers who had one when assigned"},
)
HAPPENED = Column("events", Kind.COUNT, "customers in whom the event has happened so far", people=True, of="customers")
FOLLOWED_DAYS = Column("followed_days", Kind.DAYS, "days from the assignment to the report's day, in the mean")
SO_FAR_SHARE = Column(
    "so_far_share", Kind.SHARE, "share with the event so far, however long they were followed", of="customers"
)
WITHIN_SHARE = Column(
    "within_share",
    Kind.SHARE,
    "share with the event within the horizon (Kaplan–Meier)",
    heading="Within the time",
    of="customers",
)
DONE_SO_FAR_SHARE = Column(
    "{}_so_far_share", Kind.SHARE, "share with the event so far, however long followed", of="customers"
)
DONE_WITHIN_SHARE = Column(
    "{}_within_{}d_share",
    Kind.SHARE,
    "share with the event within so many days (Kaplan–Meier)",
    heading="{} within {} days",
    of="customers",
)
MEAN_DAYS = Column("mean_days", Kind.DAYS, "days without the event within the horizon, in the mean")
DIFFERENCE_DAYS = Column("difference_days", Kind.DAYS, "mean days without the event, arm less control")
MEAN_DAYS_P_VALUE = Column("mean_days_p_value", Kind.P_VALUE, "p-value of the difference of means, corrected")
LOG_RANK_P_VALUE = Column(
    "log_rank_p_value", Kind.P_VALUE, "p-value that both arms have one curve, corrected", heading="Log-rank p"
)
SO_FAR_P_VALUE = Column("so_far_p_value", Kind.P_VALUE, "p-value that the plain shares so far are equal")
SINCE_ASSIGNMENT = Column(
    "days_since_assignment", Kind.DAYS, "days since the assignment", heading="Days since assignment"
)
NO_ORDER_YET_SHARE = Column("no_order_yet_share", Kind.SHARE, "share who have not ordered yet (Kaplan–Meier)")
STILL_SUBSCRIBED_SHARE = Column("still_subscribed_share", Kind.SHARE, "share who have not left yet (Kaplan–Meier)")

# for whom
BY = Column("by", Kind.FIELD, "what customers are told apart by")
SEGMENTS = Column("segments", Kind.COUNT, "how many segments are compared")
SHRUNKEN_EFFECT = Column(
    "shrunken_effect",
    Kind.NUMBER,
    "the effect drawn towards the other segments by as much as chance explains",
    tells="effect",
)
SHRUNKEN_LOWER = Column("shrunken_lower", Kind.NUMBER, "lower end of the shrunken effect's interval")
SHRUNKEN_UPPER = Column("shrunken_upper", Kind.NUMBER, "upper end of the shrunken effect's interval")
DIFFERENCE_P_VALUE = Column("difference_p_value", Kind.P_VALUE, "p-value that all segments have one effect, corrected")
STRATIFIED_EFFECT = Column("stratified_effect", Kind.NUMBER, "the effect with the same mix of segments in both arms")
STRATIFIED_LOWER = Column("stratified_lower", Kind.NUMBER, "lower end of the interval with equal mixes")
STRATIFIED_UPPER = Column("stratified_upper", Kind.NUMBER, "upper end of the interval with equal mixes")
STRATIFIED_P_VALUE = Column("stratified_p_value", Kind.P_VALUE, "p-value of the effect with equal mixes")
SIGNS_DIFFER = Column("signs_differ", Kind.FLAG, "whether the effect changes its sign with equal mixes")
EACH_ARMS_SHARE = Column("{}_share", Kind.SHARE, "share of that arm's customers who are in the segment")
MIX_P_VALUE = Column("mix_p_value", Kind.P_VALUE, "p-value that all arms have one mix of segments, corrected")

RANGE = Column(
    "range",
    Kind.CODE,
    "a segment or band that code names by its ends; a value of the data stands as it is",
    words=("above {} to {}", "up to {}", "above {}", "all"),
)

# how values spread
NONZERO_SHARE = Column("nonzero_share", Kind.SHARE, "share of customers with a value other than 0", of="customers")
QUANTILE_5 = Column("5%", Kind.NUMBER, "a twentieth of the values other than 0 are up to it")
QUANTILE_25 = Column("25%", Kind.NUMBER, "a quarter of the values other than 0 are up to it")
MEDIAN = Column("median", Kind.NUMBER, "half of the values other than 0 are up to it")
QUANTILE_75 = Column("75%", Kind.NUMBER, "three quarters of the values other than 0 are up to it")
QUANTILE_95 = Column("95%", Kind.NUMBER, "all but a twentieth of the values other than 0 are up to it")
BAND_SHARE = Column(
    "band_share", Kind.SHARE, "share of the arm's values other than 0, or of its customers", heading="Share"
)
QUANTILE = Column(
    "quantile",
    Kind.CODE,
    "the quantile that is compared",
    words={"median": "median", "quantile_90": "90% quantile"},
)

# whom to treat
FIFTH = Column("fifth", Kind.PLAIN, "fifth of the customers by predicted effect; 1 has the largest")
PREDICTED_EFFECT = Column("predicted_effect", Kind.NUMBER, "the effect that the models expect, in the mean")
TREATED_SHARE = Column("treated_share", Kind.SHARE, "share of the customers who are treated")
GAIN_OVER_RANDOM = Column("gain_over_random", Kind.NUMBER, "gain per customer over treating as many at random")
POLICY = Column(
    "policy",
    Kind.CODE,
    "which arm each customer would get",
    words=("the arm predicted best for each", "{} for the {} predicted to gain most", "{} for everyone"),
)
OUTCOME = Column("outcome", Kind.NUMBER, "the metric per customer under the policy")
OVER_NONE = Column(
    "over_none", Kind.NUMBER, "gain per customer over treating nobody", heading="Against treating nobody"
)
OVER_NONE_LOWER = Column(
    "over_none_lower", Kind.LIMIT, "lower end of its interval", heading="Against treating nobody, lower"
)
OVER_NONE_UPPER = Column(
    "over_none_upper", Kind.LIMIT, "upper end of its interval", heading="Against treating nobody, upper"
)
OVER_ALL = Column(
    "over_all", Kind.NUMBER, "gain per customer over the best treatment for everyone", heading="Against treating all"
)
OVER_ALL_LOWER = Column(
    "over_all_lower", Kind.LIMIT, "lower end of its interval", heading="Against treating all, lower"
)
OVER_ALL_UPPER = Column(
    "over_all_upper", Kind.LIMIT, "upper end of its interval", heading="Against treating all, upper"
)
GAIN = Column("gain", Kind.NUMBER, "gain per customer over one alternative")

# the next test
ADJUSTED_DAYS = Column("adjusted_days", Kind.DAYS, "days before the test that are adjusted for; 0 for none")
ADJUSTED_BY = Column("adjusted_by", Kind.NAME, "what is adjusted for, in words")
LEVEL = Column("level", Kind.NUMBER, "the metric of a customer today, in the mean", heading="Metric level")
CUSTOMERS_AN_ARM = Column("customers_an_arm", Kind.NUMBER, "customers that each arm needs for the worthwhile lift")
WEEKS_TO_ASSIGN = Column("weeks_to_assign", Kind.NUMBER, "weeks until so many customers have come")
DAYS_TO_RUN = Column(
    "days_to_run", Kind.DAYS, "days until the last of them has been watched too", heading="Days to run"
)
LIFT_IN_WEEKS_RATE = Column(
    "lift_in_{}_weeks_rate",
    Kind.SHARE,
    "the lift that so many weeks of assignment would show",
    heading="Lift seen in {} weeks",
)
INFORMATION = Column(
    "information_share", Kind.SHARE, "share of the planned customers known at this look", heading="Customers known"
)
Z = Column("z", Kind.NUMBER, "standard errors from 0 beyond which the effect must lie at this look", heading="z beyond")
LOOK_P_VALUE = Column(
    "look_p_value", Kind.P_VALUE, "p-value below which a result is beyond chance at this look", heading="p below"
)
ALPHA_SPENT = Column(
    "alpha_spent_share", Kind.SHARE, "chance of a false alarm at this look or before it", heading="False alarms so far"
)
