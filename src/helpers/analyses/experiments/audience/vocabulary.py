"""The columns of the effect by segment, of equal mixes, and of whom to treat."""

from __future__ import annotations

from helpers.analyses.experiments.vocabulary import DIFFERENCES, LEVELS
from helpers.findings import Column, Kind

# for whom
BY = Column("by", Kind.FIELD, "what customers are told apart by")
SEGMENTS = Column("segments", Kind.COUNT, "how many segments are compared")
SHRUNKEN_EFFECT = Column(
    "shrunken_effect",
    Kind.NUMBER,
    "the effect drawn towards the other segments by as much as chance explains",
    tells="effect",
    **DIFFERENCES,
)
SHRUNKEN_LOWER = Column("shrunken_lower", Kind.NUMBER, "lower end of the shrunken effect's interval", **DIFFERENCES)
SHRUNKEN_UPPER = Column("shrunken_upper", Kind.NUMBER, "upper end of the shrunken effect's interval", **DIFFERENCES)
DIFFERENCE_P_VALUE = Column("difference_p_value", Kind.P_VALUE, "p-value that all segments have one effect, corrected")
STRATIFIED_EFFECT = Column(
    "stratified_effect", Kind.NUMBER, "the effect with the same mix of segments in both arms", **DIFFERENCES
)
STRATIFIED_LOWER = Column("stratified_lower", Kind.NUMBER, "lower end of the interval with equal mixes", **DIFFERENCES)
STRATIFIED_UPPER = Column("stratified_upper", Kind.NUMBER, "upper end of the interval with equal mixes", **DIFFERENCES)
STRATIFIED_P_VALUE = Column("stratified_p_value", Kind.P_VALUE, "p-value of the effect with equal mixes")
SIGNS_DIFFER = Column("signs_differ", Kind.FLAG, "whether the effect changes its sign with equal mixes")
EACH_ARMS_SHARE = Column("{}_share", Kind.SHARE, "share of that arm's customers who are in the segment")
MIX_P_VALUE = Column("mix_p_value", Kind.P_VALUE, "p-value that all arms have one mix of segments, corrected")

# whom to treat
FIFTH = Column("fifth", Kind.PLAIN, "fifth of the customers by predicted effect; 1 has the largest")
PREDICTED_EFFECT = Column(
    "predicted_effect", Kind.NUMBER, "the effect that the models expect, in the mean", **DIFFERENCES
)
TREATED_SHARE = Column("treated_share", Kind.SHARE, "share of the customers who are treated")
GAIN_OVER_RANDOM = Column(
    "gain_over_random", Kind.NUMBER, "gain per customer over treating as many at random", **DIFFERENCES
)
POLICY = Column(
    "policy",
    Kind.CODE,
    "which arm each customer would get",
    words=("the arm predicted best for each", "{} for the {} predicted to gain most", "{} for everyone"),
)
OUTCOME = Column("outcome", Kind.NUMBER, "the metric per customer under the policy", **LEVELS)
OVER_NONE = Column(
    "over_none", Kind.NUMBER, "gain per customer over treating nobody", heading="Against treating nobody", **DIFFERENCES
)
OVER_NONE_LOWER = Column(
    "over_none_lower", Kind.LIMIT, "lower end of its interval", heading="Against treating nobody, lower"
)
OVER_NONE_UPPER = Column(
    "over_none_upper", Kind.LIMIT, "upper end of its interval", heading="Against treating nobody, upper"
)
OVER_ALL = Column(
    "over_all",
    Kind.NUMBER,
    "gain per customer over the best treatment for everyone",
    heading="Against treating all",
    **DIFFERENCES,
)
OVER_ALL_LOWER = Column(
    "over_all_lower", Kind.LIMIT, "lower end of its interval", heading="Against treating all, lower"
)
OVER_ALL_UPPER = Column(
    "over_all_upper", Kind.LIMIT, "upper end of its interval", heading="Against treating all, upper"
)
GAIN = Column("gain", Kind.NUMBER, "gain per customer over one alternative", **DIFFERENCES)
