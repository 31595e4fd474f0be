#!/usr/bin/env python3
"""Tells a chat what became of a report: `webhook.py wecom|dingtalk|slack`, with the robot's address in KEHU_WEBHOOK.

For `kehu report --on-failure` and `--on-success`. A 钉钉 robot with a secret (加签) has it in KEHU_WEBHOOK_SECRET; one
that asks for a keyword (自定义关键词) is given "Kehu". Needs Python 3 alone.
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

STATUSES = {
    "completed": "done 已生成", "unchanged": "unchanged 无变化", "late": "data are late 数据未更新",
    "failed": "FAILED 失败", "refused": "FAILED 未生成", "interrupted": "interrupted 已中断",
}  # fmt: skip


def text():
    """What the chat shows."""
    status = os.environ.get("KEHU_STATUS", "")
    head = ["Kehu", os.environ.get("KEHU_DATASET", ""), os.environ.get("KEHU_AS_OF", ""), STATUSES.get(status, status)]
    return "\n".join([" · ".join(filter(None, head)), os.environ.get("KEHU_MESSAGE", "")]).strip()


def signed(address, secret):
    """The address of a 钉钉 robot with the signature of this moment."""
    moment = str(round(time.time() * 1000))
    digest = hmac.new(secret.encode(), f"{moment}\n{secret}".encode(), hashlib.sha256).digest()
    return f"{address}&{urllib.parse.urlencode({'timestamp': moment, 'sign': base64.b64encode(digest).decode()})}"


def main():
    """Sends the text; exits with 1 where the chat does not take it."""
    kind, address = sys.argv[1] if len(sys.argv) > 1 else "", os.environ.get("KEHU_WEBHOOK", "")
    bodies = {
        "wecom": {"msgtype": "text", "text": {"content": text()}},
        "dingtalk": {"msgtype": "text", "text": {"content": text()}},
        "slack": {"text": text().replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")},
    }
    if kind not in bodies or not address:
        sys.exit("webhook.py wecom|dingtalk|slack, with the robot's address in KEHU_WEBHOOK")
    secret = os.environ.get("KEHU_WEBHOOK_SECRET", "")
    address = signed(address, secret) if kind == "dingtalk" and secret else address
    request = urllib.request.Request(
        address, json.dumps(bodies[kind]).encode(), {"Content-Type": "application/json; charset=utf-8"}
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            said = answer.read().decode("utf-8", "replace")
    except (urllib.error.URLError, OSError) as error:
        sys.exit(f"webhook.py: {kind} did not take the message ({error})")  # never the address: it is a secret
    if kind != "slack" and json.loads(said or "{}").get("errcode"):  # which is 0 where all is well
        sys.exit(f"webhook.py: {kind} did not take the message ({said[:200]})")


if __name__ == "__main__":
    main()
