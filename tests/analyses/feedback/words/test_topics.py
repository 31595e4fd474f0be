"""Themes: customers are counted, not words; few customers, and secrets, are never shown."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.feedback.words import topics
from helpers.analyses.feedback.words.topics import HIGH, LOW, MIDDLE, distinctive_themes, log_odds, mentions, themes
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable
from helpers.findings.drawing import charts, ink
from helpers.statistics.shares.proportions import wilson_interval
from shops import shop

WORDS = ["alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel"]


def tickets(texts: list[str], customers: list | None = None, categories: list | None = None) -> pd.DataFrame:
    n = len(texts)
    return pd.DataFrame({
        "ticket_id": [str(at) for at in range(n)], "opened_at": pd.Timestamp("2025-01-01"), "text": texts,
        "customer_id": [str(each) for each in (customers or range(n))], "category": categories or ["x"] * n,
    })  # fmt: skip


def random_tickets(rng: np.random.Generator, n: int = 600, tilt: float = 1.0) -> pd.DataFrame:
    """Texts of some of the words; the first word is `tilt` times as likely in category b."""
    category = rng.choice(["a", "b"], n)
    chance = np.tile([0.1, 0.2, 0.15, 0.3, 0.1, 0.25, 0.2, 0.01], (n, 1))
    chance[category == "b", 0] *= tilt
    said = rng.random((n, len(WORDS))) < chance
    texts = [" ".join(word for word, is_said in zip(WORDS, row, strict=True) if is_said) for row in said]
    return tickets(texts, list(rng.integers(0, n // 2, n)), list(category))


@pytest.mark.parametrize("batch", [7, 10_000])
def test_customers_are_counted_once_for_a_term_as_in_a_slow_count(batch, monkeypatch):
    monkeypatch.setattr(topics, "BATCH", batch)
    rows = random_tickets(np.random.default_rng(1))
    found = mentions(shop(tickets=rows))
    for group, part in {"": rows, **dict(list(rows.groupby("category")))}.items():
        assert found.writers[group] == part["customer_id"].nunique()
        for word in WORDS:
            users = part.loc[part["text"].str.contains(word), "customer_id"].nunique()
            if not group:
                assert found.total.get(word, 0) == (users if users >= 5 else 0)
            elif word in found.total:
                cell = found.cells[(found.cells["group"] == group) & (found.cells["term"] == word)]
                assert cell["customers"].item() == users


def test_a_term_of_four_customers_is_kept_back_however_often_they_write_it():
    rows = tickets(["rare rare"] * 40 + ["known"] * 5, [*list(range(4)) * 10, *range(10, 15)])
    found = themes(mentions(shop(tickets=rows)))
    assert found.table["term"].tolist() == ["known"]
    assert found.table[["customers", "customers_share"]].iloc[0].tolist() == [5, pytest.approx(5 / 9)]
    assert found.table[["lower", "upper"]].iloc[0].tolist() == pytest.approx(list(map(float, wilson_interval(5, 9))))


def test_a_distinctive_term_is_not_shown_for_a_group_in_which_four_customers_use_it():
    rows = tickets(["leak"] * 4 + ["fine"] * 6 + ["fine"] * 300 + ["leak"], categories=["b"] * 10 + ["a"] * 301)
    found = distinctive_themes(mentions(shop(tickets=rows)))
    assert "leak" not in found.summary()["term"].tolist()


def test_secrets_planted_in_every_text_are_in_no_table_figure_or_sentence():
    rng = np.random.default_rng(2)
    rows = random_tickets(rng)
    secrets = [
        (f"138{at:08d}", f"secret{at}x@mail.example", f"11010119900307{at:04d}", f"Zebulon{chr(97 + at % 26)}{'q' * at}",
         "欧阳修", "hotline@mail.example", "4008123456")
        for at in range(len(rows))
    ]  # fmt: skip
    planted = [f"{text} {' '.join(each)} 快递" for text, each in zip(rows["text"], secrets, strict=True)]
    data = shop(tickets=rows.assign(text=planted))
    charts.style()
    for finding in (themes(found := mentions(data)), distinctive_themes(mentions(random(data)))):
        page = words_of(finding) + finding.summary().to_string() + ink.svg(finding.plot().get_figure(), "k")
        page += " ".join(text.get_text() for text in finding.plot().texts)
        assert not _shown(secrets, page)
    assert not _shown(secrets, " ".join(found.total.index))
    assert not {"hotline", "mail", "example"} & set(found.total.index)  # parts of an address that all wrote
    assert "快递" in found.total.index
    plt.close("all")


def _shown(secrets: list[tuple[str, ...]], page: str) -> set[str]:
    page = page.lower()
    return {part for each in secrets for part in each if part.lower() in page}


def random(data: Dataset) -> Dataset:
    """The same texts, of which category b's all say one word more, so that something is distinctive."""
    table = data.tables["tickets"]
    text = (table.category == "b").ifelse(table.text + " juliett", table.text)
    return shop(tickets=table.mutate(text=text))


