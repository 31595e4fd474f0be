"""How complete the customers' records are (资料完善度): by field, and by how many fields a customer has filled."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.profiling.records.spellings import says_nothing
from helpers.analyses.profiling.vocabulary import FIELD, FIELDS_FILLED, FILLED, FILLED_SHARE
from helpers.data import contracts
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, formats, say
from helpers.findings.drawing import charts
from helpers.findings.folding import SMALLEST_GROUP
from helpers.findings.vocabulary import CUSTOMERS, SHARE

NOT_ASKED = ("customer_id", "referred_by", "opted_out")  # empty where there is nothing to record
IN_SNAPSHOT = {"joined_at": "joined_on"}


@dataclass(frozen=True)
class Completeness(Finding):
    """Customers by field filled, the fullest first, and by number of fields filled, small groups joined."""

    table: pd.DataFrame
    records: pd.DataFrame  # fields_filled, customers, share; the numbers that occur
    columns = (FIELD, CUSTOMERS, FILLED, FILLED_SHARE)

    @property
    def filled_share(self) -> float:
        """The share of all fields of all customers that is filled."""
        return float(self.table[FILLED].sum() / self.table[CUSTOMERS].sum())

    def plot(self, ax: Axes | None = None) -> Axes:
        """Customers by the number of fields filled."""
        return charts.bars(self.records, value=CUSTOMERS, label=FIELDS_FILLED, share=SHARE, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How many fields are filled, of how many customers?")

    def headline(self) -> Sentence:
        """How much is filled, and the emptiest field; how many records are complete below."""
        emptiest, all_fields = self.table.iloc[-1], facts.Count(len(self.table))
        if emptiest[FILLED_SHARE] == 1:
            return say("All {fields} fields that describe customers are filled, for every customer.", fields=all_fields)
        whole = self.records[self.records[FIELDS_FILLED] == str(len(self.table))][SHARE]
        if len(whole):
            share = facts.Share(whole.iloc[0])
            complete = say("{share} of customers have all {fields} fields filled.", share=share, fields=all_fields)
        else:
            least = facts.Count(SMALLEST_GROUP)
            complete = say(
                "Fewer than {least} customers have all {fields} fields filled.", least=least, fields=all_fields
            )
        return say(
            "{share} of the fields that describe customers are filled; least often “{field}” ({least}).",
            share=facts.Share(self.filled_share),
            field=facts.Attribute(emptiest[FIELD]),
            least=facts.Share(emptiest[FILLED_SHARE]),
        ).resting_on(complete)


@analysis
def completeness(data: Dataset) -> Completeness | NotApplicable:
    """The share of customers with each field of the customer table filled, and by how many of them are filled.

    The fields are those that the source has. Words such as unknown or 未知 do not fill a field; who referred a customer
    and who opted out are no gaps where empty. Customers whom only another table names have no field filled. Numbers
    of fields that too few customers reach are joined to the number beneath, the lowest to the one above.
    """
    customers = data.customers
    if len(customers) < SMALLEST_GROUP:
        return NotApplicable(say("the data name fewer than {least} customers.", least=facts.Count(SMALLEST_GROUP)))
    names = [IN_SNAPSHOT.get(name, name) for name in _recorded(data)]
    names = [name for name in names if name in customers]
    if not names:
        return NotApplicable(say("no table describes the customers."))
    filled = pd.DataFrame({name: customers[name].notna() & ~says_nothing(customers[name]) for name in names})
    counts = filled.sum().sort_values(ascending=False, kind="stable")
    fields = pd.DataFrame({
        FIELD: [formats.label(name) for name in counts.index], CUSTOMERS: len(customers),
        FILLED: counts.to_numpy(), FILLED_SHARE: counts.to_numpy() / len(customers),
    })  # fmt: skip
    return Completeness(fields, _records(filled))


def _recorded(data: Dataset) -> list[str]:
    asked = [column for column in contracts.CUSTOMERS.columns if not column.private]
    own = [column.name for column in asked if column.name not in NOT_ASKED]
    return list(dict.fromkeys((*own, *data.settings.attributes)))


def _records(filled: pd.DataFrame) -> pd.DataFrame:
    """Customers by the number of fields filled, from all downwards, numbers of few customers joined to those beside."""
    counts = filled.sum(axis="columns").value_counts()
    groups: list[list[int]] = []  # first number, last number, customers
    for number in sorted(counts.index, reverse=True):
        if groups and groups[-1][2] < SMALLEST_GROUP:
            groups[-1] = [number, groups[-1][1], groups[-1][2] + int(counts[number])]
        else:
            groups.append([number, number, int(counts[number])])
    if len(groups) > 1 and groups[-1][2] < SMALLEST_GROUP:
        low, _, few = groups.pop()
        groups[-1] = [low, groups[-1][1], groups[-1][2] + few]
    names = [str(high) if low == high else f"{low} to {high}" for low, high, _ in groups]
    customers = [count for *_, count in groups]
    return pd.DataFrame({FIELDS_FILLED: names, CUSTOMERS: customers, SHARE: [n / len(filled) for n in customers]})
