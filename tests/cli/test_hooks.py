"""The user's command hears of a report by its environment, and nothing that data say becomes part of it."""

from __future__ import annotations

import pytest

from helpers.cli import hooks

TOLD = {
    "status": "failed", "exit_code": 1, "dataset": "toy", "as_of": "2025-06-30", "report": "/r/toy/2025-06-30",
    "message": "churn failed: no ink.", "pages": {},
}  # fmt: skip


def test_a_command_is_told_what_became_of_the_report(tmp_path, capfd):
    file = tmp_path / "said"
    names = " ".join(f'"${name}"' for name in hooks.VARIABLES)
    hooks.call("--on-failure", f"printf '%s\\n' {names} > {file}; echo heard", TOLD)
    assert file.read_text().splitlines() == [
        "failed",
        "1",
        "toy",
        "2025-06-30",
        "/r/toy/2025-06-30",
        "churn failed: no ink.",
    ]
    told = capfd.readouterr()
    assert told.out == "" and told.err == "heard\n"


@pytest.mark.parametrize(
    "hostile",
    [
        "$(touch pwned)",
        "`touch pwned`",
        "'; touch pwned; '",
        '"; touch pwned; "',
        "a\ntouch pwned\n",
        "&& touch pwned",
        "\x00touch pwned\x1b[31m",
        "$KEHU_STATUS",
    ],
)
def test_what_data_say_is_never_run(tmp_path, monkeypatch, hostile):
    monkeypatch.chdir(tmp_path)
    for quoted in ('"$KEHU_MESSAGE"', "$KEHU_MESSAGE"):
        hooks.call("--on-failure", f"echo {quoted} > said", TOLD | {"message": hostile})
    assert [path.name for path in tmp_path.iterdir()] == ["said"]


def test_a_message_is_one_line_of_a_length_that_webhooks_take(tmp_path):
    file = tmp_path / "said"
    hooks.call("--on-failure", f'printf %s "$KEHU_MESSAGE" > {file}', TOLD | {"message": "a\r\n b\x07" + "汉" * 5000})
    said = file.read_text(encoding="utf-8")
    assert said.startswith("a b汉") and len(said) == hooks.LONGEST_LETTERS


@pytest.mark.parametrize(
    ("command", "problem"),
    [
        ("exit 7", "ended with exit code 7"),
        ("no_such_command_here", "ended with exit code 127"),
        ("kill -9 $$", "ended with exit code -9"),
    ],
)
def test_a_command_that_fails_is_told_and_breaks_nothing(capfd, command, problem):
    hooks.call("--on-success", command, TOLD)
    assert f"kehu: --on-success: the command {problem}.\n" in capfd.readouterr().err


def test_a_command_that_hangs_is_ended_with_all_that_it_started(monkeypatch, capfd):
    monkeypatch.setattr(hooks, "LONGEST_SECONDS", 0.2)
    hooks.call("--on-success", "sleep 600 & sleep 600", TOLD)
    assert "ran longer than 0.2 seconds and was ended" in capfd.readouterr().err
