"""What customers do with messages, by campaign, by channel, and by weekday and hour."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.journey.message import response_rates
from helpers.analyses.journey.message.sent import Messages, Outcome
from helpers.analyses.journey.message.shares import all_alike, clustered_shares, folded_rows
from helpers.analyses.journey.vocabulary import (
    CAMPAIGN,
    CHANNEL,
    CUSTOMERS_WITH,
    HOURS,
    MESSAGES,
    OUTCOME,
    OUTCOME_RATE,
    RESPONSE_RATE,
    WEEKDAY,
)
from helpers.data.days import WEEKDAYS
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, if_applicable, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import DRAWN_TOGETHER, LEAST_AT_RISK, SIGNIFICANCE, undrawn
from helpers.findings.folding import SMALL_GROUPS, SMALLEST_GROUP
from helpers.findings.vocabulary import CUSTOMERS, GROUP, LIKELY_RATE, LOWER, ROWS, SHARE, UPPER

BY = (CAMPAIGN, CHANNEL)
MOST_CAMPAIGNS = 13  # the small ones together are one of them
BAND_HOURS = 3
ALL_DAY = "all day"


@dataclass(frozen=True)
class Responses(Finding):
    """Shares of messages that were opened, clicked, and followed by an order, by campaign or channel."""

    table: pd.DataFrame  # one row a group and outcome
    by: str  # campaign or channel
    responses: tuple[Outcome, ...]
    days: int
    p_value: float  # that the last response is as frequent in all groups of 20 customers or more; NaN for one
    columns = (
        GROUP, OUTCOME, MESSAGES.but(adds_up=[[OUTCOME]]), CUSTOMERS, CUSTOMERS_WITH, RESPONSE_RATE, LOWER, UPPER,
        LIKELY_RATE,
    )  # fmt: skip
    shown = (CAMPAIGN, CHANNEL, MESSAGES.but(adds_up=[()]), OUTCOME_RATE, LOWER, UPPER)

    def summary(self) -> pd.DataFrame:
        """One row a group: messages, the shares, and of the last response the 95 % interval."""
        wide = self.table.pivot(index=GROUP, columns=OUTCOME, values=RESPONSE_RATE).rename(columns=OUTCOME_RATE.format)
        responses, last = [OUTCOME_RATE.format(name) for name in self.responses], self._last.set_index(GROUP)
        others = wide.columns.difference(responses)
        parts = [last[MESSAGES], wide[responses], last[[LOWER, UPPER]], wide[others]]
        return pd.concat(parts, axis=1).reindex(last.index).rename_axis(self.by).reset_index()

    @property
    def _last(self) -> pd.DataFrame:
        return self.table[self.table[OUTCOME] == self.responses[-1]]

    def plot(self, ax: Axes | None = None) -> Axes:
        """The shares of each group with their intervals."""
        shown = self.table[self.table[OUTCOME].isin(self.responses)]
        shown = shown.assign(outcome=shown[OUTCOME].map(OUTCOME.write))
        return charts.forest(shown, estimate=RESPONSE_RATE, label=GROUP, group=OUTCOME, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("What do customers do with messages, by {by}?", by=facts.Attribute(self.by))

    def headline(self) -> Sentence:
        """Where the last response is likely most and least frequent, if it differs; who ordered before anyway below."""
        rows = self._last[(self._last[GROUP] != SMALL_GROUPS) & (self._last[CUSTOMERS] >= LEAST_AT_RISK)]
        by, response, days = facts.Attribute(self.by), self.responses[-1], facts.Days(self.days)
        if rows.empty:
            return say("{by}: no group reached {least} customers.", by=by, least=facts.Count(LEAST_AT_RISK))
        high, low = rows.loc[rows[LIKELY_RATE].idxmax()], rows.loc[rows[LIKELY_RATE].idxmin()]
        if len(rows) == 1:
            told = response_rates.of_one(response, facts.Name(high[GROUP]), facts.Share(high[RESPONSE_RATE]), days)
            limits = facts.limits(high)
            return told.resting_on(say("The interval is {interval}.", interval=limits), self._before(high))
        if not self.p_value < SIGNIFICANCE:
            return response_rates.of_alike(response, by, response_rates.mean(self._last), days)
        most, least = ((facts.Name(row[GROUP]), facts.Share(row[LIKELY_RATE])) for row in (high, low))
        clear = say("The groups differ beyond chance ({p}).", p=facts.PValue(self.p_value))
        shown = undrawn((most[1], least[1]), [facts.Share(row[RESPONSE_RATE]) for row in (high, low)])
        told = response_rates.of_ends(response, most, least, days)
        return told.resting_on(self._before(high), clear, DRAWN_TOGETHER, shown)

    def _before(self, high: pd.Series) -> Sentence | None:
        own = self.table[self.table[GROUP] == high[GROUP]].set_index(OUTCOME)[RESPONSE_RATE]
        if Outcome.ORDERED_BEFORE not in own.index:
            return None
        return say(
            "In the {days} before a message of “{group}” {share} had ordered anyway: the order need not come from it.",
            days=facts.Days(self.days),
            group=facts.Name(high[GROUP]),
            share=facts.Share(own[Outcome.ORDERED_BEFORE]),
        )


@dataclass(frozen=True)
class ResponseTimes(Finding):
    """Share of messages with a response by weekday and hour of sending."""

    table: pd.DataFrame  # one row a weekday and span of hours in which enough customers got a message
    response: str
    days: int
    timed: bool  # whether the hours of sending are known
    p_value: float  # that the response is as frequent at all times that reached 20 customers or more
    columns = (WEEKDAY, HOURS, MESSAGES.but(adds_up=[()]), CUSTOMERS, RESPONSE_RATE, LOWER, UPPER, LIKELY_RATE)
    shown = (WEEKDAY, HOURS, MESSAGES.but(adds_up=[()]), CUSTOMERS, OUTCOME_RATE, LOWER, UPPER, LIKELY_RATE)

    def summary(self) -> pd.DataFrame:
        """The same, the share named for the response."""
        return self.table.rename(columns={RESPONSE_RATE: OUTCOME_RATE.format(self.response)})

    def plot(self, ax: Axes | None = None) -> Axes:
        """Weekdays by hours; a cell without enough messages is empty."""
        hours = sorted(self.table[HOURS].unique())
        week = [day for day in WEEKDAYS if day in set(self.table[WEEKDAY])]
        whole = pd.MultiIndex.from_product([week, hours], names=[WEEKDAY, HOURS])
        grid = self.table.set_index([WEEKDAY, HOURS])[RESPONSE_RATE].reindex(whole).reset_index()
        return charts.heat_map(grid, row=WEEKDAY, column=HOURS, value=RESPONSE_RATE, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        if self.response == Outcome.OPENED:
            return say("When are messages opened most often?")
        if self.response == Outcome.CLICKED:
            return say("When are messages clicked most often?")
        return say("When are messages followed by an order most often?")

    def headline(self) -> Sentence:
        """What are likely the best and the worst time, if times differ at all."""
        rows, days = self.table[self.table[CUSTOMERS] >= LEAST_AT_RISK], facts.Days(self.days)
        if len(rows) < 2:
            return say(
                "Fewer than two times of the week reached {least} customers: there is nothing to compare.",
                least=facts.Count(LEAST_AT_RISK),
            )
        if not self.p_value < SIGNIFICANCE:
            return response_rates.of_alike_times(self.response, response_rates.mean(self.table), days)
        high, low = (rows.loc[at] for at in (rows[LIKELY_RATE].idxmax(), rows[LIKELY_RATE].idxmin()))
        most, least = ((self._time(row), facts.Share(row[LIKELY_RATE])) for row in (high, low))
        return response_rates.of_ends_in_time(self.response, most, least, days).resting_on(
            say("Campaigns choose their time: test it before moving messages."),
            say("The times differ beyond chance ({p}).", p=facts.PValue(self.p_value)),
            DRAWN_TOGETHER,
        )

    def _time(self, cell: pd.Series) -> Sentence | facts.Word:
        weekday = facts.Word(cell[WEEKDAY], WEEKDAY)
        if not self.timed:
            return weekday
        return say("{weekday} {hours} h", weekday=weekday, hours=facts.Word(cell[HOURS], HOURS))


@analysis
def responses(sent: Messages | NotApplicable, by: str = "campaign") -> Responses | NotApplicable:
    """Shares of messages opened, clicked and followed by an order by `campaign` or `channel`, as far as recorded.

    Shares are of all messages sent. Intervals allow for customers who got several (see `clustered_shares`), and so does
    the one test that all groups have the same last response. Small groups are one group. Association: campaigns choose
    whom they reach, and when.
    """
    parameters.one_of("by", by, BY)
    if isinstance(sent, NotApplicable):
        return sent  # no finding above says why there are none
    rows = folded_rows(sent.rows.mutate(group=sent.rows[by]), GROUP, MOST_CAMPAIGNS)
    outcomes = [*sent.responses, *([Outcome.ORDERED_BEFORE] if Outcome.ORDERED in sent.responses else [])]
    shares = clustered_shares(rows, [GROUP], outcomes)
    if shares.empty:
        few = say(
            "{by}: no group reached {least} customers.", by=facts.Attribute(by), least=facts.Count(SMALLEST_GROUP)
        )
        return NotApplicable(few)
    shares = shares.rename(columns={ROWS: MESSAGES, SHARE: RESPONSE_RATE}).assign(small=shares[GROUP] == SMALL_GROUPS)
    shares = shares.sort_values(["small", GROUP], kind="stable", ignore_index=True).drop(columns="small")
    return Responses(shares, by, sent.responses, sent.days, all_alike(rows, GROUP, sent.responses[-1]))


@if_applicable
def response_times(sent: Messages, response: str = "") -> ResponseTimes | NotApplicable:
    """Share of messages with a `response` (opened, clicked or ordered; the first recorded) by weekday and three hours.

    Hours are those of the data set's clocks; where all messages are of midnight, only their days were recorded. Cells
    of too few customers are left out.
    """
    chosen = parameters.one_of("response", response, sent.responses) if response else sent.responses[0]
    at = sent.rows.sent_at
    rows = sent.rows.mutate(weekday=at.day_of_week.index(), hours=(at.hour() / BAND_HOURS).floor().cast("int64"))
    timed = bool((at != at.truncate("D")).any().execute())
    shares = clustered_shares(rows, [WEEKDAY, HOURS], [chosen])
    if shares.empty:
        least = facts.Count(SMALLEST_GROUP)
        return NotApplicable(say("at no time of the week did messages reach {least} customers.", least=least))
    table = shares.rename(columns={ROWS: MESSAGES, SHARE: RESPONSE_RATE}).assign(
        weekday=shares[WEEKDAY].map(dict(enumerate(WEEKDAYS))),
        hours=[_band(band) if timed else ALL_DAY for band in shares[HOURS]],
    )
    p_value = all_alike(rows.mutate(time=rows.weekday * 24 + rows.hours), "time", chosen)
    return ResponseTimes(table[list(ResponseTimes.columns)], chosen, sent.days, timed, p_value)


def _band(band: int) -> str:
    return f"{BAND_HOURS * band:02d}–{BAND_HOURS * (band + 1):02d}"
