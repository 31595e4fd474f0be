"""docs/recipes/fan_out.py under way: what it tells, and how a worker of its is killed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import psutil

RECIPE = Path(__file__).resolve().parents[1] / "docs" / "recipes" / "fan_out.py"
PATIENCE_S = 5_400  # other tests may take the cores


def started(
    shops: Iterable[Path], days: Iterable[str], out: Path, *words: str, **environment: str
) -> subprocess.Popen[str]:
    """The recipe with two workers of this machine; it is given `words` for kehu, and an `environment`."""
    asked = ["--out", out, "--days", ",".join(days), *shops, *words]
    command = [sys.executable, RECIPE, *map(str, asked)]
    return subprocess.Popen(command, env=os.environ | environment, stdout=subprocess.PIPE, text=True)


def ended(recipe: subprocess.Popen[str]) -> dict[tuple[str, str], str]:
    """What the recipe told of each shop and day, when it has come to its end."""
    told, _ = recipe.communicate(timeout=PATIENCE_S)
    lines = [line.split("\t") for line in told.splitlines()]
    return {(Path(shop).name, day): said for shop, day, said in lines}


def outlived(recipe: subprocess.Popen[str], shop: Path, begun: Callable[[], bool]) -> list[psutil.Process]:
    """Kills the worker that is at a report of the shop, once it is `begun`; what it had begun and did not end with it."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and recipe.poll() is None:
        for worker in psutil.Process(recipe.pid).children(recursive=True) if begun() else ():
            if any(str(shop) in _command(child) for child in worker.children()):
                under_way = worker.children(recursive=True)
                worker.kill()
                return psutil.wait_procs(under_way, timeout=60)[1]
        time.sleep(0.05)
    raise AssertionError("no report of the shop was begun")


def _command(process: psutil.Process) -> list[str]:
    """The words of its command; none of a process that has ended since it was found."""
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:
        return []
