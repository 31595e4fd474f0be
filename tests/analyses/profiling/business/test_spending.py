"""What a customer, a buyer and an order bring: intervals that reach further to the tail, beside a loop over customers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.profiling.business.key_figures import kpis
from helpers.analyses.profiling.business.spending import spending_changes, spending_figures
from helpers.analyses.profiling.business.windows import Trade, Window
from helpers.statistics.effects import paired_change, skewed_interval
from shops import AS_OF, shop


def bought(buyers: int, customers: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Customers, the first of whom placed one to three orders, one of them very dear."""
    rng = np.random.default_rng(8)
    people = pd.DataFrame({"customer_id": [f"c{n}" for n in range(customers)], "joined_at": pd.Timestamp("2024-01-01")})
    orders = pd.DataFrame({"customer_id": np.repeat(people["customer_id"][:buyers], rng.integers(1, 4, buyers))})
    amounts = rng.lognormal(3, 1, len(orders)).round(2)
    return people, orders.assign(order_id=[f"o{n}" for n in range(len(orders))], amount=amounts, days_ago=3)


def test_means_have_the_interval_of_skewed_values_over_customers():
    people, orders = bought(25, 60)
    data = shop(customers=people, orders=orders)
    figures = {figure.kpi: figure for figure in spending_figures(Trade(data), Window(AS_OF, 90))}
    each = orders.groupby("customer_id")["amount"].agg(["sum", "size"]).reindex(people["customer_id"], fill_value=0)
    buyers = each[each["size"] > 0]
    for kpi, y, x in (
        ("ARPU", each["sum"], each["size"] * 0 + 1),
        ("ARPPU", buyers["sum"], buyers["size"] * 0 + 1),
        ("AOV", buyers["sum"], buyers["size"]),
    ):
        n, ratio = len(y), y.sum() / x.sum()
        rests = y - ratio * x
        error = np.sqrt(n / (n - 1) * (rests**2).sum()) / x.sum()
        expected = skewed_interval(ratio, error, (rests**3).sum() / (rests**2).sum() ** 1.5, n)
        assert figures[kpi].limits == pytest.approx(expected, rel=1e-4)
        assert figures[kpi].limits[1] - ratio > ratio - figures[kpi].limits[0]


def test_fewer_than_twenty_buyers_are_too_few_for_an_interval():
    people, orders = bought(19, 60)
    figures = spending_figures(Trade(shop(customers=people, orders=orders)), Window(AS_OF, 90))
    assert np.isnan([figure.limits for figure in figures]).all() and figures[-1].value > 0


def moved(factor: float, customers: int = 60) -> pd.DataFrame:
    """Two orders of each customer, one in the window before and one in this, which is `factor` times as dear."""
    rng = np.random.default_rng(9)
    amounts = rng.lognormal(3, 1, (2, customers)) * [[factor], [1]]
    return pd.DataFrame({
        "customer_id": [f"c{n}" for n in range(customers)] * 2, "order_id": [f"o{n}" for n in range(2 * customers)],
        "amount": amounts.ravel().round(2), "days_ago": [3] * customers + [40] * customers,
    })  # fmt: skip


def test_a_change_is_told_only_beyond_chance():
    first = pd.DataFrame({"customer_id": ["c0"], "order_id": ["first"], "amount": [1.0], "days_ago": [59]})
    same, dearer = (kpis(shop(orders=pd.concat([first, moved(by)])), window_days=30) for by in (0.8, 4))
    change = same.table.set_index("kpi").loc["revenue"]
    assert abs(change["change_rate"]) > 0.1 and change["change_lower"] < 0 < change["change_upper"]
    assert change["change"] == "no_evidence" and "the change on the 30 days before is within chance." in words_of(same)
    assert "% above the 30 days before." in words_of(dearer) and "95% interval of the change +" in words_of(dearer)
    assert dearer.table.set_index("kpi")["change"].dropna().to_dict() == {
        "orders": "no_evidence", "revenue": "more", "ARPU": "more", "ARPPU": "more", "AOV": "more",
    }  # fmt: skip


def test_the_change_of_totals_is_that_of_customers_with_both_windows():
    rows = moved(1.5)
    first = pd.DataFrame({"customer_id": ["c0"], "order_id": ["first"], "amount": [1.0], "days_ago": [59]})
    trade = Trade(shop(orders=pd.concat([first, rows])))
    now, before = rows["amount"].to_numpy().reshape(2, -1)
    before = before + (np.arange(60) == 0)
    pairs = np.column_stack([now, before])
    expected = paired_change(pairs.sum(axis=0), pairs.T @ pairs, 60)
    assert spending_changes(trade, Window(AS_OF, 30))["revenue"] == pytest.approx(expected, rel=1e-4)
    assert spending_changes(Trade(shop(orders=rows[rows["customer_id"] < "c2"])), Window(AS_OF, 30)) == {}
