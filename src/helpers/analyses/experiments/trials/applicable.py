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
NOT_ONE_BY_ONE = NotApplicable(f"customers were assigned in whole groups, and {HOLDS_ONE_BY_ONE}")


def for_each(
    answers: Sequence[Above | NotApplicable], analysis: Callable[[Above], Answer | NotApplicable]
) -> tuple[Answer | NotApplicable, ...]:
    """The analysis of each answer, an experiment each; what was not applicable stays so, with its reason."""
    return tuple(answer if isinstance(answer, NotApplicable) else analysis(answer) for answer in answers)


def one_by_one(trials: Sequence[Trial]) -> tuple[Trial, ...]:
    """The experiments that assigned customers one by one, on which most errors rest."""
    return tuple(trial for trial in trials if trial.groups is None)


def in_groups(name: str, groups: Groups) -> NotApplicable:
    """The answer where an error would need customers who were assigned one by one."""
    return NotApplicable(f"customers of {name} were assigned by {groups.label}, and {HOLDS_ONE_BY_ONE}")
