"""By what a report is made beside the one before it: other definitions, models, targets, settings, another version.

Where they differ, numbers do though nobody did anything: the first page names them apart from what changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from helpers.findings import facts, say
from helpers.findings.briefs import Ground
from helpers.findings.sentence import Sentence
from helpers.reports.pages.publish import Page

SLACK = 0.1  # of its length: a smaller difference of what is taken from the data is none
UNTOLD = ("title", "preset", "languages", "lists", "notebooks", "plan")  # settings by which no number is made
GIVEN = ("dataset", "preset", "as_of", "save_to", "previous", "memory", "targets")  # parameters that are none
CHANGES = "+changes"  # behind a commit whose files differ from it
SETTINGS_FILE = "dataset.toml"

Yardsticks = Mapping[tuple[str, str, str], Mapping[str, Any]]  # page, ground and name → what it is


@dataclass(frozen=True)
class Made:
    """By what a report is made: its yardsticks in one language, its settings, the commit of the source."""

    yardsticks: Sequence[Mapping[str, Any]]
    settings: Mapping[str, str]  # a part of the settings → its fingerprint
    commit: str | None

    def by_name(self) -> Yardsticks:
        """The yardsticks by page, ground and name."""
        return {(each["page"], each["ground"], each["what"]): each for each in self.yardsticks}


def of_pages(pages: Sequence[Page]) -> list[dict[str, Any]]:
    """The yardsticks of a report's pages in the language that is spoken."""
    return [
        {"page": page.word} | each
        for page in pages
        for brief in page.briefs
        for each in brief.get("yardsticks", ())
    ]  # fmt: skip


def settings(words: Any, parameters: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """A fingerprint of each part of the settings by which numbers are made, and of the parameters of each notebook."""
    parts = {name: value for name, value in vars(words).items() if name not in UNTOLD and name != "feeds"}
    parts |= {f"tables.{name}": feed for name, feed in vars(words).get("feeds", {}).items()}
    for word, given in parameters.items():
        parts[f"notebooks.{word}"] = {name: value for name, value in given.items() if name not in GIVEN}
    return {name: _fingerprint(value) for name, value in parts.items()}


def differences(now: Made, before: Made) -> list[Sentence]:
    """What a report is made by that the one `before` was not, a sentence each."""
    changed = list(_changed(now.by_name(), before.by_name()))
    told = [sentence for _page, sentence in changed]
    pages = {f"notebooks.{page}" for page, _sentence in changed}
    others = [name for name, value in now.settings.items() if before.settings.get(name, value) != value]
    if names := tuple(facts.Name(name) for name in others if name not in pages):
        told.append(
            say("Other settings in {file}: {names}.", file=facts.Name(SETTINGS_FILE), names=facts.Listed(names))
        )
    commits = [made.commit.removesuffix(CHANGES) for made in (now, before) if made.commit]
    if len(set(commits)) > 1:
        told.append(say("Another version of the programme: its changelog says which numbers changed."))
    return told


def _changed(now: Yardsticks, before: Yardsticks) -> Iterator[tuple[str, Sentence]]:
    """The page of each yardstick that is another one, and what is said of it; of targets also new ones and those gone.

    Of a page that only one of the reports has nothing is told.
    """
    shared = {page for page, *_rest in now} & {page for page, *_rest in before}
    for key in [*now, *(key for key in before if key not in now)]:
        page, ground, what = key
        if page in shared and (sentence := _told(ground, what, now.get(key), before.get(key))):
            yield page, sentence


def _told(ground: str, what: str, now: Mapping[str, Any] | None, before: Mapping[str, Any] | None) -> Sentence | None:
    name = facts.Name(what)
    if now and before:
        by = "code" if "code" in now and "code" in before else "said"
        if now[by] == before[by] or _alike(now["amount"], before["amount"]):
            return None
        known = {"what": name, "now": facts.Name(now["said"]), "before": facts.Name(before["said"])}
        if ground == Ground.MODEL:
            return say("Another model: {what} is {now}, before it was {before}.", **known)
        if ground == Ground.TARGET:
            return say("Another target: {what}, {now}; before it was {before}.", **known)
        return say("Another definition: {what} is {now}, before it was {before}.", **known)
    if ground != Ground.TARGET:
        return None
    if now:
        return say("A new target: {what}, {target}.", what=name, target=facts.Name(now["said"]))
    assert before is not None, "a yardstick is one of at least one report"
    return say("No target any more: {what}, {target}.", what=name, target=facts.Name(before["said"]))


def _alike(now: float | None, before: float | None) -> bool:
    """Whether two lengths that are taken from the data are about the same."""
    return now is not None and before is not None and abs(now - before) <= SLACK * before


def _fingerprint(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _plain(value: Any) -> Any:
    """What JSON does not know as what it does: the fields of settings by name, all else as it is written."""
    return vars(value) if hasattr(value, "__dataclass_fields__") else str(value)
