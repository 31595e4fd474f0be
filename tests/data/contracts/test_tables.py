"""The Markdown of the contract says of each column what it may hold."""

from helpers.data.contracts import as_markdown


def test_rules_stand_beside_their_columns():
    lines = as_markdown().splitlines()
    assert "| arm | text | whether it is done, or held back by lot | required, one of treat, holdout |" in lines
    assert "| owner | id | who looks after the customer | never shown as it stands |" in lines
    assert any(line.startswith("| holdout_share |") and "at least 0, at most 1" in line for line in lines)
