"""All that is known of a data set before a notebook runs, and what of it a reader should look at."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from helpers.data import spans
from helpers.data.datasets import Dataset
from helpers.data.inspection import experiments
from helpers.data.inspection.keys import crowded, crowds, moneyless, nameless, parted
from helpers.data.inspection.losses import MUCH, Loss, losses
from helpers.data.inspection.mapping import Header, mapping, undone
from helpers.data.inspection.reading import Found, Reading, files_found, readings
from helpers.data.intake.readings.guests import Crowd
from helpers.data.intake.readings.ids import SEVERAL, NearMiss
from helpers.data.preparation.joins import MUCH as MUCH_UNMET
from helpers.data.preparation.joins import Meeting, meetings
from helpers.language import _


@dataclass(frozen=True)
class Inspection:
    """What `kehu check` tells of a data set."""

    data: Dataset
    headers: list[Header]
    found: dict[str, list[Found]]  # table → what was found out about its files, and mended
    readings: dict[str, list[Reading]]  # table → how its columns are read
    losses: dict[str, Loss]
    meetings: list[Meeting]
    nameless: int
    moneyless: int
    crowds: dict[str, list[Crowd]]  # table → customers who seem to stand for many
    parted: tuple[str, list[NearMiss]]  # a table, and its customers whose ids differ by an accident of spelling alone
    experiments: list[str]  # a sentence for each that settings declare and the data lack

    @property
    def lags(self) -> list[spans.Lag]:
        """The facts that end long before the report's day."""
        return spans.lags(self.data.spans.values(), self.data.as_of)

    @property
    def ignored(self) -> list[spans.Stray]:
        """Rows far from the rest, which do not set the day."""
        return spans.ignored(self.data.days, self.data.as_of)

    @property
    def terms(self) -> tuple[str, ...]:
        """The columns whose ends are terms, which may lie ahead."""
        return spans.terms(self.data.days)

    def files(self, table: str) -> list[str]:
        """What dataset.toml names as the files of a table, or as its table or query in a database."""
        feed = self.data.settings.feeds.get(table)
        return [name for each in feed.each for name in each.told] if feed else []

    def warnings(self) -> list[str]:
        """What a reader should look at, a sentence each; `--strict` fails for any."""
        rows = [line for table, loss in self.losses.items() for line in _lost(loss, self.readings.get(table, []))]
        doubts = [line for table, each in self.readings.items() for line in _doubted(table, each)]
        crowds = [crowded(table, each) for table, several in self.crowds.items() for each in several]
        days = [*self._late(), *map(str, self.lags), *map(str, self.ignored)]
        met = [line for each in self.meetings for line in (*_near(each), *_unmet(each))]
        keys = [*self._of_keys(), *_parted(*self.parted), *met]
        flags = [line for each in self.headers for line in undone(each)]
        return [*rows, *doubts, *flags, *crowds, *days, *keys, *self.experiments]

    def _late(self) -> list[str]:
        """The sentence on data that begin after the report's day."""
        first = spans.first_day(self.data.days)
        if first is None or first <= self.data.as_of:
            return []
        words = _("the data begin on {first}, after the report's day: nothing is known on it")
        return [words.format(first=first)]

    def open(self) -> list[str]:
        """What reading cannot mend yet, a sentence each."""
        return [
            _(
                "{table}: lines of {keys:,} of {of:,} shared {key} do not say which of the orders they are of, and are "
                "left out. Map customer_id and ordered_at of lines"
            ).format(**each)
            for each in self._found("unplaced")
        ]

    def added_up(self) -> list[str]:
        """Which orders were read as lines, a sentence each."""
        return [
            _(
                "{table}: {keys:,} of {of:,} {key} have several rows with other amounts; they are lines and add up"
            ).format(**each)
            for each in self._found("lines")
        ]

    def _found(self, what: str) -> list[dict[str, Any]]:
        """What was found out about keys: table, key, keys, of."""
        found = self.data.keys
        return found[found["found"] == what].to_dict("records")

    def _of_keys(self) -> list[str]:
        """Keys that are none, and orders without money, a sentence each."""
        words = {
            "customers": _(
                "{table}: {keys:,} of {of:,} {key} are on rows of several customers; each customer has one of their own"
            ),
            "channels": _(
                "{table}: {keys:,} of {of:,} {key} are on rows of several channels; each channel has one of its own"
            ),
            "days": _(
                "{table}: {keys:,} of {of:,} {key} are on rows of one customer a day or more apart; each day has one "
                "of its own"
            ),
            "differing": _(
                "{table}: the rows of {keys:,} of {of:,} {key} say different things; of each column the first value "
                "counts"
            ),
            "alike": _(
                "{table}: {keys:,} of {of:,} {key} are on several rows of one amount, which counts once. If these are "
                "lines of an order, map their file as order_items"
            ),
        }
        told = [sentence.format(**each) for what, sentence in words.items() for each in self._found(what)]
        if self.moneyless:
            told.append(
                _("orders: {orders:,} without an amount, of their own or of lines").format(orders=self.moneyless)
            )
        return told

    def as_dict(self) -> dict[str, Any]:
        """All of it under stable keys, for `kehu check --json`."""
        return {
            "title": self.data.title,
            "as_of": str(self.data.as_of),
            "day": spans.account(self.data.days, self.data.as_of, self.data.set_by),
            "customers": len(self.data.customers),
            "tables": {name: self._of_table(name) for name in self.losses},
            "keys": [asdict(each) for each in self.meetings],
            "orders_without_customer": self.nameless,
            "orders_without_money": self.moneyless,
            "shared_keys": self.data.keys.to_dict("records"),
            "warnings": self.warnings(),
            "open": self.open(),
        }

    def _of_table(self, name: str) -> dict[str, Any]:
        loss, span = self.losses[name], self.data.spans.get(name)
        mine = [each for each in self.headers if each.table == name]
        return {
            "files": self.files(name),
            "found": [asdict(each) for each in self.found.get(name, ())],
            "rows": {
                "read": loss.read,
                "used": loss.used,
                "aside": loss.aside,
                "merged": loss.merged,
                "repeated": loss.repeated,
                "guests": loss.guests,
                "later": loss.later,
                "emptied": loss.emptied,
            },
            "money": {"used": loss.money_used, "aside": loss.money_aside, "guests": loss.money_guests},
            "first_day": str(span.first) if span else None,
            "last_day": str(span.last) if span else None,
            "mapped": {each.name: each.column for each in mine if each.column},
            "dropped": {each.name: each.likely for each in mine if not each.column},
            "as_of_export": list(self.data.settings.as_of_export) if name == "customers" else [],
            "readings": [asdict(each) for each in self.readings.get(name, ())],
        }


