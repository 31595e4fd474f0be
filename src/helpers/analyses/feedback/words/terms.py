"""The terms of a text: words of Chinese and of languages with spaces, without whatever could name a person or a thing.

What is personal is taken out before words are cut, so that no part of it is left: e-mail addresses, links, handles, and
whatever is written together with a digit (phone, order and identity numbers). What the tagger takes for a personal name
is no term either (`is_name`); other names are kept back by the number of customers who use them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

HAN = r"\u3400-\u4dbf\u4e00-\u9fff"
LETTER = rf"[^\W{HAN}]"  # a letter, digit or underscore that is not Chinese
RUN = re.compile(rf"(?:{LETTER}|[.+@/:?=&%#~-])+")
PERSONAL = re.compile(rf"[@_\d]|://|^www\.|{LETTER}\.{LETTER}")  # address, handle, number; link, file name
WORDS = re.compile(rf"[{HAN}]+|[^\W\d_{HAN}]+(?:['’][^\W\d_{HAN}]+)*")
NUMERALS = re.compile("[〇零一二两三四五六七八九十百千万亿幺]+")
SHORTEST = {True: 2, False: 3}  # letters of a term: Chinese or not
LONGEST = 20
NAMES = ("nr", "nrt", "nrfg")  # the tagger's marks of personal names

ENGLISH_STOP_WORDS = frozenset(
    "about after again all also and any are because been before being but can cannot could did does doing don't down "
    "each few for from further had has have having her here him his how i'm into isn't it's its just like more most "
    "much not now off once only other our out over own please same she should some still such than that the their them "
    "then there these they this those through too under until very was wasn't were what when where which while who why "
    "will with would you your".split()
)
CHINESE_STOP_WORDS = frozenset(
    "一个 一下 一些 一样 一直 不会 不是 不要 不能 两个 为了 为什么 之前 之后 了解 人家 什么 他们 "
    "以后 以及 但是 你们 你好 您好 其实 其他 再次 几个 出来 到底 即使 却是 只是 只能 可以 可能 各位 "
    "同时 后来 后面 因为 因此 大家 如何 如果 它们 就是 已经 希望 应该 开始 当时 怎么 怎么样 怎样 "
    "情况 感觉 我们 或者 所以 所有 才能 所谓 有些 有点 有的 本来 来说 某些 根本 没有 每个 比如 比较 "
    "然后 然而 现在 由于 的话 目前 直接 看到 真是 真的 知道 确实 等等 简直 而且 自己 虽然 觉得 让我 "
    "许多 请问 谢谢 还有 还是 还没 这个 这么 这些 这样 这次 这种 进行 还要 那个 那么 那些 那样 都是 "
    "非常 一定 时候 今天 明天 昨天".split()
)


def terms(text: str, stop_words: Iterable[str] = frozenset()) -> set[str]:
    """The different terms of a text: lower case, full-width letters folded, without stop words.

    A Chinese term has at least two characters, another at least three letters. `stop_words`, in lower case, are left
    out beside the usual ones of Chinese and English.
    """
    folded = unicodedata.normalize("NFKC", text).lower()
    cut: set[str] = set()
    for run in WORDS.findall(RUN.sub(_unless_personal, folded)):
        cut.update(_cut(run) if _is_han(run) else (run.replace("’", "'"),))
    return {term for term in cut if _counts(term) and term not in stop_words}


def is_name(term: str) -> bool:
    """Whether a term is tagged as a personal name. Some common words are too (师傅, 宝贝), and are lost with them."""
    import rjieba

    return _is_han(term) and any(mark in NAMES for _, mark in rjieba.tag(term))


def _unless_personal(run: re.Match[str]) -> str:
    return " " if PERSONAL.search(run[0]) else run[0]


def _cut(run: str) -> list[str]:
    import rjieba  # loads its dictionary, 0.2 s, when first asked

    return rjieba.cut(run)


def _is_han(term: str) -> bool:
    return re.match(f"[{HAN}]", term) is not None


def _counts(term: str) -> bool:
    stopped = term in CHINESE_STOP_WORDS or term in ENGLISH_STOP_WORDS
    return SHORTEST[_is_han(term)] <= len(term) <= LONGEST and not stopped and not NUMERALS.fullmatch(term)
