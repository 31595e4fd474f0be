"""What single settings may be: texts, days, encodings, expressions …; each type raises ValueError with the remedy."""

from __future__ import annotations

import codecs
import datetime as dt
import re
import zoneinfo
from functools import cache
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, StrictStr

from helpers import language, parameters
from helpers.data import engine
from helpers.data.intake.readings.dates import layouts
from helpers.language import _

LONGEST_RANGE = 366  # days that are written as one


def listed(value: Any) -> Any:
    """One text as a list of it; anything else as it is."""
    return (value,) if isinstance(value, str) else value


def _files(names: Any) -> Any:
    """Names of files; none at all are the default, and not written."""
    if names == []:
        raise ValueError(_("it is empty. Write at least one."))
    if any("://" in str(name) for name in (names if isinstance(names, list | tuple) else [names])):
        raise ValueError(_("a database is no file. Write its address as url under [source], and table or query here."))
    return names


def _filled(text: str) -> str:
    if not text.strip():
        raise ValueError(_("it is empty. Write a text."))
    return text


@cache
def _zones() -> set[str]:
    """The names of all time zones, which are looked up on disk."""
    return zoneinfo.available_timezones()


def _zone(name: str) -> str:
    if name not in _zones():
        hint = parameters.nearest(name, _zones())
        raise ValueError(_("no such time zone.{hint}").format(hint=hint or " Write one such as Asia/Shanghai, or UTC."))
    return name


def _currency(code: str) -> str:
    if code and not re.fullmatch("[A-Z]{3}", code):
        raise ValueError(_("write its three capital letters, such as CNY or EUR."))
    return code


def _day(value: Any) -> str:
    try:
        if isinstance(value, (str, dt.date)):
            return str(parameters.date("day", value) or "")
    except ValueError:
        pass
    raise ValueError(_("write a date as 'YYYY-MM-DD'."))


def _days(values: Any) -> Any:
    """The days of texts such as '2026-02-14' or '2026-02-16..2026-02-20', each once."""
    found: dict[dt.date, None] = {}
    for value in values if isinstance(values, list | tuple) else [values]:
        first, _dots, last = str(value).partition("..")
        ends = [dt.date.fromisoformat(_day(end)) for end in (first, last or first) if end]
        if len(ends) < 2 or not 0 <= (ends[1] - ends[0]).days <= LONGEST_RANGE:
            raise ValueError(_("write days as '2026-02-14', or from and to as '2026-02-16..2026-02-20'."))
        found |= dict.fromkeys(ends[0] + dt.timedelta(days=day) for day in range((ends[1] - ends[0]).days + 1))
    return tuple(found)


def _hours(value: Any) -> Any:
    match value:
        case [int() as start, int() as end] if bool not in map(type, value) and 0 <= min(value) and max(value) <= 24:
            return start, end
    raise ValueError(_("the hour at which it begins and the one at which it ends. Write such as [21, 9]."))


def _encoding(name: str) -> str:
    try:
        known = name == "auto" or codecs.lookup(name)._is_text_encoding
    except LookupError:
        known = False
    if not known:
        raise ValueError(_("no such encoding. Write auto, or one such as utf-8, gb18030, big5 or cp1252."))
    return name


def _delimiter(mark: str) -> str:
    if mark != "auto" and (len(mark) != 1 or mark in '"\r\n\0'):
        raise ValueError(_('write auto, or the one character between two columns, such as ";" or "\\t".'))
    return mark


def _layout(text: str) -> str:
    return layouts.checked(text)


def expression(sql: str) -> str:
    """`sql` itself where it is empty or one expression over a row."""
    if sql:
        engine.proved(sql)
    return sql


def _quantiles(value: Any) -> Any:
    match value:
        case [int() | float() as low, int() | float() as high] if bool not in map(type, value) and 0 <= low < high <= 1:
            return float(low), float(high)
    raise ValueError(_("a lower and an upper quantile, between 0 and 1. Write [0, 0.99]."))


def _cut(value: Any) -> Any:
    match value:
        case [str() as name, int() as start, int() as length] if (
            name.strip() and bool not in map(type, value) and min(start, length) >= 1
        ):
            return name, start, length
    raise ValueError(_('a name, its first column (from 1) and its length. Write ["order_id", 1, 8].'))


def _weight(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < float("inf"):
        raise ValueError(_("write a number of at least 0, without quotes."))
    return value


def _rate(value: Any) -> Any:
    if _weight(value) == 0:
        raise ValueError(_("write a number above 0, without quotes."))
    return value


def _margin(value: Any) -> Any:
    if not 0 <= _weight(value) <= 10:
        raise ValueError(_("a share of the control's level, from 0 to 10. Write such as 0.02 for 2%."))
    return value


def _portion(value: Any) -> Any:
    if not 0 <= _weight(value) <= 1:
        raise ValueError(_("a part of the whole, from 0 to 1. Write such as 0.05 for 5%."))
    return value


def _bands(value: Any) -> Any:
    if not isinstance(value, tuple | list) or len(value) != 2 or not 0 < _weight(value[0]) < _weight(value[1]) < 100:
        raise ValueError(_("write two scores between 0 and 100, the lower first, such as [50, 75]."))
    return tuple(value)


def _languages(names: Any) -> Any:
    if not isinstance(names, tuple | list) or len(set(map(str, names))) < len(names):
        raise ValueError(_('write one language or several, each once, such as ["zh", "en"].'))
    for name in names:
        parameters.one_of("language", name, language.LANGUAGES)
    return tuple(names)


Text = Annotated[StrictStr, AfterValidator(_filled)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(listed)]
Headers = Annotated[Texts, Field(min_length=1)]
Files = Annotated[Texts, BeforeValidator(_files)]
Languages = Annotated[tuple[str, ...], BeforeValidator(_languages), BeforeValidator(listed)]
Day = Annotated[str, BeforeValidator(_day)]
Days = Annotated[tuple[dt.date, ...], BeforeValidator(_days)]
Hours = Annotated[tuple[int, int], BeforeValidator(_hours)]
Sql = Annotated[StrictStr, AfterValidator(expression)]
Encoding = Annotated[StrictStr, AfterValidator(_encoding)]
Delimiter = Annotated[StrictStr, AfterValidator(_delimiter)]
Layouts = Annotated[tuple[Annotated[Text, AfterValidator(_layout)], ...], BeforeValidator(listed)]
Cut = Annotated[tuple[str, int, int], BeforeValidator(_cut)]
Quantiles = Annotated[tuple[float, float], BeforeValidator(_quantiles)]
Weight = Annotated[float, BeforeValidator(_weight)]
Rate = Annotated[float, BeforeValidator(_rate)]
Bands = Annotated[tuple[float, float], BeforeValidator(_bands)]
Margin = Annotated[float, BeforeValidator(_margin)]
Portion = Annotated[float, BeforeValidator(_portion)]


Zone = Annotated[StrictStr, AfterValidator(_zone)]
Currency = Annotated[StrictStr, AfterValidator(_currency)]
