"""How long customers stayed, under a stated definition of leaving; every other answer about churn starts from these."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, field, replace
from enum import StrEnum

import ibis
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.churn.leaving.descriptions import AS_OF_EXPORT, described, not_telling
from helpers.analyses.churn.leaving.silence import (
    alone_share,
    doubt,
    order_days,
    segment_silences,
    silent_stays,
    usual_silence,
)
from helpers.analyses.churn.vocabulary import (
    BEGAN_OR_LEFT,
    DESCRIPTION,
    DURATION_DAYS,
    ENDED_ON,
    ENTRY_DAYS,
    LEFT,
    SILENCE_DAYS,
    STARTED_ON,
    STATED_REASON,
    STAYS,
)
from helpers.data.contract_stays import contract_stays
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, charts, formats
from helpers.findings.vocabulary import CUSTOMER_ID, MEASURE, MONTH, VALUE
from helpers.language import _

LEAST_CUSTOMERS = 20
CROWDED = 0.5  # share of all ends on one day


class Definition(StrEnum):
    """What leaving is."""

    AUTO = "auto"  # the contract, where there are subscriptions
    CONTRACT = "contract"
    SILENCE = "silence"


@dataclass(frozen=True, eq=False)  # each is equal to itself alone, so that answers about it can be remembered
class Stays(Finding):
    """One row a stay: from when to when a customer was there, and whether the end was seen."""

    table: pd.DataFrame  # silence_days under silence only
    attributes: tuple[str, ...]  # columns that describe customers, the plan first
    definition: str  # contract or silence
    as_of: dt.date
    until: dt.date  # the last day on which leaving can be told; whoever is still there is censored at it
    silence_days: int = 0  # for everybody, or where a segment has none of its own; 0 under contract
    silence_by: str = ""  # the column whose values have a silence of their own
    silences_by: pd.DataFrame = field(default_factory=pd.DataFrame)  # segment, gaps, silence_days
    left_out: dict[str, str] = field(default_factory=dict)  # column → why it describes nobody
    silences: int = 0  # how often somebody was silent for longer
    returns: int = 0  # and how often an order followed
    alone_share: float = math.nan  # share of stays that such a silence would end if nobody left, at least
    joined_earlier: int | None = None  # customers who joined before the first order of all; None where unknown
    observed_from: dt.date | None = None  # ends up to this day were not recorded
    unobserved: int = 0  # stays that had ended by then, left out
    drawn: bool = False  # from one table of who had left by a day: who left before it was drawn may be missing
    columns = (
        CUSTOMER_ID, STARTED_ON, ENDED_ON, ENTRY_DAYS, DURATION_DAYS, LEFT, STATED_REASON, SILENCE_DAYS, DESCRIPTION,
    )  # fmt: skip
    shown = (MEASURE, VALUE)

    @property
    def left_share(self) -> float:
        """Share of stays whose end was seen."""
        return float(self.table["left"].mean())

    @property
    def return_rate(self) -> float:
        """Share of silences that were followed by an order; NaN without silences."""
        return self.returns / self.silences if self.silences else math.nan

    @property
    def once(self) -> pd.Series:
        """Whether each stay is one order day, with a silence after it: no stay that could be longer or shorter."""
        return self.table["left"] & (self.table["duration_days"] == 0) & (self.definition == Definition.SILENCE)

    @property
    def crowded(self) -> bool:
        """Whether most contracts ended on one day: such ends are dated when somebody looked."""
        ends = self.table.loc[self.table["left"], "ended_on"].value_counts()
        return self.definition == Definition.CONTRACT and bool(ends.max() > CROWDED * ends.sum())

    @property
    def silence(self) -> str:
        """The silence in words: 187 days, or 95 days to 187 days by channel."""
        if not self.silence_by:
            return formats.days(self.silence_days)
        lengths, by = self.silences_by["silence_days"], formats.label(self.silence_by).lower()
        lengths = formats.interval(lengths.min(), lengths.max(), formats.days)
        return _("{lengths} by {column}").format(lengths=lengths, column=by)

    def summary(self) -> pd.DataFrame:
        """The definition in words and counts: measure, value."""
        table = self.table
        rows = [
            *(self._silence_words() if self.definition == Definition.SILENCE else self._contract_words()),
            (_("Customers"), table["customer_id"].nunique()),
            (_("Stays"), len(table)),
            (_("Left"), int(table["left"].sum())),
            (_("Share left"), formats.percent(self.left_share)),
            (_("Still there (censored)"), int((~table["left"]).sum())),
        ]
        return pd.DataFrame(rows, columns=[MEASURE, VALUE]).astype({VALUE: object})

    def _contract_words(self) -> list[tuple[str, object]]:
        drawn = _("having left by the day on which the table was drawn")
        return [
            (
                _("Leaving is"),
                drawn if self.drawn else _("the end of the contract; periods that touch or overlap are one stay"),
            ),
            *([(_("Left before it was drawn"), _("may be missing (left truncation)"))] if self.drawn else []),
            *self._entry_words(),
            (_("Censored on"), self.until),
        ]

    def _entry_words(self) -> list[tuple[str, object]]:
        if self.observed_from is None:
            return []
        return [
            (
                _("Watched from {day} only (delayed entry)").format(day=self.observed_from),
                int((self.table["entry_days"] > 0).sum()),
            ),
            (_("Ended by then, left out"), self.unobserved),
        ]

    def _silence_words(self) -> list[tuple[str, object]]:
        return [
            (_("Leaving is"), _("the first silence: no order for more than {silence}").format(silence=self.silence)),
            *(
                (_("Silence of {group}").format(group=row.segment), formats.days(row.silence_days))
                for row in self.silences_by.itertuples()
            ),
            (_("Dated, to describe (this page's curves)"), _("back to the last order before the silence")),
            (
                _("Dated, to alert (the chances per customer)"),
                _("when it is known: the last order + {silence}").format(silence=self.silence),
            ),
            *self._entry_words(),
            (_("Censored on"), self.until),
            (_("Silences"), self.silences),
            (_("Silences that an order followed (reactivation rate)"), formats.percent(self.return_rate)),
            (_("Stays that silence would end if nobody left, at least"), formats.percent(self.alone_share)),
            (_("Silent right after the first order day"), int(self.once.sum())),
        ]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Stays that began and that ended, by month."""
        months = pd.period_range(self.table["started_on"].min(), self.until, freq="M")
        counts = {
            what: self.table[column].dt.to_period("M").value_counts().reindex(months, fill_value=0)
            for what, column in {_("began"): "started_on", _("left"): "ended_on"}.items()
        }
        tidy = pd.concat(counts, names=[BEGAN_OR_LEFT, MONTH]).rename(STAYS).reset_index()
        tidy = tidy.assign(month=tidy[MONTH].dt.to_timestamp())
        return charts.line(tidy, x=MONTH, y=STAYS, group=BEGAN_OR_LEFT, ax=ax)

    def headline(self) -> str:
        """What leaving means here, and how many left."""
        counted = f"{int(self.table['left'].sum()):,} of {len(self.table):,} stays ({formats.percent(self.left_share)})"
        if self.drawn:
            earlier = (
                ""
                if self.observed_from
                else " Who left before it was drawn may be missing: then true stays are shorter."
            )
            return f"The table of {self.until} says who had left by then: {counted}.{earlier}"
        if self.definition == Definition.CONTRACT:
            return f"Leaving means that the contract ended: {counted} had ended by {self.until}."
        once = int(self.once.sum())
        only = f", {once:,} of them right after the first order day" if once else ""
        ended = (
            f"Leaving means no order for more than {self.silence}: {counted} had ended by {self.until}, the last day "
            f"on which this can be told{only}."
        )
        if not self.silences:
            return f"{ended} Nobody was silent for so long."
        alone = f"If nobody left, silence alone would end at least {formats.percent(self.alone_share)} of stays."
        doubted = doubt(self.return_rate)
        back = f"The reactivation rate is {formats.percent(self.return_rate)}: so often an order followed after all."
        return f"{doubted}{ended} {alone}" if doubted else f"{ended} {back} {alone}"


