"""What customers write about: terms by the number of customers who use them, overall and more in one group than others.

Texts are read in batches and forgotten: what is kept is how many customers used a term, where at least five did.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from scipy.stats import norm

from helpers import parameters
from helpers.analyses.feedback.service.tickets import GROUPS, SURE, grouped, recorded, share_words
from helpers.analyses.feedback.words.terms import is_name, terms
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable, charts, formats
from helpers.findings.folding import SMALL_GROUPS, SMALLEST_GROUP, UNKNOWN
from helpers.statistics.inference import adjust
from helpers.statistics.shares import wilson_interval

SOURCES = ("tickets", "surveys")
BATCH = 10_000  # texts in memory at once
MOST_TERMS = 15  # shown
MOST_PER_GROUP = 4
PRIOR = 500  # mentions that all terms together have in the prior


@dataclass(frozen=True)
class Mentions:
    """How many customers used each term, over all their texts and within each group of texts."""

    total: pd.Series  # term → customers, 5 or more
    cells: pd.DataFrame  # group, term, customers; groups in their order, 0 to all
    writers: pd.Series  # group → customers who wrote; "" for all together
    source: str  # tickets or surveys
    by: str

    @property
    def customers(self) -> int:
        """Customers who wrote anything."""
        return int(self.writers[""])


@dataclass(frozen=True)
class Themes:
    """The terms that most customers use."""

    terms: pd.DataFrame  # term, customers, customers_share, lower, upper
    customers: int  # who wrote
    source: str

    def summary(self) -> pd.DataFrame:
        """One row a term: customers who used it, and with 95% CI their share of those who wrote."""
        return self.terms

    def plot(self, ax: Axes | None = None) -> Axes:
        """Customers by term, with their share."""
        return charts.bars(self.terms, value="customers", label="term", share="customers_share", ax=ax)

    def headline(self) -> str:
        """The three terms of most customers."""
        said = [f"{row['term']} {share_words(row, 'customers_share')}" for _, row in self.terms.head(3).iterrows()]
        return f"Of {self.customers:,} customers who wrote in {self.source}, most name: {', '.join(said)}."


@dataclass(frozen=True)
class DistinctiveThemes:
    """The terms that are used more in one group of texts than in the others, beyond chance."""

    terms: pd.DataFrame  # group, term, customers, odds_ratio, lower, upper, adjusted_p_value; the by column for group
    by: str
    tested: int  # pairs of a group and a term

    def summary(self) -> pd.DataFrame:
        """One row a group and term: its customers there, and how much higher its odds are than elsewhere, 95% CI."""
        return self.terms

    def plot(self, ax: Axes | None = None) -> Axes:
        """Odds ratios with their 95% CI."""
        shown = self.terms.assign(name=self.terms[self.by].astype(str) + ": " + self.terms["term"])
        return charts.forest(shown, estimate="odds_ratio", label="name", reference=1, log=True, ax=ax)

    def headline(self) -> str:
        """The most distinctive term of each group that has one."""
        if self.terms.empty:
            return f"No evidence that any term is used more in one group by {self.by} than in the others."
        first = self.terms.drop_duplicates(self.by)
        told = [
            f"{row['term']} for {row[self.by]} ({formats.number(row['odds_ratio'])} times the odds elsewhere, 95% CI "
            f"{formats.interval(row['lower'], row['upper'])})"
            for _, row in first.head(3).iterrows()
        ]
        tests = f"corrected for {self.tested:,} tests"
        return f"Terms that mark a group by {self.by} beyond chance, {tests}: {'; '.join(told)}."


def mentions(
    data: Dataset, source: str = "tickets", by: str = "category", stop_words: Iterable[str] = ()
) -> Mentions | NotApplicable:
    """Customers by the terms of their texts in tickets or surveys, and by group of texts.

    Tickets are grouped by category, channel, workgroup or priority, surveys by what `by` says of them: question or
    score (low, middle, high: on scales to 5 up to 2, 3 and above; on longer ones up to 6, 8 and above). A customer
    counts once for a term, however often it is written; terms of fewer than 5 customers are dropped, and so are terms
    that look like a person's name. `stop_words`, in lower case, are no terms. Memory grows with the number of different
    terms and the texts of one customer, not with the number of texts.
    """
    parameters.one_of("source", source, SOURCES)
    choices = GROUPS if source == "tickets" else ("score", "question")
    parameters.one_of("by", by, choices)
    if source not in data.tables:
        return NotApplicable(f"this data set has no {source}.")
    table = data.tables[source]
    if not recorded(table, ["text"]):
        return NotApplicable(f"the {source} of this data set have no text.")
    if source == "surveys":
        table = table.mutate(score=_satisfaction(table))
    written = table.filter(table.text.notnull() & table.customer_id.notnull())
    if written.customer_id.nunique().execute() < SMALLEST_GROUP:
        return NotApplicable(f"fewer than {SMALLEST_GROUP} customers wrote in {source}.")
    rows, names = grouped(written, by)
    used, writers = _counted(rows, frozenset(stop_words))
    total = {term: n for (group, term), n in used.items() if not group and n >= SMALLEST_GROUP and not is_name(term)}
    if not total:
        return NotApplicable(f"no term is used by {SMALLEST_GROUP} customers who wrote in {source}.")
    cells = [(group, term, used[group, term]) for group in names for term in total]
    series = pd.Series(total, name="customers").rename_axis("term")
    table = pd.DataFrame(cells, columns=["group", "term", "customers"])
    return Mentions(series, table, pd.Series(writers), source, by)


def themes(found: Mentions | NotApplicable) -> Themes | NotApplicable:
    """The terms that most customers use, with Wilson's interval of their share."""
    if isinstance(found, NotApplicable):
        return found
    table = found.total.reset_index().sort_values(["customers", "term"], ascending=[False, True]).head(MOST_TERMS)
    lower, upper = wilson_interval(table["customers"], found.customers)
    table = table.assign(customers_share=table["customers"] / found.customers, lower=lower, upper=upper)
    return Themes(table.reset_index(drop=True), found.customers, found.source)


