"""How a run gets on: a living table on a terminal, a line for each change elsewhere."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from helpers.cli import log


@contextmanager
def progress() -> Iterator:
    """A function that is told of each notebook's state: a living table on a terminal, a line each elsewhere."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda word, state, seconds: log.say(_line(word, state, seconds))
        return
    from rich.live import Live
    from rich.text import Text

    states: dict[str, tuple[str, float, float]] = {}

    def drawn() -> Text:
        now = time.monotonic()
        rows = list(states.items())
        return Text(
            "\n".join(
                _line(word, state, now - since if state == "running" else seconds)
                for word, (state, seconds, since) in rows
            )
        )

    def tell(word: str, state: str, seconds: float) -> None:
        states[word] = (state, seconds, time.monotonic())

    with Live(get_renderable=drawn, console=console, refresh_per_second=8):
        yield tell


def _line(word: str, state: str, seconds: float) -> str:
    return f"{word:<14} {state:<10} {f'{seconds:6.1f} s' if seconds >= 0.05 else ''}".rstrip()
