"""The experiment that would prove what the journey only suggests: customers and days that it takes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.journey.message.campaigns import Responses
from helpers.analyses.journey.message.pressure import Fatigue
from helpers.analyses.journey.message.sent import Messages, Outcome
from helpers.analyses.journey.vocabulary import (
    BASE_RATE,
    CUSTOMERS_AN_ARM,
    DIFFERENCE_RATE,
    LEAST_RATE,
    MESSAGES,
    MESSAGES_BEFORE,
    OUTCOME,
    QUESTION,
    QUESTION_IN_WORDS,
    RESPONSE_RATE,
    TEST_DAYS,
)
from helpers.data.days import night
from helpers.findings import Finding, NotApplicable, Sentence, facts, if_applicable, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import SIGNIFICANCE
from helpers.findings.folding import SMALL_GROUPS
from helpers.findings.vocabulary import CUSTOMERS, GROUP, LIKELY_RATE
from helpers.statistics.designs import sample_sizes

ARMS = 2
PACE_DAYS = 91  # before the data's end, over which customers who get messages are counted
LEAST = 30  # customers whose response a plan is made from
SET_OFF = 0.5  # share of messages soon after an order from which on the order seems to set the campaign off
LONGEST_TEST_DAYS = 730  # a test that takes longer is none


@dataclass(frozen=True)
class Seen:
    """A difference between messages that a test could prove, under its code of the column of questions."""

    question: str
    words: Sentence  # with what is meant
    base: float  # the share without what the test would do
    difference: float


@dataclass(frozen=True)
class Proof(Finding):
    """What a test of each difference takes, were the difference true and caused by what it is named after."""

    table: pd.DataFrame  # one row a question
    seen: tuple[Seen, ...]  # of the same rows
    customers_a_day: float  # different customers who got a message, by day, lately
    columns = (QUESTION, BASE_RATE, DIFFERENCE_RATE, CUSTOMERS_AN_ARM, TEST_DAYS, LEAST_RATE)
    shown = (QUESTION_IN_WORDS, *columns[1:])

    def summary(self) -> pd.DataFrame:
        """The same, questions with what is meant."""
        words = [str(each.words) for each in self.seen]
        return self.table.assign(**{QUESTION: words}).rename(columns={QUESTION: QUESTION_IN_WORDS})

    def plot(self, ax: Axes | None = None) -> Axes:
        """Customers that each arm needs."""
        return charts.bars(self.to_show(), value=CUSTOMERS_AN_ARM, label=QUESTION_IN_WORDS, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How many customers would each half of a test take?")

    def headline(self) -> Sentence:
        """How long the first test would take, and what a quarter would show."""
        first = self.table.iloc[0]
        least, days = facts.Hundredths(first[LEAST_RATE]), facts.Days(first[TEST_DAYS])
        if np.isfinite(first[TEST_DAYS]):
            told = say(
                "A test that proves it takes {days}; one of a quarter shows no less than {least} points.",
                days=days,
                least=least,
            )
        else:
            told = say(
                "A test that proves it takes over two years; one of a quarter shows no less than {least} points.",
                least=least,
            )
        takes = say(
            "“{question}” for a random half: {customers} customers in each, at today's pace, for {difference} points "
            "from {base}.",
            question=self.seen[0].words,
            customers=facts.Count(first[CUSTOMERS_AN_ARM]),
            difference=facts.Hundredths(first[DIFFERENCE_RATE]),
            base=facts.Share(first[BASE_RATE]),
        )
        larger = say("Test something larger, such as no messages at all.")
        return told.resting_on(
            takes,
            None if np.isfinite(first[TEST_DAYS]) else larger,
            say("Found four times in five, were the difference true."),
            say("Differences picked from past data are often larger than the truth."),
        )


@if_applicable
def proof(
    sent: Messages,
    by_campaign: Responses | NotApplicable,
    by_channel: Responses | NotApplicable,
    tired: Fatigue | NotApplicable,
) -> Proof | NotApplicable:
    """Customers an arm (5 % two-sided, power 80 %) and days for a test of each difference that was seen.

    Questions: does the message bring orders (order rate after it, less that before it, of campaigns that no order sets
    off); does the best channel do more than the worst, by likely rates, where channels differ at all; does a message
    after fewer others do more than one after many. Two equal arms; days are whole weeks at the pace at which
    different customers got messages in the last quarter.
    Source: `statistics.designs.sample_sizes`.
    """
    pace = _pace(sent)
    seen = tuple(filter(_is_testable, [*_message(by_campaign), *_channels(by_channel), *_frequency(tired)]))
    if not seen or not pace:
        return NotApplicable(say("no difference between messages was seen that a test could prove."))
    return Proof(pd.DataFrame([_line(each, pace) for each in seen]), seen, pace)


def _is_testable(seen: Seen) -> bool:
    """Whether both shares lie between none and all, and are not the same."""
    return 0 < seen.base < 1 and 0 < seen.base + seen.difference < 1 and abs(seen.difference) > 1e-6


def _line(seen: Seen, pace: float) -> dict[str, object]:
    customers = np.ceil(sample_sizes.sample_size(seen.difference, rate=seen.base))
    days = sample_sizes.days_to_run(ARMS * customers, pace)
    quarter = max(pace * PACE_DAYS / ARMS, sample_sizes.SMALLEST_ARM)
    return {QUESTION: seen.question, BASE_RATE: seen.base, DIFFERENCE_RATE: seen.difference,
            CUSTOMERS_AN_ARM: int(customers), TEST_DAYS: days if days <= LONGEST_TEST_DAYS else np.inf,
            LEAST_RATE: sample_sizes.minimum_effect(quarter, rate=seen.base)}  # fmt: skip


def _message(by_campaign: Responses | NotApplicable) -> list[Seen]:
    """Order rates before and after the messages of campaigns that mostly reach customers without a recent order."""
    if isinstance(by_campaign, NotApplicable) or Outcome.ORDERED not in by_campaign.responses:
        return []
    table, both = by_campaign.table, (Outcome.ORDERED_BEFORE, Outcome.ORDERED)
    rates = table.pivot(index=GROUP, columns=OUTCOME, values=RESPONSE_RATE).join(table.groupby(GROUP)[MESSAGES].first())
    free = rates[rates[Outcome.ORDERED_BEFORE] < SET_OFF]
    if free.empty:
        return []
    before, after = (float(np.average(free[name], weights=free[MESSAGES])) for name in both)
    return [Seen("message", say("hold the message back"), before, after - before)]


def _channels(by_channel: Responses | NotApplicable) -> list[Seen]:
    """The last response in the worst channel, and how much more it likely is in the best, where channels differ."""
    if isinstance(by_channel, NotApplicable) or not by_channel.p_value < SIGNIFICANCE:
        return []
    table, last = by_channel.table, by_channel.responses[-1]
    rows = table[(table[OUTCOME] == last) & (table[GROUP] != SMALL_GROUPS) & (table[CUSTOMERS] >= LEAST)]
    if len(rows) < 2:
        return []
    high, low = rows.loc[rows[LIKELY_RATE].idxmax()], rows.loc[rows[LIKELY_RATE].idxmin()]
    words = say(
        "{best} instead of {worst} ({outcome})",
        best=facts.Name(high[GROUP]),
        worst=facts.Name(low[GROUP]),
        outcome=facts.Word(last, OUTCOME),
    )
    return [Seen("channel", words, low[LIKELY_RATE], high[LIKELY_RATE] - low[LIKELY_RATE])]


def _frequency(tired: Fatigue | NotApplicable) -> list[Seen]:
    """The first response after many messages, and how much more it is after few."""
    if isinstance(tired, NotApplicable):
        return []
    table, first = tired.table, tired.table[OUTCOME].iloc[0]
    if tired.reaction and first == Outcome.ORDERED:
        return []
    rows = table[(table[OUTCOME] == first) & (table[CUSTOMERS] >= LEAST)]
    if len(rows) < 2:
        return []
    few, many = rows.iloc[0], rows.iloc[-1]
    words = say(
        "after {few} instead of {many} messages ({outcome})",
        few=facts.Count(few[MESSAGES_BEFORE]),
        many=facts.Count(many[MESSAGES_BEFORE]),
        outcome=facts.Word(first, OUTCOME),
    )
    return [Seen("frequency", words, many[RESPONSE_RATE], few[RESPONSE_RATE] - many[RESPONSE_RATE])]


def _pace(sent: Messages) -> float:
    """Different customers a day who got a message in the last quarter of what is followed."""
    start = night(sent.as_of - dt.timedelta(days=sent.days + PACE_DAYS))
    recent = sent.rows.filter(sent.rows.sent_at >= start)
    return int(recent.select("customer_id").distinct().count().execute()) / PACE_DAYS
