"""How many stays the models of another program are fitted to: it takes seconds where ours take hundredths.

Other samples are drawn in the same way.
"""

from __future__ import annotations

import pandas as pd

from helpers.findings import Sentence, facts, say

MOST_STAYS = 20_000
SEED = 20_000  # any, but always the same: a report made twice says the same


def sample(table: pd.DataFrame, most: int | None = None) -> pd.DataFrame:
    """The rows of `table`, a table of stays; of more than `most` (`MOST_STAYS`) so many at random.

    They are drawn in order of their values, in which ids come last: no order of rows counts, and names count among
    stays that are alike only.
    """
    most = MOST_STAYS if most is None else most
    if len(table) <= most:
        return table
    values = sorted({*table.select_dtypes(["number", "bool", "datetime"])})
    return table.sort_values([*values, "customer_id"]).sample(most, random_state=SEED).sort_index()


def sampled_words(used: int, stays: int) -> Sentence | None:
    """How many of the `stays` were `used`; None where all were."""
    if used == stays:
        return None
    return say("Fitted to {used} of {stays} stays, at random.", used=facts.Count(used), stays=facts.Count(stays))
