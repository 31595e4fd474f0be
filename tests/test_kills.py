"""Killed, asked to end or out of room before any change of the file system, a run leaves a report that is old or new.

The short form takes every eleventh place, another one for each way to stop; tests/long/test_kills.py takes all.
"""

from __future__ import annotations

import os
import subprocess
import threading
from pathlib import Path

import pandas as pd
import pytest

from helpers.data.intake.wording.plans import Plan
from helpers.findings import save
from helpers.reports import exports
from kills import DAY, STOPS, given_out, left_over, listed, rounds, stopped_at, stubbed

EVERY = 11


def tried(home: Path, how: str, over: bool, steps) -> int:
    """How many places a run was stopped at; asserts of each that nothing is torn, lost or left over."""
    number = 0
    with stubbed(home) as shop:
        for step in steps:
            old = set()
            if over:
                shop.make(0)
                old = {"0"}
            stopped = stopped_at(step, how, shop.out, lambda: shop.make(1))
            assert rounds(shop.out) in (old, {"1"}), f"{how} at {step}: torn or lost, {rounds(shop.out)}"
            shop.make(2)
            assert rounds(shop.out) == {"2"} and left_over(shop.out) == [], f"{how} at {step}"
            kept = pd.read_parquet(shop.out / "toy" / "plan_history.parquet")
            assert kept["round"].tolist() == [2] and os.readlink(shop.out / "toy" / "latest") == DAY
            if not over:
                subprocess.run(["rm", "-r", shop.out], check=True)
            if not stopped:
                break
            number += 1
    return number


@pytest.mark.parametrize("over", [False, True], ids=["fresh", "over an old report"])
@pytest.mark.parametrize("how", STOPS)
def test_a_run_that_is_stopped_leaves_the_old_report_or_the_new_one_whole(tmp_path, how, over):
    first = (STOPS.index(how) * 2 + over) % EVERY
    assert tried(tmp_path, how, over, range(first, 1000, EVERY)) >= 3


@pytest.mark.parametrize("how", STOPS)
def test_a_list_that_is_given_out_again_is_the_old_one_or_the_new_one_whole(tmp_path, how):
    """`kehu plan` stopped before any of its changes: CSV and workbook tell of one round, and nothing lies beside them."""
    report, plan = tmp_path / "2025-06-30", Plan()
    save(listed(0), report / "tables", "actions")
    (report / "index.html").touch()
    exports.again(report, plan, ("generic",))
    save(listed(1), report / "tables", "actions")
    for step in range(1000):
        stopped = stopped_at(step, how, report, lambda: exports.again(report, plan, ("generic",)))
        assert given_out(report) in ({"0"}, {"1"}), f"{how} at {step}"
        if not stopped:
            break
    assert step >= 5 and given_out(report) == {"1"}
    assert sorted(path.name for path in report.iterdir()) == ["exports", "index.html", "tables"]


def test_a_reader_finds_a_whole_report_through_every_publication(tmp_path):
    with stubbed(tmp_path) as shop:
        shop.make(0)
        ended, torn, seen = threading.Event(), [], set()
        index = shop.out / "toy" / "latest" / "index.html"

        def read() -> None:
            while not ended.is_set():
                try:
                    seen.add(index.read_text(encoding="utf-8"))
                except OSError as error:
                    torn.append(error)

        reader = threading.Thread(target=read)
        reader.start()
        for number in range(1, 6):
            shop.make(number)
        ended.set()
        reader.join()
    assert torn == [] and len(seen) >= 2
