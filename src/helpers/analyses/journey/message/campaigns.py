"""What customers do with messages, by campaign, by channel, and by weekday and hour."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.journey.message.sent import Messages, Outcome, in_words
from helpers.analyses.journey.message.shares import clustered_shares, folded_rows
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
from helpers.findings import Finding, NotApplicable, charts, formats, if_applicable
from helpers.findings.evidence import CI
from helpers.findings.folding import SMALL_GROUPS
from helpers.findings.vocabulary import CUSTOMERS, GROUP, LOWER, ROWS, SHARE, UPPER

BY = (CAMPAIGN, CHANNEL)
MOST_CAMPAIGNS = 13  # the small ones together are one of them
BAND_HOURS = 3
ALL_DAY = "all day"
LEAST = 30  # customers of a cell that a sentence may name


@dataclass(frozen=True)
class Responses(Finding):
    """Shares of messages that were opened, clicked, and followed by an order, by campaign or channel."""

    table: pd.DataFrame  # one row a group and outcome
    by: str  # campaign or channel
    responses: tuple[Outcome, ...]
    days: int
    columns = (GROUP, OUTCOME, MESSAGES, CUSTOMERS, CUSTOMERS_WITH, RESPONSE_RATE, LOWER, UPPER)
    shown = (CAMPAIGN, CHANNEL, MESSAGES, OUTCOME_RATE, LOWER, UPPER)

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

    def headline(self) -> str:
        """The groups of the highest and the lowest last response, and who ordered before the message anyway."""
        rows = self._last[self._last[GROUP] != SMALL_GROUPS]
        done = in_words(self.responses[-1], self.days)
        if rows.empty:
            return f"No {self.by} reached enough customers to be shown."
        high, low = rows.loc[rows[RESPONSE_RATE].idxmax()], rows.loc[rows[RESPONSE_RATE].idxmin()]
        if len(rows) == 1:
            return f"Messages of {high[GROUP]} were {done} in {_share(high)}.{self._before(high)}"
        apart = "" if high[LOWER] > low[UPPER] else " The intervals overlap: no evidence of a difference."
        return (
            f"By {self.by}, messages were {done} most often for {high[GROUP]} ({_share(high)}) and least for "
            f"{low[GROUP]} ({_share(low)}).{apart}{self._before(high)}"
        )

    def _before(self, high: pd.Series) -> str:
        own = self.table[self.table[GROUP] == high[GROUP]].set_index(OUTCOME)[RESPONSE_RATE]
        if Outcome.ORDERED_BEFORE not in own.index:
            return ""
        share = formats.percent(own[Outcome.ORDERED_BEFORE])
        return (
            f" In the {formats.days(self.days)} before, {share} of the former had ordered anyway: the order need not "
            "come from the message."
        )


@dataclass(frozen=True)
class ResponseTimes(Finding):
    """Share of messages with a response by weekday and hour of sending."""

    table: pd.DataFrame  # one row a weekday and span of hours in which at least five customers got a message
    response: str
    days: int
    timed: bool  # whether the hours of sending are known
    columns = (WEEKDAY, HOURS, MESSAGES, CUSTOMERS, RESPONSE_RATE, LOWER, UPPER)
    shown = (WEEKDAY, HOURS, MESSAGES, CUSTOMERS, OUTCOME_RATE, LOWER, UPPER)

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

    def headline(self) -> str:
        """The best and the worst time, with intervals; several times are compared, so the extremes flatter."""
        rows = self.table[self.table[CUSTOMERS] >= LEAST]
        if len(rows) < 2:
            return f"At fewer than two times of the week did messages reach {LEAST} customers: nothing to compare."
        high, low = (rows.loc[at] for at in (rows[RESPONSE_RATE].idxmax(), rows[RESPONSE_RATE].idxmin()))
        apart = high[LOWER] > low[UPPER]
        end = (
            f" Among {len(rows)} times some differ by chance, and campaigns choose their time: test it before "
            "moving messages." if apart else " The intervals overlap: no evidence that the time matters."
        )  # fmt: skip
        return (
            f"Messages were {in_words(self.response, self.days)} most often when sent {self._time(high)} "
            f"({_share(high)}), least {self._time(low)} ({_share(low)}).{end}"
        )

    def _time(self, cell: pd.Series) -> str:
        return f"on {cell[WEEKDAY]}s at {cell[HOURS]} h" if self.timed else f"on {cell[WEEKDAY]}s"


def responses(sent: Messages | NotApplicable, by: str = "campaign") -> Responses | NotApplicable:
    """Shares of messages opened, clicked and followed by an order by `campaign` or `channel`, as far as recorded.

    Shares are of all messages sent. Intervals allow for customers who got several (see `clustered_shares`). Small
    groups are one group. Association: campaigns choose whom they reach, and when.
    """
    parameters.one_of("by", by, BY)
    if isinstance(sent, NotApplicable):
        return sent  # no finding above says why there are none
    rows = folded_rows(sent.rows.mutate(group=sent.rows[by]), GROUP, MOST_CAMPAIGNS)
    outcomes = [*sent.responses, *([Outcome.ORDERED_BEFORE] if Outcome.ORDERED in sent.responses else [])]
    shares = clustered_shares(rows, [GROUP], outcomes)
    if shares.empty:
        return NotApplicable(f"no {by} reached five customers.")
    shares = shares.rename(columns={ROWS: MESSAGES, SHARE: RESPONSE_RATE}).assign(small=shares[GROUP] == SMALL_GROUPS)
    shares = shares.sort_values(["small", GROUP], kind="stable", ignore_index=True).drop(columns="small")
    return Responses(shares, by, sent.responses, sent.days)


@if_applicable
def response_times(sent: Messages, response: str = "") -> ResponseTimes | NotApplicable:
    """Share of messages with a `response` (opened, clicked or ordered; the first recorded) by weekday and three hours.

    Hours are those of the data set's clocks; where all messages are of midnight, only their days were recorded. Cells
    of fewer than five customers are left out.
    """
    chosen = parameters.one_of("response", response, sent.responses) if response else sent.responses[0]
    at = sent.rows.sent_at
    rows = sent.rows.mutate(weekday=at.day_of_week.index(), hours=(at.hour() / BAND_HOURS).floor().cast("int64"))
    timed = bool((at != at.truncate("D")).any().execute())
    shares = clustered_shares(rows, [WEEKDAY, HOURS], [chosen])
    if shares.empty:
        return NotApplicable("at no time of the week did messages reach five customers.")
    table = shares.rename(columns={ROWS: MESSAGES, SHARE: RESPONSE_RATE}).assign(
        weekday=shares[WEEKDAY].map(dict(enumerate(WEEKDAYS))),
        hours=[_band(band) if timed else ALL_DAY for band in shares[HOURS]],
    )
    return ResponseTimes(table[list(ResponseTimes.columns)], chosen, sent.days, timed)


def _band(band: int) -> str:
    return f"{BAND_HOURS * band:02d}–{BAND_HOURS * (band + 1):02d}"


def _share(row: pd.Series) -> str:
    return f"{formats.percent(row[RESPONSE_RATE])}, {CI} {formats.interval(row[LOWER], row[UPPER], formats.percent)}"
