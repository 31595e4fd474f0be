"""A shop of three lines of two orders, which is all that a data set needs."""

ITEMS = """[tables.order_items]
file = "lines.csv"
[tables.order_items.columns]
customer_id = "who"
ordered_at = "at"
"""
LINES = (
    "order_id,who,at,quantity,unit_price\n1,a,2024-01-01 08:00,2,5\n1,a,2024-01-01 08:00,1,2.5\n2,b,2024-03-01,1,4\n"
)


def write(folder) -> None:
    """Leaves the shop in a folder of that name, which is new."""
    folder.mkdir()
    (folder / "dataset.toml").write_text(ITEMS)
    (folder / "lines.csv").write_text(LINES)
