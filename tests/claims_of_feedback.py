"""The claims of 06_feedback, on tickets of which the truth is known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from claims import Claim, each
from helpers.analyses.feedback.complaint.consequences import aftermath
from helpers.analyses.feedback.complaint.pareto import complaint_pareto
from helpers.analyses.feedback.service.waiting import waits_alike
from helpers.analyses.feedback.vocabulary import ANSWERED, INVITATIONS
from helpers.analyses.feedback.voice.answers import Measure, Question, change, levels
from helpers.analyses.feedback.voice.associations import fitted
from helpers.analyses.feedback.voice.respondents import compared
from helpers.analyses.feedback.words.topics import Mentions, distinctive_themes
from helpers.findings import NotApplicable
from helpers.findings.evidence import SIGNIFICANCE, Z
from helpers.findings.vocabulary import ADJUSTED_P_VALUE
from helpers.statistics.effects import match
from helpers.statistics.inference import adjust
from helpers.statistics.purchases import cumulative_mean
from helpers.statistics.shares import alike_groups
from shops import shop

SERVICE = "feedback/service/"
AGAIN = "4 groups alike; customers ask often, in several groups, each with outcomes of its own"
SCORED = np.array([2, 1, 1, 1, 2, 4, 6, 13, 20, 22, 28]) / 100  # how often each score from 0 to 10 is given


def grown(tickets: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Whether the open requests are told to have moved in a year: so many are open on either day, at random."""
    now, then = rng.poisson(tickets, (2, draws))
    return np.abs(now - then) > Z * np.sqrt(now + then)


