"""What of the raw data a report lets out: the snapshot and the quarantine, small groups folded, values as shapes."""

from __future__ import annotations

import re

import pandas as pd

from helpers.findings.folding import folded_texts

DATE = r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([ T]\d{1,2}:\d{2}(:\d{2})?)?"
NUMBER = r"[+-]?[\d.,]{1,10}"  # too short for a phone or an identity card
PLAIN = re.compile(f"({DATE}|{NUMBER})?")


def published(customers: pd.DataFrame) -> pd.DataFrame:
    """One row a customer for a report's folder, by customer_id: texts that fewer than 5 share are one small group.

    `customer_id` stays, for what comes next needs it; who brought a customer is left out.
    """
    texts = [name for name in customers.select_dtypes(["object", "string"]) if name != "customer_id"]
    shown = customers.drop(columns="referred_by", errors="ignore")
    folded = shown.assign(**{name: folded_texts(shown[name]) for name in texts if name in shown})
    return folded.sort_values("customer_id", kind="stable", ignore_index=True)


def set_aside(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows in quarantine for a report's folder, as they stand in their files: each value as its `shape`."""
    shaped = rows.assign(value=rows["value"].map(shape, na_action="ignore"))
    place = [name for name in ("table", "file", "file_row", "rule") if name in shaped]
    return shaped.sort_values(place, kind="stable", ignore_index=True)


def shape(text: str) -> str:
    """A text that is no date and no short number as its shape: letters are x, digits 0; others as they are."""
    return text if PLAIN.fullmatch(text) else "".join("0" if c.isdigit() else "x" if c.isalpha() else c for c in text)
