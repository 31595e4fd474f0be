"""Reports that are made again and again: what may be said of an experiment at this one, so that all keep one level."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm

from helpers.analyses.experiments.trials.arms import Trial
from helpers.analyses.experiments.trials.declared_rules import Rules
from helpers.analyses.experiments.validity.arrivals import daily, planned_size
from helpers.statistics.designs import always_valid_p_value, band_reach

AT_THE_END = 0.9  # of alpha, for the one look after the assignment; all looks before it share the rest


@dataclass(frozen=True)
class Look:
    """A look at an experiment, while customers are still being assigned (`running`) or after.

    Two kinds of looks are declared: as many as one likes while it runs, by a band that holds at any of them, at a tenth
    of alpha together; and one after the assignment has ended, at nine tenths. p-values are corrected for that, so that
    each may be compared with alpha (Bonferroni, with weights).
    """

    running: bool = False
    planned_customers: float = np.nan
    alpha: float = 0.05

    def p_value(self, p_value: pd.Series, customers: pd.Series) -> pd.Series:
        """Two-sided p-values of one look, of effects in so many customers, corrected for all looks."""
        if not self.running:
            return (p_value / AT_THE_END).clip(upper=1)
        share = 1 - AT_THE_END
        at_any = always_valid_p_value(p_value, customers, alpha=share * self.alpha, tuning=self.planned_customers)
        return pd.Series(at_any / share, index=p_value.index).clip(upper=1)

    def critical(self, customers: float, correction: float = 1.0) -> float:
        """Standard errors from 0 beyond which an effect is found, where `correction` more is asked for."""
        if not self.running:
            return float(norm.isf(self.alpha * AT_THE_END / correction / 2))
        alpha = self.alpha * (1 - AT_THE_END)
        return float(band_reach(customers, alpha=alpha / correction, tuning=self.planned_customers))

    def stretched(self, effects: pd.DataFrame) -> pd.DataFrame:
        """Effects with the intervals of the band that holds at any look, while customers are being assigned."""
        if not self.running:
            return effects
        customers = effects["control_n"] + effects["arm_n"]
        reach = band_reach(customers, alpha=self.alpha, tuning=self.planned_customers) / norm.isf(self.alpha / 2)
        limits = {
            name: effects[of] + reach * (effects[name] - effects[of])
            for of, names in (("effect", ("lower", "upper")), ("lift_rate", ("lift_rate_lower", "lift_rate_upper")))
            for name in names
        }
        return effects.assign(**limits)


def look(trial: Trial, rules: Rules, as_of: dt.date | None) -> Look:
    """The look of a report as of a day: after the assignment where nobody was assigned for the rules' least days.

    Without a day of the report, or of any assignment, it is taken for one look after the assignment.
    """
    last = daily(trial)["day"].max()
    if as_of is None or pd.isna(last) or (as_of - last.date()).days + 1 >= rules.least_days:
        return Look(alpha=rules.alpha)
    return Look(True, planned_size(trial), rules.alpha)
