"""What the data say of each assumption behind the curves and the model, and what follows for the reader."""

from __future__ import annotations

import math
from enum import StrEnum
from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.analyses.churn.drivers.covariates import EVENTS_PER_COVARIATE
from helpers.analyses.churn.drivers.hazards import HazardRatios
from helpers.analyses.churn.drivers.leakage import Suspects
from helpers.analyses.churn.drivers.ratios_over_stay import Proportionality
from helpers.analyses.churn.drivers.single_attributes import listed
from helpers.analyses.churn.leaving.definition import Definition, Stays
from helpers.analyses.churn.leaving.silence import doubt
from helpers.findings import NotApplicable, Sentence, facts, say
from helpers.findings.evidence import SIGNIFICANCE
from helpers.statistics import survival

FEW_EARLIER = 0.05  # share of customers who joined before the first order that changes little


class Assumption(StrEnum):
    """What the answers assume."""

    ALIKE = "alike"
    CONTRACT_ENDS = "contract_ends"
    SILENCE_ENDS = "silence_ends"
    DATED = "dated"
    SEEN = "seen"
    FIRST_ORDER = "first_order"
    NO_LEAKAGE = "no_leakage"
    ENOUGH = "enough"
    AS_THEY_CAME = "as_they_came"
    WITHOUT = "without"
    ESTIMATED = "estimated"
    PROPORTIONAL = "proportional"


class Verdict(StrEnum):
    """What the data say of an assumption."""

    HOLDS = "holds"
    FAILS = "fails"
    UNTESTED = "untested"
    NOTED = "noted"


class Check(NamedTuple):
    """One assumption, and what became of it."""

    assumption: Assumption
    verdict: Verdict
    evidence: Sentence
    consequence: Sentence


def of_stays(stays: Stays, followed: pd.DataFrame, examined: Suspects | NotApplicable) -> list[Check]:
    """The assumptions of the curves of `stays`, by how long customers were `followed` and which columns leak."""
    return [_censoring(stays, followed), _definition(stays), *_dating(stays), _beginning(stays), _leakage(examined)]


def of_model(hazards: HazardRatios) -> list[Check]:
    """The assumptions of the model of all attributes."""
    each = hazards.leavers / len(hazards.table)
    enough = each >= EVENTS_PER_COVARIATE
    size = Check(
        Assumption.ENOUGH,
        _verdict(enough),
        say(
            "{leavers} leavers by {covariates} factors: {each} each; at least {least} are needed",
            leavers=facts.Count(hazards.leavers),
            covariates=facts.Count(len(hazards.table)),
            each=facts.Number(round(each, 1)),
            least=facts.Count(EVENTS_PER_COVARIATE),
        ),
        say("the ratios are steady") if enough else say("the ratios are too uncertain to act on"),
    )
    came = Check(
        Assumption.AS_THEY_CAME,
        Verdict.UNTESTED,
        say("all but the first plan, price and order are as recorded on {day}", day=facts.Day(hazards.stays.as_of)),
        say("an attribute that changes because somebody is about to leave looks like a cause"),
    )
    rows = [size, came]
    if hazards.without:
        rows.append(Check(Assumption.WITHOUT, Verdict.NOTED, hazards.without, say("others stand for them")))
    if hazards.separated:
        evidence = say("of some factor there are leavers or stayers only")
        rows.append(Check(Assumption.ESTIMATED, Verdict.FAILS, evidence, say("do not read its ratio")))
    return rows


def proportional(drift: Proportionality) -> Check:
    """Whether ratios hold over the whole stay."""
    failing = len(drift.failing)
    evidence = say(
        "{failing} of {covariates} factors change over the stay; all together {p}",
        failing=facts.Count(failing),
        covariates=facts.Count(len(drift.table) - 1),
        p=facts.PValue(drift.table["p_value"].iloc[0]),
    )
    average = say("a ratio is an average over the stay: see the early and the late one")
    return Check(
        Assumption.PROPORTIONAL, _verdict(not failing), evidence, average if failing else say("one ratio says it all")
    )


def _verdict(holds: bool) -> Verdict:
    return Verdict.HOLDS if holds else Verdict.FAILS


def _censoring(stays: Stays, followed: pd.DataFrame) -> Check:
    middle = survival.quantiles(followed, 0.5)["time"].iloc[0]
    known = {"share": facts.Share(1 - stays.left_share), "day": facts.Day(stays.until)}
    if math.isnan(middle):
        evidence = say("{share} of stays are still running on {day}", **known)
    else:
        evidence = say(
            "{share} of stays are still running on {day}; half could be followed for {days}",
            days=facts.Days(middle),
            **known,
        )
    return Check(
        Assumption.ALIKE,
        Verdict.UNTESTED,
        evidence,
        say("if newer customers differ from older ones, the right end of the curves speaks of the older ones only"),
    )


def _definition(stays: Stays) -> Check:
    if stays.definition == Definition.CONTRACT:
        again = facts.Count(stays.table["customer_id"].duplicated().sum())
        return Check(
            Assumption.CONTRACT_ENDS,
            Verdict.UNTESTED,
            say("{again} stays began after an earlier one had ended", again=again),
            say("who stops using without ending the contract counts as there"),
        )
    few = not doubt(stays.return_rate)
    slow = say("“left” includes slow buyers: a longer silence is safer")
    return Check(
        Assumption.SILENCE_ENDS,
        _verdict(few),
        say(
            "{share} of {silences} silences were followed by an order so far; if nobody left it would end at least "
            "{alone} of stays",
            share=facts.Share(stays.return_rate),
            silences=facts.Count(stays.silences),
            alone=facts.Share(stays.alone_share),
        ),
        say("read “left” as “has gone silent”") if few else slow,
    )


