"""Lines of a log bear their time, those on a terminal do not."""

from __future__ import annotations

import re
import sys

from helpers.cli import log


def test_a_line_bears_the_time_but_on_a_terminal(capsys, monkeypatch):
    log.say("Wrote churn.")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d Wrote churn\.\n", capsys.readouterr().err)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    log.say("Wrote churn.")
    assert capsys.readouterr().err == "Wrote churn.\n"
