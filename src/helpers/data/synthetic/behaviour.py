"""The demo shop's customers at work: numeric tables drawn from `TRUTH`, with times as minutes since 2024-01-01.

Whatever is drawn is rounded to whole minutes, cents or days before the next step, so that the last bit of a logarithm,
which differs between platforms, is never seen in the tables.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.data.synthetic.draws import exponential, label, pick, uniforms
from helpers.data.synthetic.truth import TRUTH

CUSTOMERS = 5_000
FIRST_DAY = np.datetime64("2024-01-01")
DAYS = 731  # to 2025-12-31, the log's last day
DAY = 1_440  # minutes
NEVER = -1  # a time that has not come
MAX_REPEATS = 120

CHANNELS = {"微信": 32, "抖音": 25, "天猫": 20, "小红书": 13, "App Store": 10}
DEVICES = {"iOS": 40, "Android": 42, "网页": 18}
PLANS = {"月付": 50, "季付": 30, "年付": 20}
CATEGORIES = {  # category → a typical price in CNY
    "服饰": 129,
    "美妆": 149,
    "食品": 39,
    "家居": 89,
    "母婴": 119,
    "数码": 699,
    "图书": 36,
    "运动": 179,
    "宠物": 69,
    "家电": 899,
}
PRODUCTS = 120
CAMPAIGNS = {  # campaign → day on which it is sent
    "2024 618": "2024-06-05",
    "2024 中秋": "2024-09-10",
    "2024 双11": "2024-11-01",
    "2025 年货节": "2025-01-08",
    "2025 三八节": "2025-03-03",
    "2025 618": "2025-06-05",
    "2025 中秋": "2025-09-26",
    "2025 双11": "2025-11-01",
}
REFERRING = ("微信", "小红书")  # channels of links that customers share
EXPERIMENT_STARTS = {"spring_coupon": "2025-03-01", "checkout_aa": "2025-05-10", "push_copy": "2025-09-01"}
WEEKDAY_WEIGHTS = (90, 88, 92, 96, 108, 128, 118)  # Monday first
HOUR_WEIGHTS = (3, 1, 1, 1, 1, 1, 2, 4, 6, 7, 8, 7, 9, 8, 7, 7, 7, 7, 8, 10, 13, 14, 11, 6)


def minute_of_day(rng: np.random.Generator, size: int) -> np.ndarray:
    """Minutes after midnight, most of them in the evening."""
    return pick(rng.random(size), HOUR_WEIGHTS) * 60 + np.floor(rng.random(size) * 60).astype(int)


def day_number(day: str) -> int:
    """Days from the log's first day to `day`, written YYYY-MM-DD."""
    return int((np.datetime64(day) - FIRST_DAY).astype(int))


def day_weights() -> np.ndarray:
    """How busy each day is, 100 on an average one: weekday, 618, Double 11 and the Spring Festival's lull."""
    weekday = np.arange(DAYS) % 7  # 2024-01-01 was a Monday
    weights = np.array(WEEKDAY_WEIGHTS)[weekday]
    for first, last, percent in (
        ("2024-02-09", "2024-02-17", 45),
        ("2025-01-28", "2025-02-05", 45),
        ("2024-06-01", "2024-06-20", 150),
        ("2025-06-01", "2025-06-20", 150),
        ("2024-06-18", "2024-06-18", 350),
        ("2025-06-18", "2025-06-18", 350),
        ("2024-11-01", "2024-11-11", 170),
        ("2025-11-01", "2025-11-11", 170),
        ("2024-11-11", "2024-11-11", 450),
        ("2025-11-11", "2025-11-11", 450),
    ):
        span = slice(day_number(first), day_number(last) + 1)
        weights[span] = weights[span] * percent // 100
    return weights


def customers() -> pd.DataFrame:
    """One row per customer: joined (minute), lost (day), busy time of both, daily purchase rate, traits.

    Purchase rates are gamma with shape 1, drop-out rates gamma with shape 2: a Pareto/NBD shop in busy time.
    """
    rng = uniforms("customers")
    n = CUSTOMERS
    busy = np.cumsum(day_weights())
    joined_busy = np.sort((1 - (1 - rng.random(n)) ** (1 / 1.8)) * busy[-1])  # most join early
    drop_out_rate = (exponential(rng.random(n)) + exponential(rng.random(n))) / 1_000
    lost_busy = joined_busy + 100 * exponential(rng.random(n)) / drop_out_rate
    return pd.DataFrame(
        {
            "joined": np.searchsorted(busy, joined_busy, side="right") * DAY + minute_of_day(rng, n),
            "lost_day": np.searchsorted(busy, lost_busy, side="right"),
            "joined_busy": joined_busy,
            "lost_busy": lost_busy,
            "daily_rate": exponential(rng.random(n)) * 0.0108,
            "buys": rng.random(n) < 0.9,  # the others only register
            "channel": label(rng.random(n), CHANNELS),
            "device": label(rng.random(n), DEVICES),
            "opted_out": rng.random(n) < 0.06,
        }
    )


