"""Experiments that came summed up by arm and day: their arms, and the moments that single rows would have given."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir
import pandas as pd

from helpers.analyses.experiments.trials.moments import Cells, absences, measures
from helpers.data.intake.wording.tables import Extra


def arms_met(table: ir.Table) -> pd.DataFrame:
    """Customers of each arm and their first day: experiment, in_two_arms (never, for totals tell it of nobody), arm,
    customers, leads, began.
    """
    sums = table.group_by("experiment", arm=table.variant).agg(customers=table.customers.sum(), began=table.day.min())
    return sums.execute().assign(in_two_arms=False, leads=0)


def summed(table: ir.Table, metrics: Mapping[str, Extra]) -> Cells:
    """Counts, means and variances of these metrics by arm and day, from n, the sum and the sum of squares of each row.

    Of a proportion the sum is its own sum of squares. The variance is (Σx² - (Σx)²/n) / (n - 1): where the mean is
    large beside the spread, digits that the export rounded off are lost. A row without a sum does not count in the
    metric, or counts as 0 where the metric says that missing values do.
    """
    rows = table.filter(table.customers > 0)
    n = rows.customers.cast("float64")
    wanted = tuple(measure for metric in metrics.values() for measure in measures(metric))
    values: dict[str, ir.Value] = {"day": rows.day.date(), "rows": rows.customers, **absences(rows, wanted)}
    for i, (measure, metric) in enumerate(zip(wanted, metrics.values(), strict=True)):
        known = rows[metric.name].notnull()
        total = rows[metric.name] if measure.leaves_out else rows[metric.name].fill_null(0.0)
        squares = total if metric.kind == "proportion" else rows[metric.squared].fill_null(0.0)
        scatter = ibis.greatest(squares - total**2 / n, 0.0)
        values |= {f"mean {i}": total / n, f"variance {i}": scatter / (n - 1).nullif(0.0)}
        if not measure.leaves_out:
            values[f"known {i}"] = known.ifelse(rows.customers, 0)
    return Cells(rows.select("variant", **values).execute(), dict(metrics), wanted, {})