def inspected(data: Dataset) -> Inspection:
    """What is known of an opened data set."""
    return Inspection(
        data,
        mapping(data),
        files_found(data),
        readings(data),
        losses(data),
        meetings(data.tables, data.joins),
        nameless(data),
        moneyless(data),
        crowds(data),
        parted(data),
        experiments.unmet(data),
    )


def _doubted(table: str, columns: list[Reading]) -> list[str]:
    """A sentence for each number that may stand for none, though it is counted as one."""
    words = _(
        "{table}: {column} is {number} on several rows, far from all others, and is counted so. If it stands for none, "
        'write nulls = ["{number}"] at the top of dataset.toml'
    )
    found = ((each.column, number) for each in columns for number in each.stand_ins)
    return [words.format(table=table, column=column, number=number) for column, number in dict.fromkeys(found)]


def _lost(loss: Loss, columns: list[Reading]) -> list[str]:
    """The sentences on rows that are set aside and values that could not be read, where they are many."""
    found = []
    if loss.is_much:
        words = _("{table}: {share:.1%} of the rows are set aside")
        if loss.money_aside:
            words = _("{table}: {share:.1%} of the rows are set aside, and {money:.1%} of the money")
        found.append(words.format(table=loss.table, share=loss.share, money=loss.money_share))
    words = _("{table}: {number:,} of {values:,} values of {column} could not be read")
    unreadable = (
        words.format(table=loss.table, number=each.unreadable, values=each.values, column=each.column)
        for each in columns
        if each.unreadable > MUCH * each.values and not loss.is_aside_for(each.column)
    )
    return [*found, *_guests(loss), *unreadable]


