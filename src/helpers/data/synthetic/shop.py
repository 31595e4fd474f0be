"""The demo shop drawn as a whole, step by step: what comes later never changes what it rests on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.data.synthetic.clock import DAY, DAYS, NEVER, day_number
from helpers.data.synthetic.contact import plans, service, visits
from helpers.data.synthetic.customers import memberships, people
from helpers.data.synthetic.trade import purchases


@dataclass(frozen=True)
class Shop:
    """All that is so, as numbers: days and minutes since 2024-01-01, customers, orders and products by their place."""

    people: pd.DataFrame
    bought: purchases.Bought
    items: pd.DataFrame
    cents: np.ndarray  # paid for each order
    members: pd.DataFrame
    strained: np.ndarray  # see `memberships.strain`, without calls
    asked: pd.DataFrame
    steps: pd.DataFrame
    planned: pd.DataFrame


def drawn() -> Shop:
    """The shop of `draws.SEED`, always the same."""
    everyone = people.customers()
    bought, reminders = plans.reminded(everyone, purchases.bought(everyone))
    items = purchases.order_items(everyone, bought)
    cents = (items["quantity"] * items["price"] - items["discount"]).groupby(items["order"]).sum().to_numpy()
    requests = service.complaints(everyone, bought.placed)
    joined, lulled = memberships.joined(everyone), visits.lulls(everyone)
    complains = memberships.complaining(requests[requests["unresolved"]], len(everyone))
    strained = memberships.strain(complains, lulled)
    members, calls = _members(everyone, joined, bought, strained)
    came = visits.sessions(everyone, bought.placed, joined, lulled)
    return Shop(
        people=everyone,
        bought=bought,
        items=items,
        cents=cents,
        members=members,
        strained=strained,
        asked=service.tickets(_of_customers(requests, everyone, members)),
        steps=visits.events(came, everyone, members),
        planned=pd.concat([calls, plans.coupons(everyone, bought), reminders], ignore_index=True),
    )


def _members(
    everyone: pd.DataFrame, joined: pd.DataFrame, bought: purchases.Bought, strained: np.ndarray
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The members as the calls leave them, and these calls."""
    members = memberships.left(joined, everyone, strained)
    made: list[pd.DataFrame] = []
    for day in map(day_number, plans.PLANNED_ON):
        before = pd.concat([pd.DataFrame({"customer": []}), *made])
        quiet = plans.silent(bought, len(everyone), "save_call", day)
        made.append(plans.calls(everyone, members, quiet, strained, day, before))
        members = memberships.left(joined, everyone, plans.called(strained, pd.concat(made)))
    return members, pd.concat(made, ignore_index=True)


def _of_customers(requests: pd.DataFrame, everyone: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """The requests of those who were still members, or not yet lost as buyers."""
    until = everyone["lost_day"].to_numpy() + 30
    ended = np.where(members["ended"] == NEVER, DAYS, members["ended"])
    until[members["customer"]] = np.maximum(until[members["customer"]], ended)
    return requests[requests["opened"] // DAY <= until[requests["customer"]]].reset_index(drop=True)
