"""Which experiments a question can be asked of, and the answers where it cannot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from helpers.analyses.experiments.trials.arms import Trial
from helpers.analyses.experiments.trials.groups import Groups
from helpers.findings import NotApplicable, facts, say

# Of one experiment: the answer above that an analysis rests on, and its own answer.
Above = TypeVar("Above")
Answer = TypeVar("Answer")

NO_EXPERIMENTS = NotApplicable(say("there is no experiment to read: export who was assigned to which arm."))
NOT_ONE_BY_ONE = NotApplicable(
    say("customers were assigned in whole groups, and this answer holds for customers who are assigned one by one.")
)


def for_each(
    answers: Sequence[Above | NotApplicable], analysis: Callable[[Above], Answer | NotApplicable]
) -> tuple[Answer | NotApplicable, ...]:
    """The analysis of each answer, an experiment each; what was not applicable stays so, with its reason."""
    return tuple(answer if isinstance(answer, NotApplicable) else analysis(answer) for answer in answers)


def one_by_one(trials: Sequence[Trial]) -> tuple[Trial, ...]:
    """The experiments that assigned customers one by one, each of whom is known."""
    return tuple(trial for trial in trials if hindrance(trial) is None)


def none_one_by_one(trials: Sequence[Trial]) -> NotApplicable:
    """The answer where no experiment has customers who are known one by one."""
    if all(trial.groups for trial in trials):
        return NOT_ONE_BY_ONE
    return NotApplicable(say("customers came as totals by arm, and this answer needs them one by one."))


def hindrance(trial: Trial) -> NotApplicable | None:
    """The answer where one would need single customers of an experiment, and they are not known; else None."""
    if trial.groups:
        return in_groups(trial.name, trial.groups)
    if not trial.from_totals:
        return None
    name = facts.Name(trial.name)
    return NotApplicable(
        say("customers of {experiment} came as totals by arm, and this answer needs them one by one.", experiment=name)
    )


def in_groups(name: str, groups: Groups) -> NotApplicable:
    """The answer where an error would need customers who were assigned one by one."""
    return NotApplicable(
        say(
            "customers of {experiment} were assigned by {group}, and this answer holds for customers who are assigned "
            "one by one.",
            experiment=facts.Name(name),
            group=facts.Name(groups.label),
        )
    )


def nothing_to_compare(trial: Trial, metric: str) -> NotApplicable:
    """The answer where an experiment lacks the metric that is asked for, or else an arm to compare."""
    experiment = facts.Name(trial.name)
    if metric in trial.metrics:
        return NotApplicable(say("experiment {experiment} has no second arm up to this day.", experiment=experiment))
    return NotApplicable(
        say("experiment {experiment} has no metric with a value up to this day.", experiment=experiment)
    )
