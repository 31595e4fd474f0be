"""How long customers stayed, under a stated definition of leaving; every other answer about churn starts from these."""

from __future__ import annotations

import datetime as dt
import functools
import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.churn_silence import order_days, silent_stays, usual_silence
from helpers.data.datasets import Dataset
from helpers.reports import charts, formats
from helpers.reports.findings import NotApplicable

DEFINITIONS = ("auto", "contract", "silence")
DESCRIBING = ("channel", "level", "gender", "country", "province", "birth_year")  # of the contract's customer columns
LEAST_CUSTOMERS = 20
NAMES_SHARE = 0.2  # of distinct texts among customers, above which a column names rather than describes
MISSING_ABOVE = NotApplicable("this rests on an answer that is missing above.")
NEVER = dt.date(9999, 12, 31)  # the end of a period that still runs, where ends are compared in the engine


@dataclass(frozen=True)
class Stays:
    """One row a stay: from when to when a customer was there, and whether the end was seen."""

    table: pd.DataFrame  # customer_id, started_on, ended_on, duration_days, left, reason, and the attributes
    attributes: tuple[str, ...]  # columns that describe customers, the plan first
    definition: str  # contract or silence
    as_of: dt.date
    until: dt.date  # the last day on which leaving can be told; whoever is still there is censored at it
    silence_days: int = 0  # 0 under contract
    left_out: dict[str, str] = field(default_factory=dict)  # column → why it describes nobody
    silences: int = 0  # how often somebody was silent for longer
    returns: int = 0  # and how often an order followed

    @property
    def left_share(self) -> float:
        """Share of stays whose end was seen."""
        return float(self.table["left"].mean())

    @property
    def return_rate(self) -> float:
        """Share of silences that were followed by an order; NaN without silences."""
        return self.returns / self.silences if self.silences else math.nan

    def summary(self) -> pd.DataFrame:
        """The definition in words and counts: measure, value."""
        table = self.table
        rows = [
            *(self._silence_words() if self.definition == "silence" else self._contract_words()),
            ("Customers", table["customer_id"].nunique()),
            ("Stays", len(table)),
            ("Left", int(table["left"].sum())),
            ("Share left", formats.percent(self.left_share)),
            ("Still there (censored)", int((~table["left"]).sum())),
        ]
        return pd.DataFrame(rows, columns=["measure", "value"]).astype({"value": object})

    def _contract_words(self) -> list[tuple[str, object]]:
        return [
            ("Leaving is", "the end of the contract; periods that touch or overlap are one stay"),
            ("Censored on", self.until),
        ]

    def _silence_words(self) -> list[tuple[str, object]]:
        days = self.silence_days
        return [
            ("Leaving is", f"the first silence: no order for more than {days} days"),
            ("Dated, to describe (this page's curves)", "back to the last order before the silence"),
            ("Dated, to alert (the chances per customer)", f"when it is known: the last order + {days} days"),
            ("Censored on", self.until),
            ("Silences", self.silences),
            ("Silences that an order followed (reactivation rate)", formats.percent(self.return_rate)),
        ]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Stays that began and that ended, by month."""
        all_months = pd.period_range(self.table["started_on"].min(), self.until, freq="M")
        months = {
            what: self.table[column].dropna().dt.to_period("M").value_counts().reindex(all_months, fill_value=0)
            for what, column in {"began": "started_on", "left": "ended_on"}.items()
        }
        tidy = pd.concat(
            [
                pd.DataFrame({"month": n.index.to_timestamp(), "stays": n.to_numpy(), "what": what})
                for what, n in months.items()
            ]
        )
        return charts.line(tidy, x="month", y="stays", group="what", ax=ax)

    def headline(self) -> str:
        """What leaving means here, and how many left."""
        counted = f"{int(self.table['left'].sum()):,} of {len(self.table):,} stays ({formats.percent(self.left_share)})"
        if self.definition == "contract":
            return f"Leaving means that the contract ended: {counted} had ended by {self.until}."
        back = (
            f"The reactivation rate is {formats.percent(self.return_rate)}: so many of these silences were followed by "
            "an order, so silence is not certainty."
            if self.silences
            else "Nobody was silent for so long."
        )
        return (
            f"Leaving means no order for more than {self.silence_days} days: {counted} had ended by {self.until}, "
            f"the last day on which this can be told. {back}"
        )


def if_applicable(analysis: Callable[..., Any]) -> Callable[..., Any]:
    """The analysis, which has no answer where what it is given first has none."""

    @functools.wraps(analysis)
    def answer(first: Any, *others: Any, **named: Any) -> Any:
        return MISSING_ABOVE if isinstance(first, NotApplicable) else analysis(first, *others, **named)

    return answer


def stays(data: Dataset, definition: str = "auto", silence_days: int = 0) -> Stays | NotApplicable:
    """Every stay of every customer as of the data set's day, by whole days.

    "contract": a stay runs from the start of a subscription to its end. "silence": from the first order to the last
    one before no order for more than `silence_days` days (0: the 95th percentile of the gaps between order days);
    whether somebody has gone silent can be told up to `as_of` − `silence_days` only, so everybody is censored there and
    who came later is not counted. "auto": the contract, where there are subscriptions.
    """
    parameters.one_of("definition", definition, DEFINITIONS)
    parameters.between("silence_days", silence_days, 0, 3650)
    has = {name: name in data.tables for name in ("subscriptions", "orders")}
    by_contract = has["subscriptions"] and data.settings.contractual is not False
    chosen = definition if definition != "auto" else "contract" if by_contract or not has["orders"] else "silence"
    if chosen == "contract":
        return (
            _by_contract(data)
            if has["subscriptions"]
            else NotApplicable(f"this data set has no subscriptions{'' if has['orders'] else ' and no orders'}.")
        )
    return _by_silence(data, silence_days) if has["orders"] else NotApplicable("this data set has no orders.")


def _by_contract(data: Dataset) -> Stays | NotApplicable:
    table = contract_stays(data.tables["subscriptions"]).execute()
    if len(table) < LEAST_CUSTOMERS:
        return NotApplicable(f"{len(table)} subscriptions are too few to tell when customers leave.")
    return _finished(data, table, Stays(table, (), "contract", data.as_of, data.as_of))


def contract_stays(subscriptions: ir.Table) -> ir.Table:
    """One row a stay: periods of a customer that touch or overlap are one, described by its first period."""
    rows = subscriptions.filter(subscriptions.customer_id.notnull())
    rows = rows.select(
        "customer_id",
        "plan",
        "price",
        "reason",
        started_on=rows.started_at.date(),
        until=ibis.coalesce(rows.ended_at.date(), ibis.literal(NEVER)),
    )
    order = ["started_on", "until", "plan", "price", "reason"]  # to the last tie
    so_far = ibis.cumulative_window(group_by="customer_id", order_by=order)
    rows = rows.mutate(reached=rows.until.max().over(so_far))
    rows = rows.mutate(before=rows.reached.lag().over(ibis.window(group_by="customer_id", order_by=order)))
    rows = rows.mutate(new=(rows.before.isnull() | (rows.started_on.delta(rows.before, unit="day") > 1)).ifelse(1, 0))
    rows = rows.mutate(stay=rows.new.sum().over(so_far))
    whole = rows.group_by("customer_id", "stay").agg(
        started_on=rows.started_on.min(),
        until=rows.until.max(),
        reason=rows.reason.first(order_by=[rows.until.desc(), rows.started_on.desc(), rows.reason]),
        plan=rows.plan.first(order_by=[rows[name] for name in order]),
        price=rows.price.first(order_by=[rows[name] for name in order]),
    )
    ended = whole.until < ibis.literal(NEVER)
    return whole.select(
        "customer_id",
        "started_on",
        "plan",
        "price",
        ended_on=ibis.cases((ended, whole.until)),
        reason=ibis.cases((ended, whole.reason)),
    )


def _by_silence(data: Dataset, silence_days: int) -> Stays | NotApplicable:
    days = order_days(data)
    silence = silence_days or usual_silence(days)
    if isinstance(silence, NotApplicable):
        return silence
    until = data.as_of - dt.timedelta(days=silence)
    table = silent_stays(days, silence, until).execute()
    if len(table) < LEAST_CUSTOMERS:
        return NotApplicable(
            f"{len(table)} customers had ordered by {until}, the last day on which a silence of {silence} days can be "
            "told: too few. A shorter silence_days leaves more."
        )
    counts = {name: int(table[name].sum()) for name in ("silences", "returns")}
    table = table.drop(columns=["silences", "returns"]).assign(reason=None)
    return _finished(data, table, Stays(table, (), "silence", data.as_of, until, silence, **counts))


def _finished(data: Dataset, table: pd.DataFrame, draft: Stays) -> Stays:
    """The stays with durations and with what is known of each customer, in a fixed order."""
    own = [name for name in ("plan", "price", "first_order_amount") if name in table.columns]
    known = [
        name for name in (*DESCRIBING, *data.settings.attributes) if name in data.customers.columns and name not in own
    ]
    table = table.assign(**{name: pd.to_datetime(table[name]) for name in ("started_on", "ended_on")})
    table = table.merge(data.customers[["customer_id", *known]], on="customer_id", how="left")
    table = observed(table.sort_values(["started_on", "customer_id"], ignore_index=True), draft.until)
    left_out = _not_telling(table, [*own, *known])
    attributes = tuple(name for name in (*own, *known) if name not in left_out)
    return replace(draft, table=table.drop(columns=list(left_out)), attributes=attributes, left_out=left_out)


def observed(table: pd.DataFrame, until: dt.date) -> pd.DataFrame:
    """The stays begun by `until`, with duration_days and left as they looked at the end of that day."""
    day = pd.Timestamp(until)
    table = table[table["started_on"] <= day]
    left = table["ended_on"].notna() & (table["ended_on"] <= day)
    duration = (table["ended_on"].where(left, day) - table["started_on"]).dt.days
    return table.assign(left=left, duration_days=duration.astype("int64"))


def _not_telling(table: pd.DataFrame, names: list[str]) -> dict[str, str]:
    """The columns that do not tell customers apart, and why: constant, a name of its own for most, or a copy."""
    why: dict[str, str] = {}
    for place, name in enumerate(names):
        copied = [other for other in names[:place] if other not in why and _same(table[name], table[other])]
        if table[name].nunique() < 2:
            why[name] = "the same for everybody"
        elif copied:
            why[name] = f"divides customers exactly as {formats.label(copied[0])} does"
        elif not pd.api.types.is_numeric_dtype(table[name]) and table[name].nunique() > len(table) * NAMES_SHARE:
            why[name] = "nearly a name: too many values for the customers there are"
    return why


def _same(a: pd.Series, b: pd.Series) -> bool:
    """Whether two columns divide the customers alike."""
    return bool((pd.factorize(a)[0] == pd.factorize(b)[0]).all())
