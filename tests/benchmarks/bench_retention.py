"""The retention triangle of generated orders beside raw DuckDB SQL and pandas, in one run.

    python tests/benchmarks/bench_retention.py [rows, default 50 million] [rows for pandas, default the same]

36 monthly cohorts by first order, every month after it. Two statements stand for raw SQL: the shortest that says what
is wanted (distinct customer-months joined to first months), and the fastest found by hand (a bitmap of months for each
customer). Every contender is a process of its own that reads the same Parquet file and writes the triangle; printed
are the medians of wall seconds, CPU seconds and peak memory of three runs in turn, and their ratios to the fastest SQL.
Goal: at most 1.1 times its CPU seconds. The triangles are compared before anything is printed.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import processes
from bench_snapshot import orders

RUNS = 3
GOAL = 1.1
MONTHS = 36
COUNTED = "year(ordered_at) * 12 + month(ordered_at) - 2022 * 12 - 1"


def by_kehu(source: Path, out: Path) -> None:
    import datetime as dt

    from helpers.analyses.profiling.engagement.clock import Clock
    from helpers.analyses.profiling.engagement.cohort_counts import retention_cells
    from helpers.data import engine

    clock = Clock(dt.date(2024, 12, 31), "month", MONTHS)
    cells = retention_cells(engine.connect().read_parquet(source), clock, time="ordered_at")
    months = cells["cohort"].dt.year * 12 + cells["cohort"].dt.month - 2022 * 12 - 1
    cells.assign(cohort=months)[["cohort", "interval", "returned"]].to_parquet(out)


def by_short_sql(source: Path, out: Path) -> None:
    import duckdb

    duckdb.connect().execute(f"""
        COPY (WITH months AS (SELECT DISTINCT customer_id, {COUNTED} AS month FROM '{source}'),
            firsts AS (SELECT customer_id, min(month) AS cohort FROM months GROUP BY ALL)
        SELECT cohort, month - cohort AS interval, count(*) AS returned FROM months JOIN firsts USING (customer_id)
        GROUP BY ALL) TO '{out}' (FORMAT parquet)
    """)


def by_fast_sql(source: Path, out: Path) -> None:
    import duckdb

    returned = ", ".join(f"sum((bits >> {k}) & 1) AS k{k}" for k in range(MONTHS))
    duckdb.connect().execute(f"""
        COPY (WITH months AS (SELECT customer_id, {COUNTED} AS month FROM '{source}'),
            people AS (SELECT min(month) AS cohort, bit_or(1::BIGINT << month) AS bits FROM months GROUP BY customer_id),
            began AS (SELECT cohort, bits >> cohort AS bits FROM people),
            wide AS (SELECT cohort, {returned} FROM began GROUP BY cohort)
        SELECT cohort, substr(name, 2)::INT AS interval, returned
        FROM (UNPIVOT wide ON COLUMNS(* EXCLUDE cohort) INTO NAME name VALUE returned)
        WHERE cohort + interval < {MONTHS}) TO '{out}' (FORMAT parquet)
    """)


def by_pandas(source: Path, out: Path) -> None:
    import pandas as pd

    rows = pd.read_parquet(source, columns=["customer_id", "ordered_at"])
    rows["month"] = rows["ordered_at"].dt.year * 12 + rows["ordered_at"].dt.month - 2022 * 12 - 1
    months = rows[["customer_id", "month"]].drop_duplicates()
    months = months.assign(cohort=months.groupby("customer_id")["month"].transform("min"))
    months["interval"] = months["month"] - months["cohort"]
    months.groupby(["cohort", "interval"]).size().rename("returned").reset_index().to_parquet(out)


CONTENDERS = {"fast SQL": by_fast_sql, "short SQL": by_short_sql, "kehu": by_kehu, "pandas": by_pandas}


def alone(name: str, source: Path, out: Path) -> None:
    """One run of one contender, its figures printed as JSON."""
    import duckdb  # noqa: F401  imports are not what is compared
    import ibis.backends.duckdb  # noqa: F401
    import pandas  # noqa: F401

    import helpers.analyses.profiling.engagement.cohort_counts
    import helpers.data.engine  # noqa: F401

    processes.report(lambda: CONTENDERS[name](source, out))


def compare(paths: list[Path]) -> None:
    """Raises AssertionError where two contenders' triangles differ; cells that nobody is in may be left out."""
    import pandas as pd

    keys = ["cohort", "interval"]
    frames = [pd.read_parquet(path).astype("int64").query("returned > 0").sort_values(keys) for path in paths]
    for frame in frames[1:]:
        pd.testing.assert_frame_equal(frames[0].reset_index(drop=True), frame[frames[0].columns].reset_index(drop=True))


def medians_of(names: list[str], rows: int, runs: int) -> dict[str, dict[str, float]]:
    """Median figures of each contender that ran, on the same orders; their triangles are equal."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "orders.parquet"
        orders(source, rows)
        found = processes.in_turn(__file__, names, lambda name: (source, Path(folder) / f"{name}.parquet"), runs)
        compare([Path(folder) / f"{name}.parquet" for name in found])
    return processes.medians(found)


def main(rows: int, rows_for_pandas: int) -> None:
    several = [[name for name in CONTENDERS if name != "pandas"], ["fast SQL", "kehu", "pandas"]]
    plan = {rows: list(CONTENDERS)} if rows == rows_for_pandas else dict(zip((rows, rows_for_pandas), several))
    for size, names in plan.items():
        medians = medians_of(names, size, RUNS)
        print(f"{size:,} orders, {MONTHS} monthly cohorts, median of {RUNS}")
        processes.show(medians, "fast SQL")
        processes.goal("CPU beside fast SQL", medians["kehu"]["cpu_s"] / medians["fast SQL"]["cpu_s"], GOAL, "×")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--only"]:
        alone(sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))
    else:
        asked = [int(number) for number in sys.argv[1:]] or [50_000_000]
        main(asked[0], asked[-1])
