"""From when to when each table reaches."""

from __future__ import annotations

import datetime as dt

from helpers.data.inspection.spans import set_by, spans
from shops import AS_OF, shop


def test_tables_reach_from_their_first_row_to_their_last_and_one_sets_the_day(data):
    found = spans(data)
    assert (found["orders"].first, found["orders"].last) == (dt.date(2025, 1, 2), dt.date(2025, 3, 5))
    assert found["customers"].last == dt.date(2024, 6, 1) and set_by(data, found) == "orders"


def test_a_table_that_stopped_a_quarter_before_is_quiet_and_one_without_dates_has_no_span():
    data = shop(
        orders={"order_id": ["1"], "customer_id": ["a"], "days_ago": [10]},
        tickets={"ticket_id": ["1"], "customer_id": ["a"], "days_ago": [200]},
        customers={"customer_id": ["a"]},
    )
    found = spans(data)
    assert found["tickets"].is_quiet(AS_OF) and not found["orders"].is_quiet(AS_OF)
    assert "customers" not in found and set_by(data, found) == ""
