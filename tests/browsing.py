"""A browser that tests drive by its own keys, as a reader without a mouse does, over a pipe: no driver, no port."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
needs_a_browser = pytest.mark.skipif(CHROMIUM is None, reason=f"no browser: none of {', '.join(NAMES)} is installed")

QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--allow-file-access-from-files",
)  # fmt: skip
KEYS = {"Tab": 9, "Enter": 13, "Escape": 27, " ": 32, "ArrowUp": 38, "ArrowDown": 40}
TEXTS = {"Enter": "\r", " ": " "}
LOOKS = 2_000  # at a page that is to change, 20 ms apart
STOPS = 200  # of the Tab key on the longest page that is tried


class Browser:
    """One page in a headless Chromium; close it when done."""

    def __init__(self, profile: Path) -> None:
        orders, answers = ([fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in os.pipe()] for _ in range(2))
        command = [CHROMIUM, *QUIET, "--remote-debugging-pipe", f"--user-data-dir={profile}", "about:blank"]
        self._process = subprocess.Popen(
            ["bash", "-c", f'exec "$@" 3<&{orders[0]} 4>&{answers[1]}', "bash", *command],
            pass_fds=(orders[0], answers[1]),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(orders[0])
        os.close(answers[1])
        self._orders, self._answers = os.fdopen(orders[1], "wb", 0), os.fdopen(answers[0], "rb")
        self._sent, self._session = 0, ""
        pages = self.do("Target.getTargets")["targetInfos"]
        page = next(each for each in pages if each["type"] == "page")
        self._session = self.do("Target.attachToTarget", targetId=page["targetId"], flatten=True)["sessionId"]
        self.do("Page.enable")

    def close(self) -> None:
        """Ends the browser."""
        self.do("Browser.close")
        self._process.wait(timeout=60)
        self._orders.close()
        self._answers.close()

    def do(self, method: str, **params: Any) -> dict[str, Any]:
        """What the browser answers to a command of its DevTools protocol."""
        self._sent += 1
        order = {"id": self._sent, "method": method, "params": params}
        if self._session:
            order["sessionId"] = self._session
        self._orders.write(json.dumps(order).encode() + b"\0")
        return self._heard(lambda heard: heard.get("id") == self._sent).get("result", {})

    def open(self, page: Path, place: str = "") -> None:
        """Shows a file, at a place of it."""
        self.do("Page.navigate", url="about:blank")
        self.do("Page.navigate", url=page.as_uri() + place)
        self.until("document.readyState === 'complete' && location.protocol === 'file:'")

    def see(self, expression: str) -> Any:
        """What an expression yields on the page."""
        result = self.do("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in result, result["exceptionDetails"]
        return result["result"].get("value")

    def until(self, expression: str) -> None:
        """Waits for something to be so; fails where it never is."""
        for _ in range(LOOKS):
            if self.see(expression):
                return
            time.sleep(0.02)  # not by the page's own clock, which stands where scripts are off
        raise AssertionError(f"it never came about: {expression}")

    def press(self, *keys: str) -> None:
        """Presses keys, one after the other."""
        for key in keys:
            code = {"key": key, "code": "Space" if key == " " else key, "windowsVirtualKeyCode": KEYS[key]}
            down = code | ({"text": TEXTS[key]} if key in TEXTS else {})
            self.do("Input.dispatchKeyEvent", type="keyDown", **down)
            self.do("Input.dispatchKeyEvent", type="keyUp", **code)

    def type(self, words: str) -> None:
        """Writes words where the cursor is."""
        self.do("Input.insertText", text=words)

    def reach(self, selector: str) -> None:
        """Goes on with the Tab key to the first element of a selector; fails where that leads past it."""
        for _ in range(STOPS):
            self.press("Tab")
            if self.see(f"document.activeElement === document.querySelector({json.dumps(selector)})"):
                return
        raise AssertionError(f"the Tab key does not lead to {selector}")

    def _heard(self, wanted: Any) -> dict[str, Any]:
        while True:
            message = b""
            while not message.endswith(b"\0"):
                part = self._answers.read(1)
                assert part, "the browser is gone"
                message += part
            heard = json.loads(message[:-1])
            if wanted(heard):
                return heard
