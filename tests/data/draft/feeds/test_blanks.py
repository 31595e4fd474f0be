"""Columns that a report writes once, above the rows that they hold for."""

from __future__ import annotations

import pytest

from helpers.data import datasets, draft

HEAD = "customer_id,order_id,order_date,amount\n"
LINES = "".join(f"{'' if n % 4 else f'c{n // 4}'},{n},2025-01-{n % 28 + 1:02},{n}\n" for n in range(24))


def test_a_customer_written_once_is_asked_and_the_setting_fills_the_rows_below(folder, tmp_path):
    home = folder(orders__csv=HEAD + LINES)
    text = draft.as_toml(draft.drafted(home))
    assert "# customer_id: 'customer_id' stands on 6 of 24 rows" in text
    (setting,) = [line[2:] for line in text.splitlines() if line.startswith("# customer_id = ")]
    mapped = next(line for line in text.splitlines() if line.startswith("customer_id = "))
    (home / "dataset.toml").write_text(text.replace(mapped, setting))
    orders = datasets.open(home, prepared=tmp_path / "prepared").tables["orders"]
    assert orders.group_by("customer_id").agg(n=orders.count()).execute()["n"].tolist() == [4] * 6


@pytest.mark.parametrize(
    "lines",
    [
        LINES.replace("c0", "", 1),  # nothing on the first row
        "".join(f"{'' if n % 4 else f'c{n % 3}'},{n},2025-01-02,{n}\n" for n in range(24)),  # customers who come again
        "".join(f"{'' if n % 4 else f'c{n // 4}'},{n // 4},2025-01-02,{n}\n" for n in range(24)),  # the order says it
        "".join(f"c{n},{n},2025-01-02,{n}\n" for n in range(24)),
    ],
)
def test_guests_and_lines_of_orders_are_no_report(guessed, lines):
    (guess,) = [guess for table, guess in guessed(file__csv=HEAD + lines).items() if table.startswith("order")]
    assert guess.questions == []
