"""Shares of rows of which a customer has several, in groups that a customer may share: customers are the units."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import sparse

from helpers.statistics.arrays import codes
from helpers.statistics.shares.proportions import independent_rows, wilson_interval
from helpers.statistics.shares.several_shares import alike_shares

FEWEST_CUSTOMERS = 20  # of a group that has a say in the test


def clustered_shares(group: ArrayLike, count: ArrayLike, n: ArrayLike) -> pd.DataFrame:
    """Share count / n of each group with limits of 95 %: index group; n, count, customers, share, worth, lower, upper.

    One entry a group and customer: `count` of the customer's `n` rows there have the outcome. Wilson's limits for as
    many independent rows, `worth`, as would tell as much (see `independent_rows`).
    """
    arrays = {"group": group, "count": count, "n": n}
    each = pd.DataFrame({name: np.asarray(values) for name, values in arrays.items()}).assign(customers=1)
    sums = each.groupby("group", sort=False, observed=True).sum()
    share = sums["count"] / sums["n"]
    off = each["count"] - each["group"].map(share).astype(float) * each["n"]
    squares = (off**2).groupby(each["group"], sort=False, observed=True).sum()
    size = independent_rows(sums["count"], sums["n"], squares, sums["customers"])
    lower, upper = wilson_interval(share * size, size)
    return sums.assign(share=share, worth=size, lower=lower, upper=upper)


def alike_groups(group: ArrayLike, customer: ArrayLike, count: ArrayLike, n: ArrayLike) -> float:
    """p-value of the test that all groups of 20 customers or more have one share count / n; NaN for fewer than two.

    One entry a group and customer, as for `clustered_shares`; a customer may be in several groups. Customers are
    independent, their rows are not (see `alike_shares`).
    """
    arrays = {"group": group, "customer": customer, "count": count, "n": n}
    each = pd.DataFrame({name: np.asarray(values) for name, values in arrays.items()})
    large = each.groupby("group", observed=True)["customer"].transform("size") >= FEWEST_CUSTOMERS
    each = each[large]
    if each["group"].nunique() < 2:
        return np.nan
    place, names = codes(each["group"].astype(object), "group", len(each))
    owner, owners = codes(each["customer"], "customer", len(each))
    adds = each["count"] - each["count"].sum() / each["n"].sum() * each["n"]
    by_customer = sparse.csr_matrix((adds, (owner, place)), shape=(len(owners), len(names)))
    count_of, n_of = (np.bincount(place, each[name], len(names)) for name in ("count", "n"))
    return alike_shares(count_of, n_of, (by_customer.T @ by_customer).toarray())