def chosen_attribute(stays: Stays, group: str = "") -> str:
    """The attribute to group by: `group`, else the first of words, or any; empty where nothing describes customers.

    Raises ValueError when the stays have no attribute `group`, or it is known as of the export alone.
    """
    if stays.left_out.get(group) == AS_OF_EXPORT:
        raise ValueError(f"group = {group!r}: {AS_OF_EXPORT}. Choose one of {', '.join(stays.attributes)}.")
    if group:
        return parameters.one_of("group", group, stays.attributes)
    wordy = [name for name in stays.attributes if not pd.api.types.is_numeric_dtype(stays.table[name])]
    return next(iter([*wordy, *stays.attributes]), "")


def stays(
    data: Dataset, definition: str = "auto", silence_days: int = 0, silence_by: str = ""
) -> Stays | NotApplicable:
    """Every stay of every customer of `data` as of its day, by whole days, under a `definition` of leaving.

    "contract": a stay runs from the start of a subscription to its end. "silence": from the first order to the last
    one before no order for more than `silence_days` days (0: the 95th percentile of the gaps between order days, within
    each value of the column `silence_by` where one is named); whether somebody has gone silent can be told up to
    `as_of` − `silence_days` only, so everybody is censored there and who came later is not counted. "auto": the
    contract, where there are subscriptions.

    Where the data set says `observed_from`, ends up to that day were never recorded: stays begun before it count from
    the tenure that they had then (delayed entry), and those that had ended are left out. Under silence a stay begins
    with the first order in the data even of a customer who joined earlier: that customer may have been silent before,
    and is not known to have stayed since joining.

    Raises ValueError for a definition, a number of days or a column that there is not, and for both silences at once.
    """
    parameters.one_of("definition", definition, Definition)
    parameters.between("silence_days", silence_days, 0, parameters.LONGEST_WINDOW_DAYS)
    if silence_by and silence_days:
        raise ValueError(f"silence_by = {silence_by!r}: silence_days = {silence_days} is for everybody. Give only one.")
    if _chosen(data, definition) == Definition.CONTRACT:
        if "subscriptions" in data.tables:
            return _by_contract(data)
        return NotApplicable(
            f"this data set has no subscriptions{'' if 'orders' in data.tables else ' and no orders'}."
        )
    if "orders" not in data.tables:
        return NotApplicable("this data set has no orders.")
    if silence_by and "customers" not in data.tables:
        return NotApplicable(f"this data set has no table of customers, so none of their {silence_by}.")
    return _by_silence(data, silence_days, silence_by)


