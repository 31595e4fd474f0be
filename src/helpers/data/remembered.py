"""Answers about a data set that several sections of a page ask for, kept with it for as long as it lives."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from helpers.data.datasets import Dataset

Answer = TypeVar("Answer")
About = ParamSpec("About")


def once(ask: Callable[Concatenate[Dataset, About], Answer]) -> Callable[Concatenate[Dataset, About], Answer]:
    """The same answer, for which each data set is asked but once about the same: of millions of rows it takes long."""

    @functools.wraps(ask)
    def asked(data: Dataset, /, *about: About.args, **named: About.kwargs) -> Answer:
        question = (ask.__module__, ask.__qualname__, *about, *sorted(named.items()))
        if question not in data.answers:
            data.answers[question] = ask(data, *about, **named)
        answer: Answer = data.answers[question]
        return answer

    return asked
