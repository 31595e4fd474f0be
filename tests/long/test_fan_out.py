"""The long form of tests/test_fan_out.py: real reports of twenty shops and three days of each, into one folder."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import fanned_out
import poor_shops
from helpers.data import datasets

DAYS = ("2025-06-28", "2025-06-29", "2025-06-30")
WORDS = ("--notebooks", "segmentation", "--language", "en")
HELD = {"index.html", "segmentation.html", "manifest.json", "report.xlsx", "tables/segments.parquet"}


@pytest.fixture
def shops(tmp_path) -> Iterator[list[Path]]:
    """Folders of small shops, of which the first has no times of orders; what was prepared of them is gone afterwards."""
    folders = [tmp_path / f"fan_out_{place:02}" for place in range(20)]
    for place, folder in enumerate(folders):
        poor_shops.write(poor_shops.tables(40, ("customers", "orders"), seed=place), folder)
    orders = folders[0] / "orders.csv"
    orders.write_text(orders.read_text(encoding="utf-8").replace("ordered_at", "when"), encoding="utf-8")
    yield folders
    for kept in datasets.PREPARED.glob("fan_out_[0-9][0-9]-*"):
        shutil.rmtree(kept)


def reports(out: Path) -> dict[tuple[str, str], dict[str, bytes]]:
    """All that each finished report holds, by shop and day."""
    found = [path.parent for path in out.glob("*/*-*-*/index.html")]
    return {(report.parent.name, report.name): files(report) for report in found}


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def left_over(out: Path) -> list[Path]:
    """Files and folders of runs that no reader should find."""
    return list(out.rglob(".*"))


def test_twenty_shops_get_the_reports_of_three_days_while_one_fails_and_a_worker_is_killed(shops, tmp_path):
    out, broken, killed = tmp_path / "reports", shops[0], shops[7]
    expected = {(shop.name, day) for shop in shops for day in DAYS}
    failing = {(broken.name, day) for day in DAYS}

    recipe = fanned_out.started(shops, DAYS, out, *WORDS)
    begun = lambda: bool(list((out / killed.name).glob(".*-*-*/tables/*")))  # noqa: E731
    assert fanned_out.outlived(recipe, killed, begun) == []
    told = fanned_out.ended(recipe)
    assert recipe.returncode == 1 and told.keys() == expected
    assert {each for each, said in told.items() if said.startswith("refused")} == failing
    whole = reports(out)
    assert whole.keys() == expected - failing and left_over(out) == []
    assert {each: said for each, said in told.items() if not said.startswith(("completed", "refused"))} == {}
    assert {each: HELD - held.keys() for each, held in whole.items() if HELD - held.keys()} == {}

    shutil.copy(shops[1] / "orders.csv", broken)
    again = fanned_out.started(shops, DAYS, out, *WORDS)
    told = fanned_out.ended(again)
    assert again.returncode == 0
    assert {each for each, said in told.items() if said.startswith("unchanged")} == expected - failing
    healed = reports(out)
    assert healed.keys() == expected and whole.items() <= healed.items() and left_over(out) == []
