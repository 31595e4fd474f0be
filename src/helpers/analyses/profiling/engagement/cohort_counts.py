"""Who came back, and when: customers by the interval in which they began, counted in each interval after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import ibis
import ibis.expr.types as ir
import pandas as pd

from helpers import parameters
from helpers.analyses.profiling.engagement.clock import LAST_BIT, Clock
from helpers.analyses.profiling.engagement.facts import Condition, meets
from helpers.analyses.profiling.engagement.presence import has, lowest, places, presence
from helpers.data import engine
from helpers.statistics.shares import wilson_interval

COHORTS = ("first", "recurring")


class Mode(StrEnum):
    """When a customer counts as back."""

    ON = "on"
    ON_OR_AFTER = "on_or_after"
    BRACKET = "bracket"
    STREAK = "streak"


@dataclass(frozen=True)
class Return:
    """What begins a cohort, and what counts as coming back in interval k after the one in which a customer began.

    "on": there in interval k. "on_or_after": there in k or any later one that the data hold, so newer cohorts have had
    fewer chances. "streak": there in every interval from 1 to k. "bracket": there in any of several intervals, of which
    `brackets` names the last ones in rising order: (1, 3, 7) are the intervals 1, 2–3 and 4–7. A customer is there in
    an interval that holds at least `occurrences` facts.

    `cohorts` are by the "first" fact of all, so that who began before the first interval is in none; or "recurring":
    everyone there in the interval, again in each. `starts` and `returns` say which facts begin a cohort and which count
    as coming back, as {"event": "sign_up"} or {"event": ["visit", "checkout"]}; all do, without one. Raises ValueError
    for words that there are not, and for brackets that do not rise.
    """

    mode: str = Mode.ON
    brackets: tuple[int, ...] = ()
    occurrences: int = 1
    cohorts: str = "first"
    starts: Condition = field(default_factory=dict)
    returns: Condition = field(default_factory=dict)

    def __post_init__(self) -> None:
        parameters.one_of("mode", self.mode, Mode)
        parameters.one_of("cohorts", self.cohorts, COHORTS)
        parameters.between("occurrences", self.occurrences, 1, 1000)
        rising = all(low < high for low, high in zip((0, *self.brackets), self.brackets))
        if not rising or (self.mode == Mode.BRACKET) != bool(self.brackets):
            raise ValueError(
                f"brackets = {list(self.brackets)}: the last interval of each, from 1 on and rising, for the mode "
                "'bracket' only. Write [1, 3, 7] for the intervals 1, 2–3 and 4–7."
            )

    def spans(self, intervals: int) -> list[tuple[int, int]]:
        """First and last interval of each column of the triangle behind its column 0."""
        if self.mode != Mode.BRACKET:
            return [(k, k) for k in range(1, intervals)]
        firsts = [1, *(last + 1 for last in self.brackets)]
        return [(first, last) for first, last in zip(firsts, self.brackets) if first < intervals]

    def met(self, bits: ir.IntegerValue, span: tuple[int, int]) -> ir.IntegerValue:
        """1 where a customer whose own interval is bit 0 came back in the span, else 0."""
        first, last = span
        if self.mode == Mode.ON:
            return has(bits, first)
        if self.mode == Mode.ON_OR_AFTER:
            return (engine.bits_from(bits, first) != 0).ifelse(1, 0)
        if self.mode == Mode.STREAK:
            every = 2**last - 1
            return ((engine.bits_from(bits, 1) & every) == every).ifelse(1, 0)
        return ((engine.bits_from(bits, first) & (2 ** (last - first + 1) - 1)) != 0).ifelse(1, 0)


def retention_cells(
    facts: ir.Table,
    clock: Clock,
    *,
    time: str,
    back: Return = Return(),
    groups: ir.Table | None = None,
) -> pd.DataFrame:
    """Customers of each cohort, and how many came back in each interval or bracket after it.

    `facts` has customer_id, `time` and the columns of the conditions in `back`, one row a fact. Cohorts are intervals
    of the calendar; on the rolling clock a customer's windows run from the first fact in the cohort. `groups`
    (customer_id, group) splits each cohort; who is in none has the group None.

    Returns [group,] cohort (first day), interval (0 is the cohort itself), last_interval, customers, returned, rate,
    lower, upper (Wilson, 95%) and mature: whether the interval was over for all customers of the cohort by the end
    of `clock.until`. Rates of cells that are not are shares up to now. Raises ValueError for conditions on columns that
    the facts do not have.
    """
    members = cohort_members(facts, clock, time=time, back=back, groups=groups)
    keys = ["cohort"] if groups is None else ["group", "cohort"]
    spans = back.spans(clock.intervals)
    came = {name: members[name].sum() for name in map(str, range(len(spans)))}
    counts = members.group_by(keys).agg(customers=members.count(), **came).execute()
    return _cells(counts, clock, [(0, 0), *spans], keys)


def cohort_members(
    facts: ir.Table, clock: Clock, *, time: str, back: Return = Return(), groups: ir.Table | None = None
) -> ir.Table:
    """customer_id, [group,] cohort (by place), and by number, for each of the spans of `back`, 1 where they came back.

    The arguments are those of `retention_cells`.
    """
    conditions = {"starts": meets(facts, back.starts, "starts"), "returns": meets(facts, back.returns, "returns")}
    rows = clock.observed(facts.mutate(**conditions).select("customer_id", time, *conditions), time)
    members = (_on_the_calendar if clock.kind == "calendar" else _rolling)(rows, clock, time, back)
    keys = ["customer_id", "cohort"]
    if groups is not None:
        members = members.left_join(groups.select("customer_id", "group"), "customer_id")
        keys.append("group")
    spans = back.spans(clock.intervals)
    return members.select(*keys, **{str(place): back.met(members.bits, span) for place, span in enumerate(spans)})


def _on_the_calendar(rows: ir.Table, clock: Clock, time: str, back: Return) -> ir.Table:
    """customer_id, cohort (by place) and bits: bit k is the k-th interval of the calendar after the cohort's."""
    placed = rows.select("customer_id", "starts", "returns", place=places(rows, clock, time))
    if back.occurrences > 1:
        placed = placed.group_by("customer_id", "place").agg(
            starts=placed.starts.any(), returns=placed.count(where=placed.returns) >= back.occurrences
        )
    people = presence(placed, started=placed.starts, returned=placed.returns)
    people = people.filter(people.started.notnull()).mutate(returned=people.returned.fill_null(0))
    if back.cohorts == "first":
        people = people.mutate(cohort=lowest(people.started) - 1)
        people = people.filter(people.cohort >= 0)
    else:
        people = people.mutate(cohort=ibis.range(0, clock.intervals).unnest().cast("int64"))
        people = people.filter(has(people.started, people.cohort + 1) == 1)
    return people.select("customer_id", "cohort", bits=engine.bits_from(people.returned, people.cohort + 1))


