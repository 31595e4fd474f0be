#!/usr/bin/env python3
"""Reports of many shops and days, each a task of Dask, into one folder that all workers share.

    docs/recipes/fan_out.py --out reports --days 2025-12-29,2025-12-30,2025-12-31 demo my_shop …

Two workers of this machine do it; with `--scheduler tcp://host:8786` those of a cluster, which see Kehu, the data and
the folder of reports under the same paths. Days of a shop follow one another, since each report goes on from the one
before. A task whose worker is killed goes to another worker, three times; a shop that fails stops no other. What stands
and has not changed is skipped, so the same command does again only what is missing. It ends with 1 where a report has
not come about. Needs Kehu, and `distributed` beside it; on Linux, for setpriv.
"""

import argparse
import json
import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

from distributed import Client, LocalCluster, as_completed

KEHU = os.environ.get("KEHU", Path(sys.executable).with_name("kehu"))


def report(shop, day, out, words, before):
    """The exit code of a report and what it says; `before` is another report, which had to come first."""
    command = [KEHU, "report", "--dataset", shop, "--as-of", day, "--out", out, "--if-changed", "--json", *words]
    # with the worker ends what it began: else the report would go on beside its second try, which it would refuse
    done = subprocess.run(["setpriv", "--pdeathsig", "KILL", *command], capture_output=True, text=True, check=False)
    told = json.loads(done.stdout) if done.stdout else {"status": "failed", "message": done.stderr[-500:]}
    return done.returncode, f"{told['status']}: {told['message']}"


def main():
    """Hands out the tasks and tells how each ends, as soon as it has."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("shops", nargs="+", metavar="SHOP", help="a folder under data/raw, or the path of any folder")
    asked.add_argument("--days", required=True, help="days of the reports, oldest first: 2025-12-30,2025-12-31")
    asked.add_argument("--out", required=True, type=Path, help="the folder of all reports")
    asked.add_argument("--scheduler", help="of a cluster that is there; without it this machine works")
    asked.add_argument("--workers", type=int, default=2, help="of this machine; a report takes 1 to 2 cores, 1 to 4 GB")
    given, words = asked.parse_known_args()  # further options are those of kehu report
    with ExitStack() as open_until_the_end:
        here = {"n_workers": given.workers, "threads_per_worker": 1, "dashboard_address": None}
        cluster = given.scheduler or open_until_the_end.enter_context(LocalCluster(**here))
        client = open_until_the_end.enter_context(Client(cluster))
        tasks = {}
        for shop in given.shops:
            before = None
            for day in given.days.split(","):
                before = client.submit(report, shop, day, given.out.resolve(), words, before, pure=False)
                tasks[before] = shop, day
        failed = 0
        for task in as_completed(tasks):
            lost = task.exception()  # the workers were killed at it again and again
            code, told = (1, f"failed: {lost}") if lost else task.result()
            task.release()  # what a worker has told needs not be done again when it is killed
            print(*tasks[task], told, sep="\t", flush=True)
            failed += code not in (0, 3)  # 3: the report is there, of old data
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
