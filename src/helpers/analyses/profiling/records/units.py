"""What changes from one month to the next and should not: the unit of a number, the scale of a score; stray dates."""

from __future__ import annotations

from collections.abc import Iterator

import ibis
import ibis.expr.types as ir
import pandas as pd

from helpers.analyses.profiling.records.column_quality import NUMERIC, kind
from helpers.analyses.profiling.records.suspicions import Pattern, Suspicion
from helpers.data import contracts
from helpers.findings import facts, say

LEAST_ROWS = 20  # of a month, for its median and its highest value to count
FACTOR = 5.0  # between the medians before and after a change of unit
SCALE_ENDS = (5, 7, 10)  # where scales of answers end
STRAY_SHARE = 0.01  # of the rows, at most
APART_MONTHS = 12


def changes_of_scale(table: str, rows: ir.Table) -> Iterator[Suspicion]:
    """Columns whose monthly medians jump for good, and questions whose answers outgrow their scale from a month on."""
    fact_at = contracts.TABLES[table].fact_at
    if fact_at not in rows.columns:
        return
    names = [name for name in rows.columns if kind(table, name, rows[name]) in NUMERIC]
    names = [name for name in names if not (table == "surveys" and name == "score")]
    for name, monthly in _monthly(rows, fact_at, names):
        yield from _jump(name, monthly)
    if table == "surveys" and "score" in rows.columns:
        yield from _new_scales(rows)


def stray_times(table: str, rows: ir.Table) -> Iterator[Suspicion]:
    """Times a year or more before or after all others of their column, where they are one in a hundred at most."""
    set_days = {column.name for column in contracts.TABLES[table].columns if not column.fact}
    names = [name for name in rows.columns if kind(table, name, rows[name]) == contracts.TIME and name not in set_days]
    months = [
        rows.filter(rows[name].notnull())
        .group_by(month=rows[name].cast("timestamp").truncate("M"))
        .agg(rows=lambda t: t.count())
        .mutate(column=ibis.literal(name))
        for name in names
    ]
    if not months:
        return
    by_month = (ibis.union(*months) if len(months) > 1 else months[0]).execute()
    for name, counts in by_month.groupby("column"):
        counts = counts.assign(month=pd.to_datetime(counts["month"])).sort_values("month", ignore_index=True)
        before, after = _stray(counts), _stray(counts[::-1].reset_index(drop=True))
        for stray, where in ((before, "before"), (after, "after")):
            if stray:
                rows = facts.Count(stray)
                if where == "before":
                    evidence = say("{rows} rows a year or more before all others", rows=rows)
                else:
                    evidence = say("{rows} rows a year or more after all others", rows=rows)
                yield Suspicion(name, Pattern.STRAY_TIME, evidence, stray)


def _stray(counts: pd.DataFrame) -> int:
    """Rows of the months from the first one up to the last long gap, as long as they are few; 0 where there is none."""
    gaps = counts["month"].dt.to_period("M").map(lambda month: month.ordinal).diff().abs()
    few = counts["rows"].cumsum().shift() <= STRAY_SHARE * counts["rows"].sum()
    apart = counts.index[(gaps > APART_MONTHS) & few]
    return int(counts.loc[: apart[-1] - 1, "rows"].sum()) if len(apart) else 0


def _monthly(rows: ir.Table, fact_at: str, names: list[str]) -> Iterator[tuple[str, pd.DataFrame]]:
    """Of each column its months with enough rows, in order: median, rows."""
    if not names:
        return
    measures: dict[str, ir.Scalar] = {}
    for place, name in enumerate(names):
        measures |= {f"median_{place}": rows[name].median(), f"rows_{place}": rows[name].count()}
    months = rows.filter(rows[fact_at].notnull()).group_by(month=rows[fact_at].truncate("M")).agg(**measures).execute()
    months = months.assign(month=pd.to_datetime(months["month"])).sort_values("month")
    for place, name in enumerate(names):
        monthly = months[["month"]].assign(median=months[f"median_{place}"], rows=months[f"rows_{place}"])
        yield name, monthly[monthly["rows"] >= LEAST_ROWS].reset_index(drop=True)


def _jump(name: str, monthly: pd.DataFrame) -> Iterator[Suspicion]:
    """A month from which on all medians are 5 times those before or more, or a fifth or less."""
    median = monthly["median"].astype("float64")
    if len(median) < 2 or not (median > 0).all():
        return
    highest_before, lowest_before = median.cummax().shift(), median.cummin().shift()
    lowest_after, highest_after = median[::-1].cummin()[::-1], median[::-1].cummax()[::-1]
    jumped = (lowest_after >= FACTOR * highest_before) | (highest_after <= lowest_before / FACTOR)
    if jumped.any():
        at = jumped.idxmax()
        before, after = median[:at].median(), median[at:].median()
        evidence = say(
            "from {month} on the median is {after}, before {before}",
            month=facts.Name(f"{monthly['month'][at]:%Y-%m}"),
            after=facts.Number(after),
            before=facts.Number(before),
        )
        yield Suspicion(name, Pattern.NEW_UNIT, evidence, int(monthly["rows"][:at].sum()))


def _new_scales(surveys: ir.Table) -> Iterator[Suspicion]:
    """Questions whose highest monthly answer passes the end of a scale for good; rows are those on the old scale."""
    answers = (
        surveys.group_by("question", month=surveys.answered_at.truncate("M"))
        .agg(highest=surveys.score.max(), rows=surveys.count())
        .execute()
    )
    answers = answers[answers["rows"] >= LEAST_ROWS].sort_values("month")
    for question, monthly in answers.groupby("question", dropna=False):
        highest = monthly["highest"].reset_index(drop=True)
        before, after = highest.cummax().shift(), highest[::-1].cummin()[::-1]
        for end in SCALE_ENDS:
            passed = (before <= end) & (after > end)
            if passed.any():
                at = passed.idxmax()
                month, old = pd.Timestamp(monthly["month"].iloc[at]), int(monthly["rows"].iloc[:at].sum())
                evidence = say(
                    "{question}: highest answer {before} before {month}, {after} from then on",
                    question=facts.Name(question),
                    before=facts.Number(before[at]),
                    month=facts.Name(f"{month:%Y-%m}"),
                    after=facts.Number(highest[at:].max()),
                )
                yield Suspicion("score", Pattern.NEW_SCALE, evidence, old)
                break
