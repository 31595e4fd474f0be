"""Shares of messages or touchpoints, of which a customer has several, in groups that a customer may share."""

from __future__ import annotations

from collections.abc import Sequence

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from helpers.findings.folding import SMALL_GROUPS, SMALLEST_GROUP, UNKNOWN, group_sizes, shown_groups
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
    having (customers with the outcome at least once), share, lower, upper; groups of fewer than five customers are
    left out. Intervals of 95 % are Wilson's for as many
    independent rows as would give the share its variance between customers (linearised, as for a ratio of sums), and
    no more than there are; where all rows are equal, as many as there are customers. Source: Kish (1965), design
    effect; Korn & Graubard (1998) for the effective size in an interval for shares.
    """
    flags = {name: rows[name].fill_null(False).ifelse(1, 0).sum().cast("float64") for name in outcomes}
    each = rows.group_by([*by, "customer_id"]).agg(n=rows.count().cast("float64"), **flags)
    sums = {"rows": each.n.sum(), "customers": each.count(), "nn": (each.n * each.n).sum()}
    for name in outcomes:
        x = each[name]
        sums |= {f"x {name}": x.sum(), f"xx {name}": (x * x).sum(), f"xn {name}": (x * each.n).sum(),
                 f"having {name}": (x > 0).ifelse(1, 0).sum()}  # fmt: skip
    found = each.group_by(list(by)).agg(**sums).execute()
    found = found[found["customers"] >= SMALLEST_GROUP].sort_values(list(by), ignore_index=True)
    columns = [*by, "outcome", "rows", "customers", "having", "share", "lower", "upper"]
    told = pd.concat([_shares(found, name)[columns] for name in outcomes], ignore_index=True)
    return told.astype({name: "int64" for name in ("rows", "customers", "having")})


def _shares(found: pd.DataFrame, outcome: str) -> pd.DataFrame:
    n, customers = found["rows"], found["customers"]
    share = found[f"x {outcome}"] / n
    squares = found[f"xx {outcome}"] - 2 * share * found[f"xn {outcome}"] + share**2 * found["nn"]
    variance = squares.clip(lower=0) / n**2 * customers / (customers - 1)
    varies = (share > 0) & (share < 1) & (variance > 0)
    alike = (share * (1 - share) / variance.where(varies, np.nan)).fillna(customers)
    size = np.minimum(alike, n)
    lower, upper = wilson_interval(share * size, size)
    return found.assign(outcome=outcome, having=found[f"having {outcome}"], share=share, lower=lower, upper=upper)
