"""The claims of 07_journey about messages and roads, on customers of whom the truth is known."""

from __future__ import annotations

import ibis
import numpy as np
import pandas as pd
from scipy.stats import norm

from claims import Claim, each
from helpers.analyses.journey.message.campaigns import responses
from helpers.analyses.journey.message.pressure import AT_ANY_REPORT, fatigue
from helpers.analyses.journey.message.sent import Messages, Outcome
from helpers.analyses.journey.message.shares import clustered_shares
from helpers.analyses.journey.road.chains import FunnelRules
from helpers.analyses.journey.road.conversion import funnel_by
from helpers.analyses.journey.road.paths import NOTHING, Transitions
from helpers.analyses.journey.road.precursors import Event, compared
from helpers.analyses.journey.road.steps import Funnel
from helpers.analyses.journey.vocabulary import (
    CUSTOMERS_WITH,
    FROM_STEP,
    OF_ENTERED_SHARE,
    OF_STEP_BEFORE_SHARE,
    OUTCOME,
    STEP,
    TO_STEP,
    TOUCHPOINTS,
)
from helpers.findings import NotApplicable, say
from helpers.findings.evidence import SIGNIFICANCE
from helpers.findings.vocabulary import ADJUSTED_P_VALUE, CUSTOMERS, ROWS
from shops import AS_OF

NIGHT = pd.Timestamp(AS_OF) + pd.Timedelta(days=1)
CAMPAIGNS = 13


def sent(customers: int, rng: np.random.Generator) -> Messages:
    """Messages of 13 campaigns, some to few: customers get some or many, and click each at a rate of their own."""
    who = np.repeat(np.arange(customers), 1 + rng.poisson(rng.gamma(1, 6, customers)))
    size = 1 / (1 + np.arange(CAMPAIGNS))
    at = NIGHT - pd.to_timedelta(rng.integers(60, 400, len(who)), unit="D")
    rows = pd.DataFrame({"customer_id": who.astype(str), "sent_at": at}).sort_values(["customer_id", "sent_at"])
    rows = rows.assign(
        campaign=rng.choice([f"c{place}" for place in range(CAMPAIGNS)], len(rows), p=size / size.sum()), channel="email",
        clicked=rng.random(len(rows)) < rng.beta(0.6, 2.4, customers)[rows["customer_id"].astype(int)],
        ordered=rng.random(len(rows)) < 0.1, ordered_before=rng.random(len(rows)) < 0.1, messages_before=rows.groupby("customer_id").cumcount() % 5,
    )  # fmt: skip
    return Messages(ibis.memtable(rows), (Outcome.CLICKED,), 7, AS_OF)


def better_campaign(customers: int, rng: np.random.Generator) -> bool | None:
    """Whether campaigns are told to be clicked more or less often."""
    found = responses(sent(customers, rng))
    return None if isinstance(found, NotApplicable) else found.p_value < SIGNIFICANCE


def written(customers: int, days: int, rng: np.random.Generator) -> pd.DataFrame:
    """Messages of so many days and those of the 30 days before each: a few customers get most, and each clicks at a
    rate of their own.
    """
    got = rng.random((customers, days)) < np.minimum(rng.gamma(1, 0.25, customers) / 7, 1)[:, None]
    before = got.cumsum(axis=1) - got
    who, day = np.nonzero(got[:, 30:])
    rows = pd.DataFrame({"customer_id": who.astype(str), "day": day})
    return rows.assign(
        clicked=rng.random(len(who)) < rng.beta(0.6, 2.4, customers)[who], ordered=False, ordered_before=False,
        messages_before=before[who, day + 30] - before[who, day],
    )  # fmt: skip


def tired(customers: int, rng: np.random.Generator) -> bool:
    """Whether clicks are told to fall or rise with the messages before, in a report of half a year."""
    found = fatigue(Messages(ibis.memtable(written(customers, 182, rng)), (Outcome.CLICKED,), 7, AS_OF))
    return not isinstance(found, NotApplicable) and "No evidence" not in str(found.headline())


