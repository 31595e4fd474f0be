"""The demo shop's service at work: tickets, what is done about them, surveys, and the invitations to them.

Times are minutes since 2024-01-01, drawn as `clock` says.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.data.synthetic.clock import DAY, DAYS, NEVER, by_day, minute_of_day
from helpers.data.synthetic.draws import exponential, label, pick, uniforms
from helpers.data.synthetic.truth import TRUTH

SURVEY_CAMPAIGN = "满意度调查"
COMPLAINTS = 0.0008  # a day and customer, of no order
AGAIN = 5  # times at most that a complaint is made again
RATED = 0.11  # of the orders are followed by an answer to the nps survey


def complaints(people: pd.DataFrame, placed: pd.DataFrame) -> pd.DataFrame:
    """One row per request of anybody, customer or no longer one: customer, opened (minute), complaint, unresolved.

    9 % of the orders are followed by a request, a quarter of these complaints; other complaints come of themselves.
    Of all complaints `TRUTH.unresolved_shares` stay unresolved, and most of these are made again, as much in vain.
    """
    rng = uniforms("tickets")
    asked = placed[rng.random(len(placed)) < 0.09]
    opened = asked["minute"].to_numpy() + np.floor(3 * DAY * exponential(rng.random(len(asked)))).astype(int) + 30
    joined_day = people["joined"].to_numpy() // DAY
    spent = (DAYS - joined_day) * COMPLAINTS
    by_itself = np.repeat(np.arange(len(people)), np.floor(spent + rng.random(len(people))).astype(int))
    day = (
        joined_day[by_itself]
        + 1
        + np.floor((DAYS - 1 - joined_day[by_itself]) * rng.random(len(by_itself))).astype(int)
    )
    first = pd.DataFrame(
        {
            "customer": np.concatenate([asked["customer"], by_itself]),
            "opened": np.concatenate([opened, day * DAY + minute_of_day(rng, len(day))]),
            "complaint": np.concatenate([rng.random(len(asked)) < 0.25, np.ones(len(day), bool)]),
        }
    )
    first = first[first["opened"] < DAYS * DAY]
    unresolved = rng.random(len(first)) < by_day(TRUTH.unresolved_shares)[first["opened"] // DAY]
    first["unresolved"] = first["complaint"] & unresolved
    rounds = [first]
    for _ in range(AGAIN):
        vain = rounds[-1]["unresolved"].to_numpy() & (rng.random(len(rounds[-1])) < 0.9)
        later = rounds[-1]["opened"] + 20 * DAY + np.floor(10 * DAY * exponential(rng.random(len(vain)))).astype(int)
        rounds.append(rounds[-1].assign(opened=later)[vain & (later < DAYS * DAY)])
    return pd.concat(rounds).sort_values(["opened", "customer"], kind="stable", ignore_index=True)


def tickets(asked: pd.DataFrame) -> pd.DataFrame:
    """One row per request of a customer, with when it was replied to and closed (minutes or NEVER)."""
    rng = uniforms("ticket times")
    n, opened = len(asked), asked["opened"].to_numpy()
    replied = opened + 1 + np.floor(90 * exponential(rng.random(n))).astype(int)
    days = np.where(asked["unresolved"], TRUTH.unresolved_days, 0)
    work = np.where(asked["unresolved"], 20, 1) * exponential(rng.random(n))
    closed = replied + 5 + days * DAY + np.floor(work * DAY).astype(int)
    return asked.assign(
        replied=np.where(replied < DAYS * DAY, replied, NEVER),
        closed=np.where(closed < DAYS * DAY, closed, NEVER),
        category=label(rng.random(n), {"物流": 35, "退换货": 28, "质量": 17, "发票": 12, "账号": 8}),
        channel=label(rng.random(n), {"在线": 55, "电话": 25, "微信": 20}),
    )


def ticket_work(asked: pd.DataFrame) -> pd.DataFrame:
    """What is done about each ticket: when handled, followed up, revisited, summarised (or NEVER); replies, reopened.

    Only closed tickets are revisited, summarised and opened again; shares are those of `TRUTH.ticket_work`.
    """
    rng = uniforms("ticket work")
    n, opened, replied, closed = len(asked), *(asked[time].to_numpy() for time in ("opened", "replied", "closed"))
    is_closed, done = closed != NEVER, TRUTH.ticket_work

    def after(start: np.ndarray, mean_days: float, happens: np.ndarray) -> np.ndarray:
        at = start + 1 + np.floor(mean_days * DAY * exponential(rng.random(n))).astype(int)
        return np.where(happens & (at < DAYS * DAY), at, NEVER)

    followed_up = after(replied, 0.2, (replied != NEVER) & (rng.random(n) < done["followed up"]))
    return pd.DataFrame(
        {
            "handled": np.where(
                replied != NEVER, opened + np.floor((replied - opened) * rng.random(n)).astype(int), NEVER
            ),
            "followed_up": np.where(is_closed, np.minimum(followed_up, closed), followed_up),
            "revisited": after(closed, 2, is_closed & (rng.random(n) < done["revisited"])),
            "summarised": after(closed, 4, is_closed & (rng.random(n) < done["summarised"])),
            "replies": np.where(replied != NEVER, 1 + pick(rng.random(n), (62, 23, 10, 5)), 0),
            "reopened": np.where(is_closed & (rng.random(n) < done["reopened"]), 1 + pick(rng.random(n), (85, 15)), 0),
        }
    )


def surveys(placed: pd.DataFrame, asked: pd.DataFrame, complains: np.ndarray) -> pd.DataFrame:
    """One row per answer: nps (0–10) after 11 % of the orders, csat (1–5) after 45 % of the closed tickets.

    Who `complains` on a day (see `memberships.complaining`) gives 3 points less; scores have no other meaning.
    """
    rng = uniforms("surveys")
    rated = placed[rng.random(len(placed)) < RATED]
    closed = asked[(asked["closed"] != NEVER) & (rng.random(len(asked)) < 0.45)]
    minute = np.concatenate([rated["minute"] + 3 * DAY, closed["closed"]])
    nps = pick(rng.random(len(rated)), (2, 1, 2, 2, 3, 6, 7, 14, 22, 18, 23))
    upset = complains[rated["customer"], rated["minute"] // DAY]
    nps = np.where(upset, np.maximum(nps - 3, 0), nps)
    csat = 1 + pick(rng.random(len(closed)), (8, 10, 20, 34, 28))
    frame = pd.DataFrame(
        {
            "customer": np.concatenate([rated["customer"], closed["customer"]]),
            "minute": minute + 10 + np.floor(2 * DAY * exponential(rng.random(len(minute)))).astype(int),
            "question": ["nps"] * len(rated) + ["csat"] * len(closed),
            "score": np.concatenate([nps, csat]),
        }
    )
    return frame[frame["minute"] < DAYS * DAY].sort_values("minute", kind="stable").reset_index(drop=True)


def invitations(people: pd.DataFrame, placed: pd.DataFrame) -> pd.DataFrame:
    """One row per invitation to the nps survey, two days after an order, in the columns of `touches`.

    Everybody who answered was invited. The others are invited so often that `TRUTH.response_rates` holds by channel.
    """
    answered = uniforms("surveys").random(len(placed)) < RATED
    silent = {channel: RATED / (1 - RATED) * (1 / rate - 1) for channel, rate in TRUTH.response_rates.items()}
    chance = people["channel"].map(lambda channel: silent.get(channel, silent[""])).to_numpy()[placed["customer"]]
    rng = uniforms("invitations")
    ignored = ~answered & (rng.random(len(placed)) < chance)
    sent = placed["minute"].to_numpy() + 2 * DAY
    opened = np.where(answered, sent + 30, NEVER)
    frame = pd.DataFrame(
        {
            "customer": placed["customer"],
            "campaign": SURVEY_CAMPAIGN,
            "sent": sent,
            "channel": "微信",
            "opened": opened,
            "clicked": opened,
        }
    )
    return frame[(answered | ignored) & (sent < DAYS * DAY)].reset_index(drop=True)
