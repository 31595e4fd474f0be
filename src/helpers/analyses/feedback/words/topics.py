"""What customers write about: terms by the number of customers who use them, overall and more in one group than others.

Texts are read in batches and forgotten: what is kept is how many customers used a term, where enough did.
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
from helpers.analyses.feedback.service.tickets import GROUPS, NO_TICKETS, grouped, recorded
from helpers.analyses.feedback.vocabulary import BY_NAME, CUSTOMERS_SHARE, LABEL, ODDS_RATIO, TERM
from helpers.analyses.feedback.voice.answers import NO_SURVEYS
from helpers.analyses.feedback.words.terms import is_name, terms
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import SIGNIFICANCE, Z
from helpers.findings.folding import SMALL_GROUPS, SMALLEST_GROUP, UNKNOWN
from helpers.findings.vocabulary import ADJUSTED_P_VALUE, CUSTOMERS, GROUP, LOWER, P_VALUE, UPPER
from helpers.language import later
from helpers.statistics.inference import adjust
from helpers.statistics.shares import wilson_interval

TICKETS, SURVEYS = "tickets", "surveys"
LOW, MIDDLE, HIGH = later("(low scores)"), later("(middling scores)"), later("(high scores)")
SCORES = {LOW: say("low scores"), MIDDLE: say("middling scores"), HIGH: say("high scores")}
NAMED = 3  # terms, or groups with their term, in a sentence
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
class Themes(Finding):
    """The terms that most customers use."""

    table: pd.DataFrame
    customers: int  # who wrote
    source: str

    columns = (TERM, CUSTOMERS, CUSTOMERS_SHARE, LOWER, UPPER)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Customers by term, with their share."""
        return charts.bars(self.table, value=CUSTOMERS, label=TERM, share=CUSTOMERS_SHARE, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        if self.source == TICKETS:
            return say("Which words do most customers use in requests?")
        return say("Which words do most customers use in answers to surveys?")

    def headline(self) -> Sentence:
        """The three terms of most customers."""
        first = self.table.head(NAMED)
        terms = facts.Listed(tuple(self._term(row, facts.Share(row[CUSTOMERS_SHARE])) for _, row in first.iterrows()))
        basis = say(
            "{customers} customers wrote; {terms}.",
            customers=facts.Count(self.customers),
            terms=facts.Listed(tuple(self._term(row, facts.limits(row)) for _, row in first.iterrows())),
        )
        if self.source == TICKETS:
            return say("In requests customers most often name {terms}.", terms=terms).resting_on(basis)
        return say("In answers to surveys customers most often name {terms}.", terms=terms).resting_on(basis)

    @staticmethod
    def _term(row: pd.Series, told: object) -> Sentence:
        return say("“{term}” ({share})", term=facts.Name(row[TERM]), share=told)


@dataclass(frozen=True)
class DistinctiveThemes(Finding):
    """The terms that are used more in one group of texts than in the others, beyond chance."""

    table: pd.DataFrame
    by: str
    tested: int  # pairs of a group and a term

    columns = (GROUP, TERM, CUSTOMERS, ODDS_RATIO, LOWER, UPPER, ADJUSTED_P_VALUE)
    shown = (TERM, CUSTOMERS, ODDS_RATIO, LOWER, UPPER, ADJUSTED_P_VALUE, BY_NAME)

    def summary(self) -> pd.DataFrame:
        """One row a group and term: its customers there, and how much higher its odds are than elsewhere, 95% CI."""
        return self.table.rename(columns={GROUP: self.by})

    def plot(self, ax: Axes | None = None) -> Axes:
        """Odds ratios with their 95% CI."""
        named = self.table.assign(**{LABEL: [str(self._mark(row)) for _, row in self.table.iterrows()]})
        return charts.forest(named, estimate=ODDS_RATIO, label=LABEL, reference=1, log=True, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("Which words are used more in one group than in the others, by {by}?", by=facts.Attribute(self.by))

    def headline(self) -> Sentence:
        """The most distinctive term of each of the first three groups that have one."""
        by = facts.Attribute(self.by)
        if self.table.empty:
            return say("{by}: no evidence that any word is used more in one group.", by=by)
        first = self.table.drop_duplicates(GROUP).head(NAMED)
        marks = (self._mark(row) for _, row in first.iterrows())
        odds = (self._odds(row) for _, row in first.iterrows())
        tests = say("Beyond chance, {tests} tested together.", tests=facts.Count(self.tested))
        return say("{by}: what marks a group is {marks}.", by=by, marks=facts.Listed(tuple(marks))).resting_on(
            *odds, tests
        )

    @staticmethod
    def _mark(row: pd.Series) -> Sentence:
        group = row[GROUP]
        return say("“{term}” for {group}", term=facts.Name(row[TERM]), group=SCORES.get(group, facts.Name(group)))

    @staticmethod
    def _odds(row: pd.Series) -> Sentence:
        return say(
            "“{term}”: {ratio} times the odds elsewhere ({interval}).",
            term=facts.Name(row[TERM]),
            ratio=facts.Number(row[ODDS_RATIO]),
            interval=facts.limits(row, facts.Number),
        )


@analysis
def mentions(
    data: Dataset, source: str = "tickets", by: str = "category", stop_words: Iterable[str] = ()
) -> Mentions | NotApplicable:
    """Customers by the terms of their texts in tickets or surveys, and by group of texts.

    Tickets are grouped by category, channel, workgroup or priority, surveys by what `by` says of them: question or
    score (low, middle, high: on scales to 5 up to 2, 3 and above; on longer ones up to 6, 8 and above). A customer
    counts once for a term, however often it is written; terms of too few customers are dropped, and so are terms
    that look like a person's name. `stop_words`, in lower case, are no terms. Memory grows with the number of different
    terms and the texts of one customer, not with the number of texts.
    """
    parameters.one_of("source", source, (TICKETS, SURVEYS))
    parameters.one_of("by", by, GROUPS if source == TICKETS else ("score", "question"))
    texts = _texts(data, source)
    if isinstance(texts, NotApplicable):
        return texts
    rows, names = grouped(texts, by)
    used, writers = _counted(rows, frozenset(stop_words))
    total = {term: n for (group, term), n in used.items() if not group and n >= SMALLEST_GROUP and not is_name(term)}
    if not total:
        return NotApplicable(say("no word is used by {least} customers.", least=facts.Count(SMALLEST_GROUP)))
    cells = [(group, term, used[group, term]) for group in names for term in total]
    series = pd.Series(total, name=CUSTOMERS).rename_axis(TERM)
    return Mentions(series, pd.DataFrame(cells, columns=[GROUP, TERM, CUSTOMERS]), pd.Series(writers), source, by)


@analysis
def themes(written: Mentions | NotApplicable) -> Themes | NotApplicable:
    """The terms that most customers use, with Wilson's interval of their share.

    `written` is the answer of `mentions`; where it does not apply, neither does this, for the same reason.
    """
    if isinstance(written, NotApplicable):
        return written
    table = written.total.reset_index().sort_values([CUSTOMERS, TERM], ascending=[False, True]).head(MOST_TERMS)
    lower, upper = wilson_interval(table[CUSTOMERS], written.customers)
    table = table.assign(customers_share=table[CUSTOMERS] / written.customers, lower=lower, upper=upper)
    return Themes(table.reset_index(drop=True), written.customers, written.source)


@analysis
def distinctive_themes(written: Mentions | NotApplicable) -> DistinctiveThemes | NotApplicable:
    """Terms whose odds in one group exceed those in all others: the log-odds ratio with an informative prior.

    `written` is the answer of `mentions`; where it does not apply, neither does this, for the same reason. Mentions are
    customers: y of a group and a term, n of the group over all terms. The prior gives each term its share of all
    mentions, of 500 together, which draws rare terms to no difference. Terms that enough customers of the group use
    are tested; p-values are Benjamini–Hochberg-adjusted for all groups and terms, and those above 5% are left out, with
    terms used less. Assumes independent mentions. Source: Monroe, Colaresi & Quinn (2008), Fightin' Words.
    """
    if isinstance(written, NotApplicable):
        return written
    groups = [group for group in pd.unique(written.cells[GROUP]) if group != SMALL_GROUPS]
    if len(groups) < 2:
        return NotApplicable(say("{by}: the texts are of fewer than two groups.", by=facts.Attribute(written.by)))
    table = log_odds(written.cells)
    table = table[(table[CUSTOMERS] >= SMALLEST_GROUP) & table[GROUP].isin(groups)]
    table = table.assign(**{ADJUSTED_P_VALUE: adjust(table[P_VALUE], "bh")})
    tested = len(table)
    table = table[(table[ADJUSTED_P_VALUE] < SIGNIFICANCE) & (table[ODDS_RATIO] > 1)]
    table = table.assign(place=pd.Categorical(table[GROUP], groups))
    table = table.sort_values(["place", P_VALUE, TERM]).groupby("place", observed=True).head(MOST_PER_GROUP)
    return DistinctiveThemes(table.drop(columns=[P_VALUE, "place"]).reset_index(drop=True), written.by, tested)


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
    reach = Z * error
    limits = {"odds_ratio": np.exp(gap), "lower": np.exp(gap - reach), "upper": np.exp(gap + reach)}
    return cells.assign(**limits, p_value=2 * norm.sf(np.abs(gap / error)))


def _texts(data: Dataset, source: str) -> ir.Table | NotApplicable:
    """The rows of tickets or surveys in which a known customer wrote; of surveys with the score as low to high."""
    if source not in data.tables:
        return NO_TICKETS if source == TICKETS else NO_SURVEYS
    table = data.tables[source]
    if not recorded(table, ["text"]):
        if source == TICKETS:
            return NotApplicable(say("the tickets of this data set have no text."))
        return NotApplicable(say("the survey answers of this data set have no text."))
    if source == SURVEYS:
        table = table.mutate(score=_satisfaction(table))
    texts = table.filter(table.text.notnull() & table.customer_id.notnull())
    if texts.customer_id.nunique().execute() < SMALLEST_GROUP:
        return NotApplicable(say("fewer than {least} customers wrote anything.", least=facts.Count(SMALLEST_GROUP)))
    return texts


def _counted(rows: ir.Table, stop_words: frozenset[str]) -> tuple[Counter, Counter]:
    """Customers by (group, term) and by group; the group "" is all texts together."""
    used: Counter[tuple[str, str]] = Counter()
    writers: Counter[str] = Counter()
    for texts in _by_customer(rows):
        used.update({(name, term) for group, text in texts for term in terms(text, stop_words) for name in ("", group)})
        writers.update({"", *(group for group, _ in texts)})
    return used, writers


def _by_customer(rows: ir.Table) -> Iterator[list[tuple[str, str]]]:
    """Group and text of all that a customer wrote, one customer after the other; the engine sorts the texts."""
    ordered = rows.select("customer_id", "group", "text").order_by("customer_id")
    who: str | None = None
    texts: list[tuple[str, str]] = []
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
    """Low, middling or high, by a scale that ends at 5, or beyond: that of the same question's highest score."""
    longest = surveys.score.max().over(group_by=surveys.question.fill_null(UNKNOWN))
    low, middle = (longest <= 5).ifelse(2, 6), (longest <= 5).ifelse(3, 8)
    return ibis.cases((surveys.score <= low, LOW), (surveys.score <= middle, MIDDLE), else_=HIGH)
