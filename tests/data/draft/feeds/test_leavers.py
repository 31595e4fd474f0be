"""Who had left, and for how long they were there, is told by headers and values."""

from __future__ import annotations

import pytest

from helpers.data.draft.feeds import leavers


@pytest.mark.parametrize(
    "head, rows, churn, tenure",
    [
        ("是否流失,在网月数", ["是,30", "否,2", "否,41"], ("是否流失", ()), ("在网月数", "months")),
        (
            "Attrition_Flag,Months_on_book",
            ["Attrited Customer,30", "Existing Customer,2", "Existing Customer,41"],
            ("attrition_flag", ("Attrited Customer",)),
            ("months_on_book", "months"),
        ),
        ("Exited,Tenure", ["1,10", "0,2", "0,4"], ("exited", ()), ("tenure", "years")),
        (
            "Customer Status,tenure_days",
            ["Churned,300", "Stayed,2", "Joined,1"],
            ("customer_status", ("Churned",)),
            ("tenure_days", "days"),
        ),
        (
            "客户状态流失,网龄",
            ["已流失,300", "未流失,20", "未流失,4"],
            ("客户状态流失", ()),
            ("网龄", "months"),
        ),
        (
            "状态,入网时长(月)",
            ["正常,3", "已流失,20", "欠费停机,4", "在网,7", "离网,8"],
            ("状态", ("已流失", "离网")),
            ("入网时长_月", "months"),
        ),
        ("状态,年龄", ["正常,3", "已流失,20", "离网,8"], ("", ()), ("", "")),
        ("churn_score,age", ["51,30", "12,20", "80,44"], ("", ()), ("", "")),
    ],
)
def test_who_had_left_and_for_how_long_they_were_there(holding, head, rows, churn, tenure):
    people = holding(text="\n".join([f"id,{head}", *(f"{n},{row}" for n, row in enumerate(rows * 9))]) + "\n")
    assert (leavers.churn(people), leavers.tenure(people)) == (churn, tenure)
