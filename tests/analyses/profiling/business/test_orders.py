"""What becomes of orders: counts by stage, and what a data set without payments or refunds cannot say."""

from __future__ import annotations

import pytest
from answers import words_of

from helpers.analyses.profiling.business.orders import order_funnel
from helpers.findings import NotApplicable
from shops import shop


def test_the_funnel_counts_orders_paid_and_refunded(corner_shop):
    funnel = order_funnel(corner_shop)
    assert funnel.table["stage"].to_list() == ["created", "paid", "refunded"]
    assert funnel.table["orders"].to_list() == [6, 4, 1]
    assert funnel.table["of_stage_before_share"].to_list() == pytest.approx([1, 4 / 6, 1 / 4])
    assert funnel.table["of_created_share"].to_list() == pytest.approx([1, 4 / 6, 1 / 6])
    assert words_of(funnel) == (
        "Of 6 orders, 66.7% (95% CI 30.0% to 90.3%) were paid; "
        "of the 4 paid, 25.0% (95% CI 4.56% to 69.9%) were refunded in whole or in part."
    )


def test_refunds_that_nobody_records_are_no_stage(corner_shop):
    funnel = order_funnel(shop(orders=corner_shop.tables["orders"].execute().drop(columns="refund")))
    assert funnel.table["stage"].to_list() == ["created", "paid"]
    assert words_of(funnel).endswith("were paid; the data record no refunds.")


def test_without_payments_there_is_no_funnel(corner_shop):
    unpaid = order_funnel(shop(orders=corner_shop.tables["orders"].execute().drop(columns="paid_at")))
    assert unpaid == NotApplicable("no order says when it was paid.")
    assert isinstance(order_funnel(shop()), NotApplicable)