def test_a_term_that_marks_a_group_is_found_and_no_other():
    found = distinctive_themes(mentions(shop(tickets=random_tickets(np.random.default_rng(3), 2_000, 3))))
    assert found.summary()[["category", "term"]].to_numpy().tolist() == [["b", "alpha"]]
    row = found.summary().iloc[0]
    assert 1.5 < row["lower"] < row["odds_ratio"] < row["upper"] < 5
    assert str(found.headline()) == "Category: what marks a group is “alpha” for b."
    assert "Beyond chance" in words_of(found)


@pytest.mark.long
def test_where_groups_do_not_differ_p_values_are_even():
    """Two groups of 400 customers, who use each of 40 rare words independently, as the variance takes mentions to be."""
    rng, p = np.random.default_rng(4), []
    for _ in range(200):
        used = rng.binomial(400, 0.04, (2, 40))
        index = pd.MultiIndex.from_product([["a", "b"], range(40)], names=["group", "term"])
        p.extend(log_odds(pd.DataFrame({"customers": used.ravel()}, index).reset_index(), prior=5)["p_value"])
    assert np.mean(np.array(p) < 0.05) == pytest.approx(0.05, abs=0.012)
    assert np.mean(np.array(p) < 0.5) == pytest.approx(0.5, abs=0.03)


def test_log_odds_are_those_of_the_formula():
    """Monroe, Colaresi & Quinn (2008), by hand: y 30 of 100 against 20 of 300, prior 40 × 50/400 = 5 of 40."""
    cells = pd.DataFrame({"group": list("aabb"), "term": list("uvuv"), "customers": [30, 70, 20, 280]})
    row = log_odds(cells, prior=40).iloc[0]
    gap = np.log(35 / (140 - 35)) - np.log(25 / (340 - 25))
    error = np.sqrt(1 / 35 + 1 / 25)
    assert row["odds_ratio"] == pytest.approx(np.exp(gap))
    assert (row["lower"], row["upper"]) == pytest.approx(tuple(np.exp(gap + np.array([-1, 1]) * 1.959964 * error)))


def test_survey_texts_are_grouped_by_how_pleased_the_customer_is_on_either_scale():
    scores = [0, 6, 7, 8, 9, 10, 1, 2, 3, 4, 5]
    rows = pd.DataFrame({"score": scores * 10, "question": (["nps"] * 6 + ["csat"] * 5) * 10, "text": "slow"})
    rows = rows.assign(customer_id=rows.index.astype(str), answered_at=pd.Timestamp("2025-01-01"))
    found = mentions(shop(surveys=rows.astype({"score": float})), "surveys", "score")
    assert found.writers.to_dict() == {"": 110, LOW: 40, MIDDLE: 30, HIGH: 40}


def test_stop_words_are_left_out():
    rows = random_tickets(np.random.default_rng(5))
    assert "alpha" not in mentions(shop(tickets=rows), stop_words=["alpha"]).total


def test_what_cannot_be_told_is_not_applicable():
    rows = random_tickets(np.random.default_rng(6))
    none = shop()
    silent = shop(tickets=rows.drop(columns="text"))
    for data in (none, silent, shop(tickets=rows.assign(text="the")), shop(tickets=rows.assign(customer_id="1"))):
        found = mentions(data)
        assert isinstance(found, NotApplicable)
        assert themes(found) is found and distinctive_themes(found) is found
    assert isinstance(distinctive_themes(mentions(shop(tickets=rows.assign(category="a")))), NotApplicable)
    assert "no evidence" in words_of(
        distinctive_themes(mentions(shop(tickets=random_tickets(np.random.default_rng(7)))))
    )
    with pytest.raises(ValueError, match="by = 'score': choose one of category"):
        mentions(shop(tickets=rows), by="score")
    with pytest.raises(ValueError, match="source = 'mails'"):
        mentions(shop(tickets=rows), "mails")
