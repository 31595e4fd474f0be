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
        "66.7% of 6 orders were paid; of these 25.0% were refunded, in whole or in part. "
        "Paid: 95% interval 30.0% to 90.3%. Refunded: 95% interval 4.6% to 69.9%."
    )


def test_refunds_that_nobody_records_are_no_stage(corner_shop):
    funnel = order_funnel(shop(orders=corner_shop.tables["orders"].execute().drop(columns="refund")))
    assert funnel.table["stage"].to_list() == ["created", "paid"]
    assert str(funnel.headline()).endswith("were paid; the data record no refunds.")


def test_without_payments_there_is_no_funnel(corner_shop):
    unpaid = order_funnel(shop(orders=corner_shop.tables["orders"].execute().drop(columns="paid_at")))
    assert words_of(unpaid) == "Cannot be told: no order says when it was paid."
    assert isinstance(order_funnel(shop()), NotApplicable)
