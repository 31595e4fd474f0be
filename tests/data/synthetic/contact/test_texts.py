"""What the demo's customers write."""

import re

import numpy as np
import pandas as pd

from helpers.data.synthetic.contact import texts


def test_a_request_is_about_its_category_and_names_an_order(asked):
    written = texts.requests(asked)
    assert len(written) == len(asked)
    for text, category in zip(written[:500], asked["category"], strict=False):
        sentence, _, order = text.rpartition("，订单")
        assert sentence in texts.REQUESTS[category] and re.fullmatch(r"O\d{5}", order)
    assert len(set(written)) > 0.9 * len(written)


def test_a_remark_is_as_pleased_as_its_score():
    answers = pd.DataFrame(
        {"question": ["nps"] * 1_100 + ["csat"] * 500, "score": [*[*range(11)] * 100, *[*range(1, 6)] * 100]}
    )
    written = pd.Series(texts.remarks(answers))
    moods = {"nps": ["low"] * 7 + ["middle"] * 2 + ["high"] * 2, "csat": ["", "low", "low", "middle", "high", "high"]}
    for text, question, score in zip(written, answers["question"], answers["score"], strict=True):
        assert text == "" or text in texts.REMARKS[moods[question][score]]
    share = (written != "").mean()
    assert abs(share - texts.COMMENTED) < 3 * np.sqrt(texts.COMMENTED * (1 - texts.COMMENTED) / len(answers))


def test_texts_are_the_same_every_time(asked):
    assert texts.requests(asked.head(50)) == texts.requests(asked.head(50))
