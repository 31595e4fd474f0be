"""How files and columns were read."""

from __future__ import annotations

from helpers.data import datasets
from helpers.data.inspection.reading import Found, Reading, files_found, readings


def test_columns_are_told_where_they_are_not_plain_or_not_all_could_be_read(data):
    assert readings(data) == {"orders": [Reading("ordered_at", "", 6, 1)]}


def test_what_was_mended_is_told_once_for_all_files_alike(folder, tmp_path):
    settings = folder / "dataset.toml"
    settings.write_text(
        settings.read_text()
        .replace('"orders.csv"', '"orders*.csv"')
        .replace("number(gross) - number(tax)", "number(gross)")
    )
    for name in ("orders.csv", "orders_2.csv"):
        (folder / name).write_text(
            "Orders of the shop\n\norder_id;buyer;ordered_at;gross\n" + f"{len(name)};a;2025-01-02;11,50\n" * 2
        )
    data = datasets.open(folder, prepared=tmp_path / "prepared")
    told = ("delimiter ';'", "lines above the header: 1")
    assert files_found(data) == {"orders": [Found(("orders.csv", "orders_2.csv"), told)]}
    assert readings(data) == {"orders": [Reading('number("gross")', "decimal comma", 4, 0)]}


def test_numbers_that_may_stand_for_none_are_a_fact_of_their_column(folder, tmp_path):
    rows = "".join(f"{at},a,2025-01-02,{at}.50,0\n" for at in range(1, 90)) + "90,a,2025-01-02,-999,0\n" * 2
    (folder / "orders.csv").write_text("order_id,buyer,ordered_at,gross,tax\n" + rows)
    data = datasets.open(folder, prepared=tmp_path / "prepared")
    assert readings(data) == {"orders": [Reading('number("gross")', "", 91, 0, stand_ins=("-999",))]}
