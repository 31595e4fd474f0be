"""What the demo's customers did, asked and answered, and how they were spoken to, as exports have it."""

from __future__ import annotations

from itertools import cycle, islice

import numpy as np
import pandas as pd

from helpers.data.contracts import EVERYTHING, TREAT
from helpers.data.synthetic.clock import DAY, NEVER
from helpers.data.synthetic.contact import campaigns, plans, service, texts
from helpers.data.synthetic.draws import uniforms
from helpers.data.synthetic.files import cells
from helpers.data.synthetic.shop import Shop
from helpers.data.synthetic.trade.goods import CATEGORIES
from helpers.data.synthetic.truth import TRUTH

SHANGHAI_EPOCH_SECONDS = 1_704_038_400  # 2024-01-01 00:00 at UTC+8
STEPS = ("visit", "view_product", "add_to_cart", "checkout")
WORKGROUPS = {"物流": "物流组", "退换货": "售后组", "质量": "售后组", "发票": "客服组", "账号": "客服组"}
FULL_WIDTH_DIGITS = str.maketrans("0123456789", "０１２３４５６７８９")
CALLED = {"save_call": "挽留电话", "coupon": "优惠券", "replenish": "补货提醒"}


def events(steps: pd.DataFrame) -> str:
    """One row a step of a session."""
    categories = list(CATEGORIES)
    milliseconds = (steps["minute"] * 60 + SHANGHAI_EPOCH_SECONDS) * 1000
    return cells.text(
        ("customer_id", "event", "timestamp_ms", "channel", "content"),
        zip(
            cells.customer_ids(steps["customer"]),
            (STEPS[step] for step in steps["step"]),
            milliseconds.astype(str),
            np.array(["小程序", "app", "web"])[steps["customer"] % 3],
            (categories[each] for each in steps["category"]),
            strict=True,
        ),
        "\t",
    )


def tickets(asked: pd.DataFrame) -> str:
    """One row a request."""
    header = (
        "工单编号",
        "客户编号",
        "创建时间",
        "受理时间",
        "首次响应时间",
        "跟进时间",
        "关闭时间",
        "回访时间",
        "总结时间",
        "问题类型",
        "渠道",
        "处理组",
        "是否投诉",
        "回复次数",
        "重开次数",
        "问题描述",
    )
    work = asked.join(service.ticket_work(asked))
    times = ("opened", "handled", "replied", "followed_up", "closed", "revisited", "summarised")
    return cells.text(
        header,
        zip(
            (f"T{position + 1:05d}" for position in work.index),
            cells.customer_ids(work["customer"]),
            *(cells.minutes(work[time]) for time in times),
            work["category"],
            work["channel"],
            work["category"].map(WORKGROUPS),
            np.where(work["complaint"], "是", "否"),
            work["replies"].astype(str),
            work["reopened"].astype(str),
            texts.requests(asked),
            strict=True,
        ),
    )


def surveys(answers: pd.DataFrame) -> str:
    """One row an answer, with some beyond the scale."""
    score = answers["score"].astype(str).to_numpy(dtype=object)
    for place in cells.spread(len(answers), TRUTH.full_width["surveys", "score"]):
        score[place] = score[place].translate(FULL_WIDTH_DIGITS)
    rows = list(
        zip(
            cells.customer_ids(answers["customer"]),
            cells.minutes(answers["minute"]),
            answers["question"],
            score,
            texts.remarks(answers),
            strict=True,
        )
    )
    count = TRUTH.faults["surveys", "score outside 0 to 100"]
    impossible = islice(cycle(("-1", "101", "999")), count)
    faulty = [
        (*rows[place][:3], wrong, "") for place, wrong in zip(cells.spread(len(rows), count), impossible, strict=True)
    ]
    return cells.text(("customer_id", "answered_at", "question", "score", "text"), cells.among(rows, faulty))


