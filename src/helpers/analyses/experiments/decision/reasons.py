"""Why an arm is decided upon as it is: the rule that decided, as a code, and the sentences that say it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from enum import StrEnum

import numpy as np
import pandas as pd

from helpers.analyses.experiments.decision.guards import Guard
from helpers.analyses.experiments.decision.harms import DIRECTIONS
from helpers.analyses.experiments.effect.sizes import Estimate, told
from helpers.analyses.experiments.trials.declared_rules import Rules
from helpers.findings import Sentence, facts, say
from helpers.statistics.effects import FLAT, Exaggeration, Posterior

WORTH_SAYING = 1.05  # times as large as it is, from which on a lift that ships is said to look too large
NEVER_CERTAIN = 1e-9  # no chance is shown as 100 %, no loss as none


class Why(StrEnum):
    """The rule that decided on an arm; `vocabulary.REASON` has these in words."""

    SMALL_ARM = "small_arm"
    FEW_GROUPS = "few_groups"
    NO_VARIATION = "no_variation"
    UNEVEN = "uneven"
    WORSE = "worse"
    GUARDRAIL = "guardrail"
    EARLY = "early"
    BETTER = "better"
    RISKY = "risky"
    NOT_SHOWN_SAFE = "not_shown_safe"
    TOO_SMALL = "too_small"
    NO_EVIDENCE = "no_evidence"


class Aim(StrEnum):
    """What more customers would show."""

    LIFT = "lift"
    FALL = "fall"
    SAFETY = "safety"


def ruled_out(aim: Aim, rules: Rules) -> Sentence:
    """That the interval leaves out the worthwhile change."""
    change = facts.Name(rules.worthwhile)
    if aim is Aim.FALL:
        return say("A fall of {change} can be ruled out.", change=change)
    return say("A lift of {change} can be ruled out.", change=change)


def enough(aim: Aim, rules: Rules) -> Sentence:
    """That the customers would do to see what is aimed at."""
    change = facts.Name(rules.worthwhile)
    if aim is Aim.SAFETY:
        return say("There are customers enough to show that it is safe.")
    if aim is Aim.FALL:
        return say("There are customers enough to see a fall of {change}.", change=change)
    return say("There are customers enough to see a lift of {change}.", change=change)


def takes(aim: Aim, times: float, rules: Rules) -> Sentence:
    """How many times the customers it takes to see what is aimed at."""
    change, more = facts.Name(rules.worthwhile), facts.Number(times)
    if aim is Aim.SAFETY:
        return say("To show that it is safe takes {times} times as many customers.", times=more)
    if aim is Aim.FALL:
        return say("To see a fall of {change} takes {times} times as many customers.", change=change, times=more)
    return say("To see a lift of {change} takes {times} times as many customers.", change=change, times=more)


def numbers(label: str, shown: Estimate, p_value: float, running: bool, rules: Rules) -> Sentence:
    """The effect on the metric that decides, with its interval and corrected p-value."""
    effect = {"metric": facts.Name(label), **told(shown, rules.level), "p": facts.PValue(p_value)}
    if running:
        return say(
            "“{metric}” {effect} ({level} interval {interval}), {p}, by the band that holds at any look, as customers "
            "are still being assigned.",
            **effect,
        )
    return say("“{metric}” {effect} ({level} interval {interval}), {p}.", **effect)


def chance(belief: Posterior) -> Sentence | None:
    """The chance to win and the loss to expect, with the belief that they start from; None at a level of 0."""
    if math.isnan(belief.chance_to_win):
        return None
    win = facts.Share(np.clip(belief.chance_to_win, NEVER_CERTAIN, 1 - NEVER_CERTAIN))
    loss = facts.Share(max(belief.loss_if_shipped, NEVER_CERTAIN))
    if belief.prior == FLAT:
        return say(
            "Chance to be better {chance}, expected loss if shipped {loss} of the control's level, where nothing was "
            "believed before.",
            chance=win,
            loss=loss,
        )
    return say(
        "Chance to be better {chance}, expected loss if shipped {loss} of the control's level, where a lift of {mean} "
        "give or take {std_dev} was believed before.",
        chance=win,
        loss=loss,
        mean=facts.Share(belief.prior.mean),
        std_dev=facts.Share(belief.prior.std_dev),
    )


def guarded(guards: Iterable[Guard]) -> list[Sentence]:
    """What each guardrail did, and what it may do."""
    return [_guard(guard) for guard in guards]


def _guard(guard: Guard) -> Sentence:
    words = {"metric": facts.Name(guard.label), "margin": facts.Share(guard.margin)}
    if np.isnan(guard.lower):
        return say("“{metric}” was not measured; it may get worse by {margin}.", **words)
    reach = facts.Range(facts.Share(guard.lower), facts.Share(guard.upper))
    return say("“{metric}” changed by {interval}; it may get worse by {margin}.", **words, interval=reach)


def overstated(lift: float, curse: Exaggeration) -> Sentence | None:
    """What to expect of a lift that ships only because it was found; None where that is nearly as much."""
    if math.isnan(curse.shrunken) or curse.factor < WORTH_SAYING:
        return None
    if curse.shrunken == 0:
        return say("A lift that ships looks larger than it is: it may be nothing.")
    return say(
        "A lift that ships looks larger than it is: expect {expected} rather than {lift}.",
        expected=facts.Share(curse.shrunken),
        lift=facts.Share(lift),
    )


def fallen(effects: pd.DataFrame, arm: str, rules: Rules) -> Sentence | None:
    """Secondary metrics that the arm made worse beyond chance, as a warning."""
    worse = effects[
        (effects["arm"] == arm)
        & (effects["role"] == "secondary")
        & (effects["adjusted_p_value"] < rules.alpha)
        & (effects["effect"] * effects["better"].map(DIRECTIONS) < 0)
    ]
    if worse.empty:
        return None
    return say(
        "But these got worse beyond chance: {metrics}.", metrics=facts.Listed(tuple(map(facts.Name, worse["label"])))
    )
