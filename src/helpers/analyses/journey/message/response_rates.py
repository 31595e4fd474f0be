"""How often messages were opened, clicked or followed by an order, in sentences: of one group, of all, of two ends."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.analyses.journey.message.sent import Outcome
from helpers.analyses.journey.vocabulary import MESSAGES, RESPONSE_RATE
from helpers.findings import Sentence, facts, say

End = tuple[object, facts.Share]  # a group or a time, and its rate


def mean(rates: pd.DataFrame) -> facts.Share:
    """The share of all messages in a table of messages and rates."""
    return facts.Share(float(np.average(rates[RESPONSE_RATE], weights=rates[MESSAGES])))


def of_one(response: str, group: facts.Fact, share: facts.Share, days: facts.Days) -> Sentence:
    """The rate of the only group; an order counts within `days`."""
    if response == Outcome.OPENED:
        return say("{share} of the messages of “{group}” are opened.", share=share, group=group)
    if response == Outcome.CLICKED:
        return say("{share} of the messages of “{group}” are clicked.", share=share, group=group)
    return say(
        "{share} of the messages of “{group}” are followed by an order within {days}.",
        share=share,
        group=group,
        days=days,
    )


def of_alike(response: str, by: facts.Fact, share: facts.Share, days: facts.Days) -> Sentence:
    """The rate of all, where no group clearly differs."""
    if response == Outcome.OPENED:
        return say("{by}: {share} of messages are opened; no group clearly differs.", by=by, share=share)
    if response == Outcome.CLICKED:
        return say("{by}: {share} of messages are clicked; no group clearly differs.", by=by, share=share)
    return say(
        "{by}: {share} of messages are followed by an order within {days}; no group clearly differs.",
        by=by,
        share=share,
        days=days,
    )


def of_ends(response: str, high: End, low: End, days: facts.Days) -> Sentence:
    """The groups whose rates are likely the highest and the lowest."""
    known = {"high": high[0], "most": high[1], "low": low[0], "least": low[1]}
    if response == Outcome.OPENED:
        return say("Messages of “{high}” are opened most often ({most}), of “{low}” least ({least}).", **known)
    if response == Outcome.CLICKED:
        return say("Messages of “{high}” are clicked most often ({most}), of “{low}” least ({least}).", **known)
    return say(
        "Messages of “{high}” are followed by an order within {days} most often ({most}), of “{low}” least ({least}).",
        days=days,
        **known,
    )


def of_alike_times(response: str, share: facts.Share, days: facts.Days) -> Sentence:
    """The rate of all, where no time of the week clearly differs."""
    if response == Outcome.OPENED:
        return say("{share} of messages are opened; no time of the week clearly differs.", share=share)
    if response == Outcome.CLICKED:
        return say("{share} of messages are clicked; no time of the week clearly differs.", share=share)
    return say(
        "{share} of messages are followed by an order within {days}; no time of the week clearly differs.",
        share=share,
        days=days,
    )


def of_ends_in_time(response: str, high: End, low: End, days: facts.Days) -> Sentence:
    """The time of sending whose rate is likely the highest; below it that with the lowest."""
    least = say("Least often of those sent {low} ({least}).", low=low[0], least=low[1])
    known = {"high": high[0], "most": high[1]}
    if response == Outcome.OPENED:
        return say("Messages sent {high} are opened most often ({most}).", **known).resting_on(least)
    if response == Outcome.CLICKED:
        return say("Messages sent {high} are clicked most often ({most}).", **known).resting_on(least)
    return say(
        "Messages sent {high} are followed by an order within {days} most often ({most}).", days=days, **known
    ).resting_on(least)
