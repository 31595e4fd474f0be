"""What the machine has room for: how many kernels at once, and the memory and threads that each may take."""

from __future__ import annotations

import os
from pathlib import Path

import psutil

from helpers.data import engine

KERNEL = 600_000_000  # bytes of a kernel before it has a customer, and with a page's figures
CUSTOMER = 7_000  # bytes more for each customer, of the notebook that takes most (docs/operations.md)
LIMITS = (  # files in which a container's memory stands
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)


def cores() -> int:
    """The processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def memory() -> int:
    """Bytes that kernels may take: what is free now; what KEHU_MEMORY or a container allows, less this process."""
    texts = [path.read_text().strip() for path in LIMITS if path.exists()]
    allowed = [engine.memory(), *(int(text) for text in texts if text.isdigit())]
    own = psutil.Process().memory_info().rss
    free = min([psutil.virtual_memory().available, *(each - own for each in allowed if each)])
    return max(free, KERNEL)


def at_once(customers: int) -> int:
    """How many kernels have room beside each other, at least one and at most as many as there are cores."""
    return max(1, min(cores(), memory() // (KERNEL + CUSTOMER * customers)))


def share(kernels: int) -> dict[str, str]:
    """What each of so many kernels that run at once learns from its environment: its memory and its threads."""
    gigabytes = memory() / kernels / 1e9
    return {engine.MEMORY: f"{gigabytes:.2f}", engine.THREADS: str(max(1, cores() // kernels))}
