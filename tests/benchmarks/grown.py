"""The demo's shop with as many customers as are asked for: demo after demo, each drawn from seeds of its own."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from pathlib import Path
from unittest import mock

from helpers.data.synthetic import draws, tables
from helpers.data.synthetic.customers.people import CUSTOMERS
from helpers.data.synthetic.files import cells

ALIKE = ("products.csv",)  # the same in every demo
SPENDING = "spending.csv"
OWN_IDS = re.compile(rb"^([LT])(?=\d)", re.MULTILINE)  # of leads and tickets, which every demo counts from 1


def shop(folder: Path, customers: int) -> Path:
    """The folder `folder`/grown_<customers> with the files of a shop of that many; made unless it is there."""
    home = folder / f"grown_{customers}"
    if (home / "dataset.toml").exists():
        return home
    home.mkdir(parents=True, exist_ok=True)
    spent: Counter[tuple[str, str]] = Counter()
    for number in range(customers // CUSTOMERS):
        files = _demo(number)
        for channel, month, cost in list(csv.reader(io.StringIO(files.pop(SPENDING).decode())))[1:]:
            spent[channel, month] += int(cost)
        for name, content in files.items():
            if number == 0 or name not in ALIKE:
                _append(home / name.removesuffix(".gz"), content)
    rows = [("渠道", "月份", "投放费用"), *((*where, str(cost)) for where, cost in spent.items())]
    (home / SPENDING).write_text(cells.text(rows[0], rows[1:]), encoding="utf-8")
    words = (tables.FOLDER / "dataset.toml").read_text(encoding="utf-8")
    (home / "dataset.toml").write_text(words.replace('.gz"', '"'), encoding="utf-8")
    return home


def _demo(number: int) -> dict[str, bytes]:
    """Files of the demo of that number, whose ids no other has; number 0 is the demo itself but for ids."""
    customer, order = number * CUSTOMERS, number * 10 * CUSTOMERS
    with (
        mock.patch.object(draws, "SEED", draws.SEED + number),
        mock.patch.object(cells, "customer_id", lambda each: f"C{customer + each + 1:04d}"),
        mock.patch.object(cells, "order_ids", lambda each: [f"O{order + place + 1:05d}" for place in each]),
    ):
        files = tables.files()
    return {name: OWN_IDS.sub(rb"\g<1>%03d" % number, content) for name, content in files.items()}


def _append(path: Path, content: bytes) -> None:
    """The rows of `content` after those that the file has; its header where there is none."""
    is_new = not path.exists()
    with path.open("ab") as file:
        file.write(content if is_new else content[content.index(b"\n") + 1 :])
