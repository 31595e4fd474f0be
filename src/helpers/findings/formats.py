"""Numbers as readers see them, in the language that is spoken: three digits, percentages, days, p-values, money."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from helpers import language
from helpers.findings import labels
from helpers.language import _

MISSING = "–"
DIGITS = 3  # of a sum of money that readers see: two reports a week apart do not tell what one customer spent
MINUS = "−"  # before a number below zero

# How large amounts are shortened: from which size on, by what, and its word.
SHORTENED = {
    language.ENGLISH: ((1e9, 1e9, " bn"), (1e6, 1e6, " M")),
    language.CHINESE: ((1e8 - 500, 1e8, " 亿"), (1e4 - 0.5, 1e4, " 万")),
}
SYMBOLS = {"CNY": "¥", "JPY": "¥", "GBP": "£", "EUR": "€", "BRL": "R$", "USD": "$"}

SHARES = {"share", "rate", "probability", "proportion", "survival", "retention"}
AMOUNTS = {
    "amount", "price", "revenue", "spend", "monetary", "money", "cost", "margin", "profit", "budget", "fee", "charge",
    "charges", "refund", "order_value", "basket_value", "lifetime_value", "customer_value", "expected_value",
}  # fmt: skip
ABBREVIATIONS = {"csat", "kpi", "nps"}


def number(value: Any) -> str:
    """`value` to three significant digits with thousands separators: 0.0123, 4.50, 12,346.

    Whole numbers have no decimals, and digits before the point are never rounded away: counts and totals still add up.
    """
    if is_missing(value):
        return MISSING
    if math.isinf(value):
        return "∞" if value > 0 else _below_zero("-∞")
    if isinstance(value, int) or value == int(value):
        return _below_zero(f"{int(value):,}")
    if abs(value) < 1e-4:
        return _below_zero(f"{value:.2e}")
    return _below_zero(f"{value:,.{decimals(value)}f}")


def percent(value: Any) -> str:
    """The share `value` (0.123) as a percentage with one decimal, two below 1, none from 100 on: 12.3%, 0.46%, 150%.

    0% and 100% are kept for none and all: what only rounds to them is written < 0.01% and > 99.9%.
    """
    if is_missing(value) or math.isinf(value):
        return number(value)
    if 0.9995 <= value < 1:
        return "> 99.9%"
    return f"{hundredths(value)}%"


def hundredths(value: Any) -> str:
    """The share `value` in hundredths: one decimal, two below 1, none from 100 on; 0 for none alone."""
    if is_missing(value) or math.isinf(value) or value == 0:
        return number(value)
    if abs(value) < 5e-5:
        return "< 0.01" if value > 0 else f"> {MINUS}0.01"
    return _below_zero(f"{value * 100:,.{max(min(1, decimals(value * 100)), int(abs(value) < 0.00995) * 2)}f}")


def points(value: Any) -> str:
    """A difference of two shares in percentage points, with its sign: +5.5 points."""
    return points_apart(value, lambda each: signed(each, hundredths))


def points_apart(value: Any, write: Callable[[Any], str] = hundredths) -> str:
    """How far two shares are apart, in percentage points: 5.5 points."""
    return MISSING if is_missing(value) else _("{number} points").format(number=write(value))


def signed(value: Any, write: Callable[[Any], str] = number) -> str:
    """`value` as `write` writes it, with its sign also where it is above zero: +6.0%."""
    shown = write(value)
    return f"+{shown}" if not is_missing(value) and value > 0 and shown[0] not in "<>" else shown


def counted(count: int, noun: str) -> str:
    """A number of things in words: 1 customer, 1,234 customers."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def days(value: Any) -> str:
    """A number of days with its unit: 1 day, 12.5 days."""
    shown = number(value)
    return shown if shown == MISSING else _("1 day") if shown == "1" else _("{days} days").format(days=shown)


