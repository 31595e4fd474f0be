"""Whether customers who get many messages respond less, and whether they opt out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from scipy.stats import t

from helpers.analyses.journey.message.sent import RECENT_DAYS, Messages, Outcome
from helpers.analyses.journey.message.shares import clustered_shares
from helpers.analyses.journey.vocabulary import (
    CUSTOMERS_WITH,
    MESSAGES,
    MESSAGES_BEFORE,
    OUTCOME,
    OUTCOME_RATE,
    RECENT_MESSAGES,
    RESPONSE_RATE,
)
from helpers.findings import Finding, NotApplicable, Sentence, facts, if_applicable, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import SIGNIFICANCE, Z
from helpers.findings.vocabulary import ADJUSTED_P_VALUE, CUSTOMERS, LIKELY_RATE, LOWER, P_VALUE, ROWS, SHARE, UPPER
from helpers.language import _
from helpers.statistics.inference import adjust

UNTOLD = dict.fromkeys(("change_rate", "lower", "upper", "p_value"), np.nan)
MOST_BEFORE = 6  # and more, counted together
# Of a claim that holds at any of twelve weekly reports, of a history that grows by a week: .05 at each finds 9 to 13 %.
AT_ANY_REPORT = 0.02


class Compared(StrEnum):
    """What messages a trend compares: all with all, or each with the same customer's others."""

    ALL = "all"
    SAME_CUSTOMER = "same_customer"


class Way(StrEnum):
    """Which way a share goes with more messages."""

    FALLS = "falls"
    NONE = "none"  # no change is seen
    RISES = "rises"
    UNTOLD = "untold"


@dataclass(frozen=True)
class Reaction:
    """Messages that orders set off: more of them come within days after an order than within as many before one."""

    after_order_share: float
    before_order_share: float
    days: int


