"""The profile of one table of 1 million rows and 15 columns beside skrub's TableReport and ydata-profiling, in one run.

    python tests/benchmarks/bench_profile.py [rows, default 1 million] [name=python …]

such as `skrub=/path/to/venv/bin/python`: every contender is a process of its own that reads the same Parquet file,
peers in the environments named; those that are not named, or whose package is absent, are left out. Printed are the
medians of CPU seconds, wall seconds and peak memory of three runs in turn, imports apart, and their ratios to ours.
Counts of rows, missing values and distinct values are compared before anything is printed. The contenders do not do the
same: ours counts customers and shows no extremes of people, skrub draws plots and measures associations (switched off
in a second entry), ydata-profiling runs in its minimal mode.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 3
LIMIT_S = 600
GOAL_CPU_S = 1.5


def table(path: Path, rows: int) -> None:
    """Seeded orders with numbers, flags, times, texts and identifiers, two columns with gaps."""
    import duckdb

    connection = duckdb.connect()
    connection.execute("SELECT setseed(0.42); SET threads = 1")
    connection.execute(f"""
        COPY (SELECT i::VARCHAR AS order_id, 'C' || (random() ** 2 * {rows // 10})::INT AS customer_id,
            TIMESTAMP '2022-01-01' + INTERVAL 1 SECOND * (random() * 94608000)::INT AS ordered_at,
            CASE WHEN random() < 0.97
                THEN TIMESTAMP '2022-01-01' + INTERVAL 1 SECOND * (random() * 94608000)::INT END AS paid_at,
            round(20 - 60 * ln(1 - random()), 2)::DOUBLE AS amount,
            CASE WHEN random() < 0.05 THEN round(random() * 30, 2) ELSE 0 END::DOUBLE AS refund,
            random() < 0.03 AS cancelled, (['app', 'web', 'shop', 'wechat'])[1 + floor(random() * 4)::INT] AS channel,
            'city ' || floor(random() ** 2 * 400)::INT AS city,
            (['a', 'b', 'c', 'd', 'e', 'f'])[1 + floor(random() * 6)::INT] AS category,
            floor(1 + random() * 5)::DOUBLE AS quantity, round(random() * 500, 2)::DOUBLE AS unit_price,
            1 + floor(random() * 5)::INT AS score,
            CASE WHEN random() < 0.8 THEN 'page ' || floor(random() * 5000)::INT END AS content,
            'P' || floor(random() * 20000)::INT AS product
            FROM range({rows}) AS r(i)) TO '{path}'
    """)


def by_kehu(source: Path) -> dict[str, list[int]]:
    import datetime as dt

    import pandas as pd

    from helpers.analyses.profiling.records.column_quality import columns
    from helpers.analyses.profiling.records.common_values import levels
    from helpers.data import datasets, engine
    from helpers.data.intake.wording.schema import Settings

    orders = engine.connect().read_parquet(source)
    words = Settings("Benchmark", currency="EUR")
    data = datasets.Dataset(
        "bench", dt.date(2024, 12, 31), words, {"orders": orders}, pd.DataFrame(), source, (), source
    )
    lines = columns(data).table.set_index("column")
    levels(data).summary()
    return {name: [int(line["missing"]), int(line["distinct"])] for name, line in lines.iterrows()}


def by_skrub(source: Path, **asked: object) -> dict[str, list[int]]:
    import pandas as pd
    from skrub import TableReport

    report = TableReport(pd.read_parquet(source), verbose=0, **asked)
    found = json.loads(report.json())
    report.html()
    return {column["name"]: [column["null_count"], column.get("n_unique")] for column in found["columns"]}


def by_skrub_lean(source: Path) -> dict[str, list[int]]:
    return by_skrub(source, plot_distributions=False, compute_associations=False)


def by_ydata(source: Path) -> dict[str, list[int]]:
    import pandas as pd
    from ydata_profiling import ProfileReport

    report = ProfileReport(pd.read_parquet(source), minimal=True, progress_bar=False)
    found = report.get_description().variables
    report.to_html()
    return {name: [int(variable["n_missing"]), int(variable["n_distinct"])] for name, variable in found.items()}


CONTENDERS = {
    "kehu": ("", by_kehu, ("helpers.analyses.profiling.records.common_values", "ibis.backends.duckdb")),
    "skrub": ("skrub", by_skrub, ("skrub", "matplotlib.pyplot")),
    "skrub, no plots": ("skrub", by_skrub_lean, ("skrub",)),
    "ydata, minimal": ("ydata", by_ydata, ("ydata_profiling",)),
}


def measured(python: str, name: str, source: Path) -> dict | None:
    """Wall and CPU seconds of the work, imports apart, and peak memory of the process; None where it cannot run."""
    command = [python, __file__, "--only", name, source]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=LIMIT_S)
    except subprocess.TimeoutExpired:
        print(f"{name}: more than {LIMIT_S} s")
        return None
    if done.returncode:
        print(f"{name}: {done.stderr.strip().splitlines()[-1]}")
        return None
    return json.loads(done.stdout.splitlines()[-1])


def alone(name: str, source: Path) -> None:
    """One run of one contender, its figures printed as JSON."""
    import importlib

    _, work, modules = CONTENDERS[name]
    for module in ("pandas", "pyarrow", *modules):
        importlib.import_module(module)
    wall, cpu = time.perf_counter(), time.process_time()
    counts = work(source)
    took = {"cpu_s": time.process_time() - cpu, "wall_s": time.perf_counter() - wall}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(json.dumps({**took, "peak_gb": peak, "counts": counts}))


def compare(counts: dict[str, dict[str, list[int]]]) -> None:
    """Raises AssertionError where a peer counts other missing values, or other distinct values of anything but times."""
    for name, theirs in counts.items():
        for column, (missing, distinct) in counts["kehu"].items():
            assert theirs[column][0] == missing, (name, column, theirs[column], missing)
            if not column.endswith("_at") and theirs[column][1] is not None:  # ours counts the days of times
                assert theirs[column][1] == distinct, (name, column, theirs[column], distinct)


def main(rows: int, pythons: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "orders.parquet"
        table(source, rows)
        asked = {name: pythons[peer] for name, (peer, *_) in CONTENDERS.items() if peer in pythons}
        runs: dict[str, list[dict]] = {}
        for _ in range(RUNS):
            for name, python in list(asked.items()):
                figures = measured(python, name, source)
                if figures is None:
                    del asked[name]
                    continue
                runs.setdefault(name, []).append(figures)
    compare({name: figures[0]["counts"] for name, figures in runs.items()})
    medians = {
        name: {key: statistics.median(run[key] for run in figures) for key in ("cpu_s", "wall_s", "peak_gb")}
        for name, figures in runs.items()
    }
    print(f"{rows:,} rows × 15 columns, median of {RUNS}; counts agree")
    for name, figures in medians.items():
        times = {key: figures[key] / medians["kehu"][key] for key in figures}
        print(
            f"{name:16} CPU {figures['cpu_s']:7.2f} s ({times['cpu_s']:.1f}×)  wall {figures['wall_s']:7.2f} s "
            f"({times['wall_s']:.1f}×)  peak {figures['peak_gb']:.2f} GB ({times['peak_gb']:.1f}×)"
        )
    cpu = medians["kehu"]["cpu_s"]
    print(f"goal: at most {GOAL_CPU_S:g} CPU s for 1 M rows: {'met' if cpu <= GOAL_CPU_S else 'MISSED'} ({cpu:.2f} s)")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--only"]:
        alone(sys.argv[2], Path(sys.argv[3]))
    else:
        numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
        named = dict(word.split("=", 1) for word in sys.argv[1:] if "=" in word)
        main(numbers[0] if numbers else 1_000_000, {"": sys.executable, **named})
