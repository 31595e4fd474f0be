"""Which tier a request came from: that of its day where the rules of membership are known, else that of today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pandas as pd

from helpers.analyses.feedback.vocabulary import TIER
from helpers.data import engine, snapshot
from helpers.data.datasets import Dataset
from helpers.data.days import night
from helpers.data.intake.wording.programme import Tier
from helpers.findings import NotApplicable, say
from helpers.findings.folding import MOST_GROUPS, SMALL_GROUPS, SMALLEST_GROUP, folded_rows
from helpers.findings.vocabulary import CUSTOMER_ID
from helpers.language import later

BELOW = later("(below the first tier)")
LATELY_DAYS = 90  # for which a tier of today stands for that of the request
NO_TIERS = NotApplicable(
    say("no tier of customers is known: map `level` of customers, or write `[[loyalty.tiers]]` in `dataset.toml`.")
)


@dataclass(frozen=True)
class Tiered:
    """Requests with the tier of whoever made them."""

    tickets: ir.Table  # with a column tier, never missing
    tiers: tuple[str, ...]  # the highest first where that is known, then the small ones folded
    ranked: bool  # whether it is known which tier is higher
    on_the_day: bool  # whether the tiers are those of the request's day, not of today


def tiered(data: Dataset, tickets: ir.Table, labels: pd.Series | None) -> Tiered | NotApplicable:
    """The requests whose tier is known: by the rules in `[loyalty]`, else by the customers' level, else by `labels`.

    By the rules it is the tier on the eve of the request, of requests before which the tiers' days are all observed.
    Levels and labels (customer_id → tier) are those of today, so that only the last 90 days' requests are taken:
    whoever was served badly long ago may have stopped buying and fallen since.
    """
    replayed = _by_rules(data, tickets)
    if replayed is not None:
        return replayed
    level = data.customers.set_index(CUSTOMER_ID)["level"] if "level" in data.customers else None
    for today in (level, labels):
        if today is not None and today.dropna().nunique() > 1:
            return _by_today(data, tickets, today.dropna().astype(str))
    return NO_TIERS


def _by_rules(data: Dataset, tickets: ir.Table) -> Tiered | None:
    """None without rules or orders, or where no request of enough customers has all of its days before it."""
    rules = sorted(data.settings.loyalty.tiers, key=lambda rule: rule.spend)
    if not rules or "orders" not in data.tables:
        return None
    bought = snapshot.order_days(data.tables["orders"], data.settings.policy)
    first = bought.day.min().execute()
    if pd.isna(first):
        return None
    since = pd.Timestamp(first).date() + dt.timedelta(days=max(rule.window_days for rule in rules))
    late = tickets.filter(tickets.opened_at >= night(since - dt.timedelta(days=1)))
    if late.customer_id.nunique().execute() < SMALLEST_GROUP:
        return None
    names = [rule.name for rule in reversed(rules)]
    rows, shown = folded_rows(_with_tiers(late, bought, rules), TIER, MOST_GROUPS)
    return Tiered(rows, _in_order(shown, [*names, BELOW]), ranked=True, on_the_day=True)


def _with_tiers(tickets: ir.Table, bought: ir.Table, rules: Sequence[Tier]) -> ir.Table:
    """The requests with the highest tier whose spend the customer had reached on the eve, within the tier's days."""
    asked = tickets.select("ticket_id", CUSTOMER_ID, on=tickets.opened_at.date())
    paid = asked.join(bought.select(CUSTOMER_ID, "day", "net"), CUSTOMER_ID)
    ago = paid.on.delta(paid.day, unit="day")
    sums = {
        f"spent_{place}": engine.total(paid.net, where=(ago >= 1) & (ago <= rule.window_days))
        for place, rule in enumerate(rules)
    }
    spent = paid.group_by("ticket_id").agg(**sums)
    reached = [
        (spent[f"spent_{place}"] >= rule.spend, ibis.literal(rule.name))
        for place, rule in reversed([*enumerate(rules)])
    ]
    known = spent.select(ticket="ticket_id", **{TIER: ibis.cases(*reached, else_=BELOW)})
    rows = tickets.left_join(known, tickets.ticket_id == known.ticket)
    return rows.mutate(**{TIER: rows[TIER].fill_null(BELOW)}).drop("ticket")


def _by_today(data: Dataset, tickets: ir.Table, today: pd.Series) -> Tiered:
    """The requests of the last days by the tier of today, ranked by what their customers spent in the mean."""
    known = ibis.memtable(pd.DataFrame({CUSTOMER_ID: today.index, TIER: today.to_numpy()}))
    late = tickets.filter(tickets.opened_at >= night(data.as_of - dt.timedelta(days=LATELY_DAYS)))
    rows, shown = folded_rows(late.join(known, CUSTOMER_ID), TIER, MOST_GROUPS)
    if "monetary" not in data.customers:
        return Tiered(rows, _in_order(shown, shown), ranked=False, on_the_day=False)
    spent = data.customers.set_index(CUSTOMER_ID)["monetary"].reindex(today.index)
    order = list(spent.groupby(today).mean().sort_values(ascending=False).index)
    return Tiered(rows, _in_order(shown, order), ranked=True, on_the_day=False)


def _in_order(shown: Sequence[str], order: Sequence[str]) -> tuple[str, ...]:
    """The groups that are shown in the order of the tiers, the fold last."""
    folded = [SMALL_GROUPS] if SMALL_GROUPS in shown else []
    return (*(name for name in order if name in shown and name not in folded), *folded)
