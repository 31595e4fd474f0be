"""All plans so far: what earlier reports planned, and what the data say was planned elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from helpers.analyses.plan.vocabulary import (
    ACTION,
    ACTION_KEY,
    ARM,
    CHANNEL,
    COST,
    DUE_ON,
    EXPECTED_GAIN,
    FAMILY,
    HOLDOUT_SHARE,
    OWNER,
    PLAN_ON,
    PLANNED_ON,
    SEASON,
)
from helpers.data.contracts import EVERYTHING, HOLDOUT
from helpers.data.datasets import Dataset
from helpers.findings import load
from helpers.findings.finding import DeclaredTable
from helpers.findings.privacy.members import Members
from helpers.findings.vocabulary import CUSTOMER_ID

COLUMNS = (
    ACTION_KEY, CUSTOMER_ID, ACTION, FAMILY, ARM, SEASON, HOLDOUT_SHARE, PLANNED_ON, PLAN_ON, DUE_ON, CHANNEL, OWNER,
    COST, EXPECTED_GAIN,
)  # fmt: skip
DAYS = (PLANNED_ON, PLAN_ON, DUE_ON)
TEXTS = (ACTION_KEY, CUSTOMER_ID, ACTION, FAMILY, ARM, SEASON, CHANNEL, OWNER)
NAME = "plan_history"


@dataclass(frozen=True, eq=False)  # each is equal to itself alone, so that answers about it can be remembered
class History(Members, DeclaredTable):
    """One row a planned action of a customer, held out or not, of all plans before the report's day."""

    table: pd.DataFrame
    columns = COLUMNS

    @property
    def actions(self) -> pd.DataFrame:
        """The rows of actions: without those that say who is held out of everything."""
        return self.table[self.table[ACTION] != EVERYTHING]


def history(data: Dataset, *folders: str) -> History:
    """All plans made before the day of `data`: those that reports left in `folders`, and its table planned_actions.

    A plan made for the report's own day is left out, since this report makes it anew; so are later ones, as a report of
    an earlier day may be made afterwards. Of one action key the latest plan's row counts.
    """
    kept = [load(folder, NAME) for folder in folders if folder]
    tables = [typed(each) for each in kept if each is not None and not each.empty]
    if "planned_actions" in data.tables:
        tables.append(typed(_given(data)))
    if not tables:
        return History(typed(pd.DataFrame(columns=list(COLUMNS))))
    rows = pd.concat(tables, ignore_index=True)
    rows = rows[rows[PLANNED_ON] < pd.Timestamp(data.as_of)]
    rows = rows.sort_values([PLANNED_ON, ACTION_KEY, CUSTOMER_ID], kind="stable")
    return History(rows.drop_duplicates([ACTION_KEY, CUSTOMER_ID], keep="last").reset_index(drop=True))


def typed(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with all columns of a history, days as days and texts as texts."""
    whole = rows.reindex(columns=list(COLUMNS))
    days = {name: pd.to_datetime(whole[name]).astype("datetime64[us]") for name in DAYS}
    texts = {name: whole[name].astype(object).where(whole[name].notna(), None) for name in TEXTS}
    numbers = {name: whole[name].astype(float) for name in (HOLDOUT_SHARE, COST, EXPECTED_GAIN)}
    return whole.assign(**days, **texts, **numbers)


def _given(data: Dataset) -> pd.DataFrame:
    """What was planned elsewhere, as rows of a history; a share that is not recorded is that of the rows."""
    rows = data.tables["planned_actions"].execute()
    families = {action.name: action.kind for action in data.settings.plan.actions}
    planned = pd.to_datetime(rows["planned_at"]).dt.normalize()
    rows = rows.assign(
        planned_on=planned, plan_on=planned, family=rows[ACTION].map(families).fillna(rows[ACTION]),
        due_on=pd.to_datetime(rows["due_on"]).fillna(planned),
    )  # fmt: skip
    drawn = (rows[ARM] == HOLDOUT).groupby([rows[ACTION], planned]).transform("mean")
    return rows.assign(holdout_share=rows[HOLDOUT_SHARE].astype(float).fillna(drawn))
