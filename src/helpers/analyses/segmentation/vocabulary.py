"""The columns of segmentation's answers, each declared once; those that words share are in `findings.vocabulary`."""

from __future__ import annotations

from helpers.findings.columns import Column, Kind
from helpers.statistics.clusters import search

# the labels of a customer
TIER = Column("tier", Kind.NAME, "the value tier: what the customer brought of late, in the last 12 months as is usual")
STAGE = Column("stage", Kind.NAME, "the lifecycle stage: how long the customer has been silent")
CLUSTER = Column("cluster", Kind.NAME, "the cluster: customers who are alike in the chosen features")
LEVEL = Column("level", Kind.NAME, "the level that the shop's own data give the customer", heading="Own level")
R_SCORE = Column("r_score", Kind.NUMBER, "recency score, from 1 up to the most recent", heading="R score")
F_SCORE = Column("f_score", Kind.NUMBER, "frequency score, from 1 up to the most frequent", heading="F score")
M_SCORE = Column("m_score", Kind.NUMBER, "monetary score, from 1 up to the highest spending", heading="M score")
KIND = Column(
    "kind",
    Kind.CODE,
    "the kind of label",
    words={"segment": "segment", "tier": "tier", "stage": "stage", "cluster": "cluster", "level": "own level"},
)

# what a group is like
GROUP_RULE = Column("group_rule", Kind.NAME, "how a customer gets into the group", heading="Rule")
BENEFITS = Column("benefits", Kind.NAME, "what members of the tier get")
MEDIAN_RECENCY_DAYS = Column("median_recency_days", Kind.DAYS, "median of the days since the last order")
MEDIAN_ORDERS = Column("median_orders", Kind.NUMBER, "median number of orders")
MEDIAN_MONETARY = Column("median_monetary", Kind.MONEY, "median of the net revenue so far")
SHARE_OF = Column("share_of", Kind.NAME, "what the share is of: customers or revenue")
CUSTOMERS_OF = Column(
    "{}", Kind.COUNT, "customers who are also in the group that names the column", people=True, of="(all)"
)
COLUMN_SHARE = Column(
    "column_share", Kind.SHARE, "share of the column's customers who are in the row's group", tells="customers"
)

# scores and what earns them
DIMENSION = Column(
    "dimension",
    Kind.CODE,
    "what is scored",
    words=("recency", "frequency", "monetary"),
)
SCORE = Column("score", Kind.NUMBER, "the score, from 1 up to the best")
AT_LEAST = Column("at_least", Kind.MIXED, "the value from which the score is given: days, orders or money")
SCORED_SHARE = Column(
    "scored_share", Kind.SHARE, "share of the customers who have scores", heading="Customer share", tells="customers"
)
BELOW = Column("below", Kind.MIXED, "the value below which the score is given: days, orders or money")
RECENCY_SCORE = Column("recency_score", Kind.NUMBER, "recency score, from 1 up to the most recent")
FREQUENCY_SCORE = Column("frequency_score", Kind.NUMBER, "frequency score, from 1 up to the most frequent")

# stages
BUYERS = Column("buyers", Kind.COUNT, "how many customers with an order", people=True)
RETURNS = Column("returns", Kind.COUNT, "how often customers came back on another day")
ACTIVE_DAYS = Column("active_days", Kind.DAYS, "days of silence after which a customer is no longer active")
ATTENTION_DAYS = Column("attention_days", Kind.DAYS, "days of silence after which need attention ends")
AT_RISK_DAYS = Column("at_risk_days", Kind.DAYS, "days of silence after which at risk ends")
DORMANT_DAYS = Column("dormant_days", Kind.DAYS, "days of silence after which a customer is lost")
ORIGIN = Column(
    "origin",
    Kind.CODE,
    "where the limits come from",
    words={"all": "all returns", "own": "its returns", "given": "as given", "given_own": "as given for it"},
)
LIMIT = Column("limit", Kind.NAME, "the limit between two stages")
SILENCE_DAYS = Column("silence_days", Kind.DAYS, "days without an order")

# who the groups are
REVENUE_PER_CUSTOMER = Column("revenue_per_customer", Kind.MONEY, "revenue so far by customer")
MEAN_ORDERS = Column("mean_orders", Kind.NUMBER, "orders by customer")
MEDIAN_GAP_DAYS = Column("median_gap_days", Kind.DAYS, "median over customers of the days between their order days")
COMPLAINT_RATE = Column("complaint_rate", Kind.SHARE, "share of the customers who have complained", of="customers")
MEAN_ANSWER = Column("mean_{}", Kind.NUMBER, "mean of the customers' latest answers to the question")
ANSWER_ERROR = Column("mean_{}_error", Kind.NUMBER, "standard error of that mean")
LIKES = Column("likes", Kind.NAME, "what the customers prefer beyond chance, times as often as all customers")
IS_LIKE = Column("is_like", Kind.NAME, "what describes the customers beyond chance, times as often as all customers")
MULTIPLE = Column("multiple", Kind.NUMBER, "the value as a multiple of that of all customers")
TRAIT = Column("trait", Kind.FIELD, "the trait: what is known of customers beside money")
TRAIT_VALUE = Column("trait_value", Kind.NAME, "one value of the trait", heading="Its value")
LIFT = Column("lift", Kind.NUMBER, "how many times as common as among all customers")
KNOWN_CUSTOMERS = Column("known_customers", Kind.COUNT, "customers of whom the trait is known", people=True)
CRAMERS_V = Column(
    "cramers_v", Kind.NUMBER, "how far groups tell the trait: 0 not at all, 1 wholly (Cramér's V)", heading="Cramér's V"
)

