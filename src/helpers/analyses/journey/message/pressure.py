"""Whether customers who get many messages respond less, and whether they opt out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from scipy.stats import norm

from helpers.analyses.journey.message.sent import RECENT_DAYS, Messages, Outcome
from helpers.analyses.journey.message.shares import clustered_shares
from helpers.analyses.journey.vocabulary import (
    CUSTOMERS_WITH,
    MESSAGES,
    MESSAGES_BEFORE,
    MESSAGES_IN_ALL,
    OPTED_OUT_SHARE,
    OUTCOME,
    OUTCOME_RATE,
    RECENT_MESSAGES,
    RESPONSE_RATE,
)
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, charts, formats, if_applicable
from helpers.findings.evidence import CI, SIGNIFICANCE, Z
from helpers.findings.folding import SMALLEST_GROUP
from helpers.findings.vocabulary import ADJUSTED_P_VALUE, CUSTOMERS, LIKELY_RATE, LOWER, P_VALUE, ROWS, SHARE, UPPER
from helpers.language import _
from helpers.statistics.inference import adjust
from helpers.statistics.shares import wilson_interval

UNTOLD = dict.fromkeys(("change_rate", "lower", "upper", "p_value"), np.nan)
MOST_BEFORE = 6  # and more, counted together
EDGES = (0, 1, 2, 3, 6, 11)  # messages in all, each band from one to before the next


class Compared(StrEnum):
    """What messages a trend compares: all with all, or each with the same customer's others."""

    ALL = "all"
    SAME_CUSTOMER = "same_customer"


IN_WORDS = {Compared.ALL: "over all messages", Compared.SAME_CUSTOMER: "within the same customer"}


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
    columns = (MESSAGES_BEFORE, OUTCOME, MESSAGES, CUSTOMERS, CUSTOMERS_WITH, RESPONSE_RATE, LOWER, UPPER)
    shown = (RECENT_MESSAGES, MESSAGES, CUSTOMERS, OUTCOME_RATE)

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

    def headline(self) -> str:
        """How the responses change with each further message, in words of association."""
        changes = "; ".join(self._change(rows) for _, rows in self.trend.groupby(OUTCOME, sort=False))
        return (
            f"With each further message in the {RECENT_DAYS} days before: {changes}. Who gets many messages was not "
            "drawn by lot, and messages come in busy seasons, so this does not say what fewer messages would do."
        )

    def _change(self, rows: pd.DataFrame) -> str:
        clear = rows[rows[ADJUSTED_P_VALUE] < SIGNIFICANCE]
        about = OUTCOME.write(rows[OUTCOME].iloc[0])
        if self.reaction and rows[OUTCOME].iloc[0] == Outcome.ORDERED:
            after, before = map(formats.percent, (self.reaction.after_order_share, self.reaction.before_order_share))
            return (
                f"of the share {about} it cannot be told, for orders set messages off ({after} came within "
                f"{formats.days(self.reaction.days)} after one, {before} before one)"
            )
        if clear.empty:
            return f"no evidence of a change in the share {about}"
        parts = []
        for row in clear.itertuples():
            way = "falls" if row.change_rate < 0 else "rises"
            low, high = sorted(abs(end) for end in (row.lower, row.upper))
            spread = formats.interval(low, high, lambda end: f"{100 * end:.2f}")
            points = f"{100 * abs(row.change_rate):.2f} percentage points ({CI} {spread})"
            parts.append(f"{way} by {points} {IN_WORDS[row.compared]}")
        return f"the share {about} {' and '.join(parts)}"


