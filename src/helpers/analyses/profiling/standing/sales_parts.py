"""What sales changed by, and through whom: new customers and existing ones, then buyers, orders each and baskets."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.profiling.business.windows import Trade, Window
from helpers.analyses.profiling.standing import channels, sales_verdicts
from helpers.analyses.profiling.standing.sales_sums import (
    Against,
    Part,
    comparison,
    lookback_days,
    new_by_channel,
    parted_by_one,
    sales_of_customers,
    sums_by_channel,
)
from helpers.analyses.profiling.standing.spending_sums import spent_in
from helpers.analyses.profiling.vocabulary import (
    AGAINST,
    BUYERS,
    CHANGE_AMOUNT,
    CHANGE_AMOUNT_LOWER,
    CHANGE_AMOUNT_UPPER,
    EARLIER_BUYERS,
    EARLIER_SALES,
    PART,
    SALES,
)
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.briefs import Brief, Direction, News, Topic, sureness
from helpers.findings.drawing import charts
from helpers.findings.evidence import Z
from helpers.findings.privacy.disclosure import DOMINATED
from helpers.parameters import LONGEST_WINDOW_DAYS

TELLING = 0.5  # of sales lost, which a comparison has to be able to show before it says that nothing changed


@dataclass(frozen=True)
class SalesChange(Finding):
    """Sales of the window against the same days a year before, and against the days just before, by what changed.

    New are buyers without an order in the days before the window that `lookback_days` names (all days, where the data
    reach back to the shop's beginning). Changes of people have an interval over customers; the three factors add up to
    the change of all by logarithmic means (Törnqvist, Vartia & Vartia 1985) and have none. Sales of all customers are
    the shop's own and always told; those of new and of existing ones not where one customer, or two, make most of them.
    """

    table: pd.DataFrame
    window: Window
    lookback_days: float
    channels: pd.DataFrame  # new customers now and earlier of each channel, by what is compared with
    currency: str = ""
    spent: tuple[float, float] | None = None  # on winning customers, now and in what `told` compares with
    columns = (
        AGAINST, PART, SALES, EARLIER_SALES, CHANGE_AMOUNT, CHANGE_AMOUNT_LOWER, CHANGE_AMOUNT_UPPER, BUYERS,
        EARLIER_BUYERS, DOMINATED,
    )  # fmt: skip

    @property
    def compared(self) -> pd.DataFrame:
        """The rows that headlines tell of, by part: against last year where the data reach back so far."""
        first = self.table[AGAINST].iloc[0]
        return self.table[self.table[AGAINST] == first].set_index(PART)

    @property
    def _channels(self) -> pd.DataFrame:
        """The channels beside what headlines compare with."""
        return self.channels[self.channels[AGAINST] == self.table[AGAINST].iloc[0]]

    def plot(self, ax: Axes | None = None) -> Axes:
        """What each part added to the change, with its interval where it has one."""
        parts = self.compared.drop(index=Part.ALL, errors="ignore").reset_index()
        band = (CHANGE_AMOUNT_LOWER, CHANGE_AMOUNT_UPPER)
        people = parts[parts[PART].isin([Part.NEW, Part.EXISTING])]
        drawn = people if len(people) else self.table[self.table[PART] == Part.ALL]
        return charts.forest(drawn, estimate=CHANGE_AMOUNT, label=PART, band=band, reference=0, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("Through whom did sales change?")

    def headline(self) -> Sentence:
        """How far sales are from last year, or the days before, and through whom; amounts and intervals below."""
        lines = self.compared
        basis = [self._amounts(line) for line in lines.loc[lines.index.isin([Part.NEW, Part.EXISTING])].itertuples()]
        return self._verdict(lines).resting_on(self._compared(lines.loc[Part.ALL]), *basis, self._newness())

    def brief(self) -> Brief:
        """The verdict, and the parts that changed beyond chance."""
        lines = self.compared
        news = [News(Topic.VERDICT, "sales", self.headline(), *self._weight(lines.loc[Part.ALL]))]
        failed = channels.failed(self._channels) if Part.NEW in lines.index else None
        for part, subject in ((Part.NEW, "new customers"), (Part.EXISTING, "existing customers")):
            if part in lines.index and _is_sure(lines.loc[part]):
                line = lines.loc[part]
                if failed is not None and part is Part.NEW and line[CHANGE_AMOUNT] < 0:
                    continue  # the channel is the story
                told = self._change(part, line).resting_on(*self._why(part, line))
                better = Direction.BETTER if line[CHANGE_AMOUNT] > 0 else Direction.WORSE
                news.append(News(Topic.CHANGE, subject, told, *self._weight(line), better, line[CHANGE_AMOUNT]))
        if failed is not None:
            return Brief((*news, *channels.news_of_failure(failed, self.currency, self.window)))
        return Brief((*news, *self._actions(lines)))

    def _verdict(self, lines: pd.DataFrame) -> Sentence:
        whole = lines.loc[Part.ALL]
        against = facts.Word(whole[AGAINST], AGAINST)
        known = {"against": against, "money": self._money(whole[SALES]), "days": facts.Days(self.window.days)}
        if not _is_sure(whole) and not _can_tell(whole):
            return say("Sales of the last {days} are {money}: too few buyers to tell a change on {against}.", **known)
        new, old = (_sign(lines.loc[part]) if part in lines.index else 0 for part in (Part.NEW, Part.EXISTING))
        if not _is_sure(whole) and new * old < 0:
            return sales_verdicts.level(new, stopped=self._stopped(lines), against=against)
        if not _is_sure(whole):
            return say("Sales of the last {days} are {money}: no change beyond chance on {against}.", **known)
        change = facts.Share(abs(whole[CHANGE_AMOUNT] / whole[EARLIER_SALES])) if whole[EARLIER_SALES] > 0 else None
        if change is None:
            return say("Sales of the last {days} are {money}.", **known)
        if whole[AGAINST] == Against.BEFORE:
            return sales_verdicts.seasonal(whole[CHANGE_AMOUNT] > 0, change=change, against=against)
        if whole[CHANGE_AMOUNT] < 0:
            return sales_verdicts.fallen(new, old, stopped=self._stopped(lines), change=change, against=against)
        return sales_verdicts.risen(new, old, change=change, against=against)

    def _stopped(self, lines: pd.DataFrame) -> bool:
        """Whether new customers are all but gone."""
        if Part.NEW not in lines.index:
            return False
        line = lines.loc[Part.NEW]
        return line[BUYERS] <= (1 - channels.ALL_BUT_STOPPED) * line[EARLIER_BUYERS]

    def _change(self, part: Part, line: pd.Series) -> Sentence:
        known = {
            "money": self._money(line[SALES]), "earlier": self._money(line[EARLIER_SALES]),
            "against": facts.Word(line[AGAINST], AGAINST),
        }  # fmt: skip
        if part is Part.NEW:
            return say("New customers brought {money}; {against} it was {earlier}.", **known)
        return say("Existing customers brought {money}; {against} it was {earlier}.", **known)

    def _why(self, part: Part, line: pd.Series) -> Iterator[Sentence | None]:
        known = {"now": facts.Count(line[BUYERS]), "earlier": facts.Count(line[EARLIER_BUYERS])}
        yield say("{now} such buyers, {earlier} then.", **known)
        yield self._limits(line)
        if part is Part.NEW:
            yield channels.moved_alike(self._channels)
            yield self._newness()

    def _actions(self, lines: pd.DataFrame) -> Iterator[News]:
        """To find out why new customers stopped coming, where their loss is beyond chance and half of them or more."""
        if Part.NEW not in lines.index:
            return
        line = lines.loc[Part.NEW]
        if _is_sure(line) and line[BUYERS] <= line[EARLIER_BUYERS] / 2:
            money = facts.Money(abs(line[CHANGE_AMOUNT]), self.currency)
            told = say("Find out why new customers stopped coming: about {money} hang on it.", money=money).resting_on(
                *self._why(Part.NEW, line),
                self._spending(),
            )
            yield News(
                Topic.ACTION, "new customers", told, *self._weight(line), owner=say("Head of marketing"),
                due_on=self.window.end + channels.WEEK,
            )  # fmt: skip

    def _spending(self) -> Sentence:
        """What was spent on winning customers, now and then, or that nobody knows."""
        if self.spent is None:
            return say("The cause is not in these data: export month, channel, spending and visitors to see it.")
        now, then = map(self._money, self.spent)
        return say("On winning customers {now} were spent in these months, {then} then.", now=now, then=then)

    def _weight(self, line: pd.Series) -> tuple[float, float]:
        """The money of 90 days that hangs on a change, and the chance that it is none by accident."""
        half = (line[CHANGE_AMOUNT_UPPER] - line[CHANGE_AMOUNT_LOWER]) / 2
        return abs(line[CHANGE_AMOUNT]) * channels.QUARTER_DAYS / self.window.days, sureness(
            line[CHANGE_AMOUNT], half / Z
        )

    def _amounts(self, line: Any) -> Sentence:
        known = {
            "part": facts.Word(line.Index, PART), "money": self._money(getattr(line, SALES)),
            "earlier": self._money(getattr(line, EARLIER_SALES)), "now": facts.Count(getattr(line, BUYERS)),
            "then": facts.Count(getattr(line, EARLIER_BUYERS)),
        }  # fmt: skip
        return say("{part}: {money} from {now} buyers, {earlier} from {then} then.", **known)

    def _compared(self, line: pd.Series) -> Sentence:
        """The two spans of days, and the interval of the change, where it has one."""
        known = {
            "first": facts.Day(self.window.start), "last": facts.Day(self.window.end),
            "change": facts.Money(line[CHANGE_AMOUNT], self.currency, signed=True),
        }  # fmt: skip
        if math.isnan(line[CHANGE_AMOUNT_LOWER]):
            return say("{first} to {last}; the change is {change}.", **known)
        interval = self._range(line)
        return say("{first} to {last}; the change is {change} (95% interval {interval}).", **known, interval=interval)

    def _limits(self, line: pd.Series) -> Sentence:
        return say(
            "A change of {change} (95% interval {interval}).",
            change=facts.Money(line[CHANGE_AMOUNT], self.currency, signed=True), interval=self._range(line),
        )  # fmt: skip

    def _range(self, line: pd.Series) -> facts.Range:
        ends = (
            facts.Money(line[end], self.currency, signed=True) for end in (CHANGE_AMOUNT_LOWER, CHANGE_AMOUNT_UPPER)
        )
        return facts.Range(*ends)

    def _newness(self) -> Sentence | None:
        if math.isnan(self.lookback_days):
            return None
        if math.isinf(self.lookback_days):
            return say("New: the first order of all in these days.")
        return say("New: no order in the {days} before.", days=facts.Days(self.lookback_days))

    def _money(self, value: float) -> facts.Money:
        return facts.Money(value, self.currency)


@analysis
def sales_change(data: Dataset, window_days: int = 90) -> SalesChange | NotApplicable:
    """Sales of the `window_days` days to `as_of` against last year and the days before, and through whom they changed.

    Not applicable without orders that reach back over two windows. The interval of a change is normal, with the
    variance of a sum over customers who come at random, Σ(now − then)². New and existing customers are told apart only
    where both windows can be looked back from as far as they are long. Raises ValueError for a window of less than a
    day or of more than ten years.
    """
    parameters.between("window_days", window_days, 1, LONGEST_WINDOW_DAYS)
    if "orders" not in data.tables:
        return NotApplicable(say("this data set has no orders: export them to see this."))
    trade, window = Trade(data), Window(data.as_of, window_days)
    earlier = {
        against: days
        for against, days in ((Against.LAST_YEAR, window.year_before), (Against.BEFORE, window.before))
        if trade.covers(days)
    }
    if not earlier:
        return NotApplicable(say("the orders do not reach back over two windows of days."))
    lookback = lookback_days(trade, list(earlier.values()))
    units, splits = sales_of_customers(trade, window, earlier, lookback), not math.isnan(lookback)
    sums = sums_by_channel(units, earlier)
    by_one = parted_by_one(units, earlier) if splits else ()
    rows = [row for against in earlier for row in comparison(sums, against, splits, against in by_one)]
    by_channel = pd.concat([new_by_channel(sums, against) for against in earlier], ignore_index=True)
    now, then = (spent_in(data, days) for days in (window, next(iter(earlier.values()))))
    spent = None if now is None or then is None else (now, then)
    return SalesChange(pd.DataFrame(rows), window, lookback, by_channel, data.settings.currency, spent)


def _is_sure(line: pd.Series) -> bool:
    """Whether the interval of a change leaves none out."""
    return bool(line[CHANGE_AMOUNT_LOWER] > 0 or line[CHANGE_AMOUNT_UPPER] < 0)


def _can_tell(line: pd.Series) -> bool:
    """Whether the interval of a change would show that half of the sales are gone; never where there is none."""
    return bool((line[CHANGE_AMOUNT_UPPER] - line[CHANGE_AMOUNT_LOWER]) / 2 < TELLING * line[EARLIER_SALES])


def _sign(line: pd.Series) -> int:
    return int(np.sign(line[CHANGE_AMOUNT])) if _is_sure(line) else 0
