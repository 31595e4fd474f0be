"""Shares of messages or touchpoints, of which a customer has several, in groups that a customer may share."""

from __future__ import annotations

from collections.abc import Sequence

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from helpers.analyses.journey.vocabulary import CUSTOMERS_WITH, OUTCOME
from helpers.findings.evidence import LEAST_AT_RISK
from helpers.findings.folding import SMALL_GROUPS, SMALLEST_GROUP, UNKNOWN, group_sizes, shown_groups
from helpers.findings.vocabulary import CUSTOMERS, LIKELY_RATE, LOWER, ROWS, SHARE, UPPER
from helpers.statistics.shares import alike_shares, independent_rows, shrunken, wilson_interval


def folded_rows(rows: ir.Table, column: str, most: int) -> ir.Table:
    """`rows` with a column of texts as the groups they are shown in: the largest, and all others as one.

    A customer may be in several groups, so no total tells a small one from the others: unlike in
    `folding.folded_rows` it need not hide a larger one.
    """
    rows = rows.mutate(**{column: rows[column].fill_null(UNKNOWN)})
    sizes = group_sizes(rows, column)
    shown = rows[column].isin(shown_groups(sizes[sizes >= SMALLEST_GROUP], most))
    return rows.mutate(**{column: shown.ifelse(rows[column], SMALL_GROUPS)})


def clustered_shares(rows: ir.Table, by: Sequence[str], outcomes: Sequence[str]) -> pd.DataFrame:
    """Share of the rows of each group with each outcome, where the rows of one customer are alike.

    `rows` has customer_id, the columns `by`, and one flag an outcome. Returns by…, outcome, rows, customers,
    customers_with (the outcome at least once), share, lower, upper, likely_rate; groups of too few customers
    are left out. Intervals of 95 % are Wilson's for as many independent rows as would tell as much (see
    `independent_rows`). The likely rate, by which the highest and the lowest are told, is the share drawn
    towards that of all groups of 20 customers or more (see `shrunken`), and missing for smaller ones.
    """
    flags = {name: rows[name].fill_null(False).ifelse(1, 0).sum().cast("float64") for name in outcomes}
    each = rows.group_by([*by, "customer_id"]).agg(n=rows.count().cast("float64"), **flags)
    sums = {"rows": each.n.sum(), "customers": each.count(), "nn": (each.n * each.n).sum()}
    for name in outcomes:
        x = each[name]
        sums |= {f"x {name}": x.sum(), f"xx {name}": (x * x).sum(), f"xn {name}": (x * each.n).sum(),
                 f"with {name}": (x > 0).ifelse(1, 0).sum()}  # fmt: skip
    groups = each.group_by(list(by)).agg(**sums).execute()
    groups = groups[groups[CUSTOMERS] >= SMALLEST_GROUP].sort_values(list(by), ignore_index=True)
    columns = [*by, OUTCOME, ROWS, CUSTOMERS, CUSTOMERS_WITH, SHARE, LOWER, UPPER, LIKELY_RATE]
    shares = pd.concat([_shares(groups, name)[columns] for name in outcomes], ignore_index=True)
    return shares.astype({name: "int64" for name in (ROWS, CUSTOMERS, CUSTOMERS_WITH)})


def all_alike(rows: ir.Table, by: str, outcome: str) -> float:
    """p-value of the test that the groups of a column `by` have one share of rows with an outcome.

    Groups of fewer than 20 customers have no say. Customers are independent, their rows are not, nor are groups that
    share customers (see `alike_shares`). NaN where fewer than two groups are left, or nothing can differ.
    """
    flag = rows[outcome].fill_null(False).ifelse(1.0, 0.0)
    each = rows.group_by(by, "customer_id").agg(n=rows.count().cast("float64"), x=flag.sum())
    totals = each.group_by(by).agg(customers=each.count(), n=each.n.sum(), x=each.x.sum()).execute()
    totals = totals[totals[CUSTOMERS] >= LEAST_AT_RISK].set_index(by).sort_index()
    if len(totals) < 2:
        return np.nan
    each = each.filter(each[by].isin(totals.index.tolist()))
    each = each.mutate(adds=each.x - float(totals["x"].sum() / totals["n"].sum()) * each.n)
    other = each.select("customer_id", other=each[by], other_adds=each.adds)
    both = each.select("customer_id", by, "adds").join(other, "customer_id")
    products = both.group_by(by, "other").agg(sum=(both.adds * both.other_adds).sum()).execute()
    covariance = products.pivot(index=by, columns="other", values="sum").reindex(totals.index)[totals.index].fillna(0.0)
    return alike_shares(totals["x"], totals["n"], covariance)


def _shares(groups: pd.DataFrame, outcome: str) -> pd.DataFrame:
    """The groups with share and interval of one outcome, from the sums of its flag x and of the rows n by customer."""
    n, customers = groups[ROWS], groups[CUSTOMERS]
    share = groups[f"x {outcome}"] / n
    squares = groups[f"xx {outcome}"] - 2 * share * groups[f"xn {outcome}"] + share**2 * groups["nn"]
    size = independent_rows(groups[f"x {outcome}"], n, squares, customers)
    lower, upper = wilson_interval(share * size, size)
    with_it = {OUTCOME: outcome, CUSTOMERS_WITH: groups[f"with {outcome}"]}
    enough, likely = customers >= LEAST_AT_RISK, pd.Series(np.nan, groups.index)
    likely[enough] = shrunken(share[enough], (share * (1 - share) / size)[enough])
    return groups.assign(**with_it, share=share, lower=lower, upper=upper, likely_rate=likely)
