"""Whom to treat: `two_models` foretell each arm, `uplift` ranks by what an arm changes, `policies` value a rule."""

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
