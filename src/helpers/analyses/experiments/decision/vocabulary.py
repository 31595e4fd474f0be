"""The columns of what to do with an arm, and why."""

from __future__ import annotations

from helpers.findings import Column, Kind

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
