"""What a report was made from: inputs by content, versions, parameters and how each notebook ended."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import platform
import re
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from importlib import metadata
from pathlib import Path
from typing import Any

from helpers.data import spans
from helpers.reports import predecessor
from helpers.reports.kernels import Outcome
from helpers.reports.notebooks import Notebook
from helpers.reports.order import Order

SOURCE = Path(__file__).resolve().parent


def record(
    order: Order, outcomes: Mapping[str, Outcome], inputs: list[dict[str, Any]], made: Mapping[str, Any]
) -> dict[str, Any]:
    """All that is kept of a run: what was asked, how each notebook ended, the `inputs` by content, what ran it.

    `made` is by what its numbers are made, for the next report to compare with.
    """
    data = order.data
    of_now = predecessor.fingerprint(inputs)
    ended = {
        word: {
            "status": outcome.status,
            "seconds": round(outcome.seconds, 3),
            "problem": outcome.problem,
            "made_at": order.started_at.isoformat(timespec="seconds"),
            **made_of(notebook, order.settings[word], of_now),
        }
        for notebook in order.wanted
        if (outcome := outcomes.get(word := notebook.word))
    }
    for word, kept in order.kept.items():
        ended[word] = {**kept.record, "renewal": ended[word]} if word in ended else dict(kept.record)
    return {
        "dataset": data.name,
        "title": data.title,
        "as_of": str(data.as_of),
        "languages": list(order.editions),
        "day": spans.account(data.days, data.as_of, data.set_by),
        "started_at": order.started_at.isoformat(timespec="seconds"),
        "seconds": round((dt.datetime.now(dt.UTC) - order.started_at).total_seconds(), 3),
        "notebooks": {page.word: ended[page.word] for page in order.listed},
        "inputs": inputs,
        "policy": asdict(data.settings.policy),
        "accounting": data.accounting.astype(object).where(data.accounting.notna(), None).to_dict("records"),
        "joins": [asdict(each) for each in data.joins],
        "readings": data.readings.to_dict("records"),
        **made,
        "packages": versions(),
        **machine(),
    }


def made_of(notebook: Notebook, parameters: Mapping[str, Any], of_now: str) -> dict[str, Any]:
    """What decides a page: the inputs by their fingerprint, the notebook's own cells, the parameters."""
    cells = "\0".join(cell.source for cell in notebook.node.cells)
    source = hashlib.sha256(f"{metadata.version('kehu')}\0{cells}".encode()).hexdigest()[:16]
    return {"parameters": dict(parameters), "inputs": of_now, "source": source}


def inputs(paths: Iterable[Path]) -> list[dict[str, Any]]:
    """Name, size and SHA-256 of each file, by name; names are relative to the folder that all of them share."""
    paths = sorted(Path(path).resolve() for path in paths)
    shared = os.path.commonpath([path.parent for path in paths]) if paths else ""
    return [
        {"file": path.relative_to(shared).as_posix(), "bytes": path.stat().st_size, "sha256": _sha256(path)}
        for path in paths
    ]


def versions() -> dict[str, str]:
    """The installed version of the project and of every package it asks for."""
    requirements = [line for line in metadata.requires("kehu") or [] if "extra ==" not in line]
    asked = [re.split(r"[^\w.-]", line, maxsplit=1)[0] for line in requirements]
    return {name: metadata.version(name) for name in ["kehu", *sorted(asked)]}


def machine() -> dict[str, str]:
    """The Python and the platform that ran."""
    return {"python": platform.python_version(), "platform": platform.platform()}


def commit() -> str | None:
    """The commit of the source, with "+changes" when files differ from it; None outside git."""
    head = _git("rev-parse", "HEAD")
    if head is None:
        return None
    return head + ("+changes" if _git("status", "--porcelain", "--untracked-files=no") else "")


def _git(*words: str) -> str | None:
    try:
        done = subprocess.run(["git", *words], cwd=SOURCE, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
