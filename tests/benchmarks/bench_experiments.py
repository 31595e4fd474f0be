"""Three metrics of an experiment by arm, segment and day, beside plain DuckDB SQL and tea-tasting, in one run.

    python tests/benchmarks/bench_experiments.py [rows, default 10 million]

Two means and a ratio. Kehu reads the moments of both arms by 5 segments × 28 days from a Parquet file, and makes the
effects in total, by segment and up to each day. Beside it: plain SQL (var_samp, covar_samp) by arm alone, tea-tasting
on a pandas table that is loaded before the clock starts, in total alone, and tea-tasting on DuckDB once a segment.
Every contender is a process of its own; printed are medians of three runs in turn. Answers are compared before
anything is printed. tea-tasting is left out where it cannot be imported: `pip install --target FOLDER --no-deps
tea-tasting narwhals`, and FOLDER on the PYTHONPATH.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import processes

RUNS = 3
METRICS = {"spend": ("spend",), "visits": ("visits",), "order_value": ("revenue", "orders")}
COLUMNS = ("spend", "visits", "revenue", "orders")
LOADED = "tea-tasting, pandas"
LOOPED = "tea-tasting, segments"
GOALS = {"plain SQL": 1.5, LOADED: 0.25, LOOPED: 0.33}  # kehu's wall seconds, as a part of theirs

Answers = dict[str, tuple[float, float, float]]  # "segment metric" → effect, lower, upper


def customers(path: Path, rows: int) -> None:
    """Seeded customers in two arms, five segments and 28 days; the treatment spends a little more."""
    import duckdb

    connection = duckdb.connect()
    connection.execute("SELECT setseed(0.42); SET threads = 1")
    connection.execute(f"""
        COPY (SELECT CASE WHEN treated THEN 'treatment' ELSE 'control' END AS variant,
            'segment ' || (1 + floor(random() * 5))::INT AS segment, DATE '2025-01-01' + (random() * 1e6)::INT % 28 AS day,
            100 - 20 * ln(1 - random()) + treated::INT AS spend, floor(-3 * ln(1 - random())) AS visits, orders,
            -30 * orders * ln(1 - random()) AS revenue
        FROM (SELECT random() < 0.5 AS treated, floor(1 - 2 * ln(1 - random())) AS orders FROM range({rows})))
        TO '{path}'
    """)


def by_kehu(source: Path) -> Answers:
    from helpers.analyses.experiments.trials.moments import cells
    from helpers.data import engine
    from helpers.data.intake.wording.tables import Extra, Origin
    from helpers.statistics.effects import compare

    metrics = {
        "spend": Extra("spend", "metrics", Origin()),
        "visits": Extra("visits", "metrics", Origin()),
        "revenue": Extra("revenue", "metrics", Origin(), kind="ratio", per="orders"),
    }
    named = {"revenue": "order_value"}
    summed = cells(engine.connect().read_parquet(source), metrics, (), ("variant", "segment", "day"))
    answers = {}
    for name, metric in metrics.items():
        totals = {("total", *group): cell for group, cell in summed.moments(name).items()}
        segments = {group[::-1]: cell for group, cell in summed.moments(name, ("variant", "segment")).items()}
        days = {group[::-1]: cell for group, cell in summed.cumulative(name, "day").items()}
        for part in {key[0]: None for key in (totals | segments | days)}:
            arms = [(totals | segments | days)[part, arm] for arm in ("control", "treatment")]
            effect = compare(*arms, kind=metric.kind)
            answers[f"{part} {named.get(name, name)}"] = (effect.effect, effect.lower, effect.upper)
    return answers


def by_sql(source: Path) -> Answers:
    import duckdb

    from helpers.statistics.effects import Moments, compare

    sums = ", ".join(f"avg({name}), var_samp({name})" for name in COLUMNS)
    rows = (
        duckdb.connect()
        .execute(f"SELECT variant, count(*), covar_samp(revenue, orders), {sums} FROM '{source}' GROUP BY 1 ORDER BY 1")
        .fetchall()
    )
    found = {}
    for name, columns in METRICS.items():
        places = [COLUMNS.index(column) for column in columns]
        arms = [
            Moments.from_variances(
                n,
                {c: means[i] for c, i in zip(columns, places, strict=True)},
                {c: variances[i] for c, i in zip(columns, places, strict=True)},
                {("revenue", "orders"): covariance},
            )
            for _, n, covariance, *rest in rows
            for means, variances in [(rest[::2], rest[1::2])]
        ]
        found[name] = compare(*arms, kind="ratio" if len(columns) == 2 else "mean")
    return {f"total {name}": (effect.effect, effect.lower, effect.upper) for name, effect in found.items()}


def tea_tasting(table: object, part: str) -> Answers:
    import tea_tasting as tt

    metrics = {
        name: tt.Mean(*columns) if len(columns) == 1 else tt.RatioOfMeans(*columns) for name, columns in METRICS.items()
    }
    result = tt.Experiment(metrics, variant="variant").analyze(table, control="control")
    return {
        f"{part} {name}": (
            result[name].effect_size,
            result[name].effect_size_ci_lower,
            result[name].effect_size_ci_upper,
        )
        for name in METRICS
    }


def by_segments(source: Path) -> Answers:
    import ibis

    table = ibis.duckdb.connect().read_parquet(source)
    answers: Answers = {}
    for segment in range(1, 6):
        answers |= tea_tasting(table.filter(table.segment == f"segment {segment}"), f"segment {segment}")
    return answers


CONTENDERS = {
    "plain SQL": by_sql,
    "kehu": by_kehu,
    LOADED: lambda table: tea_tasting(table, "total"),
    LOOPED: by_segments,
}


def alone(name: str, source: Path) -> None:
    """One run of one contender; its seconds, memory and answers printed as JSON."""
    import duckdb  # noqa: F401  imports are not what is compared
    import ibis.backends.duckdb  # noqa: F401
    import pandas as pd

    import helpers.analyses.experiments.trials.moments
    import helpers.statistics.effects  # noqa: F401

    if name.startswith("tea"):
        import tea_tasting  # noqa: F401
    data = pd.read_parquet(source, columns=["variant", *COLUMNS]) if name == LOADED else source
    processes.report(lambda: {"answers": CONTENDERS[name](data)})


def assert_equal_answers(runs: dict[str, list[processes.Figures]]) -> None:
    """Every answer of the others is one of kehu's; AssertionError names the first that is not."""
    ours = runs["kehu"][0]["answers"]
    for name, figures in runs.items():
        for question, values in figures[0]["answers"].items():
            assert all(abs(a - b) <= 1e-9 + 1e-6 * abs(b) for a, b in zip(values, ours[question], strict=True)), (
                f"{name}, {question}: {values}, kehu {ours[question]}"
            )


def main(rows: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "customers.parquet"
        customers(source, rows)
        runs = processes.in_turn(__file__, CONTENDERS, lambda name: (source,), RUNS)
    assert_equal_answers(runs)
    print(
        f"{rows:,} customers, median of {RUNS}; kehu's {len(runs['kehu'][0]['answers'])} effects include all the others'"
    )
    medians = processes.medians(runs)
    processes.show(medians, "kehu")
    for name, most in GOALS.items():
        if name in medians:
            wall, cpu = (medians["kehu"][key] / medians[name][key] for key in ("wall_s", "cpu_s"))
            processes.goal(f"wall beside {name} ({cpu:.2f}× its CPU)", wall, most, "×")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--only"]:
        alone(sys.argv[2], Path(sys.argv[3]))
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else 10_000_000)