def _guests(loss: Loss) -> list[str]:
    """The sentence on rows without a customer, where they are many."""
    if loss.guests <= MUCH * loss.read:
        return []
    share = loss.guests / loss.read
    if not loss.money_guests:
        return [_("{table}: {share:.1%} of the rows name no customer").format(table=loss.table, share=share)]
    return [
        _("{table}: {share:.1%} of the rows name no customer; their money is {money:,.2f}").format(
            table=loss.table, share=share, money=loss.money_guests
        )
    ]


def _near(met: Meeting) -> list[str]:
    """The sentences on keys that are written in two ways; those of customers meet all the same."""
    words = _(
        "{table}: {ids:,} of its {key} would be found in {other} if {kind} made no difference, such as {mine} and "
        "{theirs}"
    )
    return [
        words.format(
            table=met.table, ids=near.ids, key=met.key, other=met.other, kind=_kind(near.kind), mine=near.example[0],
            theirs=near.example[1],
        )
        for near in met.near
        if met.table != "customers"
    ]  # fmt: skip


def _parted(table: str, found: list[NearMiss]) -> list[str]:
    """The sentences on customers who may be one, though their ids are spelled in two ways."""
    words = _(
        "{table}: {ids:,} customers are told from another by {kind} alone, such as {mine} and {theirs}, and count as "
        "customers of their own. If they are not, bring customer_id to one spelling by an expression (sql)"
    )
    return [
        words.format(table=table, ids=near.ids, kind=_kind(near.kind), mine=near.example[0], theirs=near.example[1])
        for near in found
    ]


def _unmet(met: Meeting) -> list[str]:
    """The sentences on keys that find no match, where they are many, and on what is wrong with a file looked into."""
    found = []
    if met.other == "customers" and met.share > MUCH_UNMET:
        words = _("{table}: {missing:,} of {keys:,} customers have no row in customers")
        found.append(words.format(table=met.table, missing=met.missing, keys=met.keys))
    elif met.is_reference and met.share > MUCH_UNMET:
        words = _("{table}: {rows:,} of {all:,} rows find nothing in {other} by {key}")
        found.append(
            words.format(table=met.table, rows=met.rows_missing, all=met.rows, other=met.other, key=met.key)
            + _behind(met)
        )
    if met.repeated:
        words = _("{other}: {keys:,} values of {key} stand on rows that differ; the first counts")
        found.append(words.format(other=met.other, keys=met.repeated, key=met.key))
    if met.torn:
        words = _("{other}: {lines:,} lines do not split into the header's columns")
        found.append(words.format(other=met.other, lines=met.torn))
    return found


def _behind(met: Meeting) -> str:
    """The money on rows without a match, after a comma."""
    if not met.money or not met.money_missing:
        return ""
    words = _("; their money is {money:,.2f}, {share:.1%} of all")
    return words.format(money=met.money_missing, share=abs(met.money_missing / met.money))


def _kind(of_difference: str) -> str:
    """The kind of difference between two spellings of a key, in the language that is spoken."""
    words = {
        "leading zeros": _("leading zeros"),
        "case": _("case"),
        "blanks": _("blanks"),
        "width": _("width"),
        SEVERAL: _("several of these"),
    }
    return words[of_difference]
