"""What goes together in a basket, beyond what the sizes of baskets and the goods' popularity explain."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from scipy.sparse import csr_array

from helpers import parameters
from helpers.analyses.offers.goods.levels import Level
from helpers.analyses.offers.goods.vocabulary import (
    ADJUSTED_LIFT,
    BASKET_SHARE,
    BASKETS,
    CONFIDENCE_AB,
    CONFIDENCE_BA,
    EXPECTED_BASKETS,
    FALSE_DISCOVERY_P_VALUE,
    GOOD_A,
    GOOD_B,
    LIFT,
    PAIR,
)
from helpers.findings import Finding, NotApplicable, Sentence, facts, if_applicable, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import SIGNIFICANCE
from helpers.findings.folding import SMALLEST_GROUP
from helpers.findings.vocabulary import CUSTOMERS, LOWER, UPPER
from helpers.statistics.baskets import associations, incidence, rule_measures

LARGEST_BASKET = 200  # goods; larger ones are wholesale
LEAST_LIFT = 1.1  # over the expected: what is expected of popular goods is up to 6 % too low
LEAST_LIFT_OF_MANY = 1.25  # and where few goods are in most baskets, up to 19 %: see `is_beyond`
MANY = 0.05  # share of all baskets in which two goods are expected together
MOST_PAIRS = 1_000  # kept, those that are surest
MOST_DRAWN = 12


@dataclass(frozen=True)
class Together(Finding):
    """Pairs of goods with the baskets that have both, and how many would by basket size and popularity alone."""

    table: pd.DataFrame  # the surest first; one row a pair that enough customers bought together
    tested: int  # pairs of which at least five baskets are expected
    beyond: int  # of these, the pairs that are together more often than expected
    lifted: int  # and those whose plain lift is above 1
    baskets: int
    wholesale: int  # baskets that are left out, as they have more goods than the largest
    largest_basket: int
    level: Level
    columns = (
        GOOD_A, GOOD_B, BASKETS, CUSTOMERS, BASKET_SHARE, CONFIDENCE_AB, CONFIDENCE_BA, LIFT, EXPECTED_BASKETS,
        ADJUSTED_LIFT, LOWER, UPPER, FALSE_DISCOVERY_P_VALUE,
    )  # fmt: skip
    shown = (
        GOOD_A, GOOD_B, BASKETS, EXPECTED_BASKETS, ADJUSTED_LIFT, LOWER, UPPER, FALSE_DISCOVERY_P_VALUE, LIFT,
    )  # fmt: skip

    @property
    def sure(self) -> pd.DataFrame:
        """The pairs of the table that are together more often than expected."""
        return self.table[is_beyond(self.table, self.baskets)]

    def summary(self) -> pd.DataFrame:
        """The pairs, with their goods as a page names them."""
        names = {each: self.level.named(self.table[each]) for each in (GOOD_A, GOOD_B)}
        return self.table.assign(**names)[list(self.shown)]

    def plot(self, ax: Axes | None = None) -> Axes:
        """The surest pairs, with the interval of how many times as often as expected they are together."""
        rows = self.to_show().head(MOST_DRAWN)
        rows = rows.assign(**{PAIR: rows[GOOD_A] + " + " + rows[GOOD_B]})
        return charts.forest(rows, estimate=ADJUSTED_LIFT, label=PAIR, reference=1, log=True, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How many times as often as expected are two goods in one basket?")

    def headline(self) -> Sentence:
        """How many pairs go together beyond basket size and popularity, and how many only seem to."""
        basis = (self._surest(), self._seeming(), self._left_out())
        if not self.beyond:
            none = say("No evidence that any two goods go together beyond basket size and popularity.")
            return none.resting_on(*basis)
        if self.beyond == 1:
            one = say("One pair of goods is bought together more often than basket size and popularity explain.")
            return one.resting_on(*basis)
        return say(
            "{pairs} pairs of goods are bought together more often than basket size and popularity explain.",
            pairs=facts.Count(self.beyond),
        ).resting_on(*basis)

    def _surest(self) -> Sentence | None:
        if self.sure.empty:
            return None
        row = self.summary().loc[self.sure.index[0]]
        return say(
            "Most surely “{first}” with “{second}”: in {baskets} baskets, {times} times the expected ({interval}).",
            first=facts.Name(row[GOOD_A]),
            second=facts.Name(row[GOOD_B]),
            baskets=facts.Count(row[BASKETS]),
            times=facts.Number(row[ADJUSTED_LIFT]),
            interval=facts.limits(row, facts.Number),
        )

    def _seeming(self) -> Sentence:
        return say(
            "{tested} pairs were tested, all of which at least five baskets were to be expected; {lifted} have a plain "
            "lift above 1, which says little: basket sizes alone move it.",
            tested=facts.Count(self.tested),
            lifted=facts.Count(self.lifted),
        )

    def _left_out(self) -> Sentence | None:
        if not self.wholesale:
            return None
        return say(
            "{baskets} baskets of more than {largest} goods are wholesale and left out.",
            baskets=facts.Count(self.wholesale),
            largest=facts.Count(self.largest_basket),
        )


@if_applicable
def together(level: Level, largest_basket: int = LARGEST_BASKET) -> Together | NotApplicable:
    """The pairs of goods of `level` that are in one basket more often than sizes and popularity would have it.

    A basket is an order, a good counts once in it; baskets of more than `largest_basket` goods are left out. Beyond
    chance is a pair whose p-value, corrected over all pairs with an expected number of at least five (Benjamini &
    Hochberg), is below the level of significance, whose ratio to the expected is at least 1.1 (1.25 where more than a
    twentieth of the baskets is expected to hold both), and that at least five customers bought together. Baskets are
    taken for independent given their sizes (see `statistics.baskets`).
    """
    parameters.between("largest_basket", largest_basket, 2, 10_000)
    rows, goods, wholesale = _codes(level, largest_basket)
    held = incidence(rows["basket"], rows["good"])
    sizes = np.diff(held.indptr)
    if not (sizes > 1).any():
        return NotApplicable(say("no basket has two goods, so nothing can go together."))
    pairs = associations(held)
    if pairs.empty:
        return NotApplicable(
            say("of no two goods five baskets were to be expected: too few baskets have more than one good.")
        )
    pairs = _measured(pairs, held, goods)
    owner = rows.drop_duplicates("basket").sort_values("basket")["owner"].to_numpy()
    beyond = is_beyond(pairs, held.shape[0])
    kept = pairs.sort_values(["p_value", ADJUSTED_LIFT], ascending=[True, False], kind="stable")
    kept = kept.head(max(MOST_PAIRS, int(beyond.sum())))
    kept[CUSTOMERS] = _owners(held, owner, kept)
    few = kept[CUSTOMERS] < SMALLEST_GROUP
    told = kept[~few].head(MOST_PAIRS).reset_index(drop=True)
    return Together(
        told[list(Together.columns)],
        len(pairs),
        int((is_beyond(kept, held.shape[0]) & ~few).sum()),
        int((pairs[LIFT] > 1).sum()),
        held.shape[0],
        wholesale,
        largest_basket,
        level,
    )


def is_beyond(pairs: pd.DataFrame, baskets: int) -> pd.Series:
    """Whether pairs are told to go together, of so many baskets.

    Popular goods are asked for more: customers who fill a basket one good after another, each by popularity alone, put
    the popular ones together up to 1.19 times as often as all baskets of these sizes would have it.
    """
    many = pairs[EXPECTED_BASKETS] > MANY * baskets
    least = many.map({True: LEAST_LIFT_OF_MANY, False: LEAST_LIFT})
    return (pairs[FALSE_DISCOVERY_P_VALUE] < SIGNIFICANCE) & (pairs[ADJUSTED_LIFT] >= least)


def _codes(level: Level, largest: int) -> tuple[pd.DataFrame, pd.Index, int]:
    """Numbers of basket, good and owner by basket and good, the goods' names by number, and the baskets left out.

    The owner is the customer, or a guest's order.
    """
    lines = level.lines
    owner = ibis.coalesce(lines.customer_id.cast("string"), "guest " + lines.order_id.cast("string"))
    lines = lines.select("order_id", "good", owner=owner).distinct()
    size = lines.count().over(group_by="order_id")
    sized = lines.mutate(size=size)
    wholesale = int(sized.filter(sized.size > largest).order_id.nunique().execute())
    kept = sized.filter(sized.size <= largest)
    numbers = {
        name: ibis.dense_rank().over(order_by=kept[key]) for name, key in (("basket", "order_id"), ("owner", "owner"))
    }
    rows = kept.select("good", **numbers).execute()
    good, goods = pd.factorize(rows["good"], sort=True)
    return rows.assign(good=good), pd.Index(goods), wholesale


def _measured(pairs: pd.DataFrame, held: csr_array, goods: pd.Index) -> pd.DataFrame:
    """The pairs with names and the usual measures beside what is expected of them."""
    found = np.bincount(held.indices, minlength=held.shape[1])
    first, second = (found[pairs[each]] for each in ("first", "second"))
    rules = rule_measures(pairs["together"], first, second, held.shape[0])
    return pairs.rename(
        columns={"together": BASKETS, "expected": EXPECTED_BASKETS, "ratio": ADJUSTED_LIFT}
    ).assign(**{
        GOOD_A: goods[pairs["first"]],
        GOOD_B: goods[pairs["second"]],
        BASKET_SHARE: rules["support"],
        CONFIDENCE_AB: rules["confidence"],
        CONFIDENCE_BA: pairs["together"] / second,
        LIFT: rules["lift"],
    })  # fmt: skip


def _owners(held: csr_array, owner: np.ndarray, pairs: pd.DataFrame) -> list[int]:
    """How many customers bought each pair in one basket."""
    columns = held.tocsc()
    of_good = [columns.indices[begin:end] for begin, end in zip(columns.indptr, columns.indptr[1:], strict=False)]
    return [
        len(np.unique(owner[np.intersect1d(of_good[one], of_good[other], assume_unique=True)]))
        for one, other in zip(pairs["first"], pairs["second"], strict=True)
    ]
