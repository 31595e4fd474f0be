#!/bin/sh
# A report a day, for cron, systemd, Airflow or by hand: skips what has not changed, tells who is to hear of a failure,
# and keeps old reports as long as they are of use. Its exit code is the report's (docs/operations.md lists them).
#
#   DATASET=my_shop KEHU_CHAT=wecom KEHU_WEBHOOK=https://… docs/recipes/daily.sh
set -u
cd "$(dirname "$0")/../.." || exit 2

KEHU=${KEHU:-.venv/bin/kehu}
DATASET=${DATASET:-demo}
OUT=${OUT:-reports}
FRESH_WITHIN=${FRESH_WITHIN:-3}         # days; an older export is a failure
KEEP=${KEEP:-30 days, 12 months}        # of old reports
LOG=${LOG:-$OUT/kehu.log}
# Who hears of a failure: wecom, dingtalk or slack, with the robot's address in KEHU_WEBHOOK; else the log alone.
TELL=${KEHU_CHAT:+python3 docs/recipes/webhook.py $KEHU_CHAT}

mkdir -p "$OUT" || exit 2
"$KEHU" report --dataset "$DATASET" --out "$OUT" --if-changed --fresh-within "$FRESH_WITHIN" \
    --on-failure "$TELL" >>"$LOG" 2>&1
code=$?
"$KEHU" prune --keep "$KEEP" --out "$OUT" >>"$LOG" 2>&1
exit "$code"
