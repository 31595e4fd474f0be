"""Contenders in processes of their own, so that each one's memory and caches are its own, in turn and side by side."""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

UNITS = {"wall_s": ("wall", "s"), "cpu_s": ("CPU", "s"), "peak_gb": ("peak", "GB")}

Figures = dict[str, Any]


def measured(script: str, name: str, *arguments: Path) -> Figures | None:
    """Figures that `script --only name arguments` prints; None, and why, where it cannot run."""
    done = subprocess.run(
        [sys.executable, script, "--only", name, *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode:
        print(f"{name}: {(done.stderr.strip() or f'stopped by signal {-done.returncode}').splitlines()[-1]}")
        return None
    return json.loads(done.stdout.splitlines()[-1])


def in_turn(
    script: str, names: Iterable[str], files: Callable[[str], tuple[Path, ...]], runs: int
) -> dict[str, list[Figures]]:
    """The figures of every run of each contender that can run; a round runs all of them on the `files` of each."""
    found: dict[str, list[Figures]] = {name: [] for name in names}
    for _ in range(runs):
        for name in list(found):
            figures = measured(script, name, *files(name))
            if figures is None:
                del found[name]
            else:
                found[name].append(figures)
    return found


def medians(runs: dict[str, list[Figures]]) -> dict[str, dict[str, float]]:
    """The median of every number that a contender's runs report."""
    return {
        name: {key: statistics.median(run[key] for run in figures) for key, first in figures[0].items()
               if isinstance(first, float)}
        for name, figures in runs.items()
    }  # fmt: skip


def show(middle: dict[str, dict[str, float]], beside: str) -> None:
    """Print a line a contender: wall and CPU seconds, peak memory, and how many times those of `beside` they are."""
    width = max(map(len, middle))
    for name, figures in middle.items():
        parts = [
            f"{word} {figures[key]:7.2f} {unit} ({figures[key] / middle[beside][key]:.2f}×)"
            for key, (word, unit) in UNITS.items()
        ]
        print(f"{name:{width}}  {'  '.join(parts)}")


def goal(what: str, found: float, most: float, unit: str) -> None:
    """Print whether a goal is met: `found` is to be at most `most`."""
    print(f"goal: {what} at most {most:g}{unit}: {'met' if found <= most else 'MISSED'} ({found:.2f}{unit})")


def report(work: Callable[[], Figures | None]) -> None:
    """Runs the work and prints as JSON what it took: wall and CPU seconds, peak memory of this process, more_gb.

    more_gb is by how much the peak grew meanwhile; figures that the work returns are printed with these.
    """
    before, wall, cpu = _peak_gb(), time.perf_counter(), time.process_time()
    own = work() or {}
    took = {"wall_s": time.perf_counter() - wall, "cpu_s": time.process_time() - cpu, "peak_gb": _peak_gb()}
    print(json.dumps({**took, "more_gb": took["peak_gb"] - before, **own}))


def _peak_gb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