def tired_any_week(customers: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Whether any of twelve weekly reports tells a slope of so many that it is normal, of half a year and a week more in
    each.
    """
    weeks = np.arange(26, 38)
    news = rng.normal(0, np.sqrt(np.diff(weeks, prepend=0)), (draws, len(weeks)))
    return (2 * norm.sf(np.abs(news.cumsum(axis=1)) / np.sqrt(weeks)) < AT_ANY_REPORT).any(axis=1)


def funnelled(customers: int, rng: np.random.Generator) -> Funnel:
    """Customers of five channels, one of them opened lately, who take each of three steps alike within 30 days."""
    channel = rng.integers(0, 5, 5 * customers)
    ago = rng.uniform(0, np.where(channel == 4, 50, 300))
    waits = np.where(rng.random((2, len(channel))) < 0.4, rng.exponential(1, (2, len(channel))), np.inf).cumsum(axis=0)
    depth = 1 + (waits <= np.minimum(ago, 30)).sum(axis=0)
    tries = pd.DataFrame({"customer_id": np.arange(len(ago)).astype(str), "depth": depth})
    tries = tries.assign(entered_at=NIGHT - pd.to_timedelta(ago, unit="D"), entry_channel=channel.astype(str))
    known = depth[ago > 30]
    counts = np.array([(known >= step).sum() for step in (1, 2, 3)])
    before = np.append(len(known), counts[:-1])
    table = pd.DataFrame({STEP: list("abc"), CUSTOMERS: counts, OF_STEP_BEFORE_SHARE: counts / before,
                          OF_ENTERED_SHARE: counts / counts[0]})  # fmt: skip
    return Funnel(table, tries, FunnelRules(("a", "b", "c")), NIGHT)


def converts_more(customers: int, rng: np.random.Generator) -> bool | None:
    """Whether a channel is told to convert more or less often."""
    found = funnel_by(funnelled(customers, rng), "entry_channel")
    return None if isinstance(found, NotApplicable) else bool((found.table[ADJUSTED_P_VALUE] < SIGNIFICANCE).any())


def loses_most(customers: int, rng: np.random.Generator) -> bool:
    """Whether a step is told to lose most: who goes on goes on alike."""
    return "widest gap" in str(funnelled(customers, rng).headline())


def surest(customers: int, rng: np.random.Generator) -> bool:
    """Whether a way from step to step is told to be the surest: all three lead on to each other alike."""
    who = np.repeat(np.arange(customers), 1 + rng.poisson(rng.gamma(1, 6, customers)))
    start, end = rng.integers(0, 3, len(who)), rng.integers(0, 4, len(who))
    steps = ["a", "b", "c", NOTHING]
    rows = pd.DataFrame({"customer_id": who.astype(str), FROM_STEP: np.take(steps, start)})
    rows = rows.assign(**{name: end == place for place, name in enumerate(steps)})
    shares = clustered_shares(ibis.memtable(rows), [FROM_STEP], steps).drop(columns=CUSTOMERS)
    shares = shares.rename(columns={OUTCOME: TO_STEP, ROWS: TOUCHPOINTS, CUSTOMERS_WITH: CUSTOMERS})
    return "No evidence" not in str(Transitions(shares, 30).headline())


def foreboding(customers: int, rng: np.random.Generator) -> bool | None:
    """Whether a path is told to be more or less frequent before silence: ten paths, by popularity."""
    popular = 1 / np.arange(1, 11)
    path = rng.choice([f"p{place}" for place in range(10)], 2 * customers, p=popular / popular.sum())
    known = pd.DataFrame({"path": path, "event": rng.random(2 * customers) < 0.3})
    found = compared(known, Event.SILENCE, say("Seen."))
    return None if isinstance(found, NotApplicable) else bool((found.table[ADJUSTED_P_VALUE] < SIGNIFICANCE).any())


TIRED = "they change nothing; a few customers get most, each clicks at a rate of their own"
MESSAGE, ROAD = "journey/message/", "journey/road/"
CLAIMS = (
    Claim("campaigns differ", f"{MESSAGE}campaigns", "13 campaigns alike; each customer clicks at a rate of their own", 0.05,
          each(better_campaign), (50, 300), costs=100),
    Claim("more messages lower, or raise, clicks", f"{MESSAGE}pressure", TIRED, 0.02, each(tired), costs=100),
    Claim("more messages lower, or raise, clicks: any of 12 weekly reports", f"{MESSAGE}pressure",
          "they change nothing; half a year, and a week more in each", 0.05, tired_any_week, (300, 3000)),
    Claim("a channel converts more or less often", f"{ROAD}conversion", "5 channels alike, one of them new", 0.05,
          each(converts_more), costs=50),
    Claim("one step loses most", f"{ROAD}steps", "who goes on goes on alike", 0.05, each(loses_most), costs=50),
    Claim("one way is the surest", f"{ROAD}paths", "3 steps that lead to each other alike", 0.05, each(surest), (50, 300),
          costs=50),
    Claim("a path is more frequent before silence", f"{ROAD}precursors", "10 paths that tell nothing", 0.05, each(foreboding),
          costs=50),
)  # fmt: skip
