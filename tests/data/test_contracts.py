"""The contract is declared once, and what is printed of it is that declaration."""

from pathlib import Path

from helpers.data import contracts

README = Path(__file__).parents[2] / "data" / "raw" / "README.md"


def test_the_readme_prints_the_contract_as_declared():
    """To renew it: python -m helpers.data.contracts."""
    assert contracts.as_markdown() in README.read_text(encoding="utf-8")


def test_keys_facts_and_orders_name_columns_of_their_table():
    for table in contracts.TABLES.values():
        named = {*table.key, table.fact_at, *(table.not_before or ())} - {""}
        assert named <= {column.name for column in table.columns}
