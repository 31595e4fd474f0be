"""The demo's leads: who asked and may become a customer, by source; the newest source has had little time for it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.data.synthetic.clock import DAY, DAYS, NEVER, day_number, minute_of_day
from helpers.data.synthetic.customers.people import OWNERS
from helpers.data.synthetic.draws import exponential, pick, uniforms
from helpers.data.synthetic.truth import TRUTH

LEADS = {"官网": 600, "展会": 350, "转介绍": 300, "直播": 250}
SINCE = {"直播": "2025-11-10"}  # a source that is new; the others are as old as the log
MEAN_DAYS = 30  # of the exponential time to become a customer


def drawn(people: pd.DataFrame) -> pd.DataFrame:
    """One row a lead by time: created (minute), source, owner, converted (minute) and customer, NEVER for none.

    A lead becomes the next customer to join who was no lead, so that it converts some hours late; who would convert
    after the log's end is still open.
    """
    rng = uniforms("leads")
    source = np.repeat(list(LEADS), list(LEADS.values()))
    n = len(source)
    first = np.array([day_number(SINCE[each]) if each in SINCE else 0 for each in source])
    created = (first + np.floor(rng.random(n) * (DAYS - first)).astype(int)) * DAY + minute_of_day(rng, n)
    converts = rng.random(n) < np.array([TRUTH.lead_rates[each] for each in source])
    due = created + np.ceil(MEAN_DAYS * DAY * exponential(rng.random(n))).astype(int)
    owner = np.array(OWNERS)[pick(rng.random(n), [1] * len(OWNERS))]
    customer, joined = np.full(n, NEVER), people["joined"].to_numpy()
    free = 0
    for lead in np.argsort(due, kind="stable")[: int((due < DAYS * DAY).sum())]:
        if converts[lead]:
            free = max(free, int(np.searchsorted(joined, due[lead])))
            if free < len(joined):
                customer[lead], free = free, free + 1
    converted = np.where(customer == NEVER, NEVER, joined[customer])
    rows = pd.DataFrame(
        {"created": created, "source": source, "owner": owner, "converted": converted, "customer": customer}
    )
    return rows.sort_values(["created", "source"], kind="stable", ignore_index=True)
