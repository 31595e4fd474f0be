"""A card for each segment: how large it is, what it brings, how it buys, what it likes, and how content it is."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.segmentation.groups import KIND_COLUMNS, Groups
from helpers.analyses.segmentation.portraits.likes import Preferences
from helpers.analyses.segmentation.portraits.traits import DEMOGRAPHIC, PREFERENCES
from helpers.analyses.segmentation.vocabulary import (
    ANSWER_ERROR,
    COMPLAINT_RATE,
    IS_LIKE,
    KIND,
    LIKES,
    MEAN_ANSWER,
    MEAN_ORDERS,
    MEDIAN_GAP_DAYS,
    MEDIAN_MONETARY,
    MEDIAN_RECENCY_DAYS,
    MULTIPLE,
    REVENUE_PER_CUSTOMER,
)
from helpers.data import engine
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, labels, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import LEAST_AT_RISK, SIGNIFICANCE
from helpers.findings.folding import SMALL_GROUPS, SMALLEST_GROUP
from helpers.findings.privacy.disclosure import DOMINATED
from helpers.findings.vocabulary import CUSTOMER_SHARE, CUSTOMERS, MEASURE, REVENUE_SHARE
from helpers.language import _, later
from helpers.statistics.shares import alike_means, equal_shares, shrunken

QUESTIONS = 2  # shown: the ones that most customers answered
TOLD = ("monetary", "recency_days", "orders", "t_x_days", "frequency", "complaints")  # of the snapshot
COMPARED: dict[str, str] = {  # what the figure calls the ratio of a segment's value to that of all customers
    REVENUE_PER_CUSTOMER: later("revenue\neach"),
    MEAN_ORDERS: later("orders"),
    MEDIAN_RECENCY_DAYS: later("days\nsilent"),
    MEDIAN_GAP_DAYS: later("days\napart"),
    COMPLAINT_RATE: later("share\nwho\ncomplain"),
}


@dataclass(frozen=True)
class Personas(Finding):
    """One card a segment; what too few customers tell is blank, and smaller segments have no card."""

    table: pd.DataFrame  # the cards, a row each, of what is known of the customers
    kind: str
    everybody: pd.Series  # the numbers of the cards for all customers together
    currency: str = ""
    columns = (
        *KIND_COLUMNS,
        CUSTOMERS,
        CUSTOMER_SHARE,
        REVENUE_SHARE,
        REVENUE_PER_CUSTOMER.but(tells=REVENUE_SHARE),
        MEDIAN_MONETARY,
        MEDIAN_RECENCY_DAYS,
        MEAN_ORDERS,
        MEDIAN_GAP_DAYS,
        COMPLAINT_RATE,
        LIKES,
        IS_LIKE,
        ANSWER_ERROR,
        MEAN_ANSWER,
        DOMINATED,
    )

    def summary(self) -> pd.DataFrame:
        """One row a segment: size, revenue, buying, what is over-represented, and satisfaction where it is known."""
        shown = [
            CUSTOMERS,
            REVENUE_SHARE,
            REVENUE_PER_CUSTOMER,
            MEDIAN_RECENCY_DAYS,
            MEAN_ORDERS,
            LIKES,
            IS_LIKE,
            *self.questions,
            COMPLAINT_RATE,
            DOMINATED,
        ]
        table = self.table[[self.kind, *(name for name in shown if name in self.table)]]
        return table.assign(**{name: table[name].map(_in_words) for name in (LIKES, IS_LIKE) if name in table})

    @property
    def questions(self) -> list[str]:
        """The columns of mean answers."""
        return [name for name in self.table if f"{name}_error" in self.table]

    def card(self, name: str) -> pd.DataFrame:
        """Everything known of one segment beside all customers: a row a line of the card. ValueError without one."""
        chosen = self.table.set_index(self.kind)
        if name not in chosen.index:
            raise ValueError(f"{self.kind} = {name!r}: no card. Choose one of {', '.join(chosen.index)}.")
        lines = [column for column in chosen if not column.endswith("_error") and column != DOMINATED]
        card = pd.DataFrame({name: chosen.loc[name].astype(object), "all customers": self.everybody.astype(object)})
        return card.reindex(lines).rename_axis("line").reset_index()

    def plot(self, ax: Axes | None = None) -> Axes:
        """A heat map: each segment's numbers as a multiple of those of all customers; sizes where there are none."""
        measures = [name for name in (*COMPARED, *self.questions) if self.everybody.get(name, 0) > 0]
        if not measures:
            return charts.bars(self.table, value=CUSTOMERS, label=self.kind, ax=ax)
        ratios = self.table.set_index(self.kind)[measures].astype(float) / self.everybody[measures].astype(float)
        titles = {name: _(COMPARED[name]) if name in COMPARED else name.removeprefix("mean_") for name in measures}
        tidy = ratios.rename(columns=titles).reset_index().melt(self.kind, var_name=MEASURE, value_name=MULTIPLE)
        return charts.heat_map(tidy, row=self.kind, column=MEASURE, value=MULTIPLE, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("In what does each {kind} differ from all customers?", kind=facts.Word(self.kind, KIND))

    def headline(self) -> Sentence:
        """Who complains most or is least content where segments differ, else whose customers bring most."""
        told = list(filter(None, [self._most_complaints(), self._least_content(), self._most_valuable()]))
        if not told:
            cards = facts.Count(len(self.table))
            return say("{cards} {kind}s have a card.", cards=cards, kind=facts.Word(self.kind, KIND))
        first, *others = told
        return first.resting_on(*others)

    def _most_valuable(self) -> Sentence | None:
        if "revenue_per_customer" not in self.table or not self.everybody["revenue_per_customer"] > 0:
            return None
        first = self._large.dropna(subset="revenue_per_customer").nlargest(2, "revenue_per_customer")
        if first.empty or first["revenue_per_customer"].duplicated().any():
            return None
        top = first.iloc[0]
        likes = say("Over-represented there: {likes}.", likes=facts.Name(top["likes"])) if top.get("likes") else None
        return say(
            "A customer of “{group}” brings {times} times the average.",
            group=facts.Name(top[self.kind]),
            times=facts.Number(top["revenue_per_customer"] / self.everybody["revenue_per_customer"]),
        ).resting_on(likes)

    def _least_content(self) -> Sentence | None:
        for question in self.questions:
            known = self._large.dropna(subset=[question, f"{question}_error"])
            means, variances = known[question], known[f"{question}_error"] ** 2
            if alike_means(means, variances) < SIGNIFICANCE:
                likely = pd.Series(shrunken(means, variances), known[self.kind])
                return say(
                    "Least content by {question} is “{group}”: likely {score}, {of_all} among all who answered.",
                    question=facts.Name(question.removeprefix("mean_")),
                    group=facts.Name(likely.idxmin()),
                    score=facts.Number(likely.min()),
                    of_all=facts.Number(self.everybody[question]),
                )
        return None

    def _most_complaints(self) -> Sentence | None:
        if not self.everybody.get("complaint_rate", 0) > 0:
            return None
        known = self._large.dropna(subset="complaint_rate")
        rate, customers = known["complaint_rate"], known["customers"]
        if not equal_shares(rate * customers, customers) < SIGNIFICANCE:
            return None
        likely = pd.Series(shrunken(rate, rate * (1 - rate) / customers), known[self.kind])
        return say(
            "“{group}” complain most: likely {share} have complained, {of_all} of all customers.",
            group=facts.Name(likely.idxmax()),
            share=facts.Share(likely.max()),
            of_all=facts.Share(self.everybody["complaint_rate"]),
        ).resting_on(say("Who orders more meets more that may go wrong."))

    @property
    def _large(self) -> pd.DataFrame:
        """The cards of segments that are large enough to be set against the others."""
        shown = self.readable
        return shown[shown["customers"] >= LEAST_AT_RISK]


@analysis
def personas(
    data: Dataset, segments: Groups | NotApplicable, likes: Preferences | NotApplicable
) -> Personas | NotApplicable:
    """A card for each group of enough customers.

    `segments` groups the customers of `data`; without `likes` cards say nothing of what is over-represented.
    Value and behaviour are of the snapshot; gaps are of customers with at least two order days; `likes` says what is
    over-represented beyond chance (see `preferences`). Satisfaction is the mean of the latest answer of each customer
    to each of the two questions that most customers answered, and complaints are the share of customers with any.
    """
    if isinstance(segments, NotApplicable):
        return segments
    every, answers = _numbers(data)
    profile = segments.table.set_index(segments.kind)
    profile = profile[profile.index != SMALL_GROUPS]
    if profile.empty:
        kind, least = facts.Word(segments.kind, KIND), facts.Count(SMALLEST_GROUP)
        return NotApplicable(say("no {kind} has {least} customers.", kind=kind, least=least))
    shares = profile[[CUSTOMERS, CUSTOMER_SHARE, REVENUE_SHARE]].dropna(axis="columns", how="all")
    cards = shares.join(_means(every, answers, segments.labels.reindex(every.index)))
    if isinstance(likes, Preferences):
        for column, chosen in ((LIKES, PREFERENCES), (IS_LIKE, (*DEMOGRAPHIC, *data.settings.attributes))):
            words = [", ".join(likes.likes(name, chosen)) for name in cards.index]
            cards = cards.assign(**{column: words}) if any(words) else cards
    whole = {CUSTOMERS: len(every), **dict.fromkeys(shares.columns[1:], 1.0)}
    everybody = pd.concat([pd.Series(whole), _means(every, answers, pd.Series("all", every.index)).loc["all"]])
    if DOMINATED in profile:
        cards = cards.assign(**{DOMINATED: profile[DOMINATED]})
    table = cards.rename_axis(segments.kind).reset_index()
    return Personas(table, segments.kind, everybody, data.settings.currency)


def _in_words(likes: str) -> str:
    """What a segment likes, in the language that is spoken: “food ×1.32, evening 18–23 h ×1.20”."""
    parts = [part.rsplit(" ×", 1) for part in re.split(r"(?<=\d), ", likes) if part]
    return _(", ").join(f"{labels.said(value)} ×{times}" for value, times in parts)


def _numbers(data: Dataset) -> tuple[pd.DataFrame, list[str]]:
    """The numbers of each customer that cards are made of, by customer_id, and the questions among them."""
    known = [name for name in ("customer_id", *TOLD) if name in data.customers]
    every = data.customers[known].set_index("customer_id")
    if "frequency" in every:
        every = every.assign(gap_days=(every["t_x_days"] / every["frequency"]).where(every["frequency"] > 0))
    if "complaints" in every:
        every = every.assign(complained=every["complaints"].gt(0).astype(float))
    answers = _latest_answers(data)
    return every.join(answers), list(answers.columns)


def _latest_answers(data: Dataset) -> pd.DataFrame:
    """The latest answer of each customer to the two questions most answered: mean_<question>, index customer_id."""
    if "surveys" not in data.tables:
        return pd.DataFrame()
    surveys = data.tables["surveys"]
    known = surveys.filter(surveys.customer_id.notnull() & surveys.question.notnull())
    known = known.mutate(question=known.question.lower())
    keys = ["customer_id", "question"]
    known = engine.with_firsts(known, keys, score=[known.answered_at.desc(), known.score.desc()])
    latest = known.group_by(keys).agg(score=engine.first(known, "score"))
    counts = latest.group_by("question").agg(customers=latest.count()).execute()
    counts = counts[counts["customers"] >= SMALLEST_GROUP].sort_values("question")
    chosen = counts.sort_values("customers", ascending=False, kind="stable")["question"].head(QUESTIONS).tolist()
    wide = (
        latest.filter(latest.question.isin(chosen))
        .execute()
        .pivot(index="customer_id", columns="question", values="score")
    )
    return wide[chosen].rename(columns="mean_{}".format) if chosen else pd.DataFrame()


def _means(every: pd.DataFrame, answers: list[str], groups: pd.Series) -> pd.DataFrame:
    """One row a group: means and medians of what the customers have, blank where too few have it."""
    wanted = {
        REVENUE_PER_CUSTOMER: ("monetary", "mean"),
        MEDIAN_MONETARY: ("monetary", "median"),
        MEDIAN_RECENCY_DAYS: ("recency_days", "median"),
        MEAN_ORDERS: ("orders", "mean"),
        MEDIAN_GAP_DAYS: ("gap_days", "median"),
        COMPLAINT_RATE: ("complained", "mean"),
        **{name: (name, "mean") for name in answers},
        **{f"{name}_error": (name, "sem") for name in answers},
    }
    grouped = every.groupby(groups, observed=True)
    columns = {
        name: getattr(grouped[column], how)().where(grouped[column].count() >= SMALLEST_GROUP)
        for name, (column, how) in wanted.items()
        if column in every
    }
    return pd.DataFrame(columns, index=grouped.size().index).rename_axis(None).rename(index=str)
