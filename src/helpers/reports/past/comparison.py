"""A report beside the ones before it: what is no change of the business, and what is decided already."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from helpers import language
from helpers.findings.sentence import Sentence
from helpers.reports import content, folder, manifest
from helpers.reports.order import Order
from helpers.reports.pages.monday import Monday, gathered
from helpers.reports.pages.publish import Page
from helpers.reports.past import decisions, history, months, yardsticks


@dataclass(frozen=True)
class Comparison:
    """A finished run's order beside the reports of earlier days."""

    order: Order

    @cached_property
    def made(self) -> dict[str, Any]:
        """By what the report is made, but for what its pages say of it: what its manifest keeps for the next one."""
        words = yardsticks.settings(self.order.data.settings, self.order.settings)
        return {
            "commit": manifest.commit(), "settings": words, "months": months.of(self.order.data, self.order.data.as_of),
            "past": self.past,
        }  # fmt: skip

    @property
    def past(self) -> str:
        """Digits that change with any report of an earlier day."""
        return content.digest([(report.name, folder.record(report).get("started_at")) for report in self._former])

    def first_page(self, pages: Sequence[Page]) -> Monday:
        """What the first page says of these pages, in the language that is spoken."""
        told = [brief for page in pages for brief in page.briefs]
        headlines = [headline for page in pages for headline in page.headlines]
        decided = decisions.decided(self._tables, self._former)
        apart = [*self._differences(yardsticks.of_pages(pages)), *decisions.told(decided)]
        return gathered(told, headlines, apart, decisions.settled(self._tables, decided))

    @property
    def _former(self) -> list[Path]:
        """The reports before, the newest first, also what stays of pruned ones."""
        return history.with_pruned(self.order.earlier, self.order.draft.parent, str(self.order.data.as_of))

    @property
    def _tables(self) -> Path:
        return self.order.draft / "tables"

    @cached_property
    def _before(self) -> Mapping[str, Any]:
        return folder.record(self.order.earlier[0]) if self.order.earlier else {}

    def _differences(self, own: Sequence[Mapping[str, Any]]) -> list[Sentence]:
        """What is otherwise than in the report before, though the business did nothing."""
        if not self._before:
            return []
        spoken = self._before.get("yardsticks", {}).get(language.current(), ())
        now = yardsticks.Made(own, self.made["settings"], self.made["commit"])
        before = yardsticks.Made(spoken, self._before.get("settings", {}), self._before.get("commit"))
        day, data = dt.date.fromisoformat(self.order.earlier[0].name), self.order.data
        seen = months.of(data, day)
        of_data = months.differences(seen, self._before.get("months", {}), day, data.settings.currency)
        return [*yardsticks.differences(now, before), *of_data]
