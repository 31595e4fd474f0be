"""Customers who are none: a zero, nines or a word under which a shop keeps whoever says no name."""

from __future__ import annotations

import re
from dataclasses import dataclass

import ibis.expr.types as ir

SPELLED = re.compile(  # so, an identifier may be nobody's
    r"(?i)0+(\.0+)?|-1|9{3,}|x{3,}|(no|non|not)[ _-]?(name|customer|member|registered)"
    r"|(guest|anonym\w*|walk[ _-]?in|cash|retail|counter|default|dummy|nobody|unknown|unregistered|barverkauf"
    r"|laufkund\w*|mostrador|(client[ _])?(comptoir|de passage))"
    r"([ _-]?(customer|client|user|buyer|member|account|sale)s?)?[ _-]?\d*"
    r"|(现场|过路|匿名|临时|零售|普通|门店|未登记|非会员|无会员)(客户|顾客|客人|用户|会员)?|.*(游客|散客|散户)"
)
LOOKED_AT = 6  # customers, those with the most rows
FEWEST, TIMES = 10, 3  # rows of one spelled so, and how many times as many as anybody else has
MANY, FAR = 100, 20  # the same of one spelled as all others are


@dataclass(frozen=True)
class Crowd:
    """One identifier that has far more rows than any other: `following` is the most that another has.

    `nobody` says that it is spelled as no customer is.
    """

    customer: str
    rows: int
    of: int
    following: int
    nobody: bool


def crowds(customers: ir.StringValue) -> list[Crowd]:
    """The identifiers that seem to stand for many customers, given the customer of each row."""
    rows = customers.name("customer").as_table().drop_null()
    counted = rows.group_by("customer").agg(rows=rows.count())
    most = counted.mutate(of=counted.rows.sum().over()).order_by([counted.rows.desc(), "customer"])
    top = list(most.limit(LOOKED_AT).execute().itertuples(index=False))
    people = [each for each in top if not SPELLED.fullmatch(each.customer)]
    following = int(people[0].rows) if people else 0
    found = [
        Crowd(each.customer, int(each.rows), int(each.of), following, True)
        for each in top
        if each not in people and each.rows >= max(FEWEST, TIMES * following)
    ]
    if len(people) > 2 and people[0].rows >= max(MANY, FAR * people[1].rows):
        first = people[0]
        found.append(Crowd(first.customer, int(first.rows), int(first.of), int(people[1].rows), False))
    return found
