"""How a run tells that it gets on."""

from __future__ import annotations

from helpers.cli.progress import progress


def test_each_change_is_a_line_on_stderr_where_there_is_no_terminal(capsys):
    with progress() as tell:
        tell("churn", "running", 0.0)
        tell("churn", "completed", 12.34)
    told = capsys.readouterr()
    assert told.err == "churn          running\nchurn          completed    12.3 s\n" and told.out == ""
