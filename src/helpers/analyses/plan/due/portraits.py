"""What is known of each customer on the report's day, from all tables of the report and of the data: what rules ask."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import ibis
import numpy as np
import pandas as pd

from helpers.analyses.plan.due.tier_gaps import tier_gaps
from helpers.analyses.plan.vocabulary import DUE_DAYS, DUE_ON, PORTRAIT
from helpers.conditions import NUMBER, TEXT
from helpers.data import lunar
from helpers.data.datasets import Dataset
from helpers.data.days import YEAR_DAYS
from helpers.findings import Kind, analysis, load

# The kinds of the columns that a rule may ask for; where a data set lacks one, its actions do not apply.
KINDS: Mapping[str, str] = {column: TEXT if column.kind is Kind.NAME else NUMBER for column in PORTRAIT}
ONE_ROW = ("segments", "churn_risk", "value", "health", "advocates")  # tables of the report of one row a customer
OFFERS, DUE, UP_SELL = "offers", "due", "up_sell"  # and of several
OFFERED = {"customer_id", "task", "rank", "good", "chance", "expected_margin"}
NAMED_ANEW = {"score": "advocate_score"}
TASKS = ("new", "again")  # of offers
PRIVATE = ("born_on", "lunar_birthday", "owner")
TO_LEAVE_ALONE = ("opted_out", "birth_year")
SINCE = {"joining_anniversary_in_days": "joined_on", "contract_anniversary_in_days": "subscribed_on"}
CHILD_YEARS = 14


@dataclass(frozen=True)
class Portraits:
    """One row a customer, by customer_id, with the columns of `PORTRAIT` that this data set has, and a few more."""

    table: pd.DataFrame

    @property
    def kinds(self) -> Mapping[str, str]:
        """The kinds of the columns that a rule may ask for."""
        return KINDS

    def lacking(self, columns: tuple[str, ...]) -> list[str]:
        """Those of the `columns` that this data set lacks."""
        return [name for name in columns if name not in self.table or self.table[name].isna().all()]

    def column(self, name: str) -> pd.Series:
        """A column, missing for everybody where the data set lacks it."""
        return self.table[name] if name in self.table else pd.Series(np.nan, index=self.table.index)


@analysis
def known(data: Dataset, folder: str | Path) -> Portraits:
    """All that is known of the customers of `data` as of its day, with the report's tables in `folder`, empty for none.

    `worth` is what the customer is expected to bring (lifetime and contract value, or the money of the past where these
    are not known), `worth_rank` the share of customers who are worth no more. Days ahead count from the report's day.
    """
    about = [name for name in data.customers if name in ("customer_id", *KINDS, *TO_LEAVE_ALONE, *SINCE.values())]
    table = data.customers[about].set_index("customer_id").join(_private(data))
    for name in ONE_ROW:
        saved = load(folder, name, {"customer_id", *KINDS, *NAMED_ANEW})
        if saved is not None and "customer_id" in saved:
            saved = saved.drop_duplicates("customer_id").set_index("customer_id").rename(columns=NAMED_ANEW)
            table = table.join(saved[[column for column in saved if column not in table]])
    for part in (
        _worth(table), _offered(folder), _tickets(data), _days_ahead(table, data.as_of), _asked(data), tier_gaps(data),
        _due_ahead(load(folder, DUE), data.as_of),
    ):  # fmt: skip
        table = table.join(part.drop(columns=[name for name in part if name in table]))
    for name in ("open_complaints", "open_tickets"):
        if name in table:
            table[name] = table[name].fillna(0)
    return Portraits(table)


def _private(data: Dataset) -> pd.DataFrame:
    """What the snapshot does not have of customers, as no page shows it: for arms, days and lists alone."""
    names = [name for name in PRIVATE if "customers" in data.tables and name in data.tables["customers"].columns]
    if not names:
        return pd.DataFrame()
    rows = data.tables["customers"].select("customer_id", *names).execute()
    return rows.drop_duplicates("customer_id").set_index("customer_id")


def _worth(table: pd.DataFrame) -> pd.DataFrame:
    values = [name for name in ("lifetime_value", "contract_value") if name in table]
    models = table[values].sum(axis="columns", min_count=1) if values else pd.Series(np.nan, index=table.index)
    past = table["monetary"] if "monetary" in table else pd.Series(np.nan, index=table.index)
    worth = models.astype(float).fillna(past.astype(float))
    return pd.DataFrame({"worth": worth, "worth_rank": worth.rank(pct=True, method="max")})


def _offered(folder: str | Path) -> pd.DataFrame:
    """The likeliest offer of each task: goods to buy again or new ones, goods that are due, and a step up."""
    parts = [_firsts(name, rows) for name, rows in _by_task(folder) if not rows.empty]
    return pd.concat(parts, axis="columns") if parts else pd.DataFrame()


def _by_task(folder: str | Path) -> Iterator[tuple[str, pd.DataFrame]]:
    offers, due, steps = load(folder, OFFERS, OFFERED), load(folder, DUE), load(folder, UP_SELL)
    if offers is not None:
        for task in TASKS:
            yield task, offers[offers["task"] == task].sort_values(["customer_id", "rank"], kind="stable")
    if offers is not None and (offers["task"] == DUE).any():  # those of the table `due` that are to be had
        yield "due", offers[offers["task"] == DUE].sort_values(["customer_id", "rank"], kind="stable")
    elif due is not None:
        chance = next(name for name in due if name.startswith("chance_"))
        yield "due", due.rename(columns={chance: "chance"}).sort_values(["chance", "good"], ascending=[False, True])
    if steps is not None:
        yield "up", steps.rename(columns={"family": "good"}).sort_values(["chance", "good"], ascending=[False, True])


def _firsts(task: str, rows: pd.DataFrame) -> pd.DataFrame:
    """The first row of each customer, as columns named for the task."""
    first = rows.drop_duplicates("customer_id").set_index("customer_id")
    named = {name: f"{task}_{name.removeprefix('expected_')}" for name in ("good", "chance", "expected_margin")}
    return first[[name for name in named if name in first]].rename(columns=named)


def _tickets(data: Dataset) -> pd.DataFrame:
    if "tickets" not in data.tables:
        return pd.DataFrame()
    tickets = data.tables["tickets"]
    still = tickets.filter(tickets.closed_at.isnull() & tickets.customer_id.notnull())
    counts = still.group_by("customer_id").agg(
        open_tickets=still.count(), open_complaints=still.complaint.fill_null(False).ifelse(1, 0).sum()
    )
    found = counts.execute().set_index("customer_id")
    return found.reindex(data.customers["customer_id"]).fillna(0).astype(int)


def _days_ahead(table: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """Days to the next birthday and to the yearly return of the joining and of the contract's beginning."""
    ahead = {}
    if "born_on" in table:
        lunar_ones = table["lunar_birthday"] if "lunar_birthday" in table else pd.Series(False, index=table.index)
        dated = table["born_on"].notna()
        rows = zip(table.loc[dated, "born_on"], lunar_ones[dated].astype("boolean").fillna(False), strict=True)
        days = [
            (lunar.next_birthday(born.month, born.day, bool(is_lunar), as_of) - as_of).days for born, is_lunar in rows
        ]
        ahead["birthday_in_days"] = pd.Series(days, index=table.index[dated], dtype=float)
    for name, since in SINCE.items():
        if since in table:
            passed = (pd.Timestamp(as_of) - pd.to_datetime(table[since])).dt.days
            ahead[name] = np.ceil(YEAR_DAYS - passed % YEAR_DAYS)
    return pd.DataFrame(ahead, index=table.index)


