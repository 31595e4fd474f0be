"""What was known of each customer at each landmark, and the guard that lets nothing else pass.

Counted in the engine for all landmarks at once, one query a source: the source's facts are joined to the rows at risk
by customer and by time < landmark_at, and summed up by row beside the latest time among them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import ibis
import ibis.expr.types as ir
import pandas as pd

from helpers import progress
from helpers.analyses.churn.drivers.leakage import unsuspected
from helpers.analyses.churn.leaving.definition import Definition, Stays
from helpers.analyses.churn.leaving.silence import order_days
from helpers.data import engine
from helpers.data.datasets import Dataset
from helpers.data.days import morning

SHORT_DAYS, LONG_DAYS = 30, 90
PLANS = "subscriptions"  # which describe customers where leaving is the end of a contract
ROW = ["customer_id", "landmark_at"]
PLACE = "place_of_row"  # stands for both where sums are grouped: ids are long, and many


class LeakageError(ValueError):
    """A feature that knows what came after its landmark."""


@dataclass(frozen=True)
class Features:
    """What is known of each row at risk, and until when."""

    table: pd.DataFrame  # one column a feature, indexed as the rows at risk
    made_of: dict[str, str]  # dated feature → the source it was made of
    latest_at: pd.DataFrame  # one column a source: time of the latest fact used; missing where there was none
    fixed: tuple[str, ...]  # features without a time, taken to be as they were when the customer came
    landmark_at: pd.Series


def features(stays: Stays, data: Dataset, rows: pd.DataFrame) -> Features:
    """Features of `rows` (see `landmarks.at_risk`), guarded. Raises LeakageError when a fact is too late."""
    contract = stays.definition == Definition.CONTRACT
    told = dated_features(data, rows, {name: each for name, each in SOURCES.items() if name != PLANS or contract})
    fixed = tuple(name for name in unsuspected(stays) if name in data.settings.lasting)
    described = data.customers.set_index("customer_id")
    columns = {
        "tenure_days": (rows["landmark_at"] - rows["since_on"]).dt.days - 1,
        **dict(told.table.items()),
        **{name: described[name].reindex(rows["customer_id"]).set_axis(rows.index) for name in fixed},
    }
    made_of = {"tenure_days": "stay"} | told.made_of
    latest_at = told.latest_at.assign(stay=rows["since_on"])
    return guarded(Features(pd.DataFrame(columns, index=rows.index), made_of, latest_at, fixed, rows["landmark_at"]))


def dated_features(data: Dataset, rows: pd.DataFrame, sources: Mapping[str, Source]) -> Features:
    """What the `sources` whose tables `data` has tell of each of `rows` before its landmark, guarded.

    Raises LeakageError when a fact is too late.
    """
    places = pd.RangeIndex(len(rows))
    spine, last = ibis.memtable(rows[ROW].assign(**{PLACE: places})), rows["landmark_at"].max()
    columns: dict[str, pd.Series] = {}
    made_of: dict[str, str] = {}
    latest_at: dict[str, pd.Series] = {}
    told = [(name, source) for name, source in sources.items() if (source.table or name) in data.tables]
    for name, source in progress.bar(told):
        sums = _before(source.facts(data, last), spine, source).reindex(places).set_axis(rows.index)
        latest_at[name] = sums.pop("latest_at")
        known = source.finished(sums, rows["landmark_at"], latest_at[name])
        columns |= dict(known.items())
        made_of |= dict.fromkeys(known.columns, name)
    table, times = pd.DataFrame(columns, index=rows.index), pd.DataFrame(latest_at, index=rows.index)
    return guarded(Features(table, made_of, times, (), rows["landmark_at"]))


def guarded(features: Features) -> Features:
    """The same features, when each is made of facts before its landmark alone, or is one that does not change.

    Raises LeakageError, which names the feature, the time and the landmark.
    """
    for name in features.table.columns:
        if name in features.fixed:
            continue
        if name not in features.made_of:
            raise LeakageError(f"feature {name!r} = undated: a feature says until when it knows. Name its source.")
        source = features.made_of[name]
        late = features.latest_at[source] >= features.landmark_at
        if late.any():
            row = late.idxmax()
            raise LeakageError(
                f"feature {name!r} = made of a fact of {features.latest_at.loc[row, source]} for the landmark "
                f"{features.landmark_at[row]}: only facts before a landmark may tell of it. "
                f"Filter {source} by time < landmark_at."
            )
    return features


def _before(facts: ir.Table, spine: ir.Table, source: Source) -> pd.DataFrame:
    """Sums of the facts before each row's landmark, and the latest time among them, by the row's place."""
    known = facts.join(spine, [facts.customer_id == spine.customer_id, facts.at < spine.landmark_at])
    known = known.mutate(age_days=known.landmark_at.date().delta(known.at.date(), unit="day"))
    known = engine.with_firsts(known, [PLACE], **source.order(known))
    counts = known.group_by(PLACE).agg(**source.sums(known), latest_at=known.at.max()).execute()
    times = [name for name in counts.columns if pd.api.types.is_datetime64_any_dtype(counts[name])]
    return counts.astype(dict.fromkeys(times, "datetime64[ns]")).set_index(PLACE)


def order_facts(data: Dataset, last: pd.Timestamp) -> ir.Table:
    days = order_days(data)
    return days.select("customer_id", "amount", at=days.day.cast("timestamp"))


def order_sums(known: ir.Table) -> dict[str, ir.Scalar]:
    recent = known.age_days <= LONG_DAYS
    return {
        "order_days": known.count(),
        "order_days_90d": recent.ifelse(1, 0).sum(),
        "amount": engine.total(known.amount),
        "amount_90d": engine.total(recent.ifelse(known.amount, 0.0)),
        "first_at": known.at.min(),
    }


def order_features(sums: pd.DataFrame, landmark_at: pd.Series, last_at: pd.Series) -> pd.DataFrame:
    known = counts(sums.drop(columns="first_at"))
    repeats = known["order_days"] - 1
    return known.assign(
        recency_days=(landmark_at - last_at).dt.days - 1,
        mean_gap_days=(last_at - sums["first_at"]).dt.days / repeats.where(repeats > 0),
    )


def _tickets(data: Dataset, last: pd.Timestamp) -> ir.Table:
    tickets = data.tables["tickets"]
    return tickets.select("customer_id", at=tickets.opened_at, complaint=tickets.complaint.fill_null(False))


def _ticket_sums(known: ir.Table) -> dict[str, ir.Scalar]:
    recent = known.age_days <= LONG_DAYS
    return {
        "tickets_90d": recent.ifelse(1, 0).sum(),
        "complaints_90d": (recent & known.complaint).ifelse(1, 0).sum(),
    }


def event_facts(data: Dataset, last: pd.Timestamp) -> ir.Table:
    events = data.tables["events"]
    return events.select("customer_id", at=events.happened_at.truncate("D")).distinct()


def _event_sums(known: ir.Table) -> dict[str, ir.Scalar]:
    return {f"active_days_{span}d": (known.age_days <= span).ifelse(1, 0).sum() for span in (SHORT_DAYS, LONG_DAYS)}


def answer_facts(data: Dataset, last: pd.Timestamp) -> ir.Table:
    """Answers to the question that was answered most before the last landmark: questions have scales of their own."""
    surveys = data.tables["surveys"]
    surveys = surveys.filter(surveys.answered_at < morning(last.date()))
    asked = surveys.group_by("question").agg(answers=surveys.count())
    most = asked.order_by(asked.answers.desc(), asked.question.asc(nulls_first=False)).limit(1).select("question")
    answers = surveys.semi_join(most, "question")
    return answers.select("customer_id", "score", at=answers.answered_at)


def answer_sums(known: ir.Table) -> dict[str, ir.Scalar]:
    return {"last_score": engine.first(known, "score")}


def answer_order(known: ir.Table) -> dict[str, list[ir.Value]]:
    """The latest answer comes first, of several in one moment the lowest."""
    return {"score": [known.at.desc(), known.score]}


def _subscriptions(data: Dataset, last: pd.Timestamp) -> ir.Table:
    periods = data.tables["subscriptions"]
    return periods.select("customer_id", "plan", "price", at=periods.started_at)


def _subscription_sums(known: ir.Table) -> dict[str, ir.Scalar]:
    return {name: engine.first(known, name) for name in ("plan", "price")}


def _subscription_order(known: ir.Table) -> dict[str, list[ir.Value]]:
    return dict.fromkeys(("plan", "price"), [known.at.desc(), known.plan, known.price])


def counts(sums: pd.DataFrame, *_: pd.Series) -> pd.DataFrame:
    """Whoever has no facts has none of each kind."""
    return sums.fillna(0).astype(float)


def _unchanged(sums: pd.DataFrame, *_: pd.Series) -> pd.DataFrame:
    return sums


class Source(NamedTuple):
    """How one table becomes features."""

    facts: Callable[[Dataset, pd.Timestamp], ir.Table]  # its rows with `at`, the time they are known from
    sums: Callable[[ir.Table], dict[str, ir.Scalar]]  # of the facts before a landmark
    finished: Callable[..., pd.DataFrame]  # features from the sums, the landmark and the latest fact of each row
    order: Callable[[ir.Table], dict[str, list[ir.Value]]] = lambda _: {}  # of the columns whose first value is asked
    table: str = ""  # that it is made of, where it is not called as the source is


SOURCES = {
    "orders": Source(order_facts, order_sums, order_features),
    "tickets": Source(_tickets, _ticket_sums, counts),
    "events": Source(event_facts, _event_sums, counts),
    "surveys": Source(answer_facts, answer_sums, _unchanged, answer_order),
    "subscriptions": Source(_subscriptions, _subscription_sums, _unchanged, _subscription_order),
}
