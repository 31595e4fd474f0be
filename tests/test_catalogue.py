"""The Chinese of the catalogue is whole and well set: nothing half translated, nothing lost, marks of full width."""

from __future__ import annotations

import re

import pytest
from babel.messages.catalog import Catalog, Message

import catalogue
from helpers import language
from helpers.data.intake.wording import callings

HAN = "一-鿿"
QUOTED = re.compile(r"`[^`]*`|'[^']*'|\"[^\"]*\"|“[A-Za-z/]+”")
INTERVAL = "95% "  # is said by 误差范围
CODE = re.compile(rf"\[[^\]{HAN}]*\]|\{{\{{[^{HAN}]*?\}}\}}|\{{[^{{}}]*\}}|(?:[A-Za-z]+|□) ?\([^(){HAN}]*\)")
FAULTS = {
    "mark of half width": re.compile(rf"[{HAN}□] ?[,;:()?!]|[,;:()?!] ?[{HAN}□]|[{HAN}]\.|％"),
    "no blank between Han and Latin": re.compile(rf"[{HAN}][A-Za-z0-9]|[A-Za-z0-9][{HAN}]"),
    "blank too many": re.compile(r"  | [，。：；！？、（）“”]|[，。：；！？、（“] "),
    "hyphen for a minus": re.compile(r"(?<![A-Za-z0-9-])-\d"),
    "word of a translation": re.compile("客户们|进行"),
}
# What Chinese pages write in Latin letters: measures, methods and the people they are named after, kinds of files.
NAMES = set(
    "A B R F M R4 F1 M4 NPS CSAT KOC PSI Excel CSV xlsx MB UTC CNY EUR p E "
    "Aalen Johansen Kaplan Meier Cox Fine Gray Holm Jaccard k means Newcombe Welch t z Fieller delta CUPED Qini "
    "BG MBG NBD Pareto Gamma deviance alpha AUC AIC Brier ICI E50 E90 Cramér V Benjamini Hochberg "
    "Anderson Rubin HMAC SHA256 CRM PDF Chromium kehu doctor".split()
)
# What one writes in settings and commands: only in what is said of these, never in a page's own words.
KEYWORDS = set(
    "FIRST LAST changed fresh if mail mail_to to attach Kehu Python Chromium KEHU_CHROMIUM GB NUL SELECT SQL TOML XML Parquet I j p true false auto allow outside force kehu init check prune pdf make report uv lock dataset toml data raw "
    "README md csv utf gb18030 big5 cp1252 accept_loss amount as as_of as_of_export baseline better bins cap columns control "
    "currency customer_id customers cuts decimal drop duplicates encoding entry every exclude cancelled experiments fields file from guests horizon_days join kind merge mode name nulls "
    "observed_on of on order_items ordered_at orders orders_ plan policy query rate rates read rfm_over rules sheet since skip source sql squares "
    "stage_by steps subscriptions table tables tiers time time_layouts unpivot url value where window_days".split()
)
OF_SETTINGS = ("src/helpers/data/", "src/helpers/cli/", "src/helpers/parameters.py")

COMMENTS = {comment for _file, comment in catalogue.of_settings()}
NUMERALS = str.maketrans("一二三四五六七八九", "123456789")  # 五档 tells of 5
MESSAGES = [message for message in catalogue.kept("zh") if message.id]


def bare(words: str) -> str:
    """`words` with □ for what is no Chinese by right: quotations, code and places for facts."""
    bared = QUOTED.sub("□", words)
    while (once := CODE.sub("□", bared)) != bared:
        bared = once
    return bared


def faults(message: Message) -> list[str]:
    """What is wrong with the Chinese of a message, in words."""
    chinese = bare(message.string)
    wrong = [fault for fault, pattern in FAULTS.items() if pattern.search(chinese)]
    of_settings = message.id in COMMENTS or all(file.startswith(OF_SETTINGS) for file, _line in message.locations)
    foreign = set(re.findall(r"[A-Za-zé][A-Za-zé0-9_]*", chinese)) - NAMES - (KEYWORDS if of_settings else set())
    told = set(re.findall(r"\d+", chinese + " " + " ".join(chinese.translate(NUMERALS))))
    lost = set(re.findall(r"\d+", bare(message.id.replace(INTERVAL, "")))) - told
    return wrong + [f"Latin: {word}" for word in sorted(foreign)] + [f"lost: {number}" for number in sorted(lost)]


def test_the_chinese_is_whole_and_well_set():
    assert {message.id: found for message in MESSAGES if (found := faults(message))} == {}


def test_terms_are_those_for_which_a_data_set_may_have_its_own_words():
    known = {
        language.ENGLISH: callings.CONTRACTS,
        language.CHINESE: (*callings.CHINESE_CONTRACTS, *callings.CHINESE_ENDS),
    }
    for message in MESSAGES:
        for spoken, said in ((language.ENGLISH, message.id), (language.CHINESE, message.string)):
            assert set(language.TERM.findall(said)) <= set(known[spoken]), said


@pytest.mark.parametrize(
    ("english", "chinese", "fault"),
    [
        ("Who leaves?", "谁离开?", "mark of half width"),
        ("{table}: missing", "{table}: 缺失", "mark of half width"),
        ("In 90 days", "近90 天", "no blank between Han and Latin"),
        ("In 90 days", "近 90天", "no blank between Han and Latin"),
        ("{days} days, NPS", "{days} 天， NPS", "blank too many"),
        ("Down by 5%", "下降 -5%", "hyphen for a minus"),
        ("We call customers", "对客户们进行致电", "word of a translation"),
        ("By channel", "按 channel", "Latin: channel"),
        ("In 90 days", "近三个月", "lost: 90"),
        ("Read where it is", "看 where", "Latin: where"),
    ],
)
def test_a_fault_of_the_chinese_is_found(english, chinese, fault):
    assert fault in faults(Message(english, chinese, locations=[("notebooks/03_churn.ipynb", None)]))


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("Within 90 days: 5%", "近 90 天：5%"),
        ('Write ["a", 1] or `b`, {name}.', '请写 ["a", 1] 或 `b`，{name}。'),
        ("From −5 to 5 points of NPS", "NPS 从 −5 到 5"),
        ("A/B by Kaplan–Meier", "A/B，Kaplan–Meier"),
    ],
)
def test_what_is_right_passes(english, chinese):
    assert faults(Message(english, chinese, locations=[("notebooks/03_churn.ipynb", None)])) == []


def test_every_word_of_a_notebook_is_a_message_of_the_catalogue():
    known = {message.id for message in MESSAGES}
    assert [message for _file, message in catalogue.of_notebooks() if message not in known] == []


def test_a_message_without_its_words_is_told_by_make_words():
    """Else whoever adds a page learns of it from a failing test, minutes later."""
    some = Catalog()
    some.add("Who leaves?", "谁在流失？")
    some.add("Who stays?")
    assert [message.id for message in catalogue.waiting(some)] == ["Who stays?"]
