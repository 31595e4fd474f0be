"""Which experiments a question can be asked of, and the answers where it cannot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from helpers.analyses.experiments.trials.arms import Trial
from helpers.analyses.experiments.trials.groups import Groups
from helpers.findings import NotApplicable

# Of one experiment: the answer above that an analysis rests on, and its own answer.
Above = TypeVar("Above")
Answer = TypeVar("Answer")

NO_EXPERIMENTS = NotApplicable("there is no experiment to read.")
HOLDS_ONE_BY_ONE = "this answer holds for customers who are assigned one by one."
SUMMED_UP = "customers came as totals by arm, and this answer needs them one by one"
NOT_ONE_BY_ONE = NotApplicable(f"customers were assigned in whole groups, and {HOLDS_ONE_BY_ONE}")


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
    return NOT_ONE_BY_ONE if all(trial.groups for trial in trials) else NotApplicable(f"{SUMMED_UP}.")


def hindrance(trial: Trial) -> NotApplicable | None:
    """The answer where one would need single customers of an experiment, and they are not known; else None."""
    if trial.groups:
        return in_groups(trial.name, trial.groups)
    return NotApplicable(f"{trial.name}: {SUMMED_UP}.") if trial.from_totals else None


def in_groups(name: str, groups: Groups) -> NotApplicable:
    """The answer where an error would need customers who were assigned one by one."""
    return NotApplicable(f"customers of {name} were assigned by {groups.label}, and {HOLDS_ONE_BY_ONE}")