def orders(people: pd.DataFrame) -> pd.DataFrame:
    """One row per order by time: customer, minute, cancelled; the first one comes minutes after joining."""
    rng = uniforms("orders")
    busy = np.cumsum(day_weights())
    gaps = exponential(rng.random((len(people), MAX_REPEATS))) * 100 / people["daily_rate"].to_numpy()[:, None]
    at_busy = people["joined_busy"].to_numpy()[:, None] + np.cumsum(gaps, axis=1)
    last_busy = np.minimum(people["lost_busy"].to_numpy(), busy[-1])[:, None]
    customer, repeat = np.nonzero((at_busy < last_busy) & people["buys"].to_numpy()[:, None])
    minute = np.searchsorted(busy, at_busy[customer, repeat], side="right") * DAY + minute_of_day(rng, len(customer))
    buyers = np.flatnonzero(people["buys"])
    first = people["joined"].to_numpy() + 1 + np.floor(rng.random(len(people)) * 20).astype(int)
    customer = np.concatenate([buyers, customer])
    minute = np.concatenate([first[buyers], np.maximum(minute, first[customer[len(buyers) :]] + 1)])
    order = np.lexsort((customer, minute))
    placed = pd.DataFrame({"customer": customer[order], "minute": minute[order]})
    placed = placed[placed["minute"] < DAYS * DAY].reset_index(drop=True)
    return placed.assign(cancelled=rng.random(len(placed)) < 0.03)


def order_items(placed: pd.DataFrame) -> pd.DataFrame:
    """One row per line: order (position), product, quantity, price in cents."""
    rng = uniforms("order_items")
    typical = np.array(list(CATEGORIES.values()))[np.arange(PRODUCTS) % len(CATEGORIES)]
    price = 100 * np.floor(typical * (0.4 + 0.6 * exponential(rng.random(PRODUCTS)))).astype(int) + 90  # cents: ….90
    order = np.repeat(np.arange(len(placed)), 1 + pick(rng.random(len(placed)), (66, 22, 9, 3)))
    product = np.floor(PRODUCTS * rng.random(len(order)) ** 1.7).astype(int)
    quantity = 1 + pick(rng.random(len(order)), (80, 14, 6))
    return pd.DataFrame({"order": order, "product": product, "quantity": quantity, "price": price[product]})


