"""The demo data set: two years of a Chinese online shop with a membership, whose true answers are known (`TRUTH`).

`python -m helpers.data.synthetic.tables` writes the files of `data/raw/demo` again, byte for byte. As exports do, they
come in GB18030 and UTF-8, with and without a byte order mark, three delimiters, Chinese and English headers, one with a
trailing space, times as text and as epoch milliseconds, and rows that break the contract, counted in `TRUTH.faults`.
These rows are added to the sound ones, so that the sound ones follow the truth.

Large tables are packed.

The seed is fixed so that this one sample teaches no wrong lesson: the A/A test is not significant, the earlier plans
earn the verdicts that are planted, and every effect lies inside its 95 % interval but that of the calls, which begins
.2 of a point above it. It is the fourteenth of consecutive seeds: by chance one interval in twenty misses, and there
are thirty. How often others show each truth is held by `tests/long/test_demo.py`.
"""

from __future__ import annotations

import gzip
from pathlib import Path

from helpers.data.synthetic.contact import service, trials
from helpers.data.synthetic.customers.memberships import complaining
from helpers.data.synthetic.files import contact_files, customer_files, trade_files
from helpers.data.synthetic.shop import drawn

FOLDER = Path(__file__).resolve().parents[4] / "data" / "raw" / "demo"


def write(folder: Path | str) -> None:
    """Write the data files into `folder`, which is made when absent; `dataset.toml` is kept by hand beside them."""
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    for name, content in files().items():
        packed = gzip.compress(content, compresslevel=9, mtime=0) if name.endswith(".gz") else content
        (target / name).write_bytes(packed)


def files() -> dict[str, bytes]:
    """File name → bytes of every data file of the demo before it is packed, always the same."""
    shop = drawn()
    sold = trade_files.orders(shop)
    complains = complaining(shop.asked[shop.asked["unresolved"]], len(shop.people))
    answers = service.surveys(shop.bought.placed, shop.asked, complains)
    return {
        "customers.csv": customer_files.customers(shop).encode("utf-8-sig"),
        "leads.csv": customer_files.lead_file(shop.people).encode(),
        "consents.csv.gz": customer_files.consents(shop.people).encode(),
        "spending.csv": customer_files.spending(shop.people).encode(),
        "orders_2024.csv": trade_files.order_file(row for row in sold if row[2] < "2025"),
        "orders_2025.csv": trade_files.order_file(trade_files.with_faults([row for row in sold if row[2] >= "2025"])),
        "order_items.csv.gz": trade_files.order_items(shop.items).encode(),
        "products.csv": trade_files.products().encode(),
        "points.csv.gz": trade_files.points(shop).encode(),
        "subscriptions.csv": trade_files.subscriptions(shop.members).encode(),
        "events.tsv.gz": contact_files.events(shop.steps).encode(),
        "tickets.csv": contact_files.tickets(shop.asked).encode("gb18030"),
        "surveys.csv": contact_files.surveys(answers).encode(),
        "touches.csv.gz": contact_files.touches(shop).encode(),
        "planned_actions.csv.gz": contact_files.planned_actions(shop).encode(),
        "action_results.csv.gz": contact_files.action_results(shop).encode(),
        "experiments.csv": contact_files.experiments(trials.experiments(shop.people)).encode(),
    }


if __name__ == "__main__":
    write(FOLDER)