def _chosen(data: Dataset, definition: str) -> str:
    """The definition that was asked for; for "auto" the contract, where customers have one or have not ordered."""
    if definition != Definition.AUTO:
        return definition
    by_contract = "subscriptions" in data.tables and data.settings.contractual is not False
    return Definition.CONTRACT if by_contract or "orders" not in data.tables else Definition.SILENCE


def _by_contract(data: Dataset) -> Stays | NotApplicable:
    table = _dated(contract_stays(data.tables["subscriptions"]).drop("running_price").execute())
    if len(table) < LEAST_CUSTOMERS:
        return NotApplicable(f"{formats.counted(len(table), 'subscription')}: too few to tell when customers leave.")
    feed = data.settings.feeds.get("subscriptions")
    drawn = feed is not None and feed.drawn is not None
    return _finished(data, table, Stays(table, (), Definition.CONTRACT, data.as_of, data.as_of, drawn=drawn))


def _by_silence(data: Dataset, silence_days: int, silence_by: str) -> Stays | NotApplicable:
    days = order_days(data)
    silence = silence_days or usual_silence(days)
    if isinstance(silence, NotApplicable):
        return silence
    if silence_by:
        by, days = segment_silences(days, data.tables["customers"], silence_by, silence)
    else:
        by, days = pd.DataFrame(), days.mutate(silence_days=ibis.literal(silence, "int64"))
    table = _dated(silent_stays(days, data.as_of).execute())
    if len(table) < LEAST_CUSTOMERS:
        return NotApplicable(
            f"{len(table)} customers had ordered by {data.as_of - dt.timedelta(days=silence)}, the last day on which a "
            f"silence of {silence} days can be told: too few. A shorter silence_days leaves more."
        )
    until = data.as_of - dt.timedelta(days=int(table["silence_days"].min()))
    joined = data.customers.set_index("customer_id").get("joined_on")
    earlier = None if joined is None else int((joined.reindex(table["customer_id"]) < table["started_on"].min()).sum())
    draft = Stays(
        table,
        (),
        Definition.SILENCE,
        data.as_of,
        until,
        silence,
        silence_by,
        by,
        silences=int(table["silences"].sum()),
        returns=int(table["returns"].sum()),
        alone_share=alone_share(table),
        joined_earlier=earlier,
    )
    return _finished(data, table.drop(columns=["pauses", "closed", "silences", "returns"]).assign(reason=None), draft)


def _dated(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(**{name: pd.to_datetime(table[name]) for name in ("started_on", "ended_on")})


def _finished(data: Dataset, table: pd.DataFrame, draft: Stays) -> Stays | NotApplicable:
    """The stays with durations and with what is known of each customer, in a fixed order."""
    own = [name for name in ("plan", "price", "first_order_amount") if name in table.columns]
    known = [name for name in described(data) if name not in own]
    since = parameters.date("observed_from", data.settings.observed_from)
    entry = (pd.Timestamp(since) - table["started_on"]).dt.days.clip(lower=0) if since else 0
    until = pd.Timestamp(draft.as_of) - pd.to_timedelta(table.get("silence_days", 0), unit="D")
    begun = int((table["started_on"] <= until).sum())
    table = observed(table.assign(entry_days=entry).astype({"entry_days": float}), until)
    if len(table) < LEAST_CUSTOMERS:
        after = f" after observed_from = {since}" if since else ""
        return NotApplicable(f"{len(table)} stays were under observation{after}: too few.")
    table = table.merge(data.customers[["customer_id", *known]], on="customer_id", how="left")
    table = table.sort_values(["started_on", "customer_id"], ignore_index=True)
    exported = {name: AS_OF_EXPORT for name in known if name in data.settings.as_of_export}
    left_out = exported | not_telling(table, [name for name in (*own, *known) if name not in exported])
    return replace(
        draft,
        table=table.drop(columns=list(left_out)),
        attributes=tuple(name for name in (*own, *known) if name not in left_out),
        left_out=left_out,
        observed_from=since,
        unobserved=begun - len(table),
    )


def observed(table: pd.DataFrame, until: dt.date | pd.Series) -> pd.DataFrame:
    """The stays begun by `until` (one day, or one a row), with duration_days and left as they looked at its end.

    Stays that had ended before they came under observation are not among them.
    """
    day = pd.to_datetime(until)
    left = table["ended_on"] <= day
    duration = (table["ended_on"].where(left, day) - table["started_on"]).dt.days
    seen = (table["started_on"] <= day) & ((table["entry_days"] == 0) | (duration > table["entry_days"]))
    return table.assign(left=left, duration_days=duration)[seen].astype({"duration_days": "int64"})
