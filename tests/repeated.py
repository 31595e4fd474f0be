"""Texts of files in which a few lines come again and again."""

from __future__ import annotations


def rows(header: str, *lines: str, times: int = 20) -> str:
    """A file with this header, and the lines again and again; {n} counts rows, {k} the times."""
    body = [line.format(n=k * len(lines) + place, k=k) for k in range(times) for place, line in enumerate(lines)]
    return "\n".join([header, *body]) + "\n"
