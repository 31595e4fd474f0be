"""The words of the contract, such as done and holdout, for what exports and people write in their place."""

from __future__ import annotations

import re
from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

OPEN = ""  # what says that nothing is settled yet, which an empty cell says too
# By column what is written for each word, in small letters; the first that fits counts: what is not done before done.
WORDS: Mapping[str, Mapping[str, str]] = {
    "arm": {
        "holdout": r"hold|control|untreat|对照|留出|留白|空白|^不|^未",
        "treat": r"treat|test|target|实验|执行|触达",
    },
    "status": {
        "refused": r"refus|reject|declin|拒",
        "dropped": r"drop|cancel|abandon|deferred|expired|取消|放弃|关闭|过期|作废",
        "failed": r"fail|no answer|unreach|未接|失败|未达|无法|不通|空号|关机",
        "open": r"^(not started|in progress|to ?do|open|pending|planned|waiting.*)$|未开始|待|进行中|处理中",
        OPEN: r"^(not|no|n|in)\b|^(false|0|x|×|✗|❌|undone)$|incomplet|uncomplet|unfinish|未|没|否|不",
        "done": r"done|complet|finish|success|完成|成功|^已|^(y|yes|ok|true|1|v|√|✓|✔|✅|☑|是|对|好)$",
    },
    "reason": {
        "expire": r"expir|lapse|过期|失效|清零",
        "redeem": r"redeem|redemption|burn|spend|兑换|抵扣|消耗|使用",
        "adjust": r"adjust|correct|manual|调整|更正|人工",
        "earn": r"earn|gain|award|bonus|accru|获得|赠送|入账|奖励|累积|签到",
    },
}


def word(text: str, column: str, choices: tuple[str, ...]) -> str | None:
    """The word that a text stands for in a column of these `choices`; `OPEN` if nothing is settled, None if unknown."""
    plain = text.strip().lower()
    if plain in choices:
        return plain
    return next((known for known, pattern in WORDS.get(column, {}).items() if re.search(pattern, plain)), None)


def worded(text: ir.StringValue, column: str, choices: tuple[str, ...]) -> ir.StringValue:
    """The same of each of many texts; what is unknown stays as it is, so that it can be told."""
    plain = text.strip().lower()
    cases = [(plain.isin(choices), plain)]
    for known, pattern in WORDS.get(column, {}).items():
        cases.append((plain.re_search(pattern), ibis.literal(known) if known else ibis.null("string")))
    return ibis.cases(*cases, else_=text)
