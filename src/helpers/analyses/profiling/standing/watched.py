"""The measures that a director watches: the value of each in any windows, and how sure it is."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np

from helpers.analyses.profiling.business.goals import Better
from helpers.analyses.profiling.business.voice import net_promoter_figures, satisfied
from helpers.analyses.profiling.business.windows import Trade, Window, subscriptions_have_history
from helpers.data import engine, snapshot
from helpers.data.datasets import Dataset
from helpers.findings.briefs import Direction
from helpers.findings.evidence import LEAST_AT_RISK, Z

MEMBERS = "members"

Point = tuple[float, float]  # a value and its standard error, 0 where no chance moves it
NOTHING: Point = (np.nan, np.nan)


@dataclass(frozen=True)
class Measure:
    """One measure: which way is better, whether it is a share, and how it is made."""

    kpi: str
    better: Better
    is_share: bool
    at: Callable[[Trade, Sequence[Window]], list[Point]]  # its value and standard error in each of some windows


def direction(now: Point, then: Point, better: Better) -> Direction:
    """Better or worse by more than chance; level within it; unknown where either is not known, or how sure it is."""
    gain, error = now[0] - then[0], math.hypot(now[1], then[1])
    if np.isnan([gain, error]).any():
        return Direction.UNKNOWN
    if abs(gain) <= Z * error:
        return Direction.LEVEL
    return Direction.BETTER if (gain > 0) == (better is Better.HIGHER) else Direction.WORSE


def share_of(count: float, of: float) -> Point:
    """A share and its standard error; nothing of fewer than 20."""
    if of < LEAST_AT_RISK:
        return NOTHING
    share = count / of
    return share, math.sqrt(share * (1 - share) / of)


def _retention(trade: Trade, windows: Sequence[Window]) -> list[Point]:
    """Of the buyers of the window before, those who bought in the window."""
    if "orders" not in trade.data.tables or not trade.names_customers:
        return [NOTHING] * len(windows)
    days = snapshot.order_days(trade.data.tables["orders"], trade.data.settings.policy)
    bought, spans = days.filter(days.orders > 0), _spans(windows)
    within = bought.join(spans, [bought.day >= spans.before, bought.day <= spans.end])
    now = within.day >= within.start
    people = within.group_by("place", "customer_id").agg(there_before=(~now).any(), there_now=now.any())
    shares = _kept(people, windows)
    return [share if trade.covers(window.before) else NOTHING for share, window in zip(shares, windows, strict=True)]


def _running(trade: Trade, windows: Sequence[Window]) -> list[Point]:
    """Customers with a subscription that runs at the window's end: counted, so that no chance moves them."""
    people = _subscribers(trade.data, windows)
    if people is None:
        return [NOTHING] * len(windows)
    counts = people.group_by("place").agg(members=people.there_now.sum()).execute().set_index("place")["members"]
    points = [(float(counts.get(place, 0)), 0.0) for place in range(len(windows))]
    return _with_history(trade.data, points, [window.end for window in windows])


def _churn(trade: Trade, windows: Sequence[Window]) -> list[Point]:
    """Of the customers with a subscription before the window, those without one at its end."""
    people = _subscribers(trade.data, windows) if trade.data.settings.contractual else None
    if people is None:
        return [NOTHING] * len(windows)
    left = [(1 - share, error) for share, error in _kept(people, windows)]
    return _with_history(trade.data, left, [window.before.end for window in windows])


def _subscribers(data: Dataset, windows: Sequence[Window]) -> ir.Table | None:
    """One row a window and customer: whether a subscription ran before it and at its end; None without any table."""
    if "subscriptions" not in data.tables:
        return None
    rows, spans = data.tables["subscriptions"], _spans(windows)
    rows = rows.filter(rows.customer_id.notnull())
    began, ended = rows.started_at.date(), rows.ended_at.date()
    rows = rows.select("customer_id", began=began, ended=ended)
    both = rows.join(spans, [rows.began <= spans.end])
    open_ended = both.ended.isnull()
    return both.group_by("place", "customer_id").agg(
        there_before=((both.began < both.start) & (open_ended | (both.ended >= both.start))).any(),
        there_now=(open_ended | (both.ended > both.end)).any(),
    )


def _with_history(data: Dataset, points: Sequence[Point], days: Sequence[dt.date]) -> list[Point]:
    """The points of those days to which one can look back."""
    if subscriptions_have_history(data, min(days)):
        return list(points)
    return [
        point if subscriptions_have_history(data, day) else NOTHING for point, day in zip(points, days, strict=True)
    ]


def _kept(people: ir.Table, windows: Sequence[Window]) -> list[Point]:
    """Of who was there before each window, the share that is there now."""
    remaining = people.there_before & people.there_now
    sums = people.group_by("place").agg(start=people.there_before.sum(), remaining=remaining.sum()).execute()
    known = sums.set_index("place")
    return [
        share_of(*known.loc[place, ["remaining", "start"]]) if place in known.index else NOTHING
        for place in range(len(windows))
    ]


def _spans(windows: Sequence[Window]) -> ir.Table:
    """The windows as a table: place, the first day of the window before, its own first day, its last."""
    return ibis.memtable({
        "place": list(range(len(windows))), "before": [window.before.start for window in windows],
        "start": [window.start for window in windows], "end": [window.end for window in windows],
    })  # fmt: skip


def _satisfied(trade: Trade, windows: Sequence[Window]) -> list[Point]:
    """Of the customers who answered in the window, those whose latest answer is 4 or 5."""
    if "surveys" not in trade.data.tables:
        return [NOTHING] * len(windows)
    surveys, spans = trade.data.tables["surveys"], _spans(windows)
    asked = surveys.filter(surveys.question.lower() == "csat")
    rows = asked.select("customer_id", "score", "answered_at", day=asked.answered_at.date())
    within = rows.join(spans, [rows.day >= spans.start, rows.day <= spans.end])
    named = within.filter(within.customer_id.notnull())
    keys = ["place", "customer_id"]
    named = engine.with_firsts(named, keys, score=[named.answered_at.desc(), named.score.desc()])
    latest = named.group_by(keys).agg(score=engine.first(named, "score"))
    every = latest.select("place", "score").union(within.filter(within.customer_id.isnull()).select("place", "score"))
    counts = every.group_by("place", "score").agg(customers=every.count()).execute().set_index(["place", "score"])
    shares = []
    for place in range(len(windows)):
        there = place in counts.index.get_level_values("place")
        known = satisfied(counts.loc[place, "customers"].sort_index()) if there else None
        shares.append(share_of(*known) if known else NOTHING)
    return shares


def _promoters(trade: Trade, windows: Sequence[Window]) -> list[Point]:
    """The net promoter score of the window's answers, in points."""
    figures = [net_promoter_figures(trade.data, window) for window in windows]
    return [(each[0].value, (each[0].limits[1] - each[0].limits[0]) / 2 / Z) if each else NOTHING for each in figures]


MEASURES = (  # after sales and new customers, in the order in which a director asks
    Measure("retention", Better.HIGHER, True, _retention),
    Measure(MEMBERS, Better.HIGHER, False, _running),
    Measure("churn", Better.LOWER, True, _churn),
    Measure("CSAT", Better.HIGHER, True, _satisfied),
    Measure("NPS", Better.HIGHER, False, _promoters),
)