def p_value(value: Any) -> str:
    """A p-value to three decimals: p = 0.034, p < 0.001, p > 0.999."""
    if is_missing(value):
        return MISSING
    if value < 0.001:
        return "p < 0.001"
    return "p > 0.999" if value > 0.999 else f"p = {value:.3f}"


def money(value: Any, currency: str = "") -> str:
    """An amount as a sentence says it, to three digits: ¥1.23 M, £950, R$12.50; a currency may have no sign: PLN 12.50.

    In Chinese the currency stands behind: 93.3 万元, 9,060 元.
    """
    return price(rounded(value), currency)


def price(value: Any, currency: str = "") -> str:
    """An amount that somebody set, as a sentence says it: to the last digit where it is not shortened."""
    if is_missing(value) or math.isinf(value):
        return number(value)
    size, spoken = abs(value), language.current()
    for least, whole, word in SHORTENED[spoken]:
        if size >= least:
            shown = f"{size / whole:,.{decimals(size / whole)}f}{word}"
            break
    else:
        shown = f"{size:,.0f}" if size >= 100 or size == int(size) else f"{size:.2f}"
    if spoken == language.CHINESE:
        shown = f"{shown}{'' if shown[-1] in '万亿' else ' '}{unit(currency)}".rstrip()
        return f"{MINUS}{shown}" if value < 0 else shown
    return f"{MINUS if value < 0 else ''}{symbol(currency)}{shown}"


def interval(low: Any, high: Any, format: Callable[[Any], str] = number) -> str:
    """An interval in words, each end written by `format`: 12.3% to 15.6%."""
    return _("{low} to {high}").format(low=format(low), high=format(high))


def text(value: Any) -> str:
    """Any single value as text: numbers to three digits, days as dates, yes and no for flags."""
    if isinstance(value, str):
        return labels.said(value)
    if is_missing(value):
        return MISSING
    if isinstance(value, bool) or type(value).__name__ == "bool_":
        return _(labels.YES) if value else _(labels.NO)
    if isinstance(value, dt.date | dt.datetime):
        return _moment(value)
    return number(value) if is_number(value) else str(value)


def colon() -> str:
    """What stands between a name and what it says, such as Plan: monthly."""
    return "：" if language.current() == language.CHINESE else ": "


def held(value: Any) -> str:
    """Any single value as a table holds it where it names a group: words as they are, said when they are shown."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or type(value).__name__ == "bool_":
        return labels.YES if value else labels.NO
    return text(value)


def each(values: pd.Series, write: Callable[[Any], str] = held) -> pd.Series:
    """Each value as `write` has it, which is asked once of those alike; missing ones stay missing."""
    place, distinct = pd.factorize(values)
    words = np.array([*map(write, pd.Series(distinct).astype(object)), np.nan], dtype=object)
    return pd.Series(words[place], index=values.index, name=values.name)


def label(name: Any) -> str:
    """The name of a data set's own column in words: "Recency (days)" for recency_days, "First channel"."""
    return own_label(name) or _(phrase(str(name)))


def own_label(name: Any) -> str | None:
    """What the data set calls a column of its own in the language that is spoken; None where it says nothing of it."""
    joined = str(name).replace(" ", "_")  # as the settings have it, of a name that a table holds in words
    return language.called(str(name)) or language.called(joined) or language.called(joined.lower())


def phrase(name: str) -> str:
    """The English of `label`: what catalogues hold."""
    if kind_by_name(name) == "p_value":
        name = name.removesuffix("_value")
        return name if name == "p" else name.replace("_", " ").capitalize()
    if kind_by_name(name) == "days" and name != "days":
        name = f"{name.removesuffix('_days')} (days)"
    return spaced(name)


def spaced(name: str) -> str:
    """A name of words joined by underscores as a phrase."""
    words = " ".join(word.upper() if word.lower() in ABBREVIATIONS else word for word in name.split("_") if word)
    return words[:1].upper() + words[1:]


