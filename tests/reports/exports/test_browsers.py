"""A Chromium is found where this machine has one."""

from __future__ import annotations

import pytest

from helpers.reports.exports import browsers


@pytest.fixture
def programs(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv(browsers.VARIABLE, raising=False)

    def put(name, text="#!/bin/sh\necho 'Chromium 156.0 '\n"):
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
        return str(tmp_path / name)

    return put


def test_it_is_found_by_its_names_or_as_the_environment_says(programs, monkeypatch):
    assert browsers.found() == ""
    chrome = programs("google-chrome")
    assert browsers.found() == chrome and browsers.version(chrome) == "Chromium 156.0"
    monkeypatch.setenv(browsers.VARIABLE, programs("mine"))
    assert browsers.found().endswith("mine")
    monkeypatch.setenv(browsers.VARIABLE, "none")
    assert browsers.found() == ""


def test_a_program_that_does_not_run_has_no_version(programs):
    assert browsers.version(programs("chromium", "#!/bin/sh\nexit 1\n")) == "" and browsers.version("/none") == ""
