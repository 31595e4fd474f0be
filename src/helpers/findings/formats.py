"""Numbers as readers see them: three digits, percentages, days, p-values, money; and tables made of them."""

from __future__ import annotations

import datetime as dt
import hashlib
import html
import math
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd
from pandas.io.formats.style import Styler

MISSING = "–"

SYMBOLS = {"CNY": "¥", "JPY": "¥", "GBP": "£", "EUR": "€", "BRL": "R$", "USD": "$"}

SHARES = {"share", "rate", "probability", "proportion", "survival", "retention"}
AMOUNTS = {
    "amount", "price", "revenue", "spend", "monetary", "money", "cost", "margin", "profit", "budget", "fee", "charge",
    "charges", "refund", "order_value", "basket_value", "lifetime_value", "customer_value", "expected_value",
}  # fmt: skip
LIMITS = {"lower", "upper"}
ABBREVIATIONS = {"csat", "kpi", "nps"}
PADDING = "1rem"  # of a table's cell, left and right, as the pages' style sheet has it
PHONE_SHARE = "36vw"  # of a small screen's width that words take in a table at most, before they are broken
SENTENCE_CHARACTERS = 20  # in a line of a table's cell at least, where a text is that long


def number(value: Any) -> str:
    """`value` to three significant digits with thousands separators: 0.0123, 4.50, 12,346.

    Whole numbers have no decimals, and digits before the point are never rounded away: counts and totals still add up.
    """
    if _is_missing(value):
        return MISSING
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    if isinstance(value, int) or value == int(value):
        return f"{int(value):,}"
    if abs(value) < 1e-4:
        return f"{value:.2e}"
    return f"{value:,.{_decimals(value, digits=3)}f}"


def percent(value: Any) -> str:
    """The share `value` (0.123) as a percentage of three digits, at most two decimals: 12.3%, 5.00%, 0.46%.

    0% and 100% are kept for none and all: what only rounds to them is written < 0.01% and > 99.9%.
    """
    if _is_missing(value) or math.isinf(value):
        return number(value)
    if 0 < abs(value) < 5e-5:
        return "< 0.01%" if value > 0 else "> -0.01%"
    if 0.9995 <= value < 1:
        return "> 99.9%"
    if value in (0, 1):
        return f"{value:.0%}".removeprefix("-")
    return f"{value * 100:,.{min(2, _decimals(value * 100, digits=3))}f}%"


def days(value: Any) -> str:
    """A number of days with its unit: 1 day, 12.5 days."""
    shown = number(value)
    return shown if shown == MISSING else f"{shown} day" if shown == "1" else f"{shown} days"


def p_value(value: Any) -> str:
    """A p-value to three decimals: p = 0.034, p < 0.001, p > 0.999."""
    if _is_missing(value):
        return MISSING
    if value < 0.001:
        return "p < 0.001"
    return "p > 0.999" if value > 0.999 else f"p = {value:.3f}"


def money(value: Any, currency: str = "") -> str:
    """An amount as a sentence says it: ¥1.23 M, £950, R$12.50; a currency without a sign is spelt: PLN 12.50."""
    if _is_missing(value) or math.isinf(value):
        return number(value)
    size = abs(value)
    if size >= 1e9:
        shown = f"{size / 1e9:,.2f} bn"
    elif size >= 1e6:
        shown = f"{size / 1e6:.2f} M"
    else:
        shown = f"{size:,.0f}" if size >= 100 or size == int(size) else f"{size:.2f}"
    return f"{'-' if value < 0 else ''}{_symbol(currency)}{shown}"


def interval(low: Any, high: Any, format: Callable[[Any], str] = number) -> str:
    """An interval in words, each end written by `format`: 12.3% to 15.6%."""
    return f"{format(low)} to {format(high)}"


def text(value: Any) -> str:
    """Any single value as text: numbers to three digits, days as dates, yes and no for flags."""
    if isinstance(value, str):
        return value
    if _is_missing(value):
        return MISSING
    if isinstance(value, bool) or type(value).__name__ == "bool_":
        return "yes" if value else "no"
    if isinstance(value, dt.date | dt.datetime):
        return _moment(value)
    return number(value) if _is_number(value) else str(value)


def label(column: Any, currency: str = "") -> str:
    """The heading a reader sees: "Recency (days)" for recency_days, "Adjusted p" for adjusted_p_value."""
    name = str(column)
    kind = _kind(name)
    if kind == "p_value":
        name = name.removesuffix("_value")
        return name if name == "p" else name.replace("_", " ").capitalize()
    if kind == "days" and name != "days":
        name = f"{name.removesuffix('_days')} (days)"
    words = " ".join(word.upper() if word.lower() in ABBREVIATIONS else word for word in name.split("_") if word)
    if kind == "amount" and currency:
        words = f"{words} ({_symbol(currency).strip()})"
    return words[:1].upper() + words[1:]


