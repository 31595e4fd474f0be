"""A DAG for Airflow 2.4 or later: the report of each day, for all days since the start where one is to catch up."""

import pendulum
from airflow import DAG
from airflow.operators.bash import BashOperator

with DAG(
    dag_id="kehu_my_shop",
    schedule="0 7 * * *",
    start_date=pendulum.datetime(2026, 1, 1, tz="Asia/Shanghai"),
    catchup=False,
    max_active_runs=1,  # each report goes on from the one before
    default_args={"retries": 1, "retry_delay": pendulum.duration(minutes=30)},
) as dag:
    BashOperator(
        task_id="report",
        # the day is Airflow's own, a date and nothing else; exit codes are those of docs/operations.md
        bash_command=".venv/bin/kehu report --dataset demo --as-of {{ ds }} --if-changed --fresh-within 3",
        cwd="/srv/kehu",
    )
