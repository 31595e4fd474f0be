"""A server of each kind, started once, with a shop in it that tests change as they like."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import servers
from helpers.data import datasets
from helpers.data.datasets import Dataset
from helpers.data.intake.wording.addresses import PASSWORD
from servers import DatabaseFile, Server

SHOP = """\
[source]
url = "{url}"
[tables.orders]
table = "orders"
since = "updated_at"
[tables.orders.columns]
customer_id = "buyer"
ordered_at = "placed"
amount = "total"
"""
ORDERS = (
    "CREATE TABLE orders (order_id int PRIMARY KEY, buyer varchar(9), phone varchar(20), placed timestamp, "
    "total decimal(12,2), updated_at timestamp)",
    "INSERT INTO orders VALUES (1, '张三', '13800138000', '2024-01-05 10:00:00', 9.90, '2024-01-05 10:00:00'), "
    "(2, 'b', NULL, '2024-01-06 10:00:00', 0.10, '2024-01-06 10:00:00')",
)


class Desk:
    """A data set in a folder of its own, fed by a database of a server, or by a file of it there."""

    def __init__(self, server: Server | DatabaseFile, home: Path) -> None:
        self.folder, self.prepared = home / "shop", home / "prepared"
        self.server = replace(server, folder=self.folder) if isinstance(server, DatabaseFile) else server
        self.folder.mkdir()
        self.url = self.server.made("shop", *ORDERS)
        self.say(SHOP)

    def say(self, toml: str, url: str = "") -> None:
        """Writes dataset.toml."""
        (self.folder / "dataset.toml").write_text(toml.replace("{url}", url or self.url), encoding="utf-8")

    def run(self, *statements: str) -> None:
        """Changes the database."""
        self.server.run("shop", *statements)

    def copied(self) -> dict[str, tuple[int, int, bool]]:
        """By table: rows that are read now, rows in all, and whether anything is other than before."""
        found = datasets.copied(self.folder, prepared=self.prepared)
        return {each.name: (each.read, each.rows, each.changed) for each in found}

    def opened(self, as_of: str = "2024-12-31") -> Dataset:
        """The data set as it was copied last."""
        return datasets.open(self.folder, as_of, prepared=self.prepared)

    def orders(self) -> list[tuple[object, ...]]:
        """Id, customer and amount of each order that is used."""
        orders = self.opened().tables["orders"].execute().sort_values("order_id")
        return list(orders[["order_id", "customer_id", "amount"]].itertuples(index=False, name=None))

    def files(self) -> list[Path]:
        """Everything that was prepared."""
        return [path for path in self.prepared.rglob("*") if path.is_file()]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests of a server are run with each kind, or with those that their module calls SERVERS."""
    if "server" in metafunc.fixturenames:
        kinds = getattr(metafunc.module, "SERVERS", servers.KINDS)
        metafunc.parametrize("server", kinds, indirect=True, scope="session")


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> Iterator[Server | DatabaseFile]:
    if request.param in servers.FILES:
        yield DatabaseFile(request.param, Path())
        return
    with servers.running(request.param) as running:
        yield running


@pytest.fixture
def desk(server: Server | DatabaseFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv(PASSWORD, servers.SECRET)
    return Desk(server, tmp_path)
