"""RFM segments, value tiers and lifecycle stages of generated orders beside DuckDB SQL, in one run.

    python tests/benchmarks/bench_rfm.py [rows, default 20 million]

Both contenders read the same Parquet file of orders, each in a process of its own, take their cuts from the data and
write one row a customer: three scores, segment, tier and stage. The SQL keeps its customer-days, as ours does its gaps
between them, so that neither sorts twice, and adds money exactly, as ours does: sums of floats differ with the order of
adding, and with them who is at a quantile. Labels are equal before anything is printed; printed are medians of three
runs in turn and their ratios. Goal: at most 1.2 times the CPU seconds of the SQL.
"""

from __future__ import annotations

import datetime as dt
import sys
import tempfile
from pathlib import Path

import processes
from bench_snapshot import BACK, EXACT, NET, orders

RUNS = 3
GOAL = 1.2
AS_OF = dt.date(2024, 12, 31)
LABELS = ["r_score", "f_score", "m_score", "segment", "tier", "stage"]


def by_kehu(source: Path, out: Path) -> None:
    import pandas as pd

    from helpers.analyses.segmentation.scoring.rfm import scores, segments
    from helpers.analyses.segmentation.standing.life_stages import stages
    from helpers.analyses.segmentation.standing.value_tiers import tiers
    from helpers.data import engine, snapshot
    from helpers.data.datasets import Dataset
    from helpers.data.intake.wording.schema import Settings

    table = engine.connect().read_parquet(source)
    words = Settings("made up")
    snapshot_path = out.with_suffix(".snapshot")
    snapshot.order_summary(table, AS_OF, words.policy).to_parquet(snapshot_path)
    data = Dataset("made up", AS_OF, words, {"orders": table}, pd.DataFrame(), out, (), snapshot_path)
    rfm = scores(data)
    labels = [groups.labels for groups in (segments(data, rfm), tiers(data), stages(data))]
    every = pd.Index(data.customers["customer_id"])
    pd.concat([rfm.customers.reindex(every), *labels], axis="columns").reset_index().to_parquet(out)


