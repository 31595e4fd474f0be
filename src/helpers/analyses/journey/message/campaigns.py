"""What customers do with messages, by campaign, by channel, and by weekday and hour."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.journey.message.sent import Messages, in_words
from helpers.analyses.journey.message.shares import clustered_shares, folded_rows
from helpers.findings import NotApplicable, charts, formats
from helpers.findings.folding import SMALL_GROUPS

BY = ("campaign", "channel")
MOST_CAMPAIGNS = 13  # the small ones together are one of them
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
BAND_HOURS = 3
ALL_DAY = "all day"
LEAST = 30  # customers of a cell that a sentence may name


@dataclass(frozen=True)
class Responses:
    """Shares of messages that were opened, clicked, and followed by an order, by campaign or channel."""

    cells: pd.DataFrame  # group, outcome, rows (messages), customers, having, share, lower, upper
    by: str
    responses: tuple[str, ...]
    days: int

    def summary(self) -> pd.DataFrame:
        """One row a group: messages, the shares, and of the last response the 95 % interval."""
        wide = self.cells.pivot(index="group", columns="outcome", values="share").add_suffix("_rate")
        responses, last = [f"{name}_rate" for name in self.responses], self._last.set_index("group")
        others = wide.columns.difference(responses)
        parts = [last["rows"].rename("messages"), wide[responses], last[["lower", "upper"]], wide[others]]
        return pd.concat(parts, axis=1).reindex(last.index).rename_axis(self.by).reset_index()

    @property
    def _last(self) -> pd.DataFrame:
        return self.cells[self.cells["outcome"] == self.responses[-1]]

    def plot(self, ax: Axes | None = None) -> Axes:
        """The shares of each group with their intervals."""
        shown = self.cells[self.cells["outcome"].isin(self.responses)].rename(columns={"share": "response_rate"})
        return charts.forest(shown, estimate="response_rate", label="group", group="outcome", ax=ax)

    def headline(self) -> str:
        """The groups of the highest and the lowest last response, and who ordered before the message anyway."""
        rows = self._last[self._last["group"] != SMALL_GROUPS]
        done = in_words(self.responses[-1], self.days)
        if rows.empty:
            return f"No {self.by} reached enough customers to be shown."
        high, low = rows.loc[rows["share"].idxmax()], rows.loc[rows["share"].idxmin()]
        if len(rows) == 1:
            said = f"Messages of {high['group']} were {done} in {_share(high)}."
        else:
            apart = "" if high["lower"] > low["upper"] else " The intervals overlap: no evidence of a difference."
            said = (
                f"By {self.by}, messages were {done} most often for {high['group']} ({_share(high)}) and least for "
                f"{low['group']} ({_share(low)}).{apart}"
            )
        return said + self._before(high)

    def _before(self, high: pd.Series) -> str:
        own = self.cells[self.cells["group"] == high["group"]].set_index("outcome")["share"]
        if "ordered_before" not in own.index:
            return ""
        return (
            f" In the {formats.days(self.days)} before, {formats.percent(own['ordered_before'])} of the former had "
            "ordered anyway: the order need not come from the message."
        )


@dataclass(frozen=True)
class ResponseTimes:
    """Share of messages with a response by weekday and hour of sending."""

    cells: pd.DataFrame  # weekday, hours, messages, customers, share, lower, upper
    response: str
    days: int

    def summary(self) -> pd.DataFrame:
        """One row a weekday and span of hours in which at least five customers got a message."""
        return self.cells.rename(columns={"share": f"{self.response}_rate"})

    def plot(self, ax: Axes | None = None) -> Axes:
        """Weekdays by hours; a cell without enough messages is empty."""
        hours = sorted(self.cells["hours"].unique())
        week = [day for day in WEEKDAYS if day in set(self.cells["weekday"])]
        whole = pd.MultiIndex.from_product([week, hours], names=["weekday", "hours"])
        grid = self.cells.set_index(["weekday", "hours"])["share"].reindex(whole).reset_index()
        return charts.heat_map(grid, row="weekday", column="hours", value="share", ax=ax)

    def headline(self) -> str:
        """The best and the worst time, with intervals; several times are compared, so the extremes flatter."""
        rows = self.cells[self.cells["customers"] >= LEAST]
        if len(rows) < 2:
            return f"At fewer than two times of the week did messages reach {LEAST} customers: nothing to compare."
        high, low = (rows.loc[at] for at in (rows["share"].idxmax(), rows["share"].idxmin()))
        apart = high["lower"] > low["upper"]
        end = (
            f" Among {len(rows)} times some differ by chance, and campaigns choose their time: test it before "
            "moving messages." if apart else " The intervals overlap: no evidence that the time matters."
        )  # fmt: skip
        return (
            f"Messages were {in_words(self.response, self.days)} most often when sent {_time(high)} ({_share(high)}), "
            f"least {_time(low)} ({_share(low)}).{end}"
        )


def responses(sent: Messages | NotApplicable, by: str = "campaign") -> Responses | NotApplicable:
    """Shares of messages opened, clicked and followed by an order by `campaign` or `channel`, as far as recorded.

    Shares are of all messages sent. Intervals allow for customers who got several (see `clustered_shares`). Small
    groups are one group. Association: campaigns choose whom they reach, and when.
    """
    parameters.one_of("by", by, BY)
    if isinstance(sent, NotApplicable):
        return sent
    rows = folded_rows(sent.rows.mutate(group=sent.rows[by]), "group", MOST_CAMPAIGNS)
    outcomes = [*sent.responses, *(["ordered_before"] if "ordered" in sent.responses else [])]
    cells = clustered_shares(rows, ["group"], outcomes)
    if cells.empty:
        return NotApplicable(f"no {by} reached five customers.")
    cells = cells.assign(small=cells["group"] == SMALL_GROUPS)
    cells = cells.sort_values(["small", "group"], kind="stable", ignore_index=True).drop(columns="small")
    return Responses(cells, by, sent.responses, sent.days)


def response_times(sent: Messages | NotApplicable, response: str = "") -> ResponseTimes | NotApplicable:
    """Share of messages with a `response` (opened, clicked or ordered; the first recorded) by weekday and three hours.

    Hours are those of the data set's clocks; where all messages are of midnight, only their days were recorded. Cells
    of fewer than five customers are left out.
    """
    if isinstance(sent, NotApplicable):
        return sent
    chosen = parameters.one_of("response", response, sent.responses) if response else sent.most_telling
    at = sent.rows.sent_at
    rows = sent.rows.mutate(weekday=at.day_of_week.index(), hours=(at.hour() / BAND_HOURS).floor().cast("int64"))
    timed = bool((at != at.truncate("D")).any().execute())
    cells = clustered_shares(rows, ["weekday", "hours"], [chosen])
    if cells.empty:
        return NotApplicable("at no time of the week did messages reach five customers.")
    cells = cells.rename(columns={"rows": "messages"})
    cells = cells.assign(
        weekday=cells["weekday"].map(dict(enumerate(WEEKDAYS))),
        hours=[_band(band) if timed else ALL_DAY for band in cells["hours"]],
    )
    columns = ["weekday", "hours", "messages", "customers", "share", "lower", "upper"]
    return ResponseTimes(cells[columns], chosen, sent.days)


def _band(band: int) -> str:
    return f"{BAND_HOURS * band:02d}–{BAND_HOURS * (band + 1):02d}"


def _time(cell: pd.Series) -> str:
    return f"on {cell['weekday']}s" + ("" if cell["hours"] == ALL_DAY else f" at {cell['hours']} h")


def _share(row: pd.Series) -> str:
    spread = formats.interval(row["lower"], row["upper"], formats.percent)
    return f"{formats.percent(row['share'])}, 95% interval {spread}"
