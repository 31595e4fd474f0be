"""Answers about a data set that several sections of a page ask for, kept with it for as long as it lives."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TypeVar

from helpers.data.datasets import Dataset

Answer = TypeVar("Answer")


def once(ask: Callable[[Dataset], Answer]) -> Callable[[Dataset], Answer]:
    """The same answer, for which each data set is asked but once: over millions of rows it takes seconds."""

    @functools.wraps(ask)
    def asked(data: Dataset) -> Answer:
        name = f"{ask.__module__}.{ask.__qualname__}"
        if name not in data.answers:
            data.answers[name] = ask(data)
        answer: Answer = data.answers[name]
        return answer

    return asked