def touches(shop: Shop) -> str:
    """One row a message: campaigns, invitations to surveys, and what the earlier plans' actions sent or said."""
    everyone, placed = shop.people, shop.bought.placed
    made = shop.planned[shop.planned["done"] != NEVER]
    opened, clicked = campaigns.opened_and_clicked(made["done"], uniforms("actions opened"))
    carried_out = pd.DataFrame(
        {
            "customer": made["customer"],
            "campaign": made["action"].map(CALLED),
            "sent": made["done"],
            "channel": made["channel"],
            "opened": opened,
            "clicked": clicked,
            "purpose": np.where(made["action"] == "save_call", "service", "marketing"),
            "action_key": _keys(made),
        }
    )
    sent = pd.concat(
        [
            campaigns.touches(everyone).assign(purpose="marketing", action_key=""),
            service.invitations(everyone, placed).assign(purpose="survey", action_key=""),
            carried_out,
        ]
    )
    times = ((text.replace("-", "/") for text in cells.minutes(sent[time])) for time in ("sent", "opened", "clicked"))
    return cells.text(
        ("Customer ID", "Campaign", "Channel", "Touched At", "Opened At", "Clicked At", "Purpose", "Action Key"),
        zip(
            cells.customer_ids(sent["customer"]),
            sent["campaign"],
            sent["channel"],
            *times,
            sent["purpose"],
            sent["action_key"],
            strict=True,
        ),
    )


def planned_actions(shop: Shop) -> str:
    """One row a planned action, the held out among them, and one for each customer of the global holdout."""
    planned, season = shop.planned, plans.PLANNED_ON[0]
    actions = zip(
        _keys(planned),
        cells.customer_ids(planned["customer"]),
        planned["action"],
        planned["arm"],
        cells.minutes(planned["planned"] * DAY + 9 * 60),
        cells.days(planned["due"]),
        planned["channel"],
        planned["owner"],
        (f"{TRUTH.actions[action].holdout_share:g}" for action in planned["action"]),
        (season for _ in planned.index),
        (f"{cost:g}" for cost in planned["cost"]),
        strict=True,
    )
    aside = plans.kept_out(shop.people).assign(action=EVERYTHING)
    held_out = (
        (
            key,
            customer,
            EVERYTHING,
            "holdout",
            f"{season} 09:00",
            "",
            "",
            "",
            f"{TRUTH.global_holdout:g}",
            season,
            "",
        )
        for key, customer in zip(_keys(aside), cells.customer_ids(aside["customer"]), strict=True)
    )
    header = ("action_key", "customer_id", "action", "arm", "planned_at", "due_on", "channel", "owner", "holdout_share",
              "season", "cost")  # fmt: skip
    return cells.text(header, [*actions, *held_out])


def action_results(shop: Shop) -> str:
    """One row for each action that was to be carried out: what became of it."""
    tried = shop.planned[shop.planned["arm"] == TREAT]
    cost = np.where(tried["done"] != NEVER, tried["cost"], 0.0)
    return cells.text(
        ("action_key", "customer_id", "planned_at", "done_at", "status", "cost"),
        zip(
            _keys(tried),
            cells.customer_ids(tried["customer"]),
            cells.minutes(tried["planned"] * DAY + 9 * 60),
            cells.minutes(tried["done"]),
            tried["status"],
            (f"{each:g}" for each in cost),
            strict=True,
        ),
    )


def _keys(planned: pd.DataFrame) -> list[str]:
    customers, days = cells.customer_ids(planned["customer"]), cells.days(planned["planned"])
    return [plans.key(*each) for each in zip(customers, planned["action"], days, strict=True)]


def experiments(assigned: pd.DataFrame) -> str:
    """One row a customer in an arm, with some in two."""
    rows = list(
        zip(
            assigned["experiment"],
            cells.customer_ids(assigned["customer"]),
            assigned["variant"],
            cells.days(assigned["assigned"]),
            assigned["converted"].map({True: "1", False: "0"}),
            cells.money(assigned["spend"]),
            cells.known(assigned["app_visits"], assigned["app_visits"] != NEVER),
            assigned["prior_visits"].astype(str),
            strict=True,
        )
    )
    coupon = assigned.loc[assigned["experiment"] == "spring_coupon", "customer"]
    newcomers = coupon.max() + 1 + np.arange(TRUTH.faults["experiments", "customer in two arms"] // 2)
    faulty = [
        ("spring_coupon", customer, variant, "2025-03-14", "1", "88.00", "", "2")
        for customer in cells.customer_ids(newcomers)
        for variant in ("control", "treatment")
    ]
    header = ("experiment", "customer_id", "variant", "assigned_at", "converted", "spend", "app_visits", "prior_visits")
    return cells.text(header, cells.among(rows, faulty))
