"""How readers of each language see the labels of customers, which saved tables hold in both languages at once."""

from __future__ import annotations

import re

from helpers import language
from helpers.language import _, later

SAID = {
    "{attribute}: {value}": re.compile("(?P<attribute>[^:]+): (?P<value>.+)"),
    "{attribute}, twice as much": re.compile("(?P<attribute>[^,]+), twice as much"),
    "{attribute}, {unit} more": re.compile(r"(?P<attribute>[^,]+), (?P<unit>[\d.,]+) more"),
    "{unit} less": re.compile(r"(?P<unit>[\d.,]+) less"),
}  # sentences that saved tables hold in English
NO_ORDER = "No order yet"
BETWEEN = (" · ", " − ", " → ", " + ")  # labels of which one is made: an experiment and its arm, two goods, two groups

# Words of our own that tables hold in English.
YES, NO = later("yes"), later("no")
DAYPARTS = (later("night 0–5 h"), later("morning 6–11 h"), later("afternoon 12–17 h"), later("evening 18–23 h"))
ORDER_COUNTS = (later("1 order"), later("2–3 orders"), later("4–9 orders"), later("10 orders or more"))
ORDER_SIZES = (later("small orders"), later("middling orders"), later("large orders"))
MANY = later("7 and more")
# How a group that the computer found differs from the middle: what is striking in it, from far below to far above.
STRIKING = {
    "recency_days": (later("very recent"), later("recent"), "", later("quiet"), later("long quiet")),
    "orders": (later("fewest orders"), later("few orders"), "", later("many orders"), later("most orders")),
    "monetary": (later("lowest spend"), later("low spend"), "", later("high spend"), later("highest spend")),
}
MIDDLING = later("middling in everything")
_WORDS = {
    later("CNY"), YES, NO, MANY, *DAYPARTS, *ORDER_COUNTS, *ORDER_SIZES, MIDDLING,
    *(later("Monday"), later("Tuesday"), later("Wednesday"), later("Thursday"), later("Friday"), later("Saturday")),
    later("Sunday"), later("Main channel"), later("Main daypart"), later("Main weekday"), later("Order size"),
    later("Order count"), later("First order amount"), *(word for words in STRIKING.values() for word in words if word),
}  # fmt: skip

# A label as tables of this and of earlier reports hold it, and its English; the catalogue has its Chinese.
ENGLISH = {
    later("Champions 重要价值客户"): "Champions",
    later("Loyal 忠诚客户"): "Regulars",
    later("Big spenders, few orders 重要发展客户"): "Big spenders, few orders",
    later("Frequent, small baskets 一般价值客户"): "Frequent, small spenders",
    later("Promising 一般发展客户"): "Promising",
    later("Cannot lose 重要保持客户"): "Slipping champions",
    later("Lapsed big spenders 重要挽留客户"): "Lapsed big spenders",
    later("Fading regulars 一般保持客户"): "Slipping regulars",
    later("Hibernating 一般挽留客户"): "Lapsed small spenders",
    later("Others 其他客户"): "Others",
    later("No completed order 未成交客户"): NO_ORDER,
    later("New 新客户"): "New",
    later("Active 活跃客户"): "Active",
    later("Won back 回流客户"): "Won back",
    later("Need attention 待关注客户"): "Need attention",
    later("At risk 流失风险客户"): "At risk",
    later("Dormant 休眠客户"): "Dormant",
    later("Lost 已流失客户"): "Lost",
    later("Potential 潜在客户"): NO_ORDER,
    later("Band 1 一档"): "Band 1",
    later("Band 2 二档"): "Band 2",
    later("Band 3 三档"): "Band 3",
    later("Band 4 四档"): "Band 4",
    later("Band 5 五档"): "Band 5",
    later("Bronze 普通会员"): "Bronze",
    later("Silver 银卡会员"): "Silver",
    later("Gold 金卡会员"): "Gold",
    later("Platinum 白金会员"): "Platinum",
    later("Diamond 钻石会员"): "Diamond",
}


def said(label: str) -> str:
    """A label in the language that is spoken, by the data set's own name for it; any other text as it is."""
    if own := language.called(label):
        return own
    for between in BETWEEN:
        if between in label:
            return between.join(map(said, label.split(between)))
    if label.startswith("("):  # our own words for what has no name
        return _(label)
    if language.current() == language.ENGLISH:
        return ENGLISH.get(label, label)
    return _(label) if label in ENGLISH else _as_said(label) or _in_words(label)


def _as_said(label: str) -> str | None:
    """What tables hold of a sentence on a column, such as “Plan: monthly”, said anew; None for anything else."""
    for message, pattern in SAID.items():
        if found := pattern.fullmatch(label):
            parts = found.groupdict()
            if name := parts.get("attribute"):
                own = language.called(name.replace(" ", "_").lower()) or _(name)
                if own == name:
                    return None
                parts["attribute"] = own
            return _(message).format(**{place: said(part) for place, part in parts.items()})
    return None


def _in_words(label: str) -> str:
    """What is made of words of our own, such as “Most orders, recent”, said word by word; any other text as it is."""
    parts = [part if part in _WORDS else part[:1].lower() + part[1:] for part in label.split(", ")]
    return _(", ").join(map(_, parts)) if all(part in _WORDS for part in parts) else label