@dataclass(frozen=True)
class Fatigue(Finding):
    """Responses by the number of other messages that the customer had got in the 30 days before."""

    table: pd.DataFrame  # one row a number of messages before and outcome
    # outcome, compared (a code of Compared), change_rate (of the response with one more message before), lower, upper,
    # p_value, adjusted_p_value
    trend: pd.DataFrame
    reaction: Reaction | None = None  # where there is one, no trend of orders is told
    columns = (
        MESSAGES_BEFORE, OUTCOME, MESSAGES.but(adds_up=[[OUTCOME]]), CUSTOMERS, CUSTOMERS_WITH, RESPONSE_RATE, LOWER,
        UPPER,
    )  # fmt: skip
    shown = (RECENT_MESSAGES, MESSAGES.but(adds_up=[()]), CUSTOMERS, OUTCOME_RATE)

    def summary(self) -> pd.DataFrame:
        """One row a number of messages before: messages, customers, and each response."""
        wide = self.table.pivot(index=MESSAGES_BEFORE, columns=OUTCOME, values=RESPONSE_RATE)
        wide = wide[pd.unique(self.table[OUTCOME])].rename(columns=OUTCOME_RATE.format)
        shown = self.table.groupby(MESSAGES_BEFORE)[[MESSAGES, CUSTOMERS]].first().join(wide).reset_index()
        more = shown[MESSAGES_BEFORE].map(
            lambda many: _("{} or more").format(many) if many == MOST_BEFORE else f"{many}"
        )
        return shown.assign(**{MESSAGES_BEFORE: more}).rename(columns={MESSAGES_BEFORE: RECENT_MESSAGES})

    def plot(self, ax: Axes | None = None) -> Axes:
        """Responses by messages before, with their 95 % bands."""
        shown = self.table.assign(outcome=self.table[OUTCOME].map(OUTCOME.write))
        return charts.line(shown, x=MESSAGES_BEFORE, y=RESPONSE_RATE, group=OUTCOME, band=(LOWER, UPPER), ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How do responses change with the messages of the {days} before?", days=facts.Days(RECENT_DAYS))

    def headline(self) -> Sentence:
        """Whether responses fall with more messages, in words of association; each change below."""
        ways = {way: [name for name, its in self._ways.items() if its == way] for way in Way}
        if ways[Way.FALLS]:
            told = say("The more messages, the lower the share {outcomes}.", outcomes=_listed(ways[Way.FALLS]))
        elif ways[Way.NONE]:
            told = say("No evidence that more messages lower the share {outcomes}.", outcomes=_listed(ways[Way.NONE]))
        elif ways[Way.RISES]:
            told = say("The more messages, the higher the share {outcomes}.", outcomes=_listed(ways[Way.RISES]))
        else:
            told = say("Whether more messages lower orders cannot be told: orders set messages off.")
        return told.resting_on(
            *(self._change(row) for _, row in self._clear.iterrows()),
            self._set_off(),
            say(
                "Who gets many messages was not drawn by lot, and messages come in busy seasons: this does not say "
                "what fewer messages would do."
            ),
        )

    @property
    def _clear(self) -> pd.DataFrame:
        """The changes beyond chance, at whichever of twelve weekly reports one looks."""
        return self.trend[self.trend[ADJUSTED_P_VALUE] < AT_ANY_REPORT]

    @property
    def _ways(self) -> dict[str, Way]:
        """Outcome → which way its share goes; of two that differ the one within customers."""
        ways = dict.fromkeys(pd.unique(self.trend[OUTCOME]), Way.NONE)
        if self.reaction and Outcome.ORDERED in ways:
            ways[Outcome.ORDERED] = Way.UNTOLD
        changes = self._clear.set_index([OUTCOME, "compared"])["change_rate"]
        for compared in Compared:  # the later one is kept
            for name in ways:
                if (name, compared) in changes.index:
                    ways[name] = Way.FALLS if changes[name, compared] < 0 else Way.RISES
        return ways

    @staticmethod
    def _change(row: pd.Series) -> Sentence:
        outcome, change = facts.Word(row[OUTCOME], OUTCOME), facts.Points(row["change_rate"])
        known = {"outcome": outcome, "change": change, "interval": facts.limits(row, facts.Points)}
        if row["compared"] == Compared.SAME_CUSTOMER:
            return say(
                "Share {outcome}: {change} with each further message to the same customer ({interval}).", **known
            )
        return say("Share {outcome}: {change} with each further message, over all messages ({interval}).", **known)

    def _set_off(self) -> Sentence | None:
        """That orders set messages off, so that no trend of orders is told."""
        if not self.reaction:
            return None
        return say(
            "Orders are not told of, for they set messages off: {after} came within {days} after one, {before} before "
            "one.",
            after=facts.Share(self.reaction.after_order_share),
            days=facts.Days(self.reaction.days),
            before=facts.Share(self.reaction.before_order_share),
        )


def _listed(outcomes: list[str]) -> facts.Listed:
    return facts.Listed(tuple(facts.Word(name, OUTCOME) for name in outcomes))


@if_applicable
def fatigue(sent: Messages) -> Fatigue | NotApplicable:
    """Responses by the number of other messages to the customer in the 30 days before, and the trend over them.

    Messages of the first 30 days are left out, for what came before them is not known. The trend is the slope of a
    least-squares line, customers being the units (see `slope`): over all messages, and within customers, where each is
    compared with the same customer's others only; corrected for all by Holm, and told at .02, which holds at any of
    twelve weekly reports. Of orders there is none where these set messages off (`reaction`), for then many messages
    before mean many orders before.
    """
    rows = sent.rows.filter(sent.rows.messages_before.notnull())
    rows = rows.mutate(messages_before=ibis.least(rows.messages_before, MOST_BEFORE))
    shares = clustered_shares(rows, [MESSAGES_BEFORE], sent.responses)
    if shares[MESSAGES_BEFORE].nunique() < 2:
        alike = say("all messages came after as many in the {days} before.", days=facts.Days(RECENT_DAYS))
        return NotApplicable(alike)
    set_off = reaction(sent)
    trend = pd.DataFrame([
        {OUTCOME: name, "compared": compared,
         **(UNTOLD if set_off and name == Outcome.ORDERED
            else slope(rows, name, within=compared is Compared.SAME_CUSTOMER))}
        for name in sent.responses for compared in Compared
    ])  # fmt: skip
    return Fatigue(
        shares.rename(columns={ROWS: MESSAGES, SHARE: RESPONSE_RATE}).drop(columns=LIKELY_RATE),
        trend.assign(adjusted_p_value=adjust(trend[P_VALUE], "holm")),
        set_off,
    )


def reaction(sent: Messages) -> Reaction | None:
    """Whether orders set messages off: beyond chance more come soon after an order than soon before one.

    Messages that take no notice of orders lie as often on either side of them; a message that brings orders lies before
    them. The difference is tested over customers, each with all messages. It is blind where messages bring as many
    orders as they follow.
    """
    rows = sent.rows
    after, before = (rows[name].fill_null(False).ifelse(1, 0) for name in (Outcome.ORDERED_BEFORE, Outcome.ORDERED))
    each = rows.group_by("customer_id").agg(n=rows.count(), after=after.sum(), before=before.sum())
    more = (each.after - each.before).cast("float64")
    sums = each.agg(n=each.n.sum(), after=each.after.sum(), before=each.before.sum(), squares=(more * more).sum())
    total = sums.execute().iloc[0]
    if not total["after"] - total["before"] > Z * np.sqrt(total["squares"]):
        return None
    return Reaction(float(total["after"] / total["n"]), float(total["before"] / total["n"]), sent.days)


def slope(rows: ir.Table, outcome: str, within: bool = False) -> dict[str, float]:
    """Change of the share with `outcome` by one more message before: change_rate, lower, upper, p_value.

    Of the least-squares line over `rows` (customer_id, messages_before, the flag); `within` takes from both columns the
    customer's own mean. Its error is the jackknife's over customers, with Student's t of as many as have a say, for
    some get most messages (Bell & McCaffrey 2002; Carter, Schnepel & Steigerwald 2017). NaN where either column does
    not vary.
    """
    y, x = rows[outcome].fill_null(False).ifelse(1.0, 0.0), rows.messages_before.cast("float64")
    known = rows.select("customer_id", x=x, y=y)
    each = known.group_by("customer_id").agg(
        n=known.count().cast("float64"), x=known.x.sum(), y=known.y.sum(),
        xx=(known.x * known.x).sum(), xy=(known.x * known.y).sum(), yy=(known.y * known.y).sum(),
    )  # fmt: skip
    if within:
        own = {f"{a}{b}": each[f"{a}{b}"] - each[a] * each[b] / each.n for a, b in ("xx", "xy", "yy")}
        each = each.mutate(**own).mutate(x=0.0, y=0.0)
    each = each.cache()
    whole = each.agg(**{name: each[name].sum() for name in ("n", "x", "y", "xx", "xy", "yy")}, customers=each.count())
    whole = whole.execute().iloc[0]
    xx, xy, yy = (whole[a + b] - whole[a] * whole[b] / whole["n"] for a, b in ("xx", "xy", "yy"))
    if not (xx > 1e-9 and yy > 1e-9):
        return UNTOLD
    change, mean = xy / xx, whole["x"] / whole["n"]
    n, x, y = (whole[name] - each[name] for name in ("n", "x", "y"))  # of all others
    others = (whole["xy"] - each.xy - x * y / n.nullif(0)) / (whole["xx"] - each.xx - x * x / n.nullif(0)).nullif(0)
    says = each.xx - 2 * mean * each.x + mean**2 * each.n
    spread = each.agg(squares=((others - change) ** 2).sum(), says=(says**2).sum()).execute().iloc[0]
    df = xx**2 / spread["says"] - 1
    if not df >= 1:
        return UNTOLD
    error = np.sqrt(spread["squares"] * (1 - 1 / whole["customers"]))
    reach = t.ppf(1 - SIGNIFICANCE / 2, df) * error
    return {"change_rate": change, "lower": change - reach, "upper": change + reach,
            "p_value": 2 * t.sf(abs(change) / error, df) if error > 0 else np.nan}  # fmt: skip
