"""Words of the contract are known by what people write for them, in any case; what is not done is never taken for done."""

from __future__ import annotations

import ibis
import pandas as pd
import pytest

from helpers.data import contracts, datasets
from helpers.data.intake.readings import choices

STATUSES = {
    "done": ["done", "Done", "DONE ", "已完成", "完成", "已办", "已联系", "已发送", "成功", "completed", "Finished", "是", "√", "✔", "yes", "Y", "1", "OK"],
    "refused": ["refused", "拒绝", "客户拒绝", "已拒绝", "Declined", "rejected"],
    "dropped": ["dropped", "已取消", "取消", "Cancelled", "Canceled", "Deferred", "已放弃", "已过期", "作废"],
    "failed": ["failed", "失败", "未接通", "No answer", "无法联系", "空号"],
    "open": ["open", "待办", "进行中", "未开始", "Not started", "In Progress", "Open", "pending", "To do", "Waiting on someone else"],
    None: ["未完成", "没做", "Not done", "Incomplete", "no", "N", "否", "×", "0"],
    "maybe later": ["maybe later"],
}  # fmt: skip
ARMS = {
    "treat": ["treat", "Treatment", "test", "实验组", "执行"],
    "holdout": ["holdout", "Hold out", "control", "对照组", "留白", "untreated", "不执行", "未触达"],
}


def column(table: str, name: str) -> contracts.Column:
    found = contracts.TABLES[table].column(name)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("of", "known"), [(column("action_results", "status"), STATUSES), (column("planned_actions", "arm"), ARMS)]
)
def test_each_is_read_as_its_word_by_the_engine_and_by_init_alike(of, known):
    texts = [(word, text) for word, every in known.items() for text in every]
    rows = ibis.memtable(pd.DataFrame({"place": range(len(texts)), "text": [text for _word, text in texts]}))
    read = rows.mutate(word=choices.worded(rows.text, of.name, of.choices)).order_by("place").execute()["word"]
    assert [(None if pd.isna(each) else each, text) for each, (_word, text) in zip(read, texts, strict=True)] == texts
    for word, text in texts:
        if text != "maybe later":
            assert choices.word(text, of.name, of.choices) == (choices.OPEN if word is None else word)


def test_a_list_marked_by_hand_in_chinese_says_what_was_done(tmp_path):
    """Before this each was emptied, and the plan was told to have hardly been tried."""
    rows = "\n".join(
        f"k{place},c{place},2025-07-07,{text}" for place, text in enumerate(["已完成", "Done", "未完成", "拒绝"])
    )
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "results.csv").write_text(f"action_key,customer_id,planned_at,status\n{rows}\n")
    (folder / "orders.csv").write_text("order_id,customer_id,ordered_at,amount\n1,c0,2025-07-20,5\n")
    (folder / "dataset.toml").write_text(
        "[tables.orders]\nfile = 'orders.csv'\n[tables.action_results]\nfile = 'results.csv'\n"
    )
    data = datasets.open(folder, "2025-07-31", prepared=tmp_path / "prepared")
    status = data.tables["action_results"].order_by("action_key").execute()["status"]
    assert [None if pd.isna(each) else each for each in status] == ["done", "done", None, "refused"]
