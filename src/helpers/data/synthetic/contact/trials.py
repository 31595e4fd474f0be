"""The demo's experiments: who was in which arm, and what came of it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.data.synthetic.clock import DAY, NEVER, day_number
from helpers.data.synthetic.draws import exponential, label, uniforms
from helpers.data.synthetic.truth import TRUTH

EXPERIMENT_STARTS = {"spring_coupon": "2025-03-01", "checkout_aa": "2025-05-10", "push_copy": "2025-09-01"}


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
