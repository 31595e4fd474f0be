"""What a report was made from: inputs by content, versions, parameters and how each notebook ended."""

from __future__ import annotations

import datetime as dt
import json
import platform
import subprocess
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from helpers.data import spans
from helpers.reports import content, outputs, predecessor
from helpers.reports.kernels import Outcome
from helpers.reports.order import Order

SOURCE = Path(__file__).resolve().parent
CHANGED = "changed while the page was made"


def record(
    order: Order, outcomes: Mapping[str, Outcome], inputs: list[dict[str, Any]], made: Mapping[str, Any]
) -> dict[str, Any]:
    """All that is kept of a run: what was asked, how each notebook ended, the `inputs` by content, what ran it.

    `made` is by what its numbers are made, for the next report to compare with.
    """
    data = order.data
    of_now, made_of = content.fingerprint(inputs), _still_made_of(order)
    ended = {
        word: {
            "status": outcome.status,
            "seconds": round(outcome.seconds, 3),
            "problem": outcome.problem,
            "made_at": order.started_at.isoformat(timespec="seconds"),
            "inputs": of_now,
            **made_of[notebook.word],
        }
        for notebook in order.wanted
        if (outcome := outcomes.get(word := notebook.word))
    }
    for word, kept in order.kept.items():
        ended[word] = {**kept.record, "renewal": ended[word]} if word in ended else dict(kept.record)
    for notebook in order.listed:
        ended[notebook.word][predecessor.LEFT] = outputs.digits(order.draft, notebook, order.listed)
    return {
        "dataset": data.name,
        "title": data.title,
        "as_of": str(data.as_of),
        "languages": list(order.editions),
        "day": spans.account(data.days, data.as_of, data.set_by),
        "started_at": order.started_at.isoformat(timespec="seconds"),
        "seconds": round((dt.datetime.now(dt.UTC) - order.started_at).total_seconds(), 3),
        "notebooks": {page.word: ended[page.word] for page in order.listed},
        "taken_over": order.taken_over,
        "inputs": inputs,
        "policy": asdict(data.settings.policy),
        "accounting": data.accounting.astype(object).where(data.accounting.notna(), None).to_dict("records"),
        "joins": [asdict(each) for each in data.joins],
        "readings": json.loads(data.readings.to_json(orient="records")),
        **made,
        "packages": content.versions(),
        **machine(),
    }


def _still_made_of(order: Order) -> dict[str, dict[str, Any]]:
    """What decides each page; where that changed while the run went on, no later one takes the page for its own."""
    then, now = order.made_of, replace(order).made_of
    return {word: each if each == now[word] else {**each, "source": CHANGED} for word, each in then.items()}


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