def refunds(placed: pd.DataFrame, cents: np.ndarray) -> np.ndarray:
    """Cents given back per order: 6 % of the orders that stand, three in five of them in full, others by half."""
    rng = uniforms("refunds")
    given = (rng.random(len(placed)) < 0.06) & ~placed["cancelled"].to_numpy()
    return np.where(given, np.where(rng.random(len(placed)) < 0.6, cents, cents // 2), 0)


def events(people: pd.DataFrame, placed: pd.DataFrame) -> pd.DataFrame:
    """One row per step of a sampled session: customer, minute, step (0 visit … 3 checkout), category."""
    rng = uniforms("events")
    bought = placed[rng.random(len(placed)) < 0.12]
    customer = np.floor(rng.random(5_500) * len(people)).astype(int)
    first_day = people["joined"].to_numpy()[customer] // DAY + 1
    last_day = np.minimum(people["lost_day"].to_numpy()[customer] + 1, DAYS)  # browsing stops with buying
    day = first_day + np.floor(rng.random(len(customer)) * (last_day - first_day)).astype(int)
    looked = pd.DataFrame({"customer": customer, "minute": day * DAY + minute_of_day(rng, len(customer))})
    looked = looked[day < last_day]
    depth = np.concatenate([np.full(len(bought), 4), 1 + pick(rng.random(len(looked)), (55, 30, 15))])
    sessions = pd.concat([bought[["customer", "minute"]], looked], ignore_index=True)
    sessions["category"] = np.floor(rng.random(len(sessions)) * len(CATEGORIES)).astype(int)
    steps = sessions.loc[sessions.index.repeat(depth)].reset_index(drop=True)
    steps["step"] = np.concatenate([np.arange(each) for each in depth])
    start = steps["minute"] - 3 * np.repeat(depth, depth)  # a session ends just before its order
    steps["minute"] = np.maximum(start + 3 * steps["step"], 0)
    return steps.iloc[np.lexsort((steps["step"], steps["customer"], steps["minute"]))].reset_index(drop=True)


def memberships(people: pd.DataFrame) -> pd.DataFrame:
    """One row per member: customer, plan, started and ended (days; NEVER while it runs), reason.

    Durations are exponential, rounded up to whole days, so that S(t) = exp(−hazard · t) holds exactly on every day.
    Busy buyers become members more often; how long they stay depends on plan and channel alone.
    """
    rng = uniforms("subscriptions")
    n = len(people)
    joins = rng.random(n) < np.where(people["daily_rate"] > 0.007, 0.68, 0.45)
    started = people["joined"].to_numpy() // DAY + np.floor(40 * exponential(rng.random(n))).astype(int)
    plan = label(rng.random(n), PLANS)
    hazard = np.array([TRUTH.daily_hazard(*each) for each in zip(plan, people["channel"], strict=True)])
    ended = started + np.ceil(exponential(rng.random(n)) / hazard).astype(int)
    shares = {reason: round(100 * share) for reason, share in TRUTH.reason_shares.items()}
    frame = pd.DataFrame(
        {
            "customer": np.arange(n),
            "plan": plan,
            "started": started,
            "ended": np.where(ended < DAYS, ended, NEVER),
            "reason": np.where(ended < DAYS, label(rng.random(n), shares), ""),
        }
    )
    return frame[joins & (started < DAYS)].reset_index(drop=True)


def touches(people: pd.DataFrame) -> pd.DataFrame:
    """One row per message of a campaign: customer, campaign, sent, opened, clicked (minutes or NEVER), channel.

    None goes to the opted out.
    """
    rng = uniforms("touches")
    sent = []
    for campaign, day in CAMPAIGNS.items():
        minute = day_number(day) * DAY + 10 * 60
        reached = (people["joined"] < minute) & ~people["opted_out"] & (rng.random(len(people)) < 0.3)
        sent.append(pd.DataFrame({"customer": np.flatnonzero(reached), "campaign": campaign, "sent": minute}))
    frame = pd.concat(sent, ignore_index=True)
    n = len(frame)
    opened = frame["sent"] + 1 + np.floor(300 * exponential(rng.random(n))).astype(int)
    opens, clicks = rng.random(n) < 0.3, rng.random(n) < 0.25
    channel = label(rng.random(n), {"短信": 45, "微信": 40, "邮件": 15})
    return frame.assign(
        channel=channel, opened=np.where(opens, opened, NEVER), clicked=np.where(opens & clicks, opened + 1, NEVER)
    )


def referrals(people: pd.DataFrame) -> np.ndarray:
    """The customer who brought each one, or NEVER: some of those who came by a shared link, mostly by early joiners."""
    rng = uniforms("referrals")
    n = len(people)
    day = people["joined"].to_numpy() // DAY
    before = np.searchsorted(day, day)  # customers who joined on an earlier day: people stand by day
    by_link = people["channel"].isin(REFERRING).to_numpy() & (rng.random(n) < TRUTH.referred_share)
    return np.where(by_link & (before > 0), np.floor(before * rng.random(n) ** 4).astype(int), NEVER)


def experiments(people: pd.DataFrame) -> pd.DataFrame:
    """One row per customer and experiment: variant, assigned (day), converted, spend (cents), visits.

    `prior_visits` is known before assignment and shares a latent uniform with conversion, so that it explains part of
    the outcome while the chance to buy stays exactly the arm's. `app_visits` is NEVER for those on the web.
    """
    return pd.concat([_experiment(people, name, start) for name, start in EXPERIMENT_STARTS.items()], ignore_index=True)


def _experiment(people: pd.DataFrame, name: str, start: str) -> pd.DataFrame:
    rng = uniforms(name)
    first_day = day_number(start)
    enrolled = people.index[people["joined"] < first_day * DAY].to_numpy()
    n = len(enrolled)
    arms = TRUTH.conversions[name]
    variant = label(rng.random(n), dict.fromkeys(arms, 1))
    propensity = rng.random(n)
    converted = propensity < np.array([arms[each] for each in variant])
    cents = np.round(100 * TRUTH.basket * exponential(rng.random(n))).astype(int)
    app_visits = np.floor(4 * exponential(rng.random(n))).astype(int)
    return pd.DataFrame(
        {
            "experiment": name,
            "customer": enrolled,
            "variant": variant,
            "assigned": first_day + np.floor(14 * rng.random(n)).astype(int),
            "converted": converted,
            "spend": np.where(converted, cents, NEVER),
            "app_visits": np.where(people["device"].to_numpy()[enrolled] == "网页", NEVER, app_visits),
            "prior_visits": np.floor(6 * exponential(1 - 0.4 * propensity - 0.6 * rng.random(n))).astype(int),
        }
    )
