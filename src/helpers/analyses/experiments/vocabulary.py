"""The columns that several rooms of experiments share, each declared once; a room's own stand in its `vocabulary`."""

from __future__ import annotations

from typing import Any

from helpers.findings import Column, Kind
from helpers.findings.vocabulary import STD_ERROR

# what is compared
EXPERIMENT = Column("experiment", Kind.NAME, "the experiment, as the data name it")
ARM = Column("arm", Kind.NAME, "the arm; its experiment before it where arms of several stand together")
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
    aside=True,
)
# A metric that is a share has levels that are shares, and differences and errors in points.
LEVELS: dict[str, Any] = {"by": KIND, "kinds": {"proportion": Kind.SHARE}}
DIFFERENCES: dict[str, Any] = {"by": KIND, "kinds": {"proportion": Kind.POINTS}}
SIZES: dict[str, Any] = {"by": KIND, "kinds": {"proportion": Kind.POINTS_APART}}
CONTROL_N = Column("control_n", Kind.COUNT, "customers of the control who count in the metric", people=True)
ARM_N = Column("arm_n", Kind.COUNT, "customers of the arm who count in the metric", people=True)
CONTROL_LEVEL = Column(
    "control_level",
    Kind.NUMBER,
    "the metric in the control: its share, mean, ratio or quantile",
    of="control_n",
    **LEVELS,
)
ARM_LEVEL = Column(
    "arm_level", Kind.NUMBER, "the metric in the arm: its share, mean, ratio or quantile", of="arm_n", **LEVELS
)

# what changed
EFFECT = Column(
    "effect",
    Kind.NUMBER,
    "arm less control, in the metric's own unit",
    tells=("control_level", "arm_level"),
    **DIFFERENCES,
)
EFFECT_STD_ERROR = STD_ERROR.but(**SIZES)
LIFT_RATE = Column("lift_rate", Kind.SHARE, "the effect over the size of the control's level", tells="effect")
LIFT_RATE_LOWER = Column("lift_rate_lower", Kind.LIMIT, "lower end of the lift's interval")
LIFT_RATE_UPPER = Column("lift_rate_upper", Kind.LIMIT, "upper end of the lift's interval")
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

# whether it can be read
WEEKS = Column("weeks", Kind.COUNT, "weeks of assignment")
WEEK = Column("week", Kind.COUNT, "week since the first one, which is 1")

VARIANCE_SAVED_SHARE = Column(
    "variance_saved_share", Kind.SHARE, "share of the effect's variance that adjusting saves; below 0 it costs"
)

RANGE = Column(
    "range",
    Kind.CODE,
    "a segment or band that code names by its ends; a value of the data stands as it is",
    words=("above {} to {}", "up to {}", "above {}", "all"),
)