def distinctive_themes(found: Mentions | NotApplicable) -> DistinctiveThemes | NotApplicable:
    """Terms whose odds in one group exceed those in all others: the log-odds ratio with an informative prior.

    Mentions are customers: y of a group and a term, n of the group over all terms. The prior gives each term its share
    of all mentions, of 500 together, which draws rare terms to no difference. Terms that at least 5 customers of the
    group use are tested; p-values are Benjamini–Hochberg-adjusted for all groups and terms, and those above 5% are left
    out, with terms used less. Assumes independent mentions. Source: Monroe, Colaresi & Quinn (2008), Fightin' Words.
    """
    if isinstance(found, NotApplicable):
        return found
    cells = found.cells[found.cells["group"] != SMALL_GROUPS]
    if cells["group"].nunique() < 2:
        return NotApplicable(f"texts in {found.source} are not divided by {found.by}.")
    table = log_odds(found.cells)
    table = table[(table["customers"] >= SMALLEST_GROUP) & table["group"].isin(cells["group"])]
    table = table.assign(adjusted_p_value=adjust(table["p_value"], "bh"))
    tested = len(table)
    table = table[(table["adjusted_p_value"] < SURE) & (table["odds_ratio"] > 1)]
    table = table.assign(place=pd.Categorical(table["group"], pd.unique(cells["group"])))
    table = table.sort_values(["place", "p_value", "term"]).groupby("place", observed=True).head(MOST_PER_GROUP)
    table = table.drop(columns=["p_value", "place"]).rename(columns={"group": found.by})
    return DistinctiveThemes(table.reset_index(drop=True), found.by, tested)


def log_odds(cells: pd.DataFrame, prior: float = PRIOR) -> pd.DataFrame:
    """Odds of each term in each group over those in the others: the cells with odds_ratio, lower, upper, p_value.

    `cells` has every pair of group and term with its customers. 95% limits, normal on the log scale.
    """
    y = cells["customers"].to_numpy(dtype=float)
    n = cells.groupby("group")["customers"].transform("sum").to_numpy(dtype=float)
    everywhere = cells.groupby("term")["customers"].transform("sum").to_numpy(dtype=float)
    background = prior * everywhere / y.sum()
    inside, outside = y + background, everywhere - y + background
    gap = np.log(inside / (n + prior - inside)) - np.log(outside / (y.sum() - n + prior - outside))
    error = np.sqrt(1 / inside + 1 / outside)
    reach = norm.ppf(0.975) * error
    limits = {"odds_ratio": np.exp(gap), "lower": np.exp(gap - reach), "upper": np.exp(gap + reach)}
    return cells.assign(**limits, p_value=2 * norm.sf(np.abs(gap / error)))


def _counted(rows: ir.Table, stop_words: frozenset[str]) -> tuple[Counter, Counter]:
    """Customers by (group, term) and by group; the group "" is all texts together."""
    used: Counter[tuple[str, str]] = Counter()
    writers: Counter[str] = Counter()
    for texts in _by_customer(rows):
        said = {(name, term) for group, text in texts for term in terms(text, stop_words) for name in ("", group)}
        used.update(said)
        writers.update({"", *(group for group, _ in texts)})
    return used, writers


def _by_customer(rows: ir.Table) -> Iterator[list[tuple[str, str]]]:
    """Group and text of all that a customer wrote, one customer after the other; the engine sorts the texts."""
    ordered = rows.select("customer_id", "group", "text").order_by("customer_id")
    who, texts = None, []
    for batch in ordered.to_pyarrow_batches(chunk_size=BATCH):
        for customer, group, text in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            if customer != who:
                if texts:
                    yield texts
                who, texts = customer, []
            texts.append((group, text))
    if texts:
        yield texts


def _satisfaction(surveys: ir.Table) -> ir.StringValue:
    """Low, middle or high, by a scale that ends at 5, or beyond: that of the same question's highest score."""
    longest = surveys.score.max().over(group_by=surveys.question.fill_null(UNKNOWN))
    low, middle = (longest <= 5).ifelse(2, 6), (longest <= 5).ifelse(3, 8)
    return ibis.cases((surveys.score <= low, "low"), (surveys.score <= middle, "middle"), else_="high")
