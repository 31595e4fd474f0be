"""Contenders in processes of their own, so that each one's memory and caches are its own."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path


def measured(script: str, name: str, *arguments: Path) -> dict[str, float] | None:
    """Figures that `script --only name arguments` prints; None, and why, where it cannot run."""
    done = subprocess.run([sys.executable, script, "--only", name, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"{name}: {(done.stderr.strip() or f'stopped by signal {-done.returncode}').splitlines()[-1]}")
        return None
    return json.loads(done.stdout.splitlines()[-1])


def report(work: Callable[[], None]) -> None:
    """Runs the work and prints as JSON its wall and CPU seconds and the peak memory of this process."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(json.dumps({"wall_s": time.perf_counter() - wall, "cpu_s": time.process_time() - cpu, "peak_gb": memory}))