def _due_ahead(due: pd.DataFrame | None, as_of: dt.date) -> pd.DataFrame:
    """Days to the next day on which a good is due, of the customers of the table `due`; none where it names no days."""
    if due is None or DUE_ON not in due:
        return pd.DataFrame()
    days = (pd.to_datetime(due[DUE_ON]) - pd.Timestamp(as_of)).dt.days
    ahead = due.assign(due_in_days=days.astype(float))[days > 0]
    return ahead.groupby("customer_id")[[str(DUE_DAYS)]].min()


def _asked(data: Dataset) -> pd.DataFrame:
    """Days since an invitation to a survey that was not answered."""
    touches = data.tables.get("touches")
    if touches is None or "purpose" not in touches.columns or "surveys" not in data.tables:
        return pd.DataFrame()
    asked = touches.filter((touches.purpose == "survey") & touches.customer_id.notnull())
    last = asked.group_by("customer_id").agg(asked_at=asked.touched_at.max())
    answers = data.tables["surveys"]
    given = answers.group_by("customer_id").agg(answered_at=answers.answered_at.max())
    both = last.left_join(given, "customer_id")
    waiting = both.filter(both.answered_at.isnull() | (both.answered_at < both.asked_at))
    days = waiting.select(
        "customer_id", survey_asked_days=ibis.date(data.as_of).delta(waiting.asked_at.date(), unit="day")
    )
    return days.execute().set_index("customer_id").astype(float)
