"""Whether customers who get many messages respond less, and whether they opt out."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from scipy.stats import norm

from helpers.analyses.journey.message.sent import RECENT_DAYS, Messages
from helpers.analyses.journey.message.shares import clustered_shares
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable, charts, formats
from helpers.findings.folding import SMALLEST_GROUP
from helpers.statistics.inference import adjust
from helpers.statistics.shares import wilson_interval

MOST_CONTACTS = 6  # and more, counted together
SURE = 0.05
EDGES = (0, 1, 2, 3, 6, 11)  # contacts in all, each band from one to before the next
EVERYBODY, THEMSELVES = "over all messages", "within the same customer"


@dataclass(frozen=True)
class Fatigue:
    """Responses by the number of other messages that the customer had got in the 30 days before."""

    cells: pd.DataFrame  # contacts, outcome, rows (messages), customers, having, share, lower, upper
    # response, compared (over all messages, or within the same customer), change_rate (of the response with one more
    # message), lower, upper, p_value, adjusted_p_value
    trend: pd.DataFrame

    def summary(self) -> pd.DataFrame:
        """One row a number of messages before: messages, customers, and each response."""
        wide = self.cells.pivot(index="contacts", columns="outcome", values="share").add_suffix("_rate")
        outcomes = [f"{name}_rate" for name in pd.unique(self.cells["outcome"])]
        sizes = self.cells.groupby("contacts")[["rows", "customers"]].first().rename(columns={"rows": "messages"})
        shown = sizes.join(wide[outcomes]).reset_index()
        more = shown["contacts"].map(lambda many: f"{many} or more" if many == MOST_CONTACTS else f"{many}")
        return shown.assign(contacts=more).rename(columns={"contacts": f"messages_in_{RECENT_DAYS}_days_before"})

    def plot(self, ax: Axes | None = None) -> Axes:
        """Responses by messages before, with their 95 % bands."""
        shown = self.cells.rename(columns={"share": "response_rate", "contacts": "messages_before"})
        return charts.line(shown, x="messages_before", y="response_rate", group="outcome", band=("lower", "upper"),
                           ax=ax)  # fmt: skip

    def headline(self) -> str:
        """How the responses change with each further message, in words of association."""
        said = "; ".join(self._said(rows) for _, rows in self.trend.groupby("response", sort=False))
        return (
            f"With each further message in the {RECENT_DAYS} days before: {said}. Who gets many messages was not drawn "
            "by lot, and messages come in busy seasons, so this does not say what fewer messages would do."
        )

    @staticmethod
    def _said(rows: pd.DataFrame) -> str:
        clear = rows[rows["adjusted_p_value"] < SURE]
        about = rows["response"].iloc[0]
        if clear.empty:
            return f"no evidence of a change in the share {about}"
        parts = []
        for row in clear.itertuples():
            way = "falls" if row.change_rate < 0 else "rises"
            ends = formats.interval(*sorted(abs(end) for end in (row.lower, row.upper)), lambda end: f"{100 * end:.2f}")
            points = f"{100 * abs(row.change_rate):.2f} percentage points (95% interval {ends})"
            parts.append(f"{way} by {points} {row.compared}")
        return f"the share {about} {' and '.join(parts)}"


@dataclass(frozen=True)
class OptOuts:
    """Share of customers who asked not to be contacted, by the messages that they ever got."""

    table: pd.DataFrame  # messages, customers, opted_out_share, lower, upper

    def summary(self) -> pd.DataFrame:
        """One row a number of messages."""
        return self.table

    def plot(self, ax: Axes | None = None) -> Axes:
        """Share opted out by messages, with intervals."""
        return charts.forest(self.table, estimate="opted_out_share", label="messages", ax=ax)

    def headline(self) -> str:
        """The shares of those who got none and of those who got most."""
        few, many = self.table.iloc[0], self.table.iloc[-1]
        said = (
            (
                f"{_share(few)} of customers who got {_messages(few)} have opted out, and {_share(many)} of those "
                f"who got {_messages(many)}"
            )
            if len(self.table) > 1
            else f"{_share(few)} of customers, all of whom got {_messages(few)}, have opted out"
        )
        return f"{said}. When they did is not recorded, and who has opted out gets no more: the order is unknown."


def fatigue(sent: Messages | NotApplicable) -> Fatigue | NotApplicable:
    """Responses by the number of other messages to the customer in the 30 days before, and the trend over them.

    Messages of the first 30 days are left out, for what came before them is not known. The trend is the slope of a
    least-squares line with errors clustered by customer (Liang & Zeger 1986): over all messages, and within customers,
    where each is compared with the same customer's others only; corrected for all by Holm.
    """
    if isinstance(sent, NotApplicable):
        return sent
    rows = sent.rows.filter(sent.rows.contacts.notnull())
    rows = rows.mutate(contacts=ibis.least(rows.contacts, MOST_CONTACTS))
    cells = clustered_shares(rows, ["contacts"], sent.responses)
    if cells["contacts"].nunique() < 2:
        return NotApplicable(f"all messages came after as many in the {RECENT_DAYS} days before.")
    trend = pd.DataFrame([
        {"response": name, "compared": compared, **slope(rows, name, within=compared == THEMSELVES)}
        for name in sent.responses for compared in (EVERYBODY, THEMSELVES)
    ])  # fmt: skip
    cells = cells.assign(place=cells["outcome"].map(sent.responses.index)).sort_values(["place", "contacts"])
    adjusted = adjust(trend["p_value"], "holm")
    return Fatigue(cells.drop(columns="place").reset_index(drop=True), trend.assign(adjusted_p_value=adjusted))


def slope(rows: ir.Table, outcome: str, within: bool = False) -> dict[str, float]:
    """Change of the share with `outcome` by one more contact: change_rate, lower, upper, p_value.

    Of the least-squares line over `rows` (customer_id, contacts, the flag), with errors clustered by customer; `within`
    takes from both columns the customer's own mean. NaN where contacts or outcome do not vary.
    """
    y, x = rows[outcome].fill_null(False).ifelse(1.0, 0.0), rows.contacts.cast("float64")
    each = ibis.window(group_by="customer_id") if within else ibis.window()
    rows = rows.select("customer_id", x=x - x.mean().over(each), y=y - y.mean().over(each)).cache()
    sums = rows.agg(xx=(rows.x * rows.x).sum(), xy=(rows.x * rows.y).sum(), yy=(rows.y * rows.y).sum())
    sums = sums.execute().iloc[0]
    if not (sums["xx"] > 1e-9 and sums["yy"] > 1e-9):
        return dict.fromkeys(("change_rate", "lower", "upper", "p_value"), np.nan)
    change = sums["xy"] / sums["xx"]
    score = rows.group_by("customer_id").agg(u=(rows.x * (rows.y - change * rows.x)).sum())
    found = score.agg(squares=(score.u * score.u).sum(), customers=score.count()).execute().iloc[0]
    error = np.sqrt(found["squares"] * found["customers"] / (found["customers"] - 1)) / sums["xx"]
    reach = norm.ppf(0.975) * error
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
    contacts = known["customer_id"].map(counts).fillna(0)
    names = [*map(_band, EDGES, EDGES[1:]), f"{EDGES[-1]} or more"]
    bands = pd.cut(contacts, [*EDGES, np.inf], right=False, labels=names)
    sums = known["opted_out"].astype(bool).groupby(bands, observed=True).agg(["size", "sum"])
    sums = sums[sums["size"] >= SMALLEST_GROUP]
    if sums.empty:
        return NotApplicable("too few customers are known to have opted out or not.")
    lower, upper = wilson_interval(sums["sum"], sums["size"])
    return OptOuts(pd.DataFrame({
        "messages": sums.index.astype(str), "customers": sums["size"].to_numpy(),
        "opted_out_share": (sums["sum"] / sums["size"]).to_numpy(), "lower": lower, "upper": upper,
    }))  # fmt: skip


def _band(first: int, beyond: int) -> str:
    return f"{first}" if beyond == first + 1 else f"{first} to {beyond - 1}"


def _messages(row: pd.Series) -> str:
    return {"0": "no message", "1": "1 message"}.get(row["messages"], f"{row['messages']} messages")


def _share(row: pd.Series) -> str:
    spread = formats.interval(row["lower"], row["upper"], formats.percent)
    return f"{formats.percent(row['opted_out_share'])} (95% interval {spread})"
