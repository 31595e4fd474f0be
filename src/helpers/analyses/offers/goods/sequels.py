"""What customers buy next: a good that is new to them, after another one rather than before it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.offers.goods.levels import Level
from helpers.analyses.offers.goods.vocabulary import (
    BEFORE_RATE,
    DIFFERENCE_RATE,
    FALSE_DISCOVERY_P_VALUE,
    FIRST_BUYERS,
    FIRST_GOOD,
    FOLLOWED_RATE,
    MEDIAN_DAYS,
    NEXT_GOOD,
    PAIR,
)
from helpers.findings import Finding, NotApplicable, Sentence, facts, if_applicable, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import ASSOCIATION, LEAST_AT_RISK, SIGNIFICANCE
from helpers.findings.folding import SMALLEST_GROUP
from helpers.findings.vocabulary import LOWER, UPPER
from helpers.statistics.baskets import followed_shares, order_p_values
from helpers.statistics.inference import adjust

LEAST_ON_EITHER_SIDE = 10  # customers who bought the second good within a window after or before the first
MOST_PAIRS = 1_000
MOST_GOODS = 300  # each is compared with each
LONGEST_DAYS = 365
MOST_DRAWN = 12
ARROW = " → "


@dataclass(frozen=True)
class NextGoods(Finding):
    """Which good customers buy within a window after another one, beside the window before it."""

    table: pd.DataFrame  # the surest first
    tested: int
    within_days: int
    level: Level
    columns = (
        FIRST_GOOD, NEXT_GOOD, FIRST_BUYERS, FOLLOWED_RATE, LOWER, UPPER, BEFORE_RATE, DIFFERENCE_RATE, MEDIAN_DAYS,
        FALSE_DISCOVERY_P_VALUE,
    )  # fmt: skip

    @property
    def sure(self) -> pd.DataFrame:
        """The goods that are bought after another one more often than before it."""
        return self.table[_follows(self.table)]

    def summary(self) -> pd.DataFrame:
        """The pairs, with their goods as a page names them."""
        return self.table.assign(**{each: self.level.named(self.table[each]) for each in (FIRST_GOOD, NEXT_GOOD)})

    def plot(self, ax: Axes | None = None) -> Axes:
        """The share that buys the next good after the first one, for the surest pairs."""
        rows = self.to_show().dropna(subset=[FOLLOWED_RATE]).head(MOST_DRAWN)
        rows = rows.assign(**{PAIR: rows[FIRST_GOOD] + ARROW + rows[NEXT_GOOD]})
        return charts.forest(rows, estimate=FOLLOWED_RATE, label=PAIR, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How many buy the next good within {days}?", days=facts.Days(self.within_days))

    def headline(self) -> Sentence:
        """The good that most surely follows another one, with the share after and before."""
        tested = say(
            "{sure} of {tested} sequences of two goods are more frequent than their reverse beyond chance.",
            sure=facts.Count(len(self.sure)),
            tested=facts.Count(self.tested),
        )
        if self.sure.empty:
            none = say("No evidence that customers buy any good after another one rather than before it.")
            return none.resting_on(tested)
        row = self.summary().loc[self.sure.index[0]]
        known = {
            "first": facts.Name(row[FIRST_GOOD]), "next": facts.Name(row[NEXT_GOOD]),
            "rate": facts.Share(row[FOLLOWED_RATE]), "days": facts.Days(self.within_days),
        }  # fmt: skip
        before = facts.People(round(row[FIRST_BUYERS] * row[BEFORE_RATE]))
        if before.value < SMALLEST_GROUP:
            told = say(
                "After “{first}”, {rate} buy “{next}” within {days}; in the {days} before, {before} people had.",
                before=before,
                **known,
            )
        else:
            told = say(
                "After “{first}”, {rate} buy “{next}” within {days}; in the {days} before, {before} had.",
                before=facts.Share(row[BEFORE_RATE]),
                **known,
            )
        return told.resting_on(
            say(
                "95% interval {interval} of {buyers} buyers; half of those who do, do so within {days}.",
                interval=facts.limits(row),
                buyers=facts.Count(row[FIRST_BUYERS]),
                days=facts.Days(row[MEDIAN_DAYS]),
            ),
            tested,
            ASSOCIATION,
        )


@if_applicable
def next_goods(level: Level, within_days: int = 30) -> NextGoods | NotApplicable:
    """Of those who buy a good of `level` for the first time, how many buy another, new to them, `within_days` after.

    Beside it stands how many had bought that other good for the first time in as many days before; the day itself
    counts for neither. Only customers whose first order lies before that window count, so that they are their own
    controls: what they like and how often they come weighs on both sides. Customers whose window after is still open
    count as long as they were seen; the test, exact and corrected over the sequences that ten customers show in one
    direction or the other (Benjamini & Hochberg), takes whole windows only. Of more than 300 goods the 300 with most
    buyers are compared. Customers are taken for independent.
    """
    parameters.between("within_days", within_days, 1, LONGEST_DAYS)
    firsts = first_days(level.lines, level.as_of)
    buyers = firsts.group_by("good").agg(buyers=firsts.count())
    firsts = firsts.semi_join(buyers.order_by(buyers.buyers.desc(), "good").limit(MOST_GOODS), "good").cache()
    known = _known_before(firsts, within_days)
    sizes = known.group_by("good").agg(buyers=known.count())
    common = sizes.filter(sizes.buyers >= LEAST_AT_RISK).select("good")
    known = known.semi_join(common, "good").cache()
    days = _met(known, firsts, within_days)
    if days.empty:
        return NotApplicable(
            say(
                "no two goods were bought within {days} of each other by {least} customers who were known before.",
                days=facts.Days(within_days),
                least=facts.Count(LEAST_ON_EITHER_SIDE),
            )
        )
    table = _shares(days, known, within_days)
    table = table.sort_values(["p_value", FOLLOWED_RATE], ascending=[True, False], kind="stable")
    first = table[table[DIFFERENCE_RATE] > 0]
    told = pd.concat([first, table[table[DIFFERENCE_RATE] <= 0]]).head(MOST_PAIRS).reset_index(drop=True)
    return NextGoods(told[list(NextGoods.columns)], len(table), within_days, level)


def _follows(table: pd.DataFrame) -> pd.Series:
    return (table[FALSE_DISCOVERY_P_VALUE] < SIGNIFICANCE) & (table[DIFFERENCE_RATE] > 0)


def first_days(lines: ir.Table, as_of: dt.date) -> ir.Table:
    """One row a customer and good: how many days ago it was first bought, and the customer's first order."""
    bought = lines.filter(lines.customer_id.notnull(), lines.ordered_at.notnull())
    bought = bought.select("customer_id", "good", ago=ibis.date(as_of).delta(bought.ordered_at.date(), unit="day"))
    firsts = bought.group_by("customer_id", "good").agg(ago=bought.ago.max())
    return firsts.mutate(since=firsts.ago.max().over(group_by="customer_id"))