def for_column(column: Any) -> Callable[[Any], str]:
    """How the values of a column are written, chosen by the last word of its name."""
    return {
        "p_value": lambda value: p_value(value).removeprefix("p = ").removeprefix("p "),
        "share": percent,
        "amount": _amount,
        "plain": lambda value: MISSING if _is_missing(value) else f"{value:.15g}",
    }.get(_kind(str(column)), text)


def width(words: str) -> int:
    """How much room words take, in letters: a Chinese character is as wide as two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in words)


def table(frame: pd.DataFrame, currency: str = "") -> Styler:
    """`frame` as readers see it: each column written by the last word of its name, numbers to the right, no index.

    Names of index levels become columns. `lower` and `upper` are written like the column before them.
    Everything is escaped: markup among the data is shown, never run.
    """
    shown = frame.reset_index() if any(name is not None for name in frame.index.names) else frame.reset_index(drop=True)
    names = list(shown.columns)
    shown = shown.set_axis(range(len(names)), axis="columns")
    formats = _formats(names)
    name = fingerprint(*map(str, names), shown.to_csv())  # the Styler's own would be drawn anew in every run
    styler = Styler(shown, cell_ids=False, uuid=name).hide(axis="index")
    styler = styler.format({at: _escaped(write) for at, write in enumerate(formats)})
    styler = styler.format_index(lambda at: html.escape(label(names[at], currency)), axis="columns")
    sides = {at: [{"selector": "", "props": _side(shown[at])}] for at in shown.columns}
    return styler.set_table_styles(sides, axis="index").set_table_attributes('class="kehu"')


def fingerprint(*parts: str) -> str:
    """A short name for these texts, the same in every run."""
    return "k" + hashlib.sha256("\0".join(parts).encode()).hexdigest()[:8]


def _side(column: pd.Series) -> str:
    """Numbers stand to the right, digit under digit; numbers and dates are not broken over two lines.

    Words are not squeezed into less than half a line by the numbers beside them.
    """
    if _is_numeric(column):
        return "text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap"
    if pd.api.types.is_datetime64_any_dtype(column):
        return "text-align: left; white-space: nowrap"
    longest = max(map(width, map(text, column)), default=0)
    least = f"min({0.6 * min(longest, SENTENCE_CHARACTERS):g}em, {PHONE_SHARE})"
    return f"text-align: left; min-width: calc({least} + {PADDING})"


def _formats(names: Iterable[Any]) -> list[Callable[[Any], str]]:
    formats: list[Callable[[Any], str]] = []
    for name in names:
        formats.append(formats[-1] if name in LIMITS and formats else for_column(name))
    return formats


def _kind(name: str) -> str:
    """What a column holds, told by its name."""
    name = name.lower().removesuffix("_lower").removesuffix("_upper")
    last = name.rsplit("_", 1)[-1]
    if name in ("p", "p_value") or name.endswith("_p_value"):
        return "p_value"
    if name == "year" or last in ("id", "year"):
        return "plain"
    if last in SHARES:
        return "share"
    if last in AMOUNTS or any(name.endswith(amount) for amount in AMOUNTS if "_" in amount):
        return "amount"
    return "days" if last == "days" else ""


def _escaped(write: Callable[[Any], str]) -> Callable[[Any], str]:
    """A writer safe inside HTML, that leaves words as they are: a column's name can promise what a cell breaks."""
    return lambda value: html.escape(write(value) if _is_writable(value) else text(value))


def _is_writable(value: Any) -> bool:
    return _is_number(value) or isinstance(value, dt.date | dt.datetime) or _is_missing(value)


def _amount(value: Any) -> str:
    """Money within a table: whole from a hundred on, and unabbreviated, so that rows compare at a glance."""
    if not _is_number(value) or _is_missing(value) or math.isinf(value):
        return text(value)
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:,.2f}"


def _symbol(currency: str) -> str:
    return SYMBOLS.get(currency.upper(), f"{currency.upper()} ") if currency else ""


def _moment(value: dt.date | dt.datetime) -> str:
    stamp = pd.Timestamp(value)
    return stamp.strftime("%Y-%m-%d" if stamp == stamp.normalize() else "%Y-%m-%d %H:%M")


def _decimals(value: float, digits: int) -> int:
    """Decimals that leave `digits` significant digits of the rounded value: 99.99 becomes 100, not 100.0."""
    exponent = int(f"{value:.{digits - 1}e}".split("e")[1])
    return max(0, digits - 1 - exponent)


def _is_number(value: Any) -> bool:
    return pd.api.types.is_number(value) and not isinstance(value, bool)


def _is_missing(value: Any) -> bool:
    return value is None or (pd.api.types.is_scalar(value) and bool(pd.isna(value)))


def _is_numeric(column: pd.Series) -> bool:
    if pd.api.types.is_bool_dtype(column):
        return False
    return pd.api.types.is_numeric_dtype(column) or (len(column.dropna()) > 0 and column.dropna().map(_is_number).all())
