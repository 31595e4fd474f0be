"""A card for each segment: how large it is, what it brings, how it buys, what it likes, and how content it is."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.segmentation.describe.likes import Preferences
from helpers.analyses.segmentation.describe.traits import DEMOGRAPHIC, PREFERENCES
from helpers.analyses.segmentation.groups import Groups
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable, charts, formats
from helpers.findings.folding import SMALL_GROUPS, SMALLEST_GROUP
from helpers.statistics.shares import wilson_interval

Z = 1.96  # standard errors to each side of a mean, for 95% limits
QUESTIONS = 2  # shown: the ones that most customers answered
COMPARED = {  # what the figure calls the ratio of a segment's value to that of all customers
    "revenue_per_customer": "revenue\neach",
    "mean_orders": "orders",
    "median_recency_days": "days\nsilent",
    "median_gap_days": "days\napart",
    "complaint_rate": "share\nwho\ncomplain",
}


@dataclass(frozen=True)
class Personas:
    """One card a segment; what fewer than five customers tell is blank, and smaller segments have no card."""

    kind: str
    cards: pd.DataFrame  # <kind>, customers, shares, value, behaviour, likes, is_like, mean answers, complaint_rate
    everybody: pd.Series  # the numbers of the cards for all customers together

    def summary(self) -> pd.DataFrame:
        """One row a segment: size, revenue, buying, what is over-represented, and satisfaction where it is known."""
        shown = [
            "customers",
            "revenue_share",
            "revenue_per_customer",
            "median_recency_days",
            "mean_orders",
            "likes",
            "is_like",
            *self.questions,
            "complaint_rate",
        ]
        return self.cards[[self.kind, *(name for name in shown if name in self.cards)]]

    @property
    def questions(self) -> list[str]:
        """The columns of mean answers."""
        return [name for name in self.cards if f"{name}_error" in self.cards]

    def card(self, name: str) -> pd.DataFrame:
        """Everything known of one segment beside all customers: a row a line of the card. ValueError without one."""
        chosen = self.cards.set_index(self.kind)
        if name not in chosen.index:
            raise ValueError(f"{self.kind} = {name!r}: no card. Choose one of {', '.join(chosen.index)}.")
        lines = [column for column in chosen if not column.endswith("_error")]
        card = pd.DataFrame({name: chosen.loc[name].astype(object), "all customers": self.everybody.astype(object)})
        return card.reindex(lines).rename_axis("line").reset_index()

    def plot(self, ax: Axes | None = None) -> Axes:
        """A heat map: each segment's numbers as a multiple of those of all customers; sizes where there are none."""
        measures = [name for name in (*COMPARED, *self.questions) if self.everybody.get(name, 0) > 0]
        if not measures:
            return charts.bars(self.cards, value="customers", label=self.kind, ax=ax)
        ratios = self.cards.set_index(self.kind)[measures].astype(float) / self.everybody[measures].astype(float)
        titles = {name: COMPARED.get(name, name.removeprefix("mean_")) for name in measures}
        tidy = ratios.rename(columns=titles).reset_index().melt(self.kind, var_name="measure", value_name="multiple")
        return charts.heat_map(tidy, row=self.kind, column="measure", value="multiple", ax=ax)

    def headline(self) -> str:
        """Whose customers bring most each, who is surely less content than all, and who complains most."""
        lines = [self._most_valuable(), self._least_content(), self._most_complaints()]
        return " ".join(filter(None, lines)) or f"{len(self.cards)} {self.kind}s have a card."

    def _most_valuable(self) -> str:
        if "revenue_per_customer" not in self.cards or not self.everybody["revenue_per_customer"] > 0:
            return ""
        top = self.cards.loc[self.cards["revenue_per_customer"].idxmax()]
        times = formats.number(top["revenue_per_customer"] / self.everybody["revenue_per_customer"])
        likes = f" Over-represented there: {top['likes']}." if top.get("likes") else ""
        return f"A customer in “{top[self.kind]}” brings {times} times the average.{likes}"

    def _least_content(self) -> str:
        for question in self.questions:
            all_mean = self.everybody[question]
            reach = Z * self.cards[f"{question}_error"]
            sure = self.cards[self.cards[question] + reach < all_mean]
            if len(sure):
                low, name = sure.loc[sure[question].idxmin()], question.removeprefix("mean_")
                limits = formats.interval(low[question] - reach[low.name], low[question] + reach[low.name])
                return (
                    f"Least content by {name} is “{low[self.kind]}”: {formats.number(low[question])} "
                    f"(95% CI {limits}), and {formats.number(all_mean)} among all who answered."
                )
        return ""

    def _most_complaints(self) -> str:
        if not self.everybody.get("complaint_rate", 0) > 0:
            return ""
        most = self.cards.loc[self.cards["complaint_rate"].idxmax()]
        low, high = wilson_interval(most["complaint_rate"] * most["customers"], most["customers"])
        return (
            f"Most complaints come from “{most[self.kind]}”: {formats.percent(most['complaint_rate'])} of its "
            f"customers have complained (95% CI {formats.interval(float(low), float(high), formats.percent)}), and "
            f"{formats.percent(self.everybody['complaint_rate'])} of all."
        )


def personas(
    data: Dataset, segments: Groups | NotApplicable, likes: Preferences | NotApplicable
) -> Personas | NotApplicable:
    """A card for each group of at least five customers.

    Value and behaviour are of the snapshot; gaps are of customers with at least two order days; `likes` says what is
    over-represented beyond chance (see `preferences`). Satisfaction is the mean of the latest answer of each customer
    to each of the two questions that most customers answered, and complaints are the share of customers with any.
    """
    if isinstance(segments, NotApplicable):
        return segments
    every, answers = _numbers(data)
    profile = segments.profile.set_index(segments.kind)
    profile = profile[profile.index != SMALL_GROUPS]
    if profile.empty:
        return NotApplicable(f"no {segments.kind} has {SMALLEST_GROUP} customers.")
    shares = profile[["customers", "customer_share", "revenue_share"]].dropna(axis="columns", how="all")
    cards = shares.join(_means(every, answers, segments.labels.reindex(every.index)))
    if isinstance(likes, Preferences):
        for column, chosen in (("likes", PREFERENCES), ("is_like", (*DEMOGRAPHIC, *data.settings.attributes))):
            words = [", ".join(likes.likes(name, chosen)) for name in cards.index]
            cards = cards.assign(**{column: words}) if any(words) else cards
    whole = {"customers": len(every), **dict.fromkeys(shares.columns[1:], 1.0)}
    everybody = pd.concat([pd.Series(whole), _means(every, answers, pd.Series("all", every.index)).loc["all"]])
    return Personas(segments.kind, cards.rename_axis(segments.kind).reset_index(), everybody)


def _numbers(data: Dataset) -> tuple[pd.DataFrame, list[str]]:
    """The numbers of each customer that cards are made of, by customer_id, and the questions among them."""
    every = data.customers.set_index("customer_id")
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
    latest = known.group_by("customer_id", question=known.question.lower()).agg(
        score=known.score.argmax(known.answered_at)
    )
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
    """One row a group: means and medians of what the customers have, blank where fewer than five have it."""
    wanted = {
        "revenue_per_customer": ("monetary", "mean"),
        "median_monetary": ("monetary", "median"),
        "median_recency_days": ("recency_days", "median"),
        "mean_orders": ("orders", "mean"),
        "median_gap_days": ("gap_days", "median"),
        "complaint_rate": ("complained", "mean"),
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
