"""Of whom an answer is told: of some of the customers, where a data set was cut down to them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any, ClassVar, ParamSpec, Protocol, TypeVar

from helpers.findings import facts
from helpers.findings.sentence import Sentence, say

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")


class Scope(Protocol):
    """Which customers, of how many."""

    @property
    def rule(self) -> str: ...  # noqa: D102
    @property
    def customers(self) -> int: ...  # noqa: D102
    @property
    def of(self) -> int: ...  # noqa: D102


def of_whom(scope: Scope | None) -> Sentence | None:
    """Which customers alone an answer is about; None where it is about all."""
    if scope is None:
        return None
    return say(
        "Only {customers} of {of} customers: {rule}.",
        customers=facts.Count(scope.customers),
        of=facts.Count(scope.of),
        rule=f"`{scope.rule}`",
    )


class Scoped:
    """What may be told of some customers alone."""

    subset: ClassVar[Scope | None] = None  # of an answer about some; set on the answer by `analysis`


class Unscoped:
    """What is the same of whomever it is told: many answers may be one of these."""


def analysis(ask: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
    """The analysis, whose answer is told of those customers alone of whom what it is given is."""

    @functools.wraps(ask)
    def asked(*given: Asked.args, **named: Asked.kwargs) -> Answer:
        return bearing(ask(*given, **named), (*given, *named.values()))

    return asked


def bearing(answer: Answer, given: Iterable[object]) -> Answer:
    """The answer, or the answers of a list, marked with the scope of what they were `given`."""
    given = list(_flat(given))
    scopes = (getattr(each, "subset", None) for each in given if is_dataclass(each))
    scope = next((each for each in scopes if each is not None), None)
    if scope is not None:
        for part in _flat([answer]):
            _mark(part, scope, given)
    return answer


def _flat(things: Iterable[object]) -> Iterator[Any]:
    for each in things:
        yield from each if isinstance(each, list | tuple) else (each,)


def _mark(answer: Any, scope: Scope, given: list[Any]) -> None:
    """Sets the scope on an answer, which was just made, and on the answers that it holds; not on what all share."""
    if not is_dataclass(answer) or any(answer is each for each in given) or isinstance(answer, Unscoped):
        return
    object.__setattr__(answer, "subset", scope)
    for each in fields(answer):
        if isinstance(inner := getattr(answer, each.name), Scoped) and inner.subset is None:
            _mark(inner, scope, given)
