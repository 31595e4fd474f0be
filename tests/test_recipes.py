"""The recipes of docs/recipes do what they say, as they stand."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

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
