"""Every block of the guide runs as it stands, in a line or two, and answers what it is asked."""

import ast
import re
from pathlib import Path

import pytest

from helpers.data.datasets import PROJECT

PAGE = PROJECT / "docs/en/next_questions.md"


def blocks() -> list[str]:
    """The code of the page, a block a question; the first one imports."""
    return re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> list[dict]:
    """The names that there are after each block, and under `answer` what its last line yields; run in a folder apart."""
    names: dict = {}
    after = []
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("guide"))
        for block in blocks():
            tree = ast.parse(block)
            last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
            exec(compile(tree, PAGE.name, "exec"), names)
            answer = eval(compile(ast.Expression(last.value), PAGE.name, "eval"), names) if last else None
            after.append(dict(names) | {"answer": answer, "folder": Path.cwd()})
    return after


def test_each_question_takes_two_lines():
    imports, *questions = blocks()
    assert len(questions) == PAGE.read_text(encoding="utf-8").count("\n## ") - 1 == 8  # the last section compares
    assert {len(block.strip().splitlines()) for block in questions} == {2}
    assert all(len(line) <= 124 for block in questions for line in block.splitlines())


def test_the_chinese_page_prints_the_same_code():
    chinese = (PROJECT / "docs/zh/next_questions.md").read_text(encoding="utf-8")
    assert re.findall(r"```python\n(.*?)```", chinese, flags=re.DOTALL) == blocks()


def test_the_answers_are_about_those_who_were_asked_about(answers):
    by_channel = answers[1]["answer"]
    assert by_channel.subset.customers == len(answers[1]["quarter"].customers) and by_channel.by == "channel"
    assert "Only 289 of 5,000 customers" in by_channel._repr_mimebundle_()[0]["text/plain"]
    assert set(answers[2]["answer"].used.chosen) == {"plan", "channel", "device"}
    assert answers[5]["answer"].by == "plan"
    assert answers[7]["answer"].by == "card"


def test_power_is_that_of_tea_tasting(answers):
    """tea-tasting 1.14.0 on the same rows: RatioOfMeans("monetary", "orders", rel_effect_size=0.05, n_obs=4000)."""
    assert answers[3]["answer"] == pytest.approx(0.641597, abs=1e-5)


def test_champions_spend_more_by_what_the_means_say(answers):
    data, labels = answers[4]["data"], answers[4]["used"].labels.segments.labels
    spend = data.customers.set_index("customer_id")["monetary"]
    means = [spend[labels[labels.str.contains(name)].index].mean() for name in ("Loyal", "Champions")]
    assert answers[4]["answer"].effect == pytest.approx(means[1] / means[0] - 1)


def test_the_list_has_those_who_fell(answers):
    tiers = answers[6]["then"].labels, answers[6]["used"].labels.tiers.labels
    fell = tiers[0].index[tiers[0].str.contains("Band 3") & tiers[1].reindex(tiers[0].index).str.contains("Band 2")]
    assert set(answers[6]["fallen"]) == set(fell)
    saved = (answers[8]["folder"] / "lists" / "fallen.csv").read_text(encoding="utf-8-sig").splitlines()
    assert saved[0] == "customer_id,channel,monetary" and len(saved) == 1 + len(fell)
