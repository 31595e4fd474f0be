"""What keeps an experiment from being read: the first fault that it has, as a code, and the sentence that says it.

One fact for all: what the decision calls not readable is nowhere told as an effect.
"""

from __future__ import annotations

from enum import StrEnum

from helpers.analyses.experiments.trials.arms import Trial
from helpers.analyses.experiments.trials.declared_rules import Rules
from helpers.analyses.experiments.validity.arrivals import changed_ratio_p_value
from helpers.findings import Sentence, facts, say


class Fault(StrEnum):
    """Why nothing in an experiment can be read, in the order in which it is asked."""

    SINGLE_ARM = "single_arm"
    EMPTY_CONTROL = "empty_control"
    SAMPLE_RATIO = "sample_ratio"
    CHANGED_RATIO = "changed_ratio"
    TWO_ARMS = "two_arms"
    SPLIT_GROUPS = "split_groups"
    NO_METRIC = "no_metric"
    UNEQUAL_LOSS = "unequal_loss"


OF_ASSIGNMENT = (Fault.EMPTY_CONTROL, Fault.SAMPLE_RATIO, Fault.CHANGED_RATIO, Fault.TWO_ARMS, Fault.SPLIT_GROUPS)


def distrust(trial: Trial, rules: Rules) -> Sentence | None:
    """Why no effect of the experiment can be trusted, whatever the metric; None where its assignment is sound."""
    first = fault(trial, rules)
    return in_words(first, trial) if first in OF_ASSIGNMENT else None


def not_to_be_trusted(experiment: str, why: Sentence) -> Sentence:
    """What stands in place of any answer about an experiment whose assignment is not sound."""
    return say(
        "{experiment}: trust none of this until its assignment is repaired.", experiment=facts.Name(experiment)
    ).resting_on(why)


def fault(trial: Trial, rules: Rules) -> Fault | None:
    """The first fault of an experiment; None where it can be read."""
    if not trial.treatments:
        return Fault.SINGLE_ARM
    if trial.arms["customers"].iloc[0] == 0:
        return Fault.EMPTY_CONTROL
    if trial.sample_ratio.p_value < rules.sample_ratio_alpha:
        return Fault.SAMPLE_RATIO
    if changed_ratio_p_value(trial) < rules.sample_ratio_alpha:
        return Fault.CHANGED_RATIO
    if _two_arm_share(trial) > rules.largest_two_arm_share:
        return Fault.TWO_ARMS
    if trial.groups and trial.groups.split_share > rules.largest_two_arm_share:
        return Fault.SPLIT_GROUPS
    if not trial.primary:
        return Fault.NO_METRIC
    if trial.eligible_p_value(trial.primary) < rules.sample_ratio_alpha:
        return Fault.UNEQUAL_LOSS
    return None


def in_words(reason: Fault, trial: Trial) -> Sentence:
    """A fault as the sentence that stands in place of a decision's reason."""
    match reason:
        case Fault.SINGLE_ARM:
            return say("Nobody was in another arm up to this day.")
        case Fault.EMPTY_CONTROL:
            return say("The control {arm} has no customers; name an arm that has.", arm=facts.Name(trial.control))
        case Fault.SAMPLE_RATIO:
            return _unlike_the_plan(trial)
        case Fault.CHANGED_RATIO:
            p_value = facts.PValue(changed_ratio_p_value(trial))
            return say("The arms' shares changed from week to week ({p}): compare within weeks instead.", p=p_value)
        case Fault.TWO_ARMS:
            share = facts.Share(_two_arm_share(trial))
            return say("{share} of the customers were met in two arms: repair the assignment first.", share=share)
        case Fault.SPLIT_GROUPS:
            assert trial.groups is not None, "only where groups were assigned can they be split"
            return say(
                "{share} of the groups ({group}) are in two arms, so they were not assigned as a whole.",
                share=facts.Share(trial.groups.split_share),
                group=facts.Name(trial.groups.label),
            )
        case Fault.NO_METRIC:
            return say("The primary metric has no value up to this day.")
        case Fault.UNEQUAL_LOSS:
            return say(
                "The arms lose customers of “{metric}” unequally ({p}): unlike groups.",
                metric=facts.Name(trial.metrics[trial.primary].label),
                p=facts.PValue(trial.eligible_p_value(trial.primary)),
            )


def _unlike_the_plan(trial: Trial) -> Sentence:
    """How the arms differ from the plan: one that nobody planned, or their sizes."""
    unplanned = trial.arms.loc[(trial.arms["weight"] == 0) & (trial.arms["customers"] > 0), "arm"]
    if len(unplanned):
        return say(
            "Customers are in an arm that was not planned ({arms}): find out why first.",
            arms=facts.Listed(tuple(map(facts.Name, unplanned))),
        )
    p_value = facts.PValue(trial.sample_ratio.p_value)
    return say("The arms are not as large as planned ({p}): find out why first.", p=p_value)


def _two_arm_share(trial: Trial) -> float:
    """Share of the experiment's customers who were met in two arms."""
    customers = trial.arms["customers"].sum() + trial.in_two_arms
    return trial.in_two_arms / customers if customers else 0.0
