"""How a run tells that it gets on."""

from __future__ import annotations

import datetime as dt

from helpers.cli import log
from helpers.cli.progress import progress


def test_each_change_is_a_line_on_stderr_with_its_time_where_there_is_no_terminal(capsys, monkeypatch):
    monkeypatch.setattr(log, "now", lambda: dt.datetime(2026, 1, 5, 8, 30))
    with progress() as tell:
        tell("churn", "running", 0.0)
        tell("churn", "completed", 12.34)
    told = capsys.readouterr()
    assert told.err == (
        "2026-01-05 08:30:00 churn          running\n2026-01-05 08:30:00 churn          completed    12.3 s\n"
    )
    assert told.out == ""
