"""A DAG for Airflow 3: each morning a report of the day before, a task a shop."""

import pendulum
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

SHOPS = ["demo"]
# Airflow's {{ ds }} is a day in UTC; this is the day before the run's by the DAG's clock
YESTERDAY = "{{ (dag_run.logical_date.astimezone(dag.timezone) - macros.timedelta(days=1)).date() }}"

with DAG(
    dag_id="kehu",
    schedule="0 7 * * *",
    start_date=pendulum.datetime(2026, 1, 1, tz="Asia/Shanghai"),
    catchup=False,
    max_active_runs=1,  # each report goes on from the one before
    default_args={"retries": 1, "retry_delay": pendulum.duration(minutes=30)},
) as dag:
    for shop in SHOPS:
        BashOperator(
            task_id=f"report_{shop}",
            # exit codes are those of docs/operations.md
            bash_command=f".venv/bin/kehu report --dataset {shop} --as-of {YESTERDAY} --if-changed --fresh-within 3",
            cwd="/srv/kehu",
        )
