"""The rows of offers that other sections found: goods that are due again, and a step up within a family."""

from __future__ import annotations

import pandas as pd

from helpers.analyses.offers.choice.exclusions import Excluded
from helpers.analyses.offers.choice.histories import Histories
from helpers.analyses.offers.choice.list_rows import OFFERS
from helpers.analyses.offers.choice.vocabulary import (
    BECAUSE_OF,
    BECAUSE_ON,
    CHANCE,
    IS_COLD,
    RANK,
    REASON,
    SCORE,
    SCORER,
    TASK,
)
from helpers.analyses.offers.vocabulary import FAMILY, GOOD, LAST_ON, STEP_CHANCE
from helpers.findings.vocabulary import CUSTOMER_ID

DUE, UP = "due", "up"
AHEAD = "chance_"  # how the column of `due` begins that tells the chance, whose name has the days in it


def due_rows(due: pd.DataFrame | None, histories: Histories, barred: Excluded) -> pd.DataFrame:
    """Up to three goods a customer that are due, the likeliest first, of those that are sold and in stock.

    `due` is the table of that name: customer_id, good, last_on and a chance. None where it has no chance.
    """
    chance = next((str(name) for name in due if str(name).startswith(AHEAD)), None) if due is not None else None
    if due is None or chance is None:
        return pd.DataFrame()
    rows = due[~due[GOOD].isin(histories.goods[barred.goods])]
    rows = rows.sort_values([CUSTOMER_ID, chance, GOOD], ascending=[True, False, True], kind="stable")
    return _rows(rows, DUE, rows[GOOD], rows[chance], because_of=rows[GOOD], because_on=rows[LAST_ON])


def up_rows(up: pd.DataFrame | None) -> pd.DataFrame:
    """Up to three families a customer in which a dearer good may be next, the likeliest first: the table `up_sell`."""
    if up is None:
        return pd.DataFrame()
    rows = up.sort_values([CUSTOMER_ID, STEP_CHANCE, FAMILY], ascending=[True, False, True], kind="stable")
    never = pd.Series(pd.NaT, rows.index, dtype="datetime64[us]")
    return _rows(rows, UP, rows[FAMILY], rows[STEP_CHANCE], because_of=None, because_on=never)


def _rows(
    rows: pd.DataFrame,
    task: str,
    goods: pd.Series,
    chances: pd.Series,
    *,
    because_of: pd.Series | None,
    because_on: pd.Series,
) -> pd.DataFrame:
    """The rows of one list, as `list_rows` has them, whose score is the chance."""
    made = pd.DataFrame({
        CUSTOMER_ID: rows[CUSTOMER_ID], TASK: task, RANK: rows.groupby(CUSTOMER_ID).cumcount() + 1, GOOD: goods,
        SCORE: chances.astype(float), CHANCE: chances.astype(float), REASON: task, BECAUSE_OF: because_of,
        BECAUSE_ON: because_on, SCORER: task, IS_COLD: False,
    })  # fmt: skip
    return made[made[RANK] <= OFFERS]
