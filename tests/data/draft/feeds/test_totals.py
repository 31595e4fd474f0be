"""Files of experiments summed up."""

from __future__ import annotations

import pytest

from helpers.data.draft.feeds.guesses import Sql
from helpers.data.draft.feeds.totals import of_totals

DAILY = "date,variant,visitors,conversions,revenue,revenue_sq,pages\n" + "".join(
    f"2025-05-{day:02d},{arm},{400 + day},{40 + day},{2000 + day}.5,{90000 + day}.25,{900 + day}\n"
    for day in range(1, 11)
    for arm in ("control", "new")
)
SUMMARY = "arm,n,mean_spend,sd_spend,converted\nholdout,5000,12.5,30.1,500\nnew price,5020,13.4,31.0,560\n"
CHINESE = (
    "日期,组别,人数,购买人数,消费总和,消费平方和\n"
    "2025-05-01,对照组,1000,100,5000,400000\n2025-05-01,实验组,1010,130,6000,420000\n"
)


def test_an_arm_a_day_with_sums_and_squares_is_told(holding):
    guess = of_totals(holding("ab__csv", DAILY))
    assert guess.columns == {
        "experiment": Sql("'ab'"),
        "variant": "variant",
        "day": "date",
        "customers": "visitors",
    }
    assert guess.control == "control"
    assert guess.extras["metrics"] == {
        "conversions": '{ from = "conversions", kind = "proportion" }',
        "revenue": '{ from = "revenue", squares = "revenue_sq" }',
    }
    assert guess.others == ["'pages' is left out: to compare means, their sums of squares are needed too"]


def test_means_and_standard_deviations_become_sums(holding):
    guess = of_totals(holding("summary__csv", SUMMARY))
    assert "day" not in guess.columns and guess.extras["metrics"].keys() == {"mean_spend", "converted"}
    assert guess.extras["metrics"]["mean_spend"].startswith("{ sql = '''number(\"n\") * number(\"mean_spend\")'''")


def test_chinese_headers_are_read(holding):
    guess = of_totals(holding("实验__csv", CHINESE))
    assert guess.control == "对照组" and guess.columns["customers"] == "人数"
    assert guess.extras["metrics"]["消费总和"] == '{ from = "消费总和", squares = "消费平方和" }'


@pytest.mark.parametrize(
    "text",
    [
        "user_id,group,converted,visits\n1,control,0,3\n2,new,1,4\n3,new,1,4\n",  # an arm comes twice
        "group,converted\ncontrol,10\nnew,20\n",  # nothing says of how many
        "day,visitors,orders\n2025-05-01,100,10\n2025-05-02,120,12\n",  # no arms
    ],
)
def test_other_files_are_no_totals(holding, text):
    assert of_totals(holding(text=text)) is None


def test_the_draft_is_accepted_as_it_is(drafted):
    from helpers.data import datasets, draft

    found = drafted(summary__csv=SUMMARY)
    (found.folder / "dataset.toml").write_text(draft.as_toml(found), encoding="utf-8")
    data = datasets.open(found.folder, prepared=found.folder / "prepared")
    totals = data.tables["experiment_totals"].order_by("variant").execute()
    assert totals["mean_spend"].tolist() == [62500, 67268] and totals["converted"].tolist() == [500, 560]
    assert totals["mean_spend squared"][0] == pytest.approx(5000 * 12.5**2 + 4999 * 30.1**2)
