"""What a dataset.toml may say of the customer programme: how health is scored, and the rules of membership."""

from __future__ import annotations

from dataclasses import field
from typing import Annotated, Literal, get_args

from pydantic import (
    Field,
    StrictInt,
)
from pydantic.dataclasses import dataclass

from helpers.data.intake.wording.forms import WORDS, Words
from helpers.data.intake.wording.values import (
    Bands,
    Portion,
    Rate,
    Text,
    Weight,
)

HealthMeasure = Literal[
    "recency", "pace", "orders", "amount", "order_trend", "returns", "visit_trend", "complaints", "answer", "answer_age"
]


@dataclass(frozen=True, config=WORDS)
class HealthScore(Words):
    """How the health of customers is scored, where not as the trial finds best."""

    weights: Annotated[
        dict[HealthMeasure, Weight],
        Field(
            description="measures of health and what each weighs, in any unit, such as { recency = 2, orders = 1 }; "
            f"known are {', '.join(get_args(HealthMeasure))}; by default all that there are"
        ),
    ] = field(default_factory=dict)
    bands: Annotated[Bands, Field(description="the scores up to which a customer is red, and yellow: [50, 75]")] = (
        50,
        75,
    )
    weighting: Annotated[
        Literal["auto", "equal", "given", "learnt"],
        Field(description="auto: the simplest that tells who leaves as well as any · equal · given · learnt"),
    ] = "auto"


@dataclass(frozen=True, config=WORDS)
class Tier(Words):
    """A tier of a membership: what leads into it, and what it gives."""

    name: Annotated[Text, Field(description="what the tier is called")]
    spend: Annotated[Rate, Field(description="money spent within its window, from which a customer is in the tier")]
    window_days: Annotated[
        StrictInt, Field(ge=1, le=3_660, description="days, the day itself among them, of which the spend counts")
    ] = 365
    benefit_rate: Annotated[Portion, Field(description="what members are given, as a part of what they spend")] = 0.0
    points_rate: Annotated[Weight, Field(description="points that a member earns for each unit of money spent")] = 0.0
    fixed_cost: Annotated[Weight, Field(description="what a member costs a year besides, such as gifts and calls")] = (
        0.0
    )


@dataclass(frozen=True, config=WORDS)
class Loyalty(Words):
    """The rules of membership: those in force, and others whose cost is to be told beside them."""

    tiers: Annotated[tuple[Tier, ...], Field(description="the tiers in force, [[loyalty.tiers]]")] = ()
    proposals: Annotated[
        dict[str, tuple[Tier, ...]],
        Field(description="other tiers by the name of the proposal, [[loyalty.proposals.<name>]]"),
    ] = field(default_factory=dict)
    point_value: Annotated[
        Weight, Field(description="what a redeemed point costs, in the data set's currency; 0: not known")
    ] = 0.0
