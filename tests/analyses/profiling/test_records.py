"""What crosses the parts of records: the columns of every finding of the demo, and the order of rows."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from helpers.analyses.profiling.records.accounting import row_accounting, rules
from helpers.analyses.profiling.records.column_profile import profile_table
from helpers.analyses.profiling.records.column_quality import columns
from helpers.analyses.profiling.records.common_values import levels
from helpers.analyses.profiling.records.freshness_and_keys import freshness, keys, rows_over_time
from helpers.analyses.profiling.records.repeats import duplicates
from helpers.analyses.profiling.records.unusual_values import patterns
from helpers.analyses.profiling.records.verification import checks
from helpers.findings import Finding
from helpers.findings.columns import Kind, declared
from helpers.findings.tables import table
from shops import shop

ANALYSES = (row_accounting, rules, checks, freshness, keys, rows_over_time, columns, levels, duplicates, patterns)


@pytest.fixture(scope="module")
def found(demo) -> list[Finding]:
    """Every finding of records on the demo."""
    return [analysis(demo) for analysis in ANALYSES]


def test_every_finding_of_the_demo_shows_only_declared_columns(found):
    for finding in found:
        assert table(finding.summary(), finding.shown or finding.columns)  # LookupError where one is not declared


def test_every_finding_of_the_demo_speaks_and_draws(found):
    for finding in found:
        assert finding.headline().endswith(".") and len(finding.summary())
        ax = finding.plot()
        assert ax.has_data()
        plt.close(ax.figure)


def test_every_column_of_every_table_is_declared_and_codes_have_words(found):
    for finding in found:
        for name in finding.table:
            column = declared(finding.columns, name)
            if column.kind is Kind.CODE:
                assert set(finding.table[name]) <= set(column.words), name


def test_the_order_of_rows_changes_no_finding():
    orders = pd.DataFrame({
        "order_id": [f"o{n}" for n in range(40)], "customer_id": [f"c{n % 9}" for n in range(40)],
        "amount": [float(n % 7) for n in range(40)], "channel": ["app", "web"] * 20, "days_ago": range(0, 400, 10),
    })  # fmt: skip
    books = [("orders", "read", "", 41, 41), ("orders", "used", "", 40, 40), ("orders", "quarantined", "x", 1, 1)]
    straight, turned = (shop(orders=rows, accounting=books) for rows in (orders, orders[::-1]))
    for analysis in (checks, freshness, rows_over_time, columns, levels, duplicates):
        pd.testing.assert_frame_equal(analysis(straight).table, analysis(turned).table)
    pd.testing.assert_frame_equal(profile_table(straight).table, profile_table(turned).table)
