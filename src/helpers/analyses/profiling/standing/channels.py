"""Which channels brought new customers, now and earlier: whether all moved alike, or one alone has failed."""

from __future__ import annotations

import datetime as dt
import math

import pandas as pd

from helpers.analyses.profiling.business.windows import Window
from helpers.analyses.profiling.vocabulary import AGAINST, BUYERS, EARLIER_BUYERS, EARLIER_SALES, SALES
from helpers.findings import Sentence, facts, say
from helpers.findings.briefs import Direction, News, Topic, sureness
from helpers.findings.evidence import LEAST_AT_RISK, Z

QUARTER_DAYS = 90  # for which stakes are told
WEEK = dt.timedelta(days=7)
ALL_BUT_STOPPED = 0.75  # of new customers fewer: they have all but stopped coming


def moved_alike(channels: pd.DataFrame) -> Sentence | None:
    """Whether new customers fell, or grew, in every channel alike: then no single channel is the reason."""
    channels = channels[channels[EARLIER_BUYERS] >= LEAST_AT_RISK]
    if len(channels) < 2:
        return None
    rates = channels[BUYERS] / channels[EARLIER_BUYERS] - 1
    known = {
        "channels": facts.Count(len(channels)), "least": facts.Share(rates.abs().min()),
        "most": facts.Share(rates.abs().max()),
    }  # fmt: skip
    if (rates < 0).all():
        return say(
            "All {channels} channels brought {least} to {most} fewer of them: no single one is the reason.", **known
        )
    if (rates > 0).all():
        return say("All {channels} channels brought {least} to {most} more of them.", **known)
    worst = channels.loc[rates.idxmin()]
    return say(
        "Not all channels fell: {channel} did most, from {earlier} to {now}.", channel=facts.Name(worst["channel"]),
        earlier=facts.People(worst[EARLIER_BUYERS]), now=facts.People(worst[BUYERS]),
    )  # fmt: skip


def failed(channels: pd.DataFrame) -> pd.Series | None:
    """The channel whose new customers have all but stopped while the others together hold; None without such a one.

    Of one that had enough of them for chance to be told: a fall by three quarters is none by accident then.
    """
    gone = channels[
        (channels[EARLIER_BUYERS] >= LEAST_AT_RISK)
        & (channels[BUYERS] <= (1 - ALL_BUT_STOPPED) * channels[EARLIER_BUYERS])
    ]
    others = channels.drop(index=gone.index)[[BUYERS, EARLIER_BUYERS]].sum()
    if len(gone) != 1 or others[EARLIER_BUYERS] < LEAST_AT_RISK:
        return None
    holds = others[BUYERS] - others[EARLIER_BUYERS] >= -Z * math.sqrt(others.sum())
    return gone.iloc[0] if holds else None


def news_of_failure(channel: pd.Series, currency: str, window: Window) -> tuple[News, News]:
    """That a channel failed in the window, and to find out why."""
    lost = channel[EARLIER_SALES] - channel[SALES]
    known = {"channel": facts.Name(channel["channel"])}
    weight = (
        abs(lost) * QUARTER_DAYS / window.days,
        sureness(channel[BUYERS] - channel[EARLIER_BUYERS], math.sqrt(channel[BUYERS] + channel[EARLIER_BUYERS])),
    )
    basis = (
        say(
            "{now} came through it, {earlier} then; the other channels hold.", now=facts.People(channel[BUYERS]),
            earlier=facts.People(channel[EARLIER_BUYERS]),
        ),
    )  # fmt: skip
    told = say(
        "“{channel}” has all but stopped bringing new customers; {against} {money} came through it.",
        against=facts.Word(channel[AGAINST], AGAINST), money=facts.Money(channel[EARLIER_SALES], currency), **known,
    ).resting_on(*basis)  # fmt: skip
    asked = say(
        "Find out why “{channel}” hardly brings new customers any more: about {money} hang on it.",
        money=facts.Money(lost, currency), **known,
    ).resting_on(*basis)  # fmt: skip
    return (
        News(Topic.CHANGE, "new customers", told, *weight, Direction.WORSE, -lost),
        News(Topic.ACTION, "new customers", asked, *weight, owner=say("Head of marketing"), due_on=window.end + WEEK),
    )