def sooner(customers: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Whether a tier is told to be served sooner than another: customers ask again and again, the lowest tier complains
    more, complaints take long, and some customers' requests take longer than others'; a fifth are still open.
    """
    return np.array([waits_alike(_served(customers, rng)).p_value < SIGNIFICANCE for _ in range(draws)])


def _served(customers: int, rng: np.random.Generator) -> pd.DataFrame:
    """Requests of three tiers of so many customers each, all served alike."""
    tier = np.repeat(["a", "b", "c"], customers)
    owner = np.repeat(np.arange(3 * customers), rng.poisson(rng.gamma(1, 2, 3 * customers)))
    complaint = rng.random(len(owner)) < np.where(tier[owner] == "c", 0.6, 0.2)
    slow = rng.gamma(4, 1 / 4, 3 * customers)[owner]
    wait, seen = rng.exponential(np.where(complaint, 10, 1) * slow), rng.exponential(20, len(owner))
    return pd.DataFrame({
        "owner": owner, "group": tier[owner], "stratum": complaint, "minutes": np.minimum(wait, seen),
        "done": wait <= seen, "tickets": 1,
    })  # fmt: skip


def worth_more(customers: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Whether brought customers are told to spend more or less than others: all spend alike, half of them log-normal
    money, more by one channel, by which more were brought; some persons bring several.
    """
    told = np.zeros(draws, bool)
    for draw in range(draws):
        by_link = np.arange(4 * customers) < 2 * customers
        brought = rng.permuted(np.r_[np.ones(customers), np.zeros(customers)]).astype(bool)
        is_brought = np.r_[brought, rng.random(2 * customers) < 0.1]
        who = np.where(is_brought, rng.integers(0, customers, len(by_link)), customers + np.arange(len(by_link)))
        spend = np.where(rng.random(len(by_link)) < 0.5, rng.lognormal(by_link * 0.5, 1), 0)
        told[draw] = match(is_brought, by_link, who).difference(spend)[3] < SIGNIFICANCE
    return told


def brings(customers: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Whether the interval of how many others a customer brings misses the truth, .3 in 12 months: some bring many."""
    missed = np.full(draws, np.nan)
    for draw in range(draws):
        rates = rng.gamma(0.3, 1 / 0.3, customers)[:, None] * 0.3 / 12
        counts, months = rng.poisson(np.repeat(rates, 12, axis=1)), np.minimum(rng.integers(0, 24, customers), 12)
        course = cumulative_mean(counts, months)
        last = course[course["at_risk"] >= 20].tail(1)
        if len(last) and last["month"].iloc[0] == 12:
            missed[draw] = not last["lower"].iloc[0] <= 0.3 <= last["upper"].iloc[0]
    return missed


def requests(customers: int, rng: np.random.Generator, groups: int = 4) -> pd.DataFrame:
    """Requests of so many customers a group, a third of them in any group; some customers ask often, and each has
    outcomes of its own: `done` of most, `again` of few.
    """
    who = np.repeat(np.arange(groups * customers), rng.poisson(rng.gamma(0.7, 3, groups * customers)))
    group = np.where(rng.random(len(who)) < 1 / 3, rng.integers(0, groups, len(who)), who % groups)
    often, seldom = (rng.beta(a, b, groups * customers)[who] for a, b in ((1.5, 0.5), (0.3, 2.0)))
    flags = {"done": rng.random(len(who)) < often, "again": rng.random(len(who)) < seldom}
    return pd.DataFrame({"group": group, "customer_id": who, "n": 1, **flags})


def differ(*flags: str) -> Callable[[int, np.random.Generator], bool]:
    """Whether groups are told to differ in any of these flags of requests, tested together."""

    def once(customers: int, rng: np.random.Generator) -> bool:
        rows = requests(customers, rng).groupby(["group", "customer_id"], as_index=False).sum()
        tests = [alike_groups(rows["group"], rows["customer_id"], rows[flag], rows["n"]) for flag in flags]
        return bool(adjust(tests, "holm").min() < SIGNIFICANCE)

    return once


def silent(customers: int, rng: np.random.Generator) -> bool:
    """Whether one of four groups is told to answer surveys less, of customers who are invited often and answer alike."""
    counts = (
        requests(customers, rng).groupby("customer_id").agg(**{INVITATIONS: ("n", "sum"), ANSWERED: ("done", "sum")})
    )
    return compared(counts, pd.Series(counts.index % 4, counts.index))[0] < SIGNIFICANCE


def slower(customers: int, rng: np.random.Generator) -> bool:
    """Whether requests of one of three groups are told to wait longer, of customers some of whom are slow."""
    return waits_alike(_served(customers, rng)[lambda rows: ~rows["stratum"]]).p_value < SIGNIFICANCE


def complains(customers: int, rng: np.random.Generator) -> bool | None:
    """Whether one of four categories is told to draw more complaints: customers complain again, mostly of the same."""
    rows = requests(customers, rng)
    rows = rows.assign(ticket_id=rows.index.astype(str), customer_id=rows["customer_id"].astype(str), days_ago=9)
    rows = rows.assign(category=rows["group"].map("abcd".__getitem__), complaint=True)
    found = complaint_pareto(shop(tickets=rows.drop(columns=["group", "n", "done", "again"])))
    return None if isinstance(found, NotApplicable) else found.p_value < SIGNIFICANCE


def driven(customers: int, rng: np.random.Generator) -> bool | None:
    """Whether scores are told to go with any of five things: few customers have most of them, and none tells."""
    counts = {name: rng.poisson(rng.gamma(0.4, 1.5, customers)) for name in ("tickets", "orders", "open_tickets")}
    table = pd.DataFrame({"score": rng.choice(11, customers, p=SCORED), **counts})
    table["complaints"], table["refunded"] = rng.binomial(table["tickets"], 0.3), rng.binomial(table["orders"], 0.1)
    found = fitted(asked(Measure.NPS), table)
    return None if isinstance(found, NotApplicable) else bool((found.table[ADJUSTED_P_VALUE] < SIGNIFICANCE).any())


def asked(measure: Measure) -> Question:
    """A question of a survey."""
    return Question("recommend", measure, 10 if measure == Measure.NPS else 5, 0, 0)


def wave(answers: int, rng: np.random.Generator) -> pd.DataFrame:
    """How many customers gave each score, on average an NPS of 30."""
    return pd.DataFrame({"score": range(11), "customers": rng.multinomial(answers, SCORED)})


def pleased(customers: int, rng: np.random.Generator) -> bool:
    """Whether one of five groups is told to be more or less pleased than all others."""
    parts = [wave(customers, rng).assign(group=name) for name in "abcde"]
    counts, question = pd.concat(parts, ignore_index=True), asked(Measure.NPS)
    names = levels(question, counts, "group")["group"]
    tests = [change(question, counts[counts["group"] != name], counts[counts["group"] == name]) for name in names]
    return bool(adjust([test.p_value for test in tests], "holm").min() < SIGNIFICANCE)


def moved(customers: int, rng: np.random.Generator) -> bool:
    """Whether NPS is told to have changed between two waves of as many answers."""
    return change(asked(Measure.NPS), wave(customers, rng), wave(customers, rng)).p_value < SIGNIFICANCE


def marked(customers: int, rng: np.random.Generator) -> bool | None:
    """Whether a word is told to mark one of three groups: writers use 40 words as often in all of them, talkative ones
    many, and who writes in two groups uses the same ones.
    """
    talk, fame = rng.gamma(1, 1, 3 * customers), 1 / np.arange(2, 42)
    uses = rng.random((3 * customers, 40)) < 1 - np.exp(-talk[:, None] * fame)
    own = np.arange(3 * customers) % 3
    inside = [(own == group) | (rng.random(3 * customers) < 0.2) for group in range(3)]
    cells = [
        ("abc"[group], f"w{term}", int(uses[inside[group], term].sum())) for group in range(3) for term in range(40)
    ]
    cells = pd.DataFrame(cells, columns=["group", "term", "customers"])
    total = pd.Series(uses.sum(axis=0), [f"w{term}" for term in range(40)])
    used = total.index[total >= 10]
    cells, total = cells[cells["term"].isin(used)], total[used]
    found = distinctive_themes(Mentions(total, cells, pd.Series({"": 3 * customers}), "tickets", "category"))
    return None if isinstance(found, NotApplicable) else len(found.table) > 0


def costs_orders(customers: int, rng: np.random.Generator) -> bool | None:
    """Whether customers are told to order or spend otherwise after a complaint: an eighth of all orders is followed by
    one, whoever orders, and nothing comes of it.
    """
    rate = rng.gamma(1, 1 / 60, customers)
    orders = pd.DataFrame(np.argwhere(rng.random((customers, 500)) < rate[:, None]), columns=["who", "day"])
    rows = pd.DataFrame({"customer_id": orders["who"].astype(str), "order_id": orders.index,
                         "amount": rng.lognormal(3, 0.5, len(orders)), "days_ago": 499 - orders["day"]})  # fmt: skip
    bad = rows[(rng.random(len(rows)) < 1 / 8) & (rows["days_ago"] > 0)]
    tickets = pd.DataFrame({"ticket_id": bad["order_id"], "customer_id": bad["customer_id"], "complaint": True})
    found = aftermath(shop(orders=rows, tickets=tickets.assign(days_ago=bad["days_ago"] - 1)))
    return None if isinstance(found, NotApplicable) else bool((found.table[ADJUSTED_P_VALUE] < SIGNIFICANCE).any())


CLAIMS = (
    Claim("open requests moved in a year", "feedback/service/open_tickets", "one rate", 0.05, grown),
    Claim(
        "a tier is served sooner", "feedback/service/waits_by_tier",
        "all tiers are served alike; the lowest complains more", 0.05, sooner, costs=5,
    ),
    Claim(
        "brought customers spend otherwise", "feedback/referral/brought",
        "all of a channel spend alike; more are brought by the dearer one", 0.05, worth_more, costs=5,
    ),
    Claim(
        "interval of others brought by a customer", "feedback/referral/rate", "0.3 each; a few bring most", 0.05, brings,
        costs=5,
    ),
    Claim("groups differ in how far requests get", f"{SERVICE}loop_by_group", AGAIN, 0.05, each(differ("done")), costs=20),
    Claim("requests of one group come back more", f"{SERVICE}reopening", AGAIN, 0.05, each(differ("again", "done")), costs=20),
    Claim("requests of one group wait longer", f"{SERVICE}waiting", "all wait alike; some customers ask often and wait long",
          0.05, each(slower), costs=20),
    Claim("one group draws more complaints", "feedback/complaint/pareto", "each complains of any, mostly of the same", 0.05,
          each(complains), (50, 300), costs=400),
    Claim("scores go with what happened", "feedback/voice/associations", "5 things with heavy tails that tell nothing", 0.05,
          each(driven), costs=20),
    Claim("a group is more or less pleased", "feedback/voice/levels_by_group", "5 groups alike", 0.05, each(pleased), costs=20),
    Claim("NPS changed", "feedback/voice/satisfaction_levels", "two waves alike", 0.05, each(moved), costs=5),
    Claim("some groups answer surveys less", "feedback/voice/respondents",
          "4 groups alike; customers are invited often, and each answers mostly or hardly", 0.05, each(silent), costs=20),
    Claim("a word marks a group", "feedback/words/topics", "all use 40 words alike, some customers many", 0.05, each(marked),
          costs=40),
    Claim("after a complaint customers order otherwise", "feedback/complaint/consequences",
          "orders bring complaints, of which nothing comes", 0.05, each(costs_orders), (300,), costs=250),
)  # fmt: skip
