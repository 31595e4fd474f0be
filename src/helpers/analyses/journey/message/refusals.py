"""Who asked not to be contacted, by the messages that they got."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.journey.message.sent import NO_MESSAGES
from helpers.analyses.journey.vocabulary import MESSAGES_IN_ALL, OPTED_OUT_SHARE
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.folding import SMALLEST_GROUP
from helpers.findings.vocabulary import CUSTOMERS, LOWER, UPPER
from helpers.statistics.shares import wilson_interval

EDGES = (0, 1, 2, 3, 6, 11)  # messages in all, each band from one to before the next


@dataclass(frozen=True)
class OptOuts(Finding):
    """Share of customers who asked not to be contacted, by the messages that they ever got."""

    table: pd.DataFrame
    columns = (MESSAGES_IN_ALL, CUSTOMERS.but(adds_up=[()]), OPTED_OUT_SHARE, LOWER, UPPER)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Share opted out by messages, with intervals."""
        return charts.forest(self.table, estimate=OPTED_OUT_SHARE, label=MESSAGES_IN_ALL, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How many have opted out, by the messages that they got?")

    def headline(self) -> Sentence:
        """The shares of those who got none and of those who got most."""
        known = self.readable.dropna(subset=OPTED_OUT_SHARE)
        shown = known if len(known) > 1 else self.table
        few, many = shown.iloc[0], shown.iloc[-1]
        order = say("When they did is not recorded, and who has opted out gets no more: the order is unknown.")
        share, messages = facts.Share(few[OPTED_OUT_SHARE]), _messages(few)
        if len(self.table) == 1:
            told = say("{share} of customers, with {messages} each, have opted out.", share=share, messages=messages)
            return told.resting_on(say("The interval is {interval}.", interval=facts.limits(few)), order)
        intervals = say("The intervals are {first} and {last}.", first=facts.limits(few), last=facts.limits(many))
        ends = {"most": _messages(many), "part": facts.Share(many[OPTED_OUT_SHARE])}
        if len(shown) == len(self.table):
            told = say(
                "{share} of customers with {messages} have opted out, of those with {most} {part}.",
                share=share, messages=messages, **ends,
            )  # fmt: skip
            return told.resting_on(order, intervals)
        told = say("{share} of customers with {messages} have opted out.", share=share, messages=messages)
        return told.resting_on(say("Of those with {most} {part} have.", **ends), order, intervals)


@analysis
def opt_outs(data: Dataset) -> OptOuts | NotApplicable:
    """Share of customers with `opted_out` by the number of messages they got in all, with Wilson's 95 % interval.

    Customers whose flag is not known are left out, and so are numbers of messages of too few customers.
    """
    if "opted_out" not in data.customers or not data.customers["opted_out"].notna().any():
        return NotApplicable(say("this data set does not say which customers opted out."))
    if "touches" not in data.tables:
        return NO_MESSAGES
    touches = data.tables["touches"].filter(data.tables["touches"].customer_id.notnull())
    counts = touches.group_by("customer_id").agg(n=touches.count()).execute().set_index("customer_id")["n"]
    known = data.customers.dropna(subset="opted_out")
    received = known["customer_id"].map(counts).fillna(0)
    names = [*map(_band, EDGES, EDGES[1:]), f"{EDGES[-1]} or more"]
    bands = pd.cut(received, [*EDGES, np.inf], right=False, labels=names)
    sums = known["opted_out"].astype(bool).groupby(bands, observed=True).agg(["size", "sum"])
    sums = sums[sums["size"] >= SMALLEST_GROUP]
    if sums.empty:
        return NotApplicable(say("too few customers are known to have opted out or not."))
    lower, upper = wilson_interval(sums["sum"], sums["size"])
    return OptOuts(pd.DataFrame({
        MESSAGES_IN_ALL: sums.index.astype(str), CUSTOMERS: sums["size"].to_numpy(),
        OPTED_OUT_SHARE: (sums["sum"] / sums["size"]).to_numpy(), LOWER: lower, UPPER: upper,
    }))  # fmt: skip


def _band(first: int, beyond: int) -> str:
    return f"{first}" if beyond == first + 1 else f"{first} to {beyond - 1}"


def _messages(row: pd.Series) -> Sentence:
    """How many messages the customers of a row got."""
    number = row[MESSAGES_IN_ALL]
    if number == "0":
        return say("no message")
    if number == "1":
        return say("1 message")
    return say("{number} messages", number=facts.Word(number, MESSAGES_IN_ALL))
