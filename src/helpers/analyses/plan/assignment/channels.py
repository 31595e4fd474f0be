"""What channels are called: one name for each, whatever a source calls it."""

from __future__ import annotations

import pandas as pd

NAMES = {
    "call": ("call", "phone", "telephone", "tel", "电话", "外呼"),
    "SMS": ("sms", "text", "短信"),
    "email": ("email", "e-mail", "mail", "邮件", "电子邮件"),
    "企业微信": ("企业微信", "企微", "wecom", "wechat work", "wechat", "微信"),
}
CANONICAL = {alias: name for name, aliases in NAMES.items() for alias in aliases}


def canonical(names: pd.Series) -> pd.Series:
    """The names as plans write them; others as they are."""
    folded = names.astype("string").str.strip().str.casefold()
    return folded.map(CANONICAL).fillna(names)
