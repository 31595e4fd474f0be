"""How readers of each language see the labels of customers, which saved tables hold in both languages at once."""

from __future__ import annotations

from helpers import language
from helpers.language import _, later

NO_ORDER = "No order yet"

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
    """A label in the language that is spoken; any other text as it is."""
    if label not in ENGLISH:
        return label
    return ENGLISH[label] if language.current() == language.ENGLISH else _(label)
