"""What a data set calls things: names that readers see in each language, and its words for a contract and its end."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Annotated

from pydantic import Field, StrictStr
from pydantic.dataclasses import dataclass

from helpers import language
from helpers.data.intake.wording.forms import WORDS, Words
from helpers.data.intake.wording.tables import Extra
from helpers.data.intake.wording.values import Text

HAN = re.compile(r"[\u3400-\u9fff]")
CHANNELS = {"企业微信": ("WeCom", ""), "call": ("", "电话"), "SMS": ("", "短信"), "email": ("", "邮件")}  # of plans
# The terms of messages for which a data set may have words of its own: ⟨contracts⟩.
CONTRACTS, CHINESE_CONTRACTS, CHINESE_ENDS = ("contracts",), ("合约",), ("离开", "终止")


@dataclass(frozen=True, config=WORDS)
class OwnWords(Words):
    """Words that this business has for what pages tell of."""

    contract: Annotated[
        StrictStr, Field(description="what running contracts are called, in the plural, such as paid memberships")
    ] = ""
    contract_zh: Annotated[StrictStr, Field(description="the same in Chinese, such as 付费会员; default: contract")] = (
        ""
    )
    leave: Annotated[StrictStr, Field(description="the Chinese word for ending one, such as 退会, 离网 or 退订")] = ""
    names: Annotated[
        dict[str, Text], Field(description='what readers see for values of the data: { story_copy = "Story text" }')
    ] = field(default_factory=dict)
    names_zh: Annotated[
        dict[str, Text], Field(description="the same in Chinese; default: names, for values in other letters")
    ] = field(default_factory=dict)


@dataclass(frozen=True, config=WORDS)
class Labelled(Words):
    """Something with a name that readers see."""

    label: Annotated[StrictStr, Field(description="the name that readers see")] = ""
    label_zh: Annotated[StrictStr, Field(description="the name that readers of Chinese see; default: label")] = ""


def of(
    words: OwnWords, described: Mapping[str, Extra], metrics: Mapping[str, Extra], experiments: Mapping[str, Labelled]
) -> language.Words:
    """What each language calls a name of the data, or a term of messages; metrics stand in tables by name or label."""
    said: dict[str, dict[str, str]] = {language.ENGLISH: {}, language.CHINESE: {}}

    def call(names: Iterable[str], english: str, chinese: str) -> None:
        for name in names:
            in_chinese = chinese or ("" if HAN.search(name) else english)  # what is Chinese keeps its name there
            for spoken, own in ((language.ENGLISH, english), (language.CHINESE, in_chinese)):
                if own and own != name:
                    said[spoken][name] = own

    for name, own in CHANNELS.items():
        call((name,), *own)
    for name, column in described.items():
        call((name,), column.label, column.label_zh)
        call(filter(None, (column.label,)), "", column.label_zh)  # tables may hold what English pages say
    for name, experiment in experiments.items():
        call((name,), experiment.label, experiment.label_zh)
    for name, metric in metrics.items():
        call((name,), metric.label, metric.label_zh)
        call(filter(None, (metric.label,)), "", metric.label_zh)
    for name in (*words.names, *words.names_zh):
        call((name,), words.names.get(name, ""), words.names_zh.get(name, ""))
    for name, english in words.names.items():  # tables may hold what English pages say, as in “Plan: annual”
        said[language.CHINESE].setdefault(english, said[language.CHINESE].get(name, name))
    call(map(_term, CONTRACTS), "" if HAN.search(words.contract) else words.contract, "")
    call(map(_term, CHINESE_CONTRACTS), "", words.contract_zh or (words.contract if HAN.search(words.contract) else ""))
    call(map(_term, CHINESE_ENDS), "", words.leave)
    return said


def without_ends(words: language.Words) -> language.Words:
    """The words without those for ending a contract: where leaving is silence they would say what is not so."""
    ends = set(map(_term, CHINESE_ENDS))
    return {spoken: {name: own for name, own in said.items() if name not in ends} for spoken, said in words.items()}


def _term(word: str) -> str:
    return f"⟨{word}⟩"
