"""Wide tables: one row a customer, and a column for each month or day, as in 2024-01, Jan 2024 or 1月销售额."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from helpers.data.draft.contents import roles
from helpers.data.draft.contents.columns import NUMBER
from helpers.data.draft.contents.holdings import Holding
from helpers.data.draft.feeds.guesses import name
from helpers.data.intake.readings.dates import months
from helpers.language import _

FEWEST = 3  # columns of one kind
YEAR, NUMBERED = r"(?:19|20)\d\d", r"(?:0?[1-9]|1[0-2])"


@dataclass(frozen=True)
class Wide:
    """Columns of a file that are months or days side by side; `found` and `day` make a date of a header.

    Both are empty where headers name no year.
    """

    holding: Holding
    columns: tuple[str, ...]
    found: str
    day: str

    @property
    def told(self) -> str:
        """What a reader should know of the file."""
        words = _(
            "{file}: {first!r} to {last!r} are times side by side, {columns} columns, which describe no customer and "
            "are left out. Where no file has orders, lines at the end of dataset.toml read each filled cell as one"
        )
        if not self.day:
            words = _(
                "{file}: {first!r} to {last!r} are months side by side, {columns} columns, without a year, so they are "
                "left out. Write the year into the headers, as in 2024-01, and run kehu init again"
            )
        first, *_rest, last = self.columns
        return words.format(file=self.holding.told, first=first, last=last, columns=len(self.columns))

    def settings(self) -> list[str]:
        """The lines of dataset.toml by which each filled cell is an order of its month; none without a year."""
        who = roles.person(self.holding)
        if not self.day or not who:
            return []
        file = self.holding.pattern or self.holding.files[0]
        day = f"regexp_replace({name('time')}, '^.*?{self.found}.*$', '{self.day}')"
        return [
            _("Each cell that is not 0 as one order, on the first of its month: orders then count months."),
            "[tables.orders]",
            f"file = {json.dumps(file, ensure_ascii=False)}",
            *([f"sheet = {json.dumps(self.holding.sheet, ensure_ascii=False)}"] if self.holding.sheet else []),
            "[tables.orders.columns]",
            'order_id = { sql = "file_row" }',
            f"customer_id = {json.dumps(who, ensure_ascii=False)}",
            f"ordered_at = {{ sql = '''{day}''' }}",
            'amount = "sum"',
            "[tables.orders.unpivot]",
            f"columns = {json.dumps(self.columns, ensure_ascii=False)}",
            'name = "time"',
            'value = "sum"',
            "[[tables.orders.rules]]",
            'rule = "nothing was bought"',
            'keep = "number(sum) <> 0"',
        ]


@cache
def _forms() -> tuple[tuple[str, str, str], ...]:
    """A header's end that is a month or a day; what an expression finds in it, and the text of a day that it makes."""
    named = months.pattern()
    return (
        (rf"{YEAR}_?{NUMBERED}_?[0-3]\d", r"(\d{4})_?(\d{2})_?(\d{2})", r"\1-\2-\3"),
        (rf"{YEAR}[_年]?{NUMBERED}月?(?!\d)", r"(\d{4})\D?(\d{1,2})", r"\1-\2-01"),
        (rf"{NUMBERED}_{YEAR}", r"(\d{1,2})_(\d{4})", r"\2-\1-01"),
        (rf"{months.LEAD}{named}_?(?:20)?\d\d(?!\d)", rf"({named})_?(\d{{2,4}})", r"1 \1 \2"),
        (rf"{NUMBERED}月(?!\d)", "", ""),
        (rf"{months.LEAD}{named}{months.REST}", "", ""),
    )


def wide(holding: Holding) -> list[Wide]:
    """The columns of numbers that are months or days side by side, those of one form and one subject together."""
    groups: dict[tuple[int, str], list[str]] = defaultdict(list)
    for column in holding.columns:
        if column.filled and not column.is_a(NUMBER):
            continue
        place = next((place for place, form in enumerate(_forms()) if re.search(form[0], column.name)), None)
        if place is not None:
            groups[place, re.sub(_forms()[place][0], "", column.name).strip("_")].append(column.name)
    return [
        Wide(holding, tuple(each), *_forms()[place][1:])
        for (place, _about), each in groups.items()
        if len(each) >= FEWEST
    ]
