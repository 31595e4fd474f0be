"""What settings say of a plan: the actions that there are, what they may cost, and whom they must not reach."""

from __future__ import annotations

import tomllib
from dataclasses import field
from functools import cache
from importlib import resources
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StrictBool, StrictInt, StrictStr
from pydantic.dataclasses import dataclass

from helpers.data.intake.wording.forms import WORDS, Words
from helpers.data.intake.wording.values import Days, Hours, Rate, Text, Texts, Weight
from helpers.language import _

Outcome = Literal["left", "ordered", "spend"]


def _share(value: float) -> float:
    if value >= 1:
        raise ValueError(_("a share below 1, such as 0.05 for 5%."))
    return value


Share = Annotated[Weight, AfterValidator(_share)]


@dataclass(frozen=True, config=WORDS)
class PlannedAction(Words):
    """One thing that can be done for a customer."""

    name: Annotated[Text, Field(description="the action, such as save_call")]
    family: Annotated[
        StrictStr, Field(description="actions of one purpose, of which a customer gets one; the name")
    ] = ""
    when: Annotated[
        StrictStr, Field(description="for whom: a rule over columns of the customer, such as `orders == 1`")
    ] = ""
    channels: Annotated[Texts, Field(alias="channel", description="how the customer is reached, the best first")] = ()
    cost: Annotated[Weight, Field(description="what it costs for one customer")] = 0.0
    effect: Annotated[
        Rate,
        Field(description="by which part it is taken to change the outcome for the better, until that is measured"),
    ] = 0.05
    outcome: Annotated[Outcome, Field(description="what it is to change: left, ordered or spend")] = "ordered"
    capacity: Annotated[
        StrictInt | None, Field(ge=0, description="how many can be done in a cycle; none: any number")
    ] = None
    horizon_days: Annotated[
        StrictInt | None, Field(gt=0, description="days after planning in which its outcome counts; none: the plan's")
    ] = None
    cooldown_days: Annotated[
        StrictInt, Field(ge=0, description="days before a customer gets one of its family again")
    ] = 90
    holdout: Annotated[
        Share | Literal["auto"], Field(description="share held out to see what it does; auto: as many as that takes")
    ] = "auto"
    must: Annotated[StrictBool, Field(description="true: everybody gets it, so that nobody can say what it does")] = (
        False
    )
    offer: Annotated[StrictStr, Field(description="the column whose good it offers, such as due_good")] = ""
    script: Annotated[StrictStr, Field(description="what to say, with fields of goods and days such as {due_good}")] = (
        ""
    )
    use: Annotated[StrictBool, Field(description="false: it is not planned")] = True

    @property
    def kind(self) -> str:
        """The family that it is of, by default its own."""
        return self.family or self.name


@cache
def _shipped() -> list[dict[str, Any]]:
    """The actions that every plan knows."""
    text = resources.files("helpers.data.intake.wording").joinpath("actions.toml").read_text(encoding="utf-8")
    return list(tomllib.loads(text)["actions"])


def _with_shipped(given: Any) -> Any:
    """The shipped actions with those `given` laid over them by name, setting by setting; others follow."""
    if not isinstance(given, list | tuple) or not all(isinstance(each, dict) for each in given):
        return given
    laid = {each["name"]: each for each in _shipped()}
    for place, each in enumerate(given):
        name = each.get("name", place)
        laid[name] = laid.get(name, {}) | each
    return tuple(laid.values())


def _shipped_actions() -> tuple[PlannedAction, ...]:
    return tuple(PlannedAction(**each) for each in _shipped())


@dataclass(frozen=True, config=WORDS)
class Plan(Words):
    """What a plan may do, and may cost."""

    actions: Annotated[
        tuple[PlannedAction, ...],
        BeforeValidator(_with_shipped),
        Field(description="what can be done: the shipped actions, with these over them by name"),
    ] = field(default_factory=_shipped_actions)
    consent: Annotated[
        Literal["auto", "asked"],
        Field(description="auto: where consents are recorded, who gave none is left alone · asked: everywhere"),
    ] = "auto"
    days_off: Annotated[Days, Field(description="days on which nothing is done, such as '2026-02-16..2026-02-22'")] = ()
    workdays: Annotated[Days, Field(description="weekend days that are worked in exchange (调休)")] = ()
    owners_off: Annotated[
        dict[str, Days], Field(description="days off of who looks after customers, by the owner's id")
    ] = field(default_factory=dict)
    quiet_hours: Annotated[
        Hours, Field(description="from which hour to which nobody is contacted, as exports tell: [21, 9]")
    ] = (21, 9)
    quiet_days: Annotated[StrictInt, Field(ge=0, description="days without another contact")] = 7
    caps: Annotated[dict[str, StrictInt], Field(description="contacts of a channel in 30 days, at most")] = field(
        default_factory=lambda: {"SMS": 2, "企业微信": 4, "email": 4, "call": 1}
    )
    budget: Annotated[Weight | None, Field(description="what a cycle may cost; none: any amount")] = None
    capacities: Annotated[
        dict[str, StrictInt], Field(description="actions in a cycle by channel, or by who looks after the customer")
    ] = field(default_factory=dict)
    horizon_days: Annotated[StrictInt, Field(gt=0, description="days after planning in which outcomes count")] = 90
    margin: Annotated[
        Share | Literal[1],
        Field(
            description="the part of revenue that is earned; 1: revenue itself, or where pages are given a margin of "
            "their own"
        ),
    ] = 1
    global_holdout: Annotated[Share, Field(description="share of customers whom no action reaches in a season")] = 0.05
    season_days: Annotated[StrictInt, Field(gt=0, description="days for which a customer stays in one arm")] = 182
    export: Annotated[
        tuple[Literal["generic", "zoho", "fxiaoke", "wecom"], ...], Field(description="files of the list; []: none")
    ] = ("generic",)
    fields: Annotated[
        dict[str, Text], Field(description="of exports: our column and the CRM's own field, such as band")
    ] = field(default_factory=dict)
    campaign_id: Annotated[StrictStr, Field(description="of zoho: the campaign that members are added to")] = ""