# how revenue gathers
TOP_SHARE = Column("top_share", Kind.SHARE, "share of the buyers, those who bring most first", heading="Top customers")
CUMULATIVE_CUSTOMERS = Column(
    "cumulative_customer_share",
    Kind.SHARE,
    "share of the buyers, those who bring least first",
    heading="Customers share",
)
CUMULATIVE_REVENUE = Column(
    "cumulative_revenue_share", Kind.SHARE, "share of the revenue that these buyers bring", heading="Revenue share"
)

# clusters
CLUSTERS = Column("clusters", Kind.COUNT, "number of clusters")
INERTIA = Column("inertia", Kind.NUMBER, "squared distances of all buyers to their centres, summed")
SILHOUETTE = Column("silhouette", Kind.NUMBER, "mean silhouette: 1 perfectly apart, 0 a border through a crowd")
CLOUD_SILHOUETTE = Column("cloud_silhouette", Kind.NUMBER, "the silhouette that data without such groups would reach")
ADJUSTED_RAND = Column(
    "adjusted_rand",
    Kind.NUMBER,
    "agreement with clusters of resamples: 1 the same, 0 by chance",
    heading="Adjusted Rand index",
)
WORST_JACCARD = Column(
    "worst_jaccard",
    Kind.NUMBER,
    "how well the worst cluster is found again: 1 always whole",
    heading="Worst Jaccard index",
)
SMALLEST_SHARE = Column("smallest_share", Kind.SHARE, "share of the buyers in the smallest cluster")
STRUCTURE = Column(
    "verdict",
    Kind.CODE,
    "whether so many clusters will do, or what stands against them",
    words={
        search.GOOD: "stable",
        search.BEYOND: "over the cap",
        search.SMALL: "a cluster is too small",
        search.UNSTABLE: "not stable",
        search.CLOUD: "as in a cloud",
        search.APART: "cuts groups apart",
    },
)
GOODNESS = Column("goodness", Kind.NUMBER, "a measure of how good so many clusters are", heading="Score")
FEATURE = Column("feature", Kind.FIELD, "the feature that clusters are made from")
AT_FIT = Column("at_fit", Kind.MIXED, "its value on the day of the fit")
NOW = Column("now", Kind.MIXED, "its value today")
REFIT_ABOVE = Column("refit_above", Kind.MIXED, "the value above which the clusters are due to be made anew")
DRIFT = Column(
    "drift",
    Kind.CODE,
    "what to do with the cluster model",
    heading="Verdict",
    words=("refit", "watch", "keep", ""),
)
OLD_CLUSTER = Column("old_cluster", Kind.NAME, "the cluster of the model before")
OLD_ID = Column("old_id", Kind.PLAIN, "its number, which means one cluster for ever")
CLUSTER_ID = Column("cluster_id", Kind.PLAIN, "the number of the cluster, which means one cluster for ever")
OVERLAP_JACCARD = Column(
    "overlap_jaccard", Kind.NUMBER, "customers of both clusters, over those of either", heading="Jaccard index"
)
KEPT = Column("kept", Kind.FLAG, "whether the cluster is the one of the model before")

# the model that is kept, and who moved
LABEL = Column(
    "label",
    Kind.CODE,
    "the label that the cuts make",
    words=("recency score", "frequency score", "monetary score", "tier", "stage", "stage of {}"),
)  # fmt: skip
CHANGES_AT = Column("changes_at", Kind.NAME, "the cuts: the values at which it changes")
SAME_SHARE = Column(
    "same_share", Kind.SHARE, "share of today's customers who have the same label under both models", of="customers"
)
WHY = Column(
    "why",
    Kind.CODE,
    "why it is this model that labels the customers",
    words={
        "kept": "it is that of the report before",
        "first": "there was none before",
        "asked": "a refit was asked for",
        "other_plan": "the notebook's parameters are others than those it was made with",
        "drifted": "the customers have moved away from the one before",
    },
)
BEFORE = Column("before", Kind.NAME, "the group on the earlier day")
AFTER = Column("after", Kind.NAME, "the group today")
AFTER_NUMBERED = Column(
    "after_numbered", Kind.NAME, "the group today, by its number", heading="After (numbered as before)"
)
MOVE = Column(
    "move",
    Kind.CODE,
    "which way the customers moved",
    words={"up": "up", "down": "down", "kept": "unchanged", "came": "came", "went": "went"},
)
BEFORE_SHARE = Column("before_share", Kind.SHARE, "share of the customers of the group before", tells="customers")
HELD_VALUE = Column(
    "held_value", Kind.MONEY, "what these customers brought so far", heading="Revenue so far", summed=True
)
TRANSITION_RATE = Column(
    "transition_rate", Kind.SHARE, "share of the group before that was in the group after", tells="customers"
)
CHANGED_LABEL = Column(
    "changed_label",
    Kind.CODE,
    "the label that changes",
    heading="Label",
    words={"r_score": "r score", "f_score": "f score", "m_score": "m score", "segment": "segment", "tier": "tier"},
)
CHANGED_SHARE = Column("changed_share", Kind.SHARE, "share of the buyers whose label changes with the sample")
