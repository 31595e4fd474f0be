"""What the demo's customers write: sentences by topic, each with an order's number in it, as people put them in."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from helpers.data.synthetic.draws import pick, uniforms

COMMENTED = 0.3  # of the survey answers come with a comment

REQUESTS = {
    "物流": ("快递三天没有更新物流", "包裹显示签收但是没有收到", "发货太慢，什么时候能到", "Parcel is late"),
    "退换货": ("尺码不合适想换货", "申请退款一周还没到账", "七天无理由退货怎么操作", "Refund has not arrived yet"),
    "质量": ("收到就是坏的，质量太差", "用了两天开线了", "颜色和图片不一样，有色差", "Poor quality"),
    "发票": ("需要开公司发票", "发票抬头写错了要重开"),
    "账号": ("登录收不到验证码", "会员积分没有到账", "Cannot log in to my account"),
}
REMARKS = {  # by how pleased the customer is
    "low": ("发货慢，客服态度差", "质量一般，价格偏贵", "Slow delivery"),
    "middle": ("还可以，包装简单", "物流一般"),
    "high": ("很满意，质量好", "发货快，客服耐心", "价格实惠，会回购", "Great quality and fast delivery"),
}
STEPS = {"nps": (7, 9), "csat": (3, 4)}  # the score from which a remark is middle, and from which it is high


def requests(asked: pd.DataFrame) -> list[str]:
    """One text a ticket, about its category."""
    choice, order = uniforms("ticket texts").random((2, len(asked)))
    texts = (_one(REQUESTS[category], u) for category, u in zip(asked["category"], choice, strict=True))
    return [f"{text}，订单O{int(90_000 * v) + 10_000}" for text, v in zip(texts, order, strict=True)]


def remarks(answers: pd.DataFrame) -> list[str]:
    """One text a survey answer, most of them empty."""
    comments, choice = uniforms("survey texts").random((2, len(answers)))
    moods = [
        list(REMARKS)[np.searchsorted(STEPS[question], score, side="right")]
        for question, score in zip(answers["question"], answers["score"], strict=True)
    ]
    texts = (_one(REMARKS[mood], u) for mood, u in zip(moods, choice, strict=True))
    return [text if u < COMMENTED else "" for text, u in zip(texts, comments, strict=True)]


def _one(sentences: Sequence[str], u: float) -> str:
    return sentences[int(pick(np.array(u), [1] * len(sentences)))]