def by_sql(source: Path, out: Path) -> None:
    import duckdb

    from helpers.analyses.segmentation.groups import NO_ORDER
    from helpers.analyses.segmentation.scoring.rfm import COLUMNS, OTHERS
    from helpers.analyses.segmentation.scoring.rules import SEGMENTS
    from helpers.analyses.segmentation.standing.life_stages import NAMES, POTENTIAL
    from helpers.analyses.segmentation.standing.value_tiers import BANDS, USUAL, USUAL_MONTHS

    active, new, won_back, attention, risk, dormant, lost = NAMES
    rules = " ".join(
        "WHEN "
        + " AND ".join(
            f"{column} BETWEEN {low} AND {high}"
            for column, (low, high) in zip(COLUMNS.values(), (rule.recency, rule.frequency, rule.monetary), strict=True)
        )
        + f" THEN '{name}'"
        for name, rule in SEGMENTS.items()
    )
    fifths = "[0.2, 0.4, 0.6, 0.8]"
    score = {
        name: "1 + " + " + ".join(f"({value} > {name}_cuts[{place}])::INT" for place in range(1, 5))
        for name, value in (("r", "recency_days"), ("f", "orders"), ("m", "monetary"))
    }
    connection = duckdb.connect()
    connection.execute(f"""
        CREATE TEMP TABLE days AS
            SELECT customer_id, ordered_at::DATE AS day, count(*) FILTER (NOT cancelled) AS orders,
                sum(({NET})::{EXACT}) AS net, sum(({BACK})::{EXACT}) AS back
            FROM '{source}' GROUP BY ALL;
        CREATE TEMP TABLE people AS
            SELECT customer_id, sum(orders) AS orders, sum(net)::DOUBLE AS monetary, sum(back) AS refunds,
                coalesce(sum(net) FILTER (day > DATE '{AS_OF}' - INTERVAL {USUAL_MONTHS} MONTH), 0)::DOUBLE AS spent,
                min(day) FILTER (orders > 0) AS first_day, arg_min(net, day) FILTER (orders > 0) AS first_net,
                sum(net) FILTER (orders > 0) AS bought_net, count(*) FILTER (orders > 0) AS order_days,
                DATE '{AS_OF}' - max(day) FILTER (orders > 0) AS recency_days
            FROM days GROUP BY ALL;
        CREATE TEMP TABLE gaps AS
            SELECT customer_id, day, day - lag(day) OVER (PARTITION BY customer_id ORDER BY day) AS gap
            FROM days WHERE orders > 0 QUALIFY gap IS NOT NULL;
        CREATE TEMP TABLE cuts AS SELECT
            quantile_cont(recency_days, {fifths}) AS r_cuts, quantile_cont(orders, {fifths}) AS f_cuts,
            quantile_cont(monetary, {fifths}) AS m_cuts, quantile_cont(spent, {list(USUAL)}) FILTER (spent > 0) AS tier_cuts,
            (SELECT list_transform(quantile_cont(gap, [0.75, 0.9, 0.95, 0.99]), x -> ceil(x)) FROM gaps) AS limits
            FROM people WHERE orders > 0;
        COPY (WITH last_gaps AS (SELECT customer_id, arg_max(gap, day) AS gap FROM gaps GROUP BY ALL),
        scored AS (
            SELECT customer_id, 6 - ({score["r"]}) AS r_score, {score["f"]} AS f_score, {score["m"]} AS m_score,
                {list(reversed(BANDS))}[5 - (spent >= tier_cuts[1])::INT - (spent >= tier_cuts[2])::INT
                    - (spent >= tier_cuts[3])::INT - (spent >= tier_cuts[4])::INT] AS tier,
                CASE WHEN recency_days <= limits[1] AND order_days = 1 THEN '{new}'
                    WHEN recency_days <= limits[1] AND gap > limits[3] THEN '{won_back}'
                    WHEN recency_days <= limits[1] THEN '{active}' WHEN recency_days <= limits[2] THEN '{attention}'
                    WHEN recency_days <= limits[3] THEN '{risk}' WHEN recency_days <= limits[4] THEN '{dormant}'
                    ELSE '{lost}' END AS stage
            FROM people LEFT JOIN last_gaps USING (customer_id), cuts WHERE orders > 0
        ) SELECT customer_id, r_score, f_score, m_score,
            CASE WHEN r_score IS NULL THEN '{NO_ORDER}' {rules} ELSE '{OTHERS}' END AS segment,
            coalesce(tier, '{BANDS[0]}') AS tier, coalesce(stage, '{POTENTIAL}') AS stage
        FROM people LEFT JOIN scored USING (customer_id)) TO '{out}'
    """)


CONTENDERS = {"SQL": by_sql, "kehu": by_kehu}


def alone(name: str, source: Path, out: Path) -> None:
    """One run of one contender, its figures printed as JSON."""
    import ibis.backends.duckdb  # noqa: F401

    import helpers.analyses.segmentation.scoring.rfm  # noqa: F401
    import helpers.analyses.segmentation.standing.life_stages  # noqa: F401  imports are not what is compared
    import helpers.analyses.segmentation.standing.value_tiers  # noqa: F401

    processes.report(lambda: CONTENDERS[name](source, out))


def compare(ours: Path, theirs: Path) -> None:
    """Raises AssertionError where a customer has different labels."""
    import pandas as pd

    frames = [
        pd.read_parquet(path).set_index("customer_id")[LABELS].astype(str).sort_index() for path in (ours, theirs)
    ]
    frames = [frame.replace({r"\.0$": "", "<NA>": "nan", "None": "nan"}, regex=True) for frame in frames]
    assert frames[0].index.equals(frames[1].index), "other customers"
    differ = (frames[0] != frames[1]).sum()
    assert not differ.any(), differ.to_dict()
    print(f"{len(frames[0]):,} customers with equal labels")


def main(rows: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "orders.parquet"
        orders(source, rows)
        runs = processes.in_turn(__file__, CONTENDERS, lambda name: (source, Path(folder) / f"{name}.parquet"), RUNS)
        compare(*(Path(folder) / f"{name}.parquet" for name in ("kehu", "SQL")))
    print(f"{rows:,} orders, median of {RUNS}")
    medians = processes.medians(runs)
    processes.show(medians, "SQL")
    processes.goal("CPU beside SQL", medians["kehu"]["cpu_s"] / medians["SQL"]["cpu_s"], GOAL, "×")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--only"]:
        alone(sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else 20_000_000)