def _known_before(firsts: ir.Table, within: int) -> ir.Table:
    """The first purchases of a good by customers whose first order lies before the window that ends with it."""
    return firsts.filter(firsts.since - firsts.ago > within)


def _met(known: ir.Table, firsts: ir.Table, within: int) -> pd.DataFrame:
    """Customers by the two goods, the days from the first to the second, and how long they were seen (no longer than
    the window); of the pairs of goods that enough customers bought on one side or the other in a whole window."""
    other = firsts.select("customer_id", next="good", then="ago")
    both = known.inner_join(other, "customer_id")
    both = both.mutate(days=both.ago - both.then, seen=ibis.least(both.ago, within))
    both = both.filter(both.good != both.next, both.days != 0, both.days.between(-within, within))
    counts = both.group_by("good", "next", "days", "seen").agg(n=both.count())
    whole = ibis.ifelse(counts.seen == within, counts.n, 0).sum().over(group_by=["good", "next"])
    counts = counts.mutate(whole=whole)
    return counts.filter(counts.whole >= LEAST_ON_EITHER_SIDE).order_by("good", "next", "days", "seen").execute()


def _shares(days: pd.DataFrame, known: ir.Table, within: int) -> pd.DataFrame:
    """The finding's table with its p-values, from the customers by day."""
    pairs = days[["good", "next"]].drop_duplicates().reset_index(drop=True)
    row = pairs.reset_index().merge(days, on=["good", "next"])["index"].to_numpy()
    n, day, seen = (days[name].to_numpy() for name in ("n", "days", "seen"))
    after = day > 0

    def table(chosen: np.ndarray, at: np.ndarray) -> np.ndarray:
        counts = np.zeros((len(pairs), within + 1), dtype=np.int64)
        np.add.at(counts, (row[chosen], at[chosen]), n[chosen])
        return counts

    seen_by_good = known.mutate(seen=ibis.least(known.ago, within)).group_by("good", "seen").agg(n=ibis._.count())
    ends = seen_by_good.execute().pivot(index="good", columns="seen", values="n").reindex(columns=range(within + 1))
    ends = ends.fillna(0).astype(int).loc[pairs["good"]].to_numpy()
    followed = table(after, day)
    lost = ends - table(after, seen)
    lost[:, within] = 0  # who was seen for the whole window is lost to nobody
    buyers = ends.sum(axis=1)
    whole = seen == within
    sooner, later = (table(whole & side, np.abs(day)).sum(axis=1) for side in (~after, after))
    rates = followed_shares(followed, lost, buyers)
    before = table(~after, np.abs(day)).sum(axis=1) / buyers
    p_values = order_p_values(later, sooner)
    return pairs.rename(columns={"good": FIRST_GOOD, "next": NEXT_GOOD}).assign(**{
        FIRST_BUYERS: buyers,
        FOLLOWED_RATE: rates["rate"],
        LOWER: rates["lower"],
        UPPER: rates["upper"],
        BEFORE_RATE: before,
        DIFFERENCE_RATE: rates["rate"] - before,
        MEDIAN_DAYS: _medians(followed),
        "p_value": p_values,
        FALSE_DISCOVERY_P_VALUE: adjust(p_values, "bh"),
    })  # fmt: skip


def _medians(followed: np.ndarray) -> np.ndarray:
    """Of each row the day by which half of its customers had done it; NaN of nobody."""
    so_far = followed.cumsum(axis=1)
    half = (2 * so_far >= so_far[:, -1:]).argmax(axis=1)
    return np.where(so_far[:, -1] > 0, half, np.nan)
