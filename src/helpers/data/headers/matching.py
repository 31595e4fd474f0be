"""How like a header is to a column of the contract, from 0 (nothing in common) to 1 (the same word)."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache

from helpers.data.headers.vocabulary import MEANINGS

SAME, PART, NEAR = (
    1.0,
    0.8,
    0.6,
)  # a word of the vocabulary; a longer header that holds one; one that is spelled like one
LEAST = 0.5  # below it, a header says nothing of a column
SPELLED_ALIKE = 0.88
SHORT = 5  # letters: below, one letter makes another word
# Characters of headers as they are written in Taiwan and Hong Kong, and on the mainland.
TRADITIONAL = (
    "權訂單編號會員戶時間實額產類資購買價錢錄貨運費銷數據開關閱讀點擊動稱電話發觸達區縣國營業導經負責顧問優"
    "級別積變評滿調題標註冊聯繫簽約啟終結帳餘簡稅潤億萬體處種選項備網頁碼歷總應給繳與內層線這過還來當進後"
    "頻劃態訊換見樣"
)
SIMPLIFIED = (
    "权订单编号会员户时间实额产类资购买价钱录货运费销数据开关阅读点击动称电话发触达区县国营业导经负责顾问优"
    "级别积变评满调题标注册联系签约启终结账余简税润亿万体处种选项备网页码历总应给缴与内层线这过还来当进后"
    "频划态讯换见样"
)
_ON_THE_MAINLAND = str.maketrans(TRADITIONAL, SIMPLIFIED)
LATIN = 128  # the code below which a letter is of the Latin alphabet without accents


def unsigned(header: str) -> str:
    """A folded header without the signs of currencies: amount_€ is amount."""
    return header if header.isascii() and "$" not in header else "_".join(filter(str.isalnum, header.split("_")))


def answering(names: Sequence[str], found: Iterable[str]) -> str:
    """The first of folded `names` that a file has, or the one header of it that is any of them but for a sign; or none.

    Amount answers to a header Amount (€), where there is no other with a sign.
    """
    there = list(found)
    if hit := next((name for name in names if name in there), ""):
        return hit
    signed = [header for header in there if unsigned(header) in names]
    return signed[0] if len(signed) == 1 else ""


@cache
def likeness(header: str, table: str, column: str) -> float:
    """How like the folded `header` is to a column of a contract table (or beyond it, as `orders.status`).

    Of two synonyms the one that stands earlier in the vocabulary is the likelier, by less than the steps between
    a word, a part of one and a misspelled one.
    """
    header = unsigned(header)
    if header == column:
        return SAME
    return max((_near(header, word) * _early(place) for place, word in enumerate(_words(table, column))), default=0.0)


def best(headers: Iterable[str], table: str, column: str) -> str:
    """The likeliest of `headers` for a column; empty where none is like it."""
    scored = [(likeness(header, table, column), header) for header in headers]
    score, header = max(scored, key=lambda pair: pair[0], default=(0.0, ""))
    return header if score >= LEAST else ""


def likeliest(header: str, columns: Iterable[str]) -> str:
    """Which of `columns`, written as `table.column`, a header is likeliest to be; empty where it is like none."""
    scored = [(likeness(header, *name.split(".")), name) for name in columns]
    score, name = max(scored, key=lambda pair: pair[0], default=(0.0, ""))
    return name if score >= LEAST else ""


def speaks(header: str, words: str) -> bool:
    """Whether a folded header has one of the `words` whole; Chinese has no blanks between its words."""
    header = header.translate(_ON_THE_MAINLAND)
    around = f"_{header}_"
    return any(f"_{word}_" in around or (not word.isascii() and word in header) for word in words.split())


def _early(place: int) -> float:
    return 1 - min(place, 90) / 1000


@cache
def _words(table: str, column: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys([column, *MEANINGS.get(f"{table}.{column}", "").split()]))


def _plain(header: str) -> str:
    """A header without the accents of its Latin letters, in simplified Chinese: código is codigo, 訂單 is 订单."""
    parted = unicodedata.normalize("NFD", header.translate(_ON_THE_MAINLAND))
    return unicodedata.normalize("NFC", "".join(letter for letter in parted if not unicodedata.combining(letter)))


@cache
def _near(header: str, word: str) -> float:
    header, word = _plain(header), _plain(word)
    if header == word or header.replace("_", "") == word.replace("_", ""):
        return SAME
    if _holds(header, word):
        return PART * (0.8 + 0.2 * len(word) / len(header))
    if min(len(header), len(word)) < SPELLED_ALIKE * max(len(header), len(word)) or len(word) < SHORT:
        return 0.0
    ratio = difflib.SequenceMatcher(None, header, word).ratio()
    return NEAR * ratio if ratio >= SPELLED_ALIKE else 0.0


def _holds(header: str, word: str) -> bool:
    """Whether the words of a header hold `word`; Chinese has no blanks between words, so two characters are one."""
    if any(ord(letter) >= LATIN for letter in word):
        return len(word) > 1 and word in header
    parts, whole = header.split("_"), word.split("_")
    return len(word) > 2 and any(parts[at : at + len(whole)] == whole for at in range(len(parts)))
