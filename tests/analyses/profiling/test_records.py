"""What crosses the parts of records: the order of rows."""

from __future__ import annotations

import pandas as pd

from helpers.analyses.profiling.records.column_profile import profile_table
from helpers.analyses.profiling.records.column_quality import columns
from helpers.analyses.profiling.records.common_values import levels
from helpers.analyses.profiling.records.repeats import duplicates
from helpers.analyses.profiling.records.timeliness import freshness, rows_over_time
from helpers.analyses.profiling.records.verification import checks
from shops import shop


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