def for_column(name: Any) -> Callable[[Any], str]:
    """How the values of a data set's own column are written, of which no more is known than its name."""
    return {
        "p_value": lambda value: p_value(value).removeprefix("p = ").removeprefix("p "),
        "share": percent,
        "money": exact_amount,
        "plain": lambda value: MISSING if is_missing(value) else f"{value:.15g}",
    }.get(kind_by_name(str(name)), text)


def kind_by_name(name: str) -> str:
    """What a data set's own column holds, as far as the last word of its name tells; empty where it tells nothing."""
    name = name.lower().removesuffix("_lower").removesuffix("_upper")
    last = name.rsplit("_", 1)[-1]
    if name in ("p", "p_value") or name.endswith("_p_value"):
        return "p_value"
    if name == "year" or last in ("id", "year"):
        return "plain"
    if last in SHARES:
        return "share"
    if last in AMOUNTS or any(name.endswith(amount) for amount in AMOUNTS if "_" in amount):
        return "money"
    return "days" if last == "days" else ""


def width(words: str) -> int:
    """How much room words take, in letters: a Chinese character is as wide as two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in words)


def address(words: str) -> str:
    """Words as the name of a place that a link leads to: small letters and digits of any script, dashes between."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", words)
    return "-".join(re.findall(r"[^\W_]+", parted)).lower() or "here"


def is_writable(value: Any) -> bool:
    """Whether a value is a number, a day or nothing: what is no word, and so may be written as its column says."""
    return is_number(value) or isinstance(value, dt.date | dt.datetime) or is_missing(value)


def amount(value: Any) -> str:
    """Money within a table, to three digits and unabbreviated, so that rows compare at a glance."""
    return exact_amount(rounded(value) if is_number(value) else value)


def exact_amount(value: Any) -> str:
    """Money within a table that somebody set: whole from a hundred on."""
    if not is_number(value) or is_missing(value) or math.isinf(value):
        return text(value)
    return _below_zero(f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:,.2f}")


def rounded(value: Any) -> Any:
    """An amount to three significant digits: 1,234 becomes 1,230; below a thousand as it is, and what is none."""
    if is_missing(value) or math.isinf(value) or abs(value) < 1000:
        return value
    return round(float(value), DIGITS - 1 - math.floor(math.log10(abs(value))))


def symbol(currency: str) -> str:
    """The sign of a currency, or its code and a space; empty for none."""
    return SYMBOLS.get(currency.upper(), f"{currency.upper()} ") if currency else ""


def unit(currency: str) -> str:
    """A currency as it stands behind an amount or above a column in the language that is spoken: 元, 美元."""
    if language.current() != language.CHINESE or not currency:
        return symbol(currency).strip()
    from babel.numbers import get_currency_name  # it loads the names of a language, which only a page needs

    return "元" if currency.upper() == "CNY" else str(get_currency_name(currency.upper(), locale=language.CHINESE))


def is_missing(value: Any) -> bool:
    """Whether there is no value: None, NaN, NaT."""
    return value is None or (pd.api.types.is_scalar(value) and bool(pd.isna(value)))


def _below_zero(shown: str) -> str:
    """A number that is written already, with a true minus."""
    return shown.replace("-", MINUS)


def _moment(value: dt.date | dt.datetime) -> str:
    stamp = pd.Timestamp(value)
    return stamp.strftime("%Y-%m-%d" if stamp == stamp.normalize() else "%Y-%m-%d %H:%M")


def decimals(value: float) -> int:
    """Decimals that leave three significant digits of the rounded value: 99.99 becomes 100, not 100.0."""
    exponent = int(f"{value:.2e}".split("e")[1])
    return max(0, 2 - exponent)


def is_number(value: Any) -> bool:
    """Whether a value is a number; a flag is none."""
    return pd.api.types.is_number(value) and not isinstance(value, bool)
