"""What customers are expected to spend on an order, and whether it goes with how often they order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from scipy.stats import t as student

from helpers.analyses.value.future.purchases import BY_CHANCE, Histories
from helpers.analyses.value.vocabulary import MEAN_SPEND, REPEAT_ORDERS
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, labels, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import SIGNIFICANCE, Z
from helpers.findings.vocabulary import CUSTOMERS, LOWER, UPPER
from helpers.statistics.purchases import CommonSpend, GammaGamma, fit_common_spend, fit_gamma_gamma

SpendModel = GammaGamma | CommonSpend
CODES = {GammaGamma: "gamma_gamma", CommonSpend: "common_spend"}  # which `vocabulary.MODEL` has in words
STRONG = 0.2  # correlation from which the assumption of the model of spend is plainly wrong
CERTAIN = 1 - 1e-9  # of a correlation: Fisher's scale has no end
FEWEST_SPENDING = 20  # customers, for a correlation or a mean
SPEND_BINS = {"1": (1, 1), "2": (2, 2), "3": (3, 3), "4–6": (4, 6), labels.MANY: (7, np.inf)}


@dataclass(frozen=True)
class SpendIndependence(Finding):
    """Whether those who order more often also spend more on an order, which the model of spend assumes they do not."""

    table: pd.DataFrame
    correlation: float
    lower: float
    upper: float
    customers: int
    currency: str = ""
    columns = (REPEAT_ORDERS, CUSTOMERS, MEAN_SPEND, LOWER, UPPER)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Mean spend by number of repeat orders, with its interval."""
        return charts.forest(self.table, estimate=MEAN_SPEND, label=REPEAT_ORDERS, band=(LOWER, UPPER), ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("What do customers spend on an order, by how often they came back?")

    def headline(self) -> Sentence:
        """Whether frequent customers spend more on an order, and what it means for the values."""
        if self.lower > STRONG:
            told = say("Frequent customers spend more on an order: their values are likely too low.")
        elif self.upper < -STRONG:
            told = say("Frequent customers spend less on an order: their values are likely too high.")
        elif max(-self.lower, self.upper) > STRONG:
            told = say("Frequent customers may spend so differently on an order that their values are wrong.")
        elif self.lower <= 0 <= self.upper:
            told = say("No evidence that frequent customers spend more or less on an order.")
        else:
            told = say("Frequent customers spend a little differently on an order, too little to matter.")
        return told.resting_on(
            say(
                "Correlation {correlation} ({interval}) of {customers} customers who came back.",
                correlation=facts.Number(self.correlation),
                interval=facts.Range(facts.Number(self.lower), facts.Number(self.upper)),
                customers=facts.Count(self.customers),
            ),
            say("Orders and spend are modelled apart, which holds as far as they do not go together."),
        )


def spend_model(known: Histories) -> SpendModel:
    """Gamma-Gamma of repeat orders or, where customers differ by chance alone and it has no maximum, its limit.

    Raises ValueError without a repeat order that brought money, and where it has no maximum though customers differ:
    more than by chance, or so that it is likelier that each always spends the same.
    """
    orders, mean = known.spending["frequency"], known.spending["mean_repeat_spend"]
    try:
        return fit_gamma_gamma(orders, mean)
    except ValueError:  # no maximum
        common = fit_common_spend(orders, mean)
        if common.overdispersion > BY_CHANCE or common.log_likelihood < _always_the_same(mean):
            raise
        return common


def repeats(known: Histories) -> tuple[pd.Series, pd.Series]:
    """Repeat orders and their mean spend; customers whose repeat orders brought nothing count as if they had none."""
    paid = known.customers["mean_repeat_spend"] > 0
    return known.customers["frequency"].where(paid, 0), known.customers["mean_repeat_spend"].where(paid, 0.0)


def spends(model: SpendModel, known: Histories) -> np.ndarray:
    """What each customer is expected to spend on an order."""
    return model.expected_spend(*repeats(known))


@analysis
def spend_independence(known: Histories | NotApplicable) -> SpendIndependence | NotApplicable:
    """Correlation of repeat orders and mean spend on them, and mean spend by number of repeat orders.

    Pearson's, among customers whose repeat orders brought money. A rank correlation would not do: means of more orders
    are less skewed, so that their ranks rise with the number of orders where spend has nothing to do with it, while
    their mean does not. Intervals are 95 %, that of the correlation on Fisher's scale by the jackknife (Efron & Stein
    1981), which assumes no distribution.
    """
    if isinstance(known, NotApplicable):
        return known
    spending = known.spending
    orders, spend = (spending[name].to_numpy(float) for name in ("frequency", "mean_repeat_spend"))
    if len(spending) < FEWEST_SPENDING or not (np.ptp(orders) and np.ptp(spend)):
        few = say(
            "{customers} customers came back and spent; a correlation needs {least}, not all alike.",
            customers=facts.Count(len(spending)),
            least=facts.Count(FEWEST_SPENDING),
        )
        return NotApplicable(few)
    groups = {name: spend[(orders >= low) & (orders <= high)] for name, (low, high) in SPEND_BINS.items()}
    rows = [{REPEAT_ORDERS: name} | _mean(group) for name, group in groups.items() if len(group) >= FEWEST_SPENDING]
    table = pd.DataFrame(rows, columns=list(SpendIndependence.columns))
    return SpendIndependence(table, *_correlation(orders, spend), len(spending), known.currency)


def _always_the_same(mean: pd.Series) -> float:
    """Log-likelihood of the other limit, p without end: each always spends the same, inverse gamma over customers."""
    return fit_common_spend(np.ones(len(mean)), 1 / mean).log_likelihood - 2 * np.log(mean).sum()


def _correlation(x: np.ndarray, y: np.ndarray) -> tuple[float, float, float]:
    """Pearson's correlation and its limits, by what it is without each customer in turn (jackknife, Student's t)."""
    n = len(x)
    x, y = ((values - values.mean()) / values.std() for values in (x, y))
    both = (x * y).mean()
    variances = [(n - values**2) / (n - 1) - (values / (n - 1)) ** 2 for values in (x, y)]
    without = (n * both - x * y) / (n - 1) - x * y / (n - 1) ** 2
    scaled = np.arctanh(np.clip(without / np.sqrt(variances[0] * variances[1]), -CERTAIN, CERTAIN))
    error = np.sqrt((n - 1) * scaled.var())
    reach = student.ppf(1 - SIGNIFICANCE / 2, n - 2) * error
    lower, upper = np.tanh(np.arctanh(np.clip(both, -CERTAIN, CERTAIN)) + np.array([-reach, reach]))
    return float(both), float(lower), float(upper)


def _mean(spend: np.ndarray) -> dict[str, float]:
    half = Z * spend.std(ddof=1) / np.sqrt(len(spend))
    mean = spend.mean()
    return {CUSTOMERS: len(spend), MEAN_SPEND: mean, LOWER: mean - half, UPPER: mean + half}
