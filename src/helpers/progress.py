"""How far a long cell has come: a bar for somebody who waits for it in a notebook, and nothing anywhere else."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TypeVar

Step = TypeVar("Step")
PATIENCE_SECONDS = 3  # a cell that takes less shows no bar


def bar(steps: Iterable[Step]) -> Iterable[Step]:
    """The `steps`, with a bar that says how many are done and how long the rest may take, where somebody waits.

    It shows itself after some seconds and goes when the steps are done. Reports, tests and scripts see none.
    """
    if not somebody_waits():
        return steps
    from tqdm import tqdm

    return tqdm(steps, delay=PATIENCE_SECONDS, leave=False, file=sys.stdout)


def somebody_waits() -> bool:
    """Whether the running cell came from somebody who could be asked something: papermill and nbval say they cannot."""
    ipython = sys.modules.get("IPython")  # which every kernel has imported, and no script
    kernel = getattr(ipython.get_ipython(), "kernel", None) if ipython else None
    return kernel is not None and bool(kernel.get_parent().get("content", {}).get("allow_stdin"))
