"""Customers who may not be contacted: by a header that says so, or by the opposite of one that says who may."""

from __future__ import annotations

import re

from helpers.data.draft.contents.columns import FEW, Column
from helpers.data.draft.feeds.guesses import Guess, Sql, name, texts
from helpers.language import _

REFUSED = re.compile(
    r"opt(ed)?_?out|unsubscri|(do_?not|dont|never|no)_(e_?mail|mail|contact|call|text|sms|disturb|market\w*)|_dnc$|^dn[cd]$"
    r"|退订|拒收|拒绝(营销|接收|联系|短信|推送)|勿扰|免打扰|取消订阅|수신_?거부|配信停止"
)
ALLOWED = re.compile(
    r"opt(ed)?_?in(_|$)|accepts_(email_|sms_)?marketing|marketing.*(consent|permission|allowed)|consent.*marketing"
    r"|(e_?mail|sms|push|contact|newsletter)_(consent|permission|subscri\w*|allowed)|newsletter|werbeeinwilligung"
    r"|ace(p|i)ta_(marketing|publicidad|newsletter|e?_?mails?)|accepte_(marketing|newsletter|les_e?_?mails?)"
    r"|(接收|接受|允许|同意|订阅)(接收|接受)?(营销|短信|推送|邮件|广告|推广|消息|通知)|是否订阅|メルマガ|수신_?동의"
)
LEGAL = re.compile(r"privacy|terms|policy|cookie|processing|隐私|协议|条款")  # of other things than messages
LEFT = re.compile(
    r"^(unsubscri\w*|opted[ _-]?out|revoked|withdrawn|已?退订|已取消订阅|abgemeldet|désabonné|配信停止|수신거부)$", re.I
)


def without_refusals(guess: Guess) -> Guess:
    """Customers of whom it is told whether they may be contacted; e-mail counts where several channels are asked."""
    if "opted_out" in guess.columns:
        return guess
    likely = sorted(guess.holding.columns, key=lambda column: not re.search("mail|邮件|newsletter", column.name))
    for column in likely:
        condition = "" if LEGAL.search(column.name) else _refused(column)
        if condition:
            guess.columns["opted_out"] = Sql(condition)
            guess.notes.append(_("{header!r} says who may be contacted").format(header=column.name))
            break
    return guess


def _refused(column: Column) -> str:
    """The condition by which a column says that somebody may not be contacted; empty where it says nothing of it."""
    left = [value for value in column.values if LEFT.search(value)]
    if left and len(left) < len(column.values) and column.distinct <= FEW:
        return f"{name(column.name)} IN ({texts(left)})"
    if not column.is_flag or not 1 < column.distinct <= FEW:
        return ""
    if REFUSED.search(column.name):
        return f"flag({name(column.name)})"
    return f"NOT flag({name(column.name)})" if ALLOWED.search(column.name) else ""
