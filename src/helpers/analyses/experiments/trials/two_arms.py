"""Customers who are in two arms of one experiment: marked, and left out of what is compared."""

from __future__ import annotations

import ibis.expr.types as ir


def in_one_arm(rows: ir.Table, in_two_arms: int) -> ir.Table:
    """Rows of customers in one arm alone; where nobody is `in_two_arms` no customer has to be looked up."""
    if not in_two_arms:
        return rows
    marked = with_other_arms(rows)
    return marked.filter(~marked.in_two_arms)


def with_other_arms(rows: ir.Table) -> ir.Table:
    """`rows` with in_two_arms (of the experiment, that is) and leads (once for each customer in two arms)."""
    keys = ["experiment", "customer_id"]
    arms = rows.group_by(keys).agg(first_arm=rows.variant.min(), last_arm=rows.variant.max())
    several = arms.filter(arms.first_arm != arms.last_arm).drop("last_arm")
    marked = rows.left_join(several, keys).drop("experiment_right", "customer_id_right")
    return marked.mutate(
        in_two_arms=marked.first_arm.notnull(), leads=(marked.variant == marked.first_arm).fill_null(False).ifelse(1, 0)
    )
