"""The snapshot's order summary beside DuckDB SQL, pandas and polars, on generated orders, in one run.

    python tests/benchmarks/bench_snapshot.py [rows, default 20 million]

Every contender is a process of its own that reads the same Parquet file and writes one row a customer; printed are
the medians of wall seconds, CPU seconds and peak memory of three runs in turn, and their ratios to the exact SQL. The
contenders' results are compared before anything is printed.

Two statements stand for SQL. Raw SQL adds money as floats, in threads, so that its last digits differ from run to run;
exact SQL adds decimals, as the snapshot does, and says the same each time. Goal: at most 1.15 times its CPU seconds.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import processes

RUNS = 3
GOAL = 1.15
EXACT = "DECIMAL(38, 6)"
NET = "CASE WHEN cancelled THEN least(amount, 0) ELSE amount - refund END"
BACK = "CASE WHEN cancelled THEN abs(amount) ELSE refund END"


def orders(path: Path, rows: int) -> None:
    """Seeded orders of rows / 20 customers over three years: 5 % refunded, 3 % cancelled."""
    import duckdb

    connection = duckdb.connect()
    connection.execute("SELECT setseed(0.42); SET threads = 1")
    connection.execute(f"""
        COPY (SELECT i::VARCHAR AS order_id, 'C' || (random() ** 2 * {rows // 20})::INT AS customer_id,
            TIMESTAMP '2022-01-01' + INTERVAL 1 SECOND * (random() * 94608000)::INT AS ordered_at,
            round(20 - 60 * ln(1 - random()), 2)::DOUBLE AS amount,
            CASE WHEN random() < 0.05 THEN 10.0 ELSE 0.0 END::DOUBLE AS refund, random() < 0.03 AS cancelled
            FROM range({rows}) AS r(i)) TO '{path}'
    """)


def by_kehu(source: Path, out: Path) -> None:
    import datetime as dt

    from helpers.data import engine, snapshot
    from helpers.data.intake.wording.schema import Policy

    table = engine.connect().read_parquet(source)
    snapshot.order_summary(table, dt.date(2024, 12, 31), Policy()).to_parquet(out)


def by_sql(source: Path, out: Path, money: str = "DOUBLE") -> None:
    import duckdb

    duckdb.connect().execute(f"""
        COPY (WITH days AS (
            SELECT customer_id, ordered_at::DATE AS day, count(*) FILTER (NOT cancelled) AS orders,
                sum(({NET})::{money}) AS net, sum(({BACK})::{money}) AS back
            FROM '{source}' GROUP BY ALL
        ), people AS (
            SELECT customer_id, min(day) FILTER (orders > 0) AS first, max(day) FILTER (orders > 0) AS last,
                count(*) FILTER (orders > 0) AS order_days, sum(orders)::INT AS orders, sum(net) AS monetary,
                sum(back) AS refunds, sum(net) FILTER (orders > 0) AS spend,
                arg_min(net, day) FILTER (orders > 0) AS first_spend
            FROM days GROUP BY ALL
        ) SELECT customer_id, first AS first_order_on, last AS last_order_on, DATE '2024-12-31' - last AS recency_days,
            orders, greatest(order_days - 1, 0) AS frequency, monetary::DOUBLE AS monetary, refunds::DOUBLE AS refunds,
            last - first AS t_x_days, DATE '2024-12-31' - first AS age_days,
            (spend - first_spend)::DOUBLE / nullif(order_days - 1, 0) AS mean_repeat_spend
        FROM people) TO '{out}'
    """)


def by_exact_sql(source: Path, out: Path) -> None:
    by_sql(source, out, EXACT)


def by_pandas(source: Path, out: Path) -> None:
    import pandas as pd

    rows = pd.read_parquet(source)
    kept = ~rows["cancelled"]
    rows["net"] = (rows["amount"] - rows["refund"]).where(kept, rows["amount"].clip(upper=0))
    rows["back"] = rows["refund"].where(kept, rows["amount"].abs())
    rows["bought"] = kept.astype("int64")
    rows["day"] = rows["ordered_at"].dt.normalize()
    days = rows.groupby(["customer_id", "day"], as_index=False)[["bought", "net", "back"]].sum()
    people = days.groupby("customer_id").agg(orders=("bought", "sum"), monetary=("net", "sum"), refunds=("back", "sum"))
    bought = days[days["bought"] > 0].groupby("customer_id")
    people["first_order_on"], people["last_order_on"] = bought["day"].min(), bought["day"].max()
    people["frequency"] = (bought.size() - 1).reindex(people.index).fillna(0).astype("int64")
    spend = (bought["net"].sum() - bought["net"].first()) / people["frequency"].where(people["frequency"] > 0)
    people["mean_repeat_spend"] = spend
    people["recency_days"] = (pd.Timestamp("2024-12-31") - people["last_order_on"]).dt.days
    people["age_days"] = (pd.Timestamp("2024-12-31") - people["first_order_on"]).dt.days
    people["t_x_days"] = people["age_days"] - people["recency_days"]
    people.reset_index().to_parquet(out)


def by_polars(source: Path, out: Path) -> None:
    import polars as pl

    kept, amount, refund = ~pl.col("cancelled"), pl.col("amount"), pl.col("refund")
    bought = pl.col("bought") > 0
    day, last = pl.col("day"), pl.col("last_order_on")
    end = pl.date(2024, 12, 31)
    days = (
        pl.scan_parquet(source)
        .with_columns(
            net=pl.when(kept).then(amount - refund).otherwise(pl.min_horizontal(amount, pl.lit(0.0))),
            back=pl.when(kept).then(refund).otherwise(amount.abs()),
            bought=kept.cast(pl.Int64),
            day=pl.col("ordered_at").dt.date(),
        )
        .group_by("customer_id", "day")
        .agg(pl.col("bought", "net", "back").sum())
    )
    days.group_by("customer_id").agg(
        first_order_on=day.filter(bought).min(),
        last_order_on=day.filter(bought).max(),
        frequency=(bought.sum().cast(pl.Int64) - 1).clip(0),
        orders=pl.col("bought").sum(),
        monetary=pl.col("net").sum(),
        refunds=pl.col("back").sum(),
        spend=pl.col("net").filter(bought).sum(),
        first_spend=pl.col("net").filter(bought).sort_by(day.filter(bought)).first(),
    ).with_columns(
        recency_days=(end - last).dt.total_days(),
        age_days=(end - pl.col("first_order_on")).dt.total_days(),
        t_x_days=(last - pl.col("first_order_on")).dt.total_days(),
        mean_repeat_spend=(pl.col("spend") - pl.col("first_spend"))
        / pl.when(pl.col("frequency") > 0).then(pl.col("frequency")),
    ).drop("spend", "first_spend").sink_parquet(out)


CONTENDERS = {"exact SQL": by_exact_sql, "raw SQL": by_sql, "kehu": by_kehu, "polars": by_polars, "pandas": by_pandas}


def alone(name: str, source: Path, out: Path) -> None:
    """One run of one contender, its figures printed as JSON."""
    import duckdb  # noqa: F401  imports are not what is compared
    import ibis.backends.duckdb  # noqa: F401
    import pandas  # noqa: F401

    processes.report(lambda: CONTENDERS[name](source, out))


def compare(paths: list[Path]) -> None:
    """Raises AssertionError where two contenders' results differ."""
    import pandas as pd

    frames = [pd.read_parquet(path).sort_values("customer_id", ignore_index=True) for path in paths]
    columns = [
        "customer_id",
        "recency_days",
        "orders",
        "frequency",
        "monetary",
        "refunds",
        "t_x_days",
        "age_days",
        "mean_repeat_spend",
    ]
    for frame in frames[1:]:
        pd.testing.assert_frame_equal(frames[0][columns], frame[columns], check_dtype=False, rtol=1e-9, atol=1e-6)


def main(rows: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "orders.parquet"
        orders(source, rows)
        runs = processes.in_turn(__file__, CONTENDERS, lambda name: (source, Path(folder) / f"{name}.parquet"), RUNS)
        compare([Path(folder) / f"{name}.parquet" for name in runs])
    print(f"{rows:,} orders, median of {RUNS}")
    medians = processes.medians(runs)
    processes.show(medians, "exact SQL")
    processes.goal("CPU beside exact SQL", medians["kehu"]["cpu_s"] / medians["exact SQL"]["cpu_s"], GOAL, "×")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--only"]:
        alone(sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else 20_000_000)