@dataclass(frozen=True)
class OptOuts(Finding):
    """Share of customers who asked not to be contacted, by the messages that they ever got."""

    table: pd.DataFrame
    columns = (MESSAGES_IN_ALL, CUSTOMERS, OPTED_OUT_SHARE, LOWER, UPPER)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Share opted out by messages, with intervals."""
        return charts.forest(self.table, estimate=OPTED_OUT_SHARE, label=MESSAGES_IN_ALL, ax=ax)

    def headline(self) -> str:
        """The shares of those who got none and of those who got most."""
        few, many = self.table.iloc[0], self.table.iloc[-1]
        if len(self.table) == 1:
            shares = f"{_share(few)} of customers, all of whom got {_messages(few)}, have opted out"
        else:
            shares = (
                f"{_share(few)} of customers who got {_messages(few)} have opted out, and {_share(many)} of those "
                f"who got {_messages(many)}"
            )
        return f"{shares}. When they did is not recorded, and who has opted out gets no more: the order is unknown."


@if_applicable
def fatigue(sent: Messages) -> Fatigue | NotApplicable:
    """Responses by the number of other messages to the customer in the 30 days before, and the trend over them.

    Messages of the first 30 days are left out, for what came before them is not known. The trend is the slope of a
    least-squares line with errors clustered by customer (Liang & Zeger 1986): over all messages, and within customers,
    where each is compared with the same customer's others only; corrected for all by Holm. Of orders there is none
    where these set messages off (`reaction`), for then many messages before mean many orders before.
    """
    rows = sent.rows.filter(sent.rows.messages_before.notnull())
    rows = rows.mutate(messages_before=ibis.least(rows.messages_before, MOST_BEFORE))
    shares = clustered_shares(rows, [MESSAGES_BEFORE], sent.responses)
    if shares[MESSAGES_BEFORE].nunique() < 2:
        return NotApplicable(f"all messages came after as many in the {RECENT_DAYS} days before.")
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

    Of the least-squares line over `rows` (customer_id, messages_before, the flag), with errors clustered by customer;
    `within` takes from both columns the customer's own mean. NaN where either does not vary.
    """
    y, x = rows[outcome].fill_null(False).ifelse(1.0, 0.0), rows.messages_before.cast("float64")
    each = ibis.window(group_by="customer_id") if within else ibis.window()
    rows = rows.select("customer_id", x=x - x.mean().over(each), y=y - y.mean().over(each)).cache()
    sums = rows.agg(xx=(rows.x * rows.x).sum(), xy=(rows.x * rows.y).sum(), yy=(rows.y * rows.y).sum())
    sums = sums.execute().iloc[0]
    if not (sums["xx"] > 1e-9 and sums["yy"] > 1e-9):
        return UNTOLD
    change = sums["xy"] / sums["xx"]
    score = rows.group_by("customer_id").agg(u=(rows.x * (rows.y - change * rows.x)).sum())
    total = score.agg(squares=(score.u * score.u).sum(), customers=score.count()).execute().iloc[0]
    error = np.sqrt(total["squares"] * total["customers"] / (total["customers"] - 1)) / sums["xx"]
    reach = Z * error
    return {"change_rate": change, "lower": change - reach, "upper": change + reach,
            "p_value": 2 * norm.sf(abs(change) / error) if error > 0 else np.nan}  # fmt: skip


def opt_outs(data: Dataset) -> OptOuts | NotApplicable:
    """Share of customers with `opted_out` by the number of messages they got in all, with Wilson's 95 % interval.

    Customers whose flag is not known are left out, and so are numbers of messages of fewer than five customers.
    """
    if "opted_out" not in data.customers or not data.customers["opted_out"].notna().any():
        return NotApplicable("this data set does not say which customers opted out.")
    if "touches" not in data.tables:
        return NotApplicable("this data set has no touches: no messages or calls to customers.")
    touches = data.tables["touches"].filter(data.tables["touches"].customer_id.notnull())
    counts = touches.group_by("customer_id").agg(n=touches.count()).execute().set_index("customer_id")["n"]
    known = data.customers.dropna(subset="opted_out")
    received = known["customer_id"].map(counts).fillna(0)
    names = [*map(_band, EDGES, EDGES[1:]), f"{EDGES[-1]} or more"]
    bands = pd.cut(received, [*EDGES, np.inf], right=False, labels=names)
    sums = known["opted_out"].astype(bool).groupby(bands, observed=True).agg(["size", "sum"])
    sums = sums[sums["size"] >= SMALLEST_GROUP]
    if sums.empty:
        return NotApplicable("too few customers are known to have opted out or not.")
    lower, upper = wilson_interval(sums["sum"], sums["size"])
    return OptOuts(pd.DataFrame({
        MESSAGES_IN_ALL: sums.index.astype(str), CUSTOMERS: sums["size"].to_numpy(),
        OPTED_OUT_SHARE: (sums["sum"] / sums["size"]).to_numpy(), LOWER: lower, UPPER: upper,
    }))  # fmt: skip


def _band(first: int, beyond: int) -> str:
    return f"{first}" if beyond == first + 1 else f"{first} to {beyond - 1}"


def _messages(row: pd.Series) -> str:
    return {"0": "no message", "1": "1 message"}.get(row[MESSAGES_IN_ALL], f"{row[MESSAGES_IN_ALL]} messages")


def _share(row: pd.Series) -> str:
    spread = formats.interval(row[LOWER], row[UPPER], formats.percent)
    return f"{formats.percent(row[OPTED_OUT_SHARE])} ({CI} {spread})"
