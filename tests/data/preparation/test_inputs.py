"""A data set is made from its settings, its files and copies of its database; what is missing of these is read."""

from helpers.data.intake.servers import copies
from helpers.data.intake.wording import settings
from helpers.data.preparation import inputs
from helpers.data.shelf import Shelf
from helpers.data.tombstones import Tombstones

TOML = """[source]
url = "postgresql://a@h/shop"
[tables.orders]
table = "orders"
[tables.customers]
file = "customers.csv"
"""


def test_copies_stand_beside_settings_and_files_and_the_key_changes_with_them(tmp_path, monkeypatch):
    folder, shelf, nobody = tmp_path / "shop", Shelf(tmp_path / "prepared" / "shop"), Tombstones()
    folder.mkdir()
    (folder / "dataset.toml").write_text(TOML)
    (folder / "customers.csv").write_text("customer_id\na\n")
    words = settings.read(folder)
    found = inputs.paths(folder, words, shelf, nobody, allow_outside=False)
    assert [path.name for path in found] == ["dataset.toml", "customers.csv", "rows.parquet"]
    before = inputs.key(folder, words, found, nobody)
    asked = []
    monkeypatch.setattr(copies, "copied", lambda sources, tell: asked.extend(each.feed.table for each in sources) or [])
    inputs.copied(folder, words, shelf, nobody, missing=True)
    found[-1].parent.mkdir(parents=True)
    found[-1].write_bytes(b"rows")
    inputs.copied(folder, words, shelf, nobody, missing=True)
    assert asked == ["orders"] and inputs.key(folder, words, found, nobody) != before
    inputs.copied(folder, words, shelf, nobody)
    assert asked == ["orders", "orders"]
