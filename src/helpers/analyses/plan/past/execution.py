"""What became of the last plans: which of their actions were carried out, and which reached those held out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.plan.past.memory import History
from helpers.analyses.plan.vocabulary import (
    ACTION,
    ACTION_KEY,
    ARM,
    ASSIGNED,
    CARRIED_OUT,
    CHANNEL,
    CONTACTED,
    COST,
    DELAY_DAYS,
    DONE,
    DONE_RATE,
    DUE_ON,
    HELD_OUT,
    HOLDOUT_SHARE,
    OWNER,
    PLAN_ON,
    STATUS_SHARE,
)
from helpers.data import privacy
from helpers.data.contracts import HOLDOUT, TREAT
from helpers.data.datasets import Dataset
from helpers.data.remembered import once
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.folding import SMALL_GROUPS, SMALLEST_GROUP
from helpers.findings.vocabulary import CUSTOMER_ID, LOWER, UPPER
from helpers.statistics import shares
from helpers.statistics.effects import sample_ratio

INFERRED_DAYS = 14  # after the due day, in which a contact of the action's name counts as the action
LEAST_DONE = 0.3  # share carried out, below which an action was not tried
MOST_CONTACTED = 0.1  # share of those held out who got it even so, above which arms say nothing
RATIO_ALPHA = 0.001
ROWS_DRAWN = 10
STATUSES = ("done", "failed", "refused", "dropped")
OPEN = "open"  # the status of what somebody has still to do


@dataclass(frozen=True)
class Compliance(Finding):
    """Plans by action, who does it and channel: how much of them was carried out, and whether arms are as drawn."""

    table: pd.DataFrame
    columns = (
        PLAN_ON, ACTION, OWNER, CHANNEL, ASSIGNED, DONE, DONE_RATE, LOWER, UPPER, DELAY_DAYS, HELD_OUT, CONTACTED,
        STATUS_SHARE, CARRIED_OUT,
    )  # fmt: skip
    shown = (PLAN_ON, ACTION, OWNER, ASSIGNED, DONE_RATE, LOWER, UPPER, DELAY_DAYS, HELD_OUT, CONTACTED, CARRIED_OUT)

    def summary(self) -> pd.DataFrame:
        """The rows without the shares of each status."""
        return self.table[[name for name in self.shown if name in self.table]]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Those of which least was carried out, with their intervals."""
        rows = self.table.dropna(subset=[DONE_RATE]).sort_values(DONE_RATE, kind="stable").head(ROWS_DRAWN)
        parts = zip(map(ACTION.write, rows[ACTION]), rows[PLAN_ON].dt.strftime("%Y-%m-%d"), rows[OWNER], strict=True)
        labels = [" · ".join(part for part in each if part and not pd.isna(part)) for each in parts]
        return charts.forest(rows.assign(action=labels), estimate=DONE_RATE, label="action", band=(LOWER, UPPER), ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("Of which plans was least carried out?")

    def headline(self) -> Sentence:
        """How much was done in all, and what was hardly done."""
        assigned, done = int(self.table[ASSIGNED].sum()), int(self.table[DONE].sum())
        known = {"done": facts.Share(done / assigned if assigned else np.nan), "assigned": facts.Count(assigned)}
        idle = self.table[self.table[CARRIED_OUT] == "not_done"]
        if idle.empty:
            return say("{done} of {assigned} planned actions were carried out.", **known).resting_on(self._named())
        worst = idle.sort_values(DONE_RATE, kind="stable").iloc[0]
        return say(
            "{done} of {assigned} planned actions were carried out; of one plan of “{action}” only {share}.",
            action=facts.Word(worst[ACTION], ACTION),
            share=facts.Share(worst[DONE_RATE]),
            **known,
        ).resting_on(
            say("It was planned on {day}.", day=facts.Day(worst[PLAN_ON].date())),
            say("What was hardly done can show no effect; that is no proof that it does not work."),
            self._named(),
        )

    def _named(self) -> Sentence | None:
        """Where the names of owners stand, of whom a page has only stand-ins."""
        if not set(self.table[OWNER].dropna()) - {SMALL_GROUPS}:
            return None
        return say("Owners have code names here; who was to do what stands in `tables/plan_history.csv`.")


@analysis
def carried_out(data: Dataset, history: History) -> Compliance | NotApplicable:
    """How much of each plan was carried out, by action, who does it and channel; `history` says who was to get it.

    Done is what `action_results` says of the action's key, else a contact with that key, else one of the action's name
    and the customer within 14 days of the due day. Groups of too few customers are one. Intervals are Wilson's,
    of the customers assigned.
    """
    if history.actions.empty:
        return NotApplicable(say("no plan was made before this report's day."))
    rows = with_results(data, history)
    rows = rows.assign(owner=_pseudonyms(rows[OWNER]))
    groups = _folded(rows).groupby([PLAN_ON, ACTION, OWNER, CHANNEL], sort=True, dropna=False)
    table = [
        _row(dict(zip((PLAN_ON, ACTION, OWNER, CHANNEL), names, strict=True)), each)
        for names, each in groups
        if each[CUSTOMER_ID].nunique() >= SMALLEST_GROUP
    ]
    if not table:
        return NotApplicable(say("no action was planned for five customers."))
    return Compliance(pd.DataFrame(table))


@once
def with_results(data: Dataset, history: History) -> pd.DataFrame:
    """The rows of `history` with done, done_on, status, and what was paid (`paid`, 0 where nothing was done).

    `waiting` is whether somebody has it still to do, as came back; it has no status then.
    """
    rows = history.actions.merge(_results(data), on=[ACTION_KEY, CUSTOMER_ID], how="left")
    waiting = rows["status"] == OPEN
    rows = rows.assign(status=rows["status"].mask(waiting))
    keyed, named = _contacts(data, rows)
    done_on = rows["done_on"].where(rows["status"].isna() | (rows["status"] == "done"))  # a day alone says done
    done_on = done_on.fillna(keyed).fillna(named.where(rows["status"].isna()))
    done = done_on.notna() | (rows["status"] == "done")
    paid = rows["paid"].astype(float).fillna(rows[COST]).fillna(0.0).where(done, 0.0)
    return rows.assign(done=done, done_on=done_on, paid=paid, waiting=waiting & ~done)


def _results(data: Dataset) -> pd.DataFrame:
    """What came back of each action key."""
    if "action_results" not in data.tables:
        empty = {ACTION_KEY: object, CUSTOMER_ID: object, "status": object, "paid": float}
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in empty.items()}).assign(
            done_on=pd.Series(dtype="datetime64[us]")
        )
    rows = data.tables["action_results"]
    found = rows.select(ACTION_KEY, CUSTOMER_ID, "status", done_on=rows.done_at, paid=rows.cost).execute()
    found = found.assign(done_on=pd.to_datetime(found["done_on"]).dt.normalize().astype("datetime64[us]"))
    return found.drop_duplicates([ACTION_KEY, CUSTOMER_ID], keep="last")


