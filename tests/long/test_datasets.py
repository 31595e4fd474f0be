"""A process that prepares a data set is killed before each of its changes of the file system; the next one is right."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from helpers.data import datasets

CHANGES = ("os.mkdir", "os.rename", "os.remove", "os.rmdir")
TOML = "[tables.orders]\nfile = 'orders_*.csv'\n"


def write(folder: Path, month: int) -> None:
    """The orders of a month: ten customers who spend the month's number."""
    rows = [f"{month}-{n},c{n},2025-{month:02d}-01,{month}" for n in range(10)]
    (folder / f"orders_{month}.csv").write_text("\n".join(["order_id,customer_id,ordered_at,amount", *rows]) + "\n")


def counted(change: str, given: tuple) -> bool:
    """Whether an audited event changes the file system."""
    return change in CHANGES or (change == "open" and isinstance(given[1], str) and given[1][0] in "wax")


def child(folder: Path, step: int) -> None:
    """Opens the data set in a process of its own, which dies at the change number `step`."""
    left = [step]

    def count(change: str, given: tuple) -> None:
        if counted(change, given):
            left[0] -= 1
            if left[0] < 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    datasets.open(folder, prepared=folder.parent / "prepared")
    os._exit(0)


def killed(folder: Path, step: int) -> bool:
    """Whether the process came to its change number `step`."""
    process = os.fork()
    if process == 0:
        child(folder, step)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == -signal.SIGKILL


def right(folder: Path, months: int) -> bool:
    """Whether a process that opens the data set now finds the money of so many months, and nothing left beside it."""
    process = os.fork()
    if process == 0:
        money = datasets.open(folder, prepared=folder.parent / "prepared").customers["monetary"].sum()
        left = [*(folder.parent / "prepared").rglob(".draft-*"), *(folder.parent / "prepared").rglob(".gone-*")]
        os._exit(0 if money == 10 * sum(range(1, months + 1)) and not left else 1)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 0


def main(folder: Path) -> None:
    """A month more for each step: each preparation reads one file, and forgets what the one before left."""
    folder.mkdir()
    (folder / "dataset.toml").write_text(TOML)
    write(folder, 1)
    step, months = 0, 1
    while killed(folder, step):
        assert right(folder, months), f"after a kill at step {step}"
        months, step = months % 12 + 1, step + 1
        for month in range(1, 13):
            (folder / f"orders_{month}.csv").unlink(missing_ok=True)
        for month in range(1, months + 1):
            write(folder, month)
    assert right(folder, months)
    print(step)


def test_a_kill_at_any_step_of_preparing_leaves_no_wrong_table(tmp_path):
    done = subprocess.run(
        [sys.executable, __file__, tmp_path / "shop"], capture_output=True, text=True, check=False, timeout=3_600
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    assert int(done.stdout) > 15


if __name__ == "__main__":
    main(Path(sys.argv[1]))
