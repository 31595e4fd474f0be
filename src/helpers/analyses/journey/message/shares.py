"""Shares of messages or touchpoints, of which a customer has several, in groups that a customer may share."""

from __future__ import annotations

from collections.abc import Sequence

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from helpers.analyses.journey.vocabulary import CUSTOMERS_WITH, OUTCOME
from helpers.findings.folding import SMALL_GROUPS, SMALLEST_GROUP, UNKNOWN, group_sizes, shown_groups
from helpers.findings.vocabulary import CUSTOMERS, LOWER, ROWS, SHARE, UPPER
from helpers.statistics.shares import wilson_interval


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
    customers_with (the outcome at least once), share, lower, upper; groups of fewer than five customers are left out.
    Intervals of 95 % are Wilson's for as many independent rows as would give the share its variance between customers
    (linearised, as for a ratio of sums), and no more than there are; where all rows are equal, as many as there are
    customers. Source: Kish (1965), design effect; Korn & Graubard (1998) for the effective size in an interval for
    shares.
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
    columns = [*by, OUTCOME, ROWS, CUSTOMERS, CUSTOMERS_WITH, SHARE, LOWER, UPPER]
    shares = pd.concat([_shares(groups, name)[columns] for name in outcomes], ignore_index=True)
    return shares.astype({name: "int64" for name in (ROWS, CUSTOMERS, CUSTOMERS_WITH)})


def _shares(groups: pd.DataFrame, outcome: str) -> pd.DataFrame:
    """The groups with share and interval of one outcome, from the sums of its flag x and of the rows n by customer."""
    n, customers = groups[ROWS], groups[CUSTOMERS]
    share = groups[f"x {outcome}"] / n
    squares = groups[f"xx {outcome}"] - 2 * share * groups[f"xn {outcome}"] + share**2 * groups["nn"]
    variance = squares.clip(lower=0) / n**2 * customers / (customers - 1)
    varies = (share > 0) & (share < 1) & (variance > 0)
    alike = (share * (1 - share) / variance.where(varies, np.nan)).fillna(customers)
    size = np.minimum(alike, n)
    lower, upper = wilson_interval(share * size, size)
    with_it = {OUTCOME: outcome, CUSTOMERS_WITH: groups[f"with {outcome}"]}
    return groups.assign(**with_it, share=share, lower=lower, upper=upper)
