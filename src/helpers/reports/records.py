"""What of the raw data a report lets out: the snapshot and the quarantine, small groups folded, values as shapes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from helpers.findings import Column, DeclaredTable, Kind, declarations
from helpers.findings.folding import folded_texts
from helpers.findings.vocabulary import CUSTOMER_ID, RULE, TABLE

DATE = r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([ T]\d{1,2}:\d{2}(:\d{2})?)?"
NUMBER = r"[+-]?(?:[.,]*\d){1,6}[.,]*"  # too short for a phone or an identity card
PLAIN = re.compile(f"({DATE}|{NUMBER})?")

KNOWN = (
    CUSTOMER_ID,
    Column("joined_on", Kind.DATE, "day of the first contact or registration"),
    Column("first_order_on", Kind.DATE, "day of the first order"),
    Column("last_order_on", Kind.DATE, "day of the last order"),
    Column("recency_days", Kind.DAYS, "days since the last order"),
    Column("orders", Kind.COUNT, "how many orders"),
    Column("frequency", Kind.COUNT, "further days with an order after the first"),
    Column("monetary", Kind.MONEY, "money from all orders, less what was given back, as the policy says"),
    Column("refunds", Kind.MONEY, "money given back"),
    Column("t_x_days", Kind.DAYS, "days from the first order to the last", heading="First to last order (days)"),
    Column("age_days", Kind.DAYS, "days since the first order"),
    Column("mean_repeat_spend", Kind.MONEY, "mean money of the days with an order after the first"),
    Column("subscribed_on", Kind.DATE, "day on which the first contract began"),
    Column("plan", Kind.NAME, "the plan of the latest contract"),
    Column("subscription", Kind.CODE, "the state of the contract",
           words={"active": "runs", "ended": "has ended", "none": "never had one"}),
    Column("subscription_ended_on", Kind.DATE, "day on which the latest contract ended, where none runs"),
    Column("subscription_reason", Kind.NAME, "the reason of that end"),
    Column("tickets", Kind.COUNT, "how many tickets"),
    Column("complaints", Kind.COUNT, "how many of them are complaints"),
    Column("last_survey_on", Kind.DATE, "day of the latest answer to a survey"),
    Column("last_survey_question", Kind.NAME, "its question"),
    Column("last_survey_score", Kind.NUMBER, "its score"),
    Column("tenure_days", Kind.DAYS, "days since the first that is known of the customer"),
    Column("{}", Kind.MIXED, "what else the data set says of its customers, by its own name"),
)  # fmt: skip


@dataclass(frozen=True)
class Snapshot(DeclaredTable):
    """One row a customer as of the report's day; texts that too few customers share are one small group."""

    table: pd.DataFrame
    columns = KNOWN


@dataclass(frozen=True)
class Quarantine(DeclaredTable):
    """The rows that broke a rule, by their place in the raw files."""

    table: pd.DataFrame
    columns = (
        TABLE,
        Column("file", Kind.NAME, "the raw file"),
        Column(
            "file_row", Kind.PLAIN, "the row of that file, counted from 1 below its heading", heading="Row of the file"
        ),
        RULE,
        Column("value", Kind.NAME, "the value that broke the rule, or its shape where it is no date or short number"),
    )


def snapshot(customers: pd.DataFrame, smallest: int) -> Snapshot:
    """The customers for a report's folder, by customer_id; texts of fewer than `smallest` are one small group.

    `customer_id` stays, for what comes next needs it; who brought a customer is left out.
    """
    texts = [name for name in customers.select_dtypes(["object", "string"]) if name != "customer_id"]
    shown = customers.drop(columns="referred_by", errors="ignore")
    folded = shown.assign(**{name: folded_texts(shown[name], smallest) for name in texts if name in shown})
    return Snapshot(folded.sort_values("customer_id", kind="stable", ignore_index=True))


def quarantine(rows: pd.DataFrame) -> Quarantine:
    """The rows set aside for a report's folder, as they stand in their files: each value as its `shape`."""
    shaped = rows.assign(value=rows["value"].map(shape, na_action="ignore"))
    place = [name for name in ("table", "file", "file_row", "rule") if name in shaped]
    return Quarantine(shaped.sort_values(place, kind="stable", ignore_index=True))


def withhold_lists(tables: Path) -> None:
    """Takes the lists of single customers, actions and raw rows out of a folder of tables, as far as people read them.

    The Parquet files stay, which later notebooks and the next report read.
    """
    for path in tables.glob("*.parquet"):
        declaration = declarations.read(path)
        if declaration is None or declaration.is_a_list:
            path.with_suffix(".csv").unlink(missing_ok=True)


def shape(text: str) -> str:
    """A text that is no date and no short number as its shape: letters are x, digits 0; others as they are."""
    return text if PLAIN.fullmatch(text) else "".join("0" if c.isdigit() else "x" if c.isalpha() else c for c in text)
