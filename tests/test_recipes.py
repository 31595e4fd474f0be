"""The recipes of docs/recipes do what they say, as they stand."""

from __future__ import annotations

import ast
import base64
import configparser
import hashlib
import hmac
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
import typer
import yaml

from helpers import cli

RECIPES = Path(__file__).resolve().parents[1] / "docs" / "recipes"
TOLD = {
    "KEHU_STATUS": "failed", "KEHU_DATASET": "my_shop", "KEHU_AS_OF": "2025-06-30",
    "KEHU_MESSAGE": 'churn failed: "no ink" <b>&\\.',
}  # fmt: skip


@pytest.fixture
def chat():
    """A robot on this machine: what it was sent, by path, and what it answers."""

    class Robot(BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            server.heard.append((self.path, body))
            self.send_response(server.status)
            self.end_headers()
            self.wfile.write(server.answer)

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Robot)
    server.heard, server.status, server.answer = [], 200, b'{"errcode":0,"errmsg":"ok"}'
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def sent(chat, kind, **environment):
    address = f"http://127.0.0.1:{chat.server_port}/robot?access_token=hush"
    given = os.environ | TOLD | {"KEHU_WEBHOOK": address, "no_proxy": "127.0.0.1"} | environment
    words = [sys.executable, str(RECIPES / "webhook.py"), kind]
    return subprocess.run(words, env=given, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("kind", ["wecom", "dingtalk"])
def test_a_chinese_robot_is_sent_a_text(chat, kind):
    done = sent(chat, kind)
    assert done.returncode == 0, done.stderr
    (path, body) = chat.heard[0]
    assert body["msgtype"] == "text" and path == "/robot?access_token=hush"
    assert body["text"]["content"] == 'Kehu · my_shop · 2025-06-30 · FAILED 失败\nchurn failed: "no ink" <b>&\\.'


def test_slack_is_sent_a_text_whose_signs_mean_nothing(chat):
    assert sent(chat, "slack").returncode == 0
    assert chat.heard[0][1]["text"].endswith('churn failed: "no ink" &lt;b&gt;&amp;\\.')


def test_a_robot_with_a_secret_is_signed_for(chat):
    assert sent(chat, "dingtalk", KEHU_WEBHOOK_SECRET="SEC1").returncode == 0
    query = parse_qs(urlsplit(chat.heard[0][0]).query)
    digest = hmac.new(b"SEC1", f"{query['timestamp'][0]}\nSEC1".encode(), hashlib.sha256).digest()
    assert query["sign"] == [base64.b64encode(digest).decode()]


@pytest.mark.parametrize(
    ("status", "answer"), [(200, b'{"errcode":93000,"errmsg":"invalid webhook url"}'), (500, b""), (404, b"no")]
)
def test_a_chat_that_does_not_take_it_is_told_without_its_address(chat, status, answer):
    chat.status, chat.answer = status, answer
    done = sent(chat, "wecom")
    assert done.returncode == 1 and done.stderr.startswith("webhook.py: wecom did not take the message")
    assert "hush" not in done.stderr and "Traceback" not in done.stderr


def test_what_is_missing_is_told():
    done = subprocess.run(
        [sys.executable, str(RECIPES / "webhook.py"), "teams"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1 and done.stderr.startswith("webhook.py wecom|dingtalk|slack")


def checked(words: list[str]) -> str:
    """The command that words of `kehu` name, once its options are found to be its own; nothing is run."""
    command = typer.main.get_command(cli.app).commands[words[0]]
    command.make_context(words[0], list(words[1:]))
    return words[0]


@pytest.fixture
def kehu(tmp_path):
    """Stands in for kehu: notes its words, a line each, and ends with the code in its folder."""
    (tmp_path / "code").write_text("0")
    program = tmp_path / "kehu"
    program.write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$@" "" >> {tmp_path}/words\necho said\nexit "$(cat {tmp_path}/code)"\n'
    )
    program.chmod(0o755)
    return program


def daily(kehu: Path, **environment: str) -> tuple[int, list[list[str]]]:
    """How the script ended, and the words of each kehu that it called."""
    given = {"PATH": os.environ["PATH"], "KEHU": str(kehu), "OUT": str(kehu.parent / "out"), **environment}
    done = subprocess.run([RECIPES / "daily.sh"], env=given, cwd="/", capture_output=True, text=True, check=False)
    assert done.stdout == done.stderr == ""
    calls = (kehu.parent / "words").read_text(encoding="utf-8").removesuffix("\n\n").split("\n\n")
    return done.returncode, [call.split("\n") for call in calls]


def test_the_daily_script_makes_a_report_and_prunes_old_ones(kehu):
    code, (report, prune) = daily(kehu, DATASET="my shop", KEHU_CHAT="slack")
    assert code == 0 and [checked(report), checked(prune)] == ["report", "prune"]
    assert report[report.index("--dataset") + 1] == "my shop"
    assert report[-1] == "python3 docs/recipes/webhook.py slack"
    assert prune[prune.index("--keep") + 1] == "30 days, 12 months"
    assert (kehu.parent / "out" / "kehu.log").read_text() == "said\nsaid\n"


@pytest.mark.parametrize("code", ["1", "2", "3"])
def test_the_daily_script_ends_as_the_report_did(kehu, code):
    (kehu.parent / "code").write_text(code)
    assert daily(kehu)[0] == int(code)


def test_cron_is_given_five_times_and_the_daily_script():
    (line,) = [each for each in text_of("crontab").splitlines() if not each.startswith("#")]
    *times, command = line.split(maxsplit=5)
    assert all(re.fullmatch(r"\*|\d+", time) for time in times) and len(times) == 5
    assert command.endswith("docs/recipes/daily.sh")


def text_of(recipe: str) -> str:
    return (RECIPES / recipe).read_text(encoding="utf-8")


def test_the_units_of_systemd_are_sound(tmp_path):
    service, timer = configparser.ConfigParser(strict=False), configparser.ConfigParser(strict=False)
    service.read_string(text_of("kehu.service"))
    timer.read_string(text_of("kehu.timer"))
    assert service["Service"]["ExecStart"] == "/srv/kehu/docs/recipes/daily.sh" and timer["Timer"]["OnCalendar"]
    program = shutil.which("systemd-analyze")
    if not program:
        return
    for name in ("kehu.service", "kehu.timer"):
        (tmp_path / name).write_text(text_of(name).replace("/srv/kehu", str(RECIPES.parents[1])), encoding="utf-8")
    words = [program, "verify", "--man=no", "--recursive-errors=no", tmp_path / "kehu.service", tmp_path / "kehu.timer"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "kehu" not in done.stderr, done.stderr


def test_the_workflow_of_github_runs_commands_that_there_are_and_keeps_no_customer():
    steps = yaml.safe_load(text_of("github-actions.yml"))["jobs"]["report"]["steps"]
    commands = [shlex.split(step["run"]) for step in steps if "run" in step]
    assert [words[0] for words in commands] == ["make", ".venv/bin/kehu", ".venv/bin/kehu"]
    assert [checked(words[1:]) for words in commands[1:]] == ["doctor", "report"]
    (kept,) = [step["with"]["path"].split() for step in steps if "upload-artifact" in step.get("uses", "")]
    assert all(path.endswith((".html", "report.xlsx")) for path in kept)


def test_the_dag_of_airflow_is_python_and_calls_a_command_that_there_is():
    calls = [node for node in ast.walk(ast.parse(text_of("airflow_dag.py"))) if isinstance(node, ast.keyword)]
    (written,) = [ast.Expression(each.value) for each in calls if each.arg == "bash_command"]
    command = eval(compile(written, "airflow_dag.py", "eval"), {"shop": "demo", "YESTERDAY": "2026-01-31"})
    assert checked(shlex.split(command)[1:]) == "report"


def test_the_task_of_windows_is_whole_and_calls_the_daily_script():
    task = ElementTree.parse(RECIPES / "windows-task.xml").getroot()
    space = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
    assert task.find(f"{space}Triggers/{space}CalendarTrigger") is not None
    assert task.findtext(f"{space}Actions/{space}Exec/{space}Arguments").endswith("/docs/recipes/daily.sh")


def test_the_container_is_made_of_files_that_there_are_and_has_no_customer_in_it():
    lines = text_of("Containerfile").replace("\\\n", " ").splitlines()
    copied = [path for line in lines if line.startswith("COPY ") for path in line.split()[1:-1]]
    assert copied and all((RECIPES.parents[1] / path).exists() for path in copied)
    assert not {"data", "data/raw", "data/prepared", "reports", "."} & set(copied)
    known = ("FROM", "RUN", "WORKDIR", "COPY", "USER", "ENTRYPOINT", "CMD", "#")
    assert all(line.startswith(known) for line in lines if line)


def test_every_recipe_stands_in_the_list_with_whether_it_was_tried():
    listed = re.findall(r"\]\(([^)]+)\)", text_of("README.md"))
    there = {path.name for path in RECIPES.iterdir() if path.is_file()} - {"README.md"}
    assert there <= set(listed)
