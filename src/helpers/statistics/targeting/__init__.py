"""Whom to treat: `uplift` ranks customers by what a treatment changes for them, `policies` values a rule."""

from helpers.statistics.targeting.policies import (
    PolicyValue,
)
from helpers.statistics.targeting.uplift import (
    Qini,
    qini,
    sorts_by_chance,
    uplift_by_group,
)

__all__ = [
    "PolicyValue",
    "Qini",
    "qini",
    "sorts_by_chance",
    "uplift_by_group",
]