def _rolling(rows: ir.Table, clock: Clock, time: str, back: Return) -> ir.Table:
    """As `_on_the_calendar`; bit k is the k-th window after the customer's first fact in the cohort."""
    began = rows.filter(rows.starts).select("customer_id", place=places(rows, clock, time), at=rows[time])
    if back.cohorts == "first":
        began = began.group_by("customer_id").agg(place=began.place.min(), began_at=began["at"].min())
    else:
        began = began.group_by("customer_id", "place").agg(began_at=began["at"].min())
    began = began.filter(began.place > 0).select("customer_id", "began_at", cohort=began.place - 1)
    came = rows.filter(rows.returns).select("customer_id", at=rows[time])
    came = began.inner_join(came, "customer_id")
    came = came.filter(came["at"] >= came.began_at)
    came = came.select("customer_id", "cohort", window=clock.windows_since(came["at"], came.began_at))
    came = came.filter(came.window <= LAST_BIT)
    often = came.group_by("customer_id", "cohort", "window").agg(facts=came.count())
    often = often.filter(often.facts >= back.occurrences)
    bits = often.group_by("customer_id", "cohort").agg(bits=engine.bits(often.window))
    both = began.left_join(bits, ["customer_id", "cohort"])
    return both.select("customer_id", "cohort", bits=both.bits.fill_null(0))


def _cells(counts: pd.DataFrame, clock: Clock, spans: Sequence[tuple[int, int]], keys: list[str]) -> pd.DataFrame:
    """The triangle, a row a cell, of one row a cohort; cohorts that nobody began have rows too unless split."""
    if len(keys) == 1:
        everyone = pd.RangeIndex(clock.intervals, name="cohort")
        counts = counts.set_index("cohort").reindex(everyone, fill_value=0).reset_index()
    counts = counts.astype({"cohort": "int64"}).sort_values(keys, kind="stable", ignore_index=True)
    parts = [
        counts[[*keys, "customers"]].assign(
            interval=first, last_interval=last, returned=counts["customers" if not place else str(place - 1)]
        )
        for place, (first, last) in enumerate(spans)
    ]
    cells = pd.concat(parts, ignore_index=True)
    cells = cells[cells["cohort"] + cells["interval"] < clock.intervals]
    cells = cells.sort_values([*keys, "interval"], kind="stable", ignore_index=True)
    lower, upper = wilson_interval(cells["returned"], cells["customers"])
    return cells.astype({"customers": "int64", "returned": "int64"}).assign(
        rate=cells["returned"] / cells["customers"].where(cells["customers"] > 0),
        lower=lower,
        upper=upper,
        mature=clock.complete(cells["cohort"], cells["last_interval"]),
        cohort=clock.starts[cells["cohort"].to_numpy()],
    )
