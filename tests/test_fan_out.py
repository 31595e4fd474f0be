"""The recipe for Dask: every shop and day gets its report while one shop fails and a worker is killed.

What stands in for kehu writes a line where that writes a report; tests/long/test_fan_out.py makes real ones.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import fanned_out

DAYS = ("2025-06-29", "2025-06-30")
STAND_IN = """#!/bin/sh
# kehu report --dataset SHOP --as-of DAY --out OUT …: shop c's first report waits to be killed, and shop a has no orders
shop=$(basename "$3"); report=$7/$shop.$5
echo "$*" >> "$7/words"
[ "$shop" = a ] && { echo '{"status": "refused", "message": "no orders"}'; exit 2; }
[ -e "$report" ] && { echo '{"status": "unchanged", "message": "as it was"}'; exit 0; }
[ "$shop" = c ] && [ ! -e "$7/begun" ] && { touch "$7/begun"; exec sh -c 'while :; do sleep 1; done' waits "$3"; }
ls "$7" > "$report"
echo '{"status": "completed", "message": "made"}'
"""


@pytest.fixture
def out(tmp_path) -> Path:
    """The folder of reports, beside a program that stands in for kehu."""
    (tmp_path / "kehu").write_text(STAND_IN, encoding="utf-8")
    (tmp_path / "kehu").chmod(0o755)
    (tmp_path / "reports").mkdir()
    return tmp_path / "reports"


def test_shops_get_their_reports_while_one_fails_and_a_worker_is_killed(out):
    shops = [out.parent / name for name in "abcd"]
    expected = {(shop.name, day) for shop in shops for day in DAYS}
    given = {"KEHU": str(out.with_name("kehu"))}

    recipe = fanned_out.started(shops, DAYS, out, "--notebooks", "churn", **given)
    assert fanned_out.outlived(recipe, shops[2], (out / "begun").exists) == []
    told = fanned_out.ended(recipe)
    assert recipe.returncode == 1 and told.keys() == expected
    made = {each for each, said in told.items() if said == "completed: made"}
    assert made == {(shop, day) for shop, day in expected if shop != "a"}
    for shop in "bcd":
        assert f"{shop}.{DAYS[0]}" in (out / f"{shop}.{DAYS[1]}").read_text(encoding="utf-8").split()
    words = (out / "words").read_text(encoding="utf-8").splitlines()
    assert all(line.endswith("--if-changed --json --notebooks churn") for line in words)

    again = fanned_out.started(shops, DAYS, out, "--notebooks", "churn", **given)
    assert {each for each, said in fanned_out.ended(again).items() if said == "unchanged: as it was"} == made