def _dating(stays: Stays) -> list[Check]:
    """Whether ends are dated when they happened, or all on the day when somebody looked."""
    ends = stays.table.loc[stays.table["left"], "ended_on"]
    if stays.definition != Definition.CONTRACT or ends.empty:
        return []
    evidence = say(
        "the most frequent day, {day}, has {count} of {ends} ends",
        day=facts.Day(ends.mode()[0].date()),
        count=facts.Count(ends.value_counts().max()),
        ends=facts.Count(len(ends)),
    )
    looked = say("who left before that day may be missing from the data: then true stays are shorter than these curves")
    return [
        Check(
            Assumption.DATED,
            _verdict(not stays.crowded),
            evidence,
            looked if stays.crowded else say("the calendar may be read"),
        )
    ]


def _beginning(stays: Stays) -> Check:
    """Whether stays were watched from their beginning, or those that ended early are missing."""
    table, since = stays.table, stays.observed_from
    if since is not None:
        evidence = say(
            "{late} stays that began before {day} count from then on; {ended} had ended and are left out",
            late=facts.Count((table["entry_days"] > 0).sum()),
            day=facts.Day(since),
            ended=facts.Count(stays.unobserved),
        )
        allowed = say("the curves allow for it; few were watched where the number at risk is small")
        return Check(Assumption.SEEN, Verdict.NOTED, evidence, allowed)
    if stays.definition == Definition.SILENCE:
        return _first_orders(stays, table["started_on"].min())
    if stays.drawn:
        evidence = say(
            "one table, drawn on {day}: whether it keeps everybody who ever left, it does not say",
            day=facts.Day(stays.until),
        )
        remedy = say(
            "if it has only those who left lately, stays look too long: give the day after which they left as "
            "`observed_from` in `dataset.toml`"
        )
        return Check(Assumption.SEEN, Verdict.UNTESTED, evidence, remedy)
    return _early_leavers(table)


def _early_leavers(table: pd.DataFrame) -> Check:
    """Whether as many left before the first end as one would expect by later rates."""
    expected, until = _missing_ends(table)
    if expected is None:
        nobody, may = say("nobody left, or all on one day"), say("early leavers may be missing from the data")
        return Check(Assumption.SEEN, Verdict.UNTESTED, nobody, may)
    missing = math.exp(-expected) < SIGNIFICANCE
    evidence = say(
        "the first stay began on {first}, the first end is of {until}; at the rates of later stays {expected} would "
        "have ended before",
        first=facts.Day(table["started_on"].min().date()),
        until=facts.Day(until.date()),
        expected=facts.Number(round(expected, 1)),
    )
    remedy = say(
        "early leavers are missing, so stays look too long: give the day before the first end as `observed_from` in "
        "`dataset.toml`"
    )
    return Check(
        Assumption.SEEN, _verdict(not missing), evidence, remedy if missing else say("nobody who left early is missed")
    )


def _first_orders(stays: Stays, first: pd.Timestamp) -> Check:
    earlier, customers = stays.joined_earlier, len(stays.table)
    verdict = Verdict.UNTESTED if earlier is None else _verdict(earlier <= FEW_EARLIER * customers)
    known = {"day": facts.Day(first.date()), "customers": facts.Count(customers)}
    if earlier is None:
        unsure = int(((stays.table["started_on"] - first).dt.days <= stays.silence_days).sum())
        evidence = say(
            "orders begin on {day}; when customers joined is not known, so the {unsure} of {customers} who first "
            "ordered within one silence of that day may be older",
            unsure=facts.Count(unsure),
            **known,
        )
    else:
        evidence = say(
            "orders begin on {day}; {earlier} of {customers} customers had joined before ({share})",
            earlier=facts.Count(earlier),
            share=facts.Share(earlier / customers),
            **known,
        )
    new = say("who ordered before counts as new, and is left with the rest of a longer stay")
    return Check(
        Assumption.FIRST_ORDER,
        verdict,
        evidence,
        new if verdict != Verdict.HOLDS else say("tenure may be read as days since the first order"),
    )


def _missing_ends(table: pd.DataFrame) -> tuple[float | None, pd.Timestamp]:
    """How many ends would lie before the first one, had stays begun earlier ended like later ones; and that first one.

    Poisson: with e expected, none is seen by chance exp(−e).
    """
    first_end = table.loc[table["left"], "ended_on"].min()
    later = table[table["started_on"] >= first_end]
    if not later["left"].any():
        return None, first_end
    curve = survival.kaplan_meier(later["duration_days"], later["left"])
    earlier = (first_end - table.loc[table["started_on"] < first_end, "started_on"]).dt.days - 1
    stay = np.append(1.0, curve["survival"])[np.searchsorted(curve["time"], earlier, side="right")]
    return float((1 - stay).sum()), first_end


def _leakage(examined: Suspects | NotApplicable) -> Check:
    used = say("all may be used")
    if isinstance(examined, NotApplicable):
        return Check(Assumption.NO_LEAKAGE, Verdict.HOLDS, say("no column to examine"), used)
    if not examined.names:
        evidence = say("columns examined: {columns}", columns=facts.Count(len(examined.table)))
        return Check(Assumption.NO_LEAKAGE, Verdict.HOLDS, evidence, used)
    named = say("leakage: {names}", names=listed(examined.names))
    return Check(Assumption.NO_LEAKAGE, Verdict.FAILS, named, say("left out of tests and models"))