def _contacts(data: Dataset, rows: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """The first day of a contact with each row's key, and of one of its action's name within its time."""
    nothing = pd.Series(pd.NaT, index=rows.index, dtype="datetime64[us]")
    if "touches" not in data.tables:
        return nothing, nothing
    touches = data.tables["touches"]
    keyed = nothing
    if "action_key" in touches.columns:
        keys = touches.filter(touches.action_key.notnull())
        first = keys.group_by(ACTION_KEY, CUSTOMER_ID).agg(on=keys.touched_at.min()).execute()
        keyed = _days(rows.merge(first, on=[ACTION_KEY, CUSTOMER_ID], how="left")["on"], rows.index)
    named = touches.filter(touches.campaign.isin(sorted(set(rows[ACTION].dropna())))) if len(rows) else touches.limit(0)
    met = named.select(CUSTOMER_ID, action=named.campaign, on=named.touched_at).execute()
    both = rows[[CUSTOMER_ID, ACTION, PLAN_ON, DUE_ON]].reset_index().merge(met, on=[CUSTOMER_ID, ACTION])
    last = both[DUE_ON].fillna(both[PLAN_ON]) + pd.Timedelta(days=INFERRED_DAYS + 1)
    within = both[(both["on"] >= both[PLAN_ON]) & (both["on"] < last)]
    return keyed, _days(within.groupby("index")["on"].min().reindex(rows.index), rows.index)


def _days(moments: pd.Series, index: pd.Index) -> pd.Series:
    return pd.Series(pd.to_datetime(moments).dt.normalize().astype("datetime64[us]").to_numpy(), index=index)


def _pseudonyms(owners: pd.Series) -> pd.Series:
    names = sorted(set(owners.dropna()))
    return owners.map(dict(zip(names, privacy.pseudonyms(names), strict=True))) if names else owners


def _folded(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with those who do few of an action taken together."""
    sizes = rows.groupby([PLAN_ON, ACTION, OWNER], dropna=False)[CUSTOMER_ID].transform("nunique")
    return rows.assign(owner=rows[OWNER].where((sizes >= SMALLEST_GROUP) | rows[OWNER].isna(), SMALL_GROUPS))


def _row(names: dict, rows: pd.DataFrame) -> dict:
    assigned, held_out = rows[rows[ARM] == TREAT], rows[rows[ARM] == HOLDOUT]
    done = int(assigned["done"].sum())
    lower, upper = shares.wilson_interval(done, len(assigned))
    delays = (assigned["done_on"] - assigned[DUE_ON]).dt.days.dropna()
    known = assigned["status"].notna().any()
    status = {f"{each}_share": float((assigned["status"] == each).mean()) if known else np.nan for each in STATUSES[1:]}
    return names | {
        ASSIGNED: len(assigned), DONE: done, DONE_RATE: done / len(assigned) if len(assigned) else np.nan,
        LOWER: float(lower), UPPER: float(upper), HELD_OUT: len(held_out),
        DELAY_DAYS: delays.median() if len(delays) else np.nan,
        CONTACTED: int(held_out["done"].sum()), **status, CARRIED_OUT: fairness(rows),
    }  # fmt: skip


def fairness(rows: pd.DataFrame) -> str:
    """Whether the arms of these rows can be compared, as a code: the first fault that fits."""
    assigned, held_out = rows[rows[ARM] == TREAT], rows[rows[ARM] == HOLDOUT]
    if len(assigned) and assigned["done"].mean() < LEAST_DONE:
        return "not_done"
    if len(held_out) and held_out["done"].mean() > MOST_CONTACTED:
        return "contaminated"
    if min(len(assigned), len(held_out)) < SMALLEST_GROUP:
        return "too_few" if len(held_out) or not len(assigned) else "fair"
    return "sample_ratio" if off_ratio(rows) else "fair"


def off_ratio(rows: pd.DataFrame) -> bool:
    """Whether more or fewer were held out than the drawn shares leave to chance."""
    expected = float(rows[HOLDOUT_SHARE].sum())
    counts = [int((rows[ARM] == HOLDOUT).sum()), int((rows[ARM] == TREAT).sum())]
    if not 0 < expected < len(rows):
        return False
    return bool(sample_ratio(counts, [expected, len(rows) - expected]).p_value < RATIO_ALPHA)
