"""Texts that say nothing: which they are depends on what a column holds, as "NA" may be Namibia and 无 a category."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache

import ibis
import ibis.expr.types as ir

from helpers.data import contracts
from helpers.data.intake.readings import characters
from helpers.data.intake.readings.amounts import currencies
from helpers.data.intake.readings.shapes import Shape

OF_PROGRAMS = (  # nothing in any column
    "null", "nan", "none", "nat", r"\n", "#n/a", "#null!", "#value!", "#ref!", "#div/0!", "#name?", "#num!", "(null)",
    "<null>", "[null]", "<na>", "$null$", "undefined",
)  # fmt: skip
OF_PEOPLE = (  # nothing where a number, a time or a key should stand
    "na", "n/a", "n.a.", "n/d", "-", "--", "---", "–", "—", "——", "－", "/", "?", "??", "???", "？", ".", "..", "...",
    "unknown", "missing", "not available", "not applicable", "(blank)", "(空白)", "(空)", "空", "未知", "暂无", "不详",
    "未填写", "不适用",
)  # fmt: skip
NONE_OR_NO = ("无", "没有")  # a no where a flag should stand
NOBODY = (  # where a key should stand
    "guest", "guest user", "guest customer", "anonymous", "walk-in", "walk in", "walk-in customer", "walk in customer",
    "cash customer", "consumidor final", "laufkunde", "laufkundschaft", "client de passage", "游客", "散客", "零散客户",
    "现场客户", "匿名", "匿名用户", "匿名客户", "非会员",
)  # fmt: skip
RUNNING = (  # in a column of ends that is empty while something runs
    "至今", "迄今", "目前", "现在", "进行中", "生效中", "有效", "有效中", "履行中", "在约", "长期", "长期有效",
    "永久", "永久有效", "永续", "终身", "无限期", "不限", "无期限", "无固定期限", "不定期", "未结束", "尚未结束",
    "未到期", "未终止", "present", "to present", "now", "till now", "until now", "till date", "to date", "today",
    "current", "currently", "ongoing", "open", "open-ended", "open ended", "running", "active", "indefinite",
    "indefinitely", "perpetual", "permanent", "lifetime", "forever", "never", "no end", "no end date",
    "until further notice", "offen", "laufend", "unbefristet", "bis heute", "aktiv", "indefinido", "vigente",
    "en curso", "en cours", "actual", "indéterminé", "indeterminado", "ativo", "atual", "tbd", "n/k", "in corso",
    "attivo", "бессрочно", "активен", "действует", "по настоящее время", "по н.в.", "в работе",
    "正常", "使用中", "在用", "在网", "在职", "在籍", "服务中", "合作中", "未退会", "未解约", "未注销", "无期",
    "継続中", "契約中", "有効", "無期限", "現在", "利用中", "현재", "진행중", "진행 중", "이용중", "사용중", "계약중",
    "유효", "무기한",
)  # fmt: skip
TOKENS: dict[str, tuple[str, ...]] = {
    contracts.TEXT: OF_PROGRAMS,
    contracts.PROSE: OF_PROGRAMS,
    contracts.FLAG: OF_PROGRAMS + OF_PEOPLE,
    contracts.ID: OF_PROGRAMS + OF_PEOPLE + NONE_OR_NO + NOBODY,
    **dict.fromkeys((contracts.NUMBER, contracts.INTEGER, contracts.TIME), OF_PROGRAMS + OF_PEOPLE + NONE_OR_NO),
}
_NO_DAY = r"000[01][-/.]0?[01][-/.]0?[01]|0?0[-/.]0?0[-/.]0000"  # 0001-01-01 too: the first of .NET's calendar
NO_TIME = rf"0{{1,8}}(?:\.0+)?|(?:{_NO_DAY})(?:[ T]0?0:00(?::00(?:\.0+)?)?)?Z?"
_SIGNS = re.escape("".join(sign for sign in currencies.SIGNS if len(sign) == 1) + "＄￥")
_MONEY = rf"(?:[a-z]{{0,3}}[{_SIGNS}]|[a-z]{{2,3}}\.?|zł|kč|元|円|원)"
NO_AMOUNT = rf"\(?(?:{_MONEY} *)?[-–—－−]{{1,3}}(?:[.,]-{{1,2}})?(?: *{_MONEY})?\)?"  # of accounts: $ -, -€, -.--
FIGURES = (contracts.NUMBER, contracts.INTEGER, contracts.TIME, contracts.FLAG)
_NOTHING = {contracts.TIME: (NO_TIME,), contracts.NUMBER: (NO_AMOUNT,), contracts.INTEGER: (NO_AMOUNT,)}
_QUOTES = "'\"’"
_WRAPPED = rf"^=?\s*[{_QUOTES}]+\s*(.*?)\s*[{_QUOTES}]*$"
_ASCII_BLANK = r"[ \t\n\x0b\x0c\r]"

_TIDY = str.maketrans(characters.BLANKS, " " * len(characters.BLANKS), characters.UNSEEN + "\0")

FAR = 5 * 365  # days from any other day: then the first or the last day of a year stands for none
PEAK, A_FEW = 20, 5  # times the usual rows of a day nearby, and at least so many rows
NEVER = 2099  # years from here on stand for "never"
DISTANT = 20 * 365  # days from any other: then any day that a few rows have, as 2079-06-06, the last of a database
BOUNDS = {(1, 1), (12, 30), (12, 31)}  # month and day of the first and the last of a year
ENDINGS = (date(2038, 1, 18), date(2038, 1, 19))  # of clocks of 32 bits
BEGINNINGS = (date(1900, 1, 1), date(1969, 12, 31), date(1970, 1, 1))  # of the calendars of programs, in any zone


def cleaned(value: ir.Value, type_: str, more: tuple[str, ...] = ()) -> ir.StringValue:
    """The text of `value` without blanks around it and marks that are not seen; null where it says nothing.

    `type_` is the contract type of the column; `more` are tokens of the data set's own. What spreadsheets put around
    figures to keep them is off too: `="12.50"`, `'12.50`. One look at a tidy text tells that it is one, and only the
    others are cleaned: the engine is slow at that.
    """
    text, nothing = value.cast("string"), _nothing(type_, more)
    wrapped = rf"^=?\s*[{_QUOTES}]|" if type_ in FIGURES else ""
    untidy = text.re_search(f"(?i){wrapped}^{_ASCII_BLANK}|{_ASCII_BLANK}$|{characters.seldom()}|^(?:{nothing})?$")
    tidied = characters.trimmed(text)
    tidied = tidied.re_replace(_WRAPPED, r"\1") if wrapped else tidied
    return ibis.cases((~untidy, text), (~tidied.re_search(f"(?i)^(?:{nothing})?$"), tidied))


def clean(text: str, type_: str, more: tuple[str, ...] = ()) -> str | None:
    """What `cleaned` makes of one text."""
    tidied = text.translate(_TIDY).strip()
    tidied = re.sub(_WRAPPED, r"\1", tidied) if type_ in FIGURES else tidied
    return None if _says_nothing(type_, more).fullmatch(tidied) else tidied


def proposed(unfit: Iterable[Shape]) -> list[str]:
    """Texts that may stand for nothing: of the shapes that a reading does not fit, those that one text repeats."""
    repeated = [shape for shape in unfit if shape.low == shape.high and shape.rows > 1]
    return [shape.low for shape in sorted(repeated, key=lambda shape: (-shape.rows, shape.low))]


def sentinel_days(days: Mapping[date, int]) -> list[date]:
    """The days that stand for "none" or "never" in a column of times, given the rows of each of its days.

    Such are the first and the last day of a year more than five years from every other day, where several rows have
    it or no fact has such a day (from 2099 on; the beginnings of programs' calendars, 1900 and 1970); those beginnings
    among other days where they have 20 times the rows that days nearby have on the average; and any day of a few rows
    more than twenty years from every other.
    """
    others = sorted(day.toordinal() for day in days if not _is_suspect(day))
    return [day for day in sorted(days) if _is_sentinel(day, days, others)]


@cache
def _nothing(type_: str, more: tuple[str, ...]) -> str:
    words = "|".join(re.escape(word.strip()) for word in (*TOKENS[type_], *more))
    return "|".join([words, *_NOTHING.get(type_, ())])


@cache
def _says_nothing(type_: str, more: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(f"(?:{_nothing(type_, more)})?", re.IGNORECASE)


def _is_suspect(day: date) -> bool:
    """Whether a day is one that hardly a fact has, whatever the days around it."""
    return day in BEGINNINGS or day.year >= NEVER


def _is_sentinel(day: date, days: Mapping[date, int], others: list[int]) -> bool:
    place, is_suspect, is_bound = day.toordinal(), _is_suspect(day), (day.month, day.day) in BOUNDS
    far, least = (FAR, 2) if is_suspect or is_bound or day in ENDINGS else (DISTANT, A_FEW)
    first, last = bisect_left(others, place - far), bisect_right(others, place + far)
    itself = 0 if is_suspect else 1  # of the others
    if last - first == itself:
        return is_suspect or (days[day] >= least and len(others) > itself)
    if day not in BEGINNINGS:
        return False
    usual = sum(days[date.fromordinal(other)] for other in others[first:last]) / (last - first)
    return days[day] >= max(A_FEW, PEAK * usual)
