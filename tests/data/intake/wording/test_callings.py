"""What a data set calls things reaches readers in each language, and nobody else's words change."""

import pytest

from helpers import language
from helpers.data.intake.wording import settings
from helpers.findings import Column, Kind, formats, labels
from helpers.language import _

DATA = """
[tables.customers]
file = "a.csv"
[tables.customers.attributes]
device = { from = "设备", label_zh = "设备" }
household_size = { from = "家庭人数", label = "People at home", label_zh = "家庭人数" }
branch = "Branch"
[tables.experiments]
file = "b.csv"
[tables.experiments.metrics]
bought = { kind = "proportion", label = "Bought in the sale", label_zh = "活动中购买" }
visits = { kind = "mean" }
[experiments.spring]
label = "Spring coupon"
label_zh = "春季优惠券"
"""


@pytest.fixture
def words(tmp_path):
    def written(text=""):
        (tmp_path / "dataset.toml").write_text(DATA + text, encoding="utf-8")
        return settings.read(tmp_path).own_words

    return written


def both(words, say):
    """What readers of English and of Chinese see."""
    with language.calling(words):
        told = []
        for each in (language.ENGLISH, language.CHINESE):
            with language.spoken(each):
                told.append(say())
        return told


@pytest.mark.parametrize(
    ("name", "english", "chinese"),
    [
        ("household_size", "People at home", "家庭人数"), ("household size", "People at home", "家庭人数"),
        ("People at home", "People at home", "家庭人数"),
        ("device", "Device", "设备"), ("branch", "Branch", "Branch"), ("birth_year", "Birth year", "出生年份"),
    ],
)  # fmt: skip
def test_a_column_is_called_by_its_label_and_else_as_before(words, name, english, chinese):
    assert both(words(), lambda: formats.label(name)) == [english, chinese]
    assert both(words(), lambda: Column("by", Kind.FIELD, "what").write(name)) == [english, chinese]


@pytest.mark.parametrize(
    ("held", "english", "chinese"),
    [
        ("Bought in the sale", "Bought in the sale", "活动中购买"), ("visits", "visits", "visits"),
        ("spring", "Spring coupon", "春季优惠券"), ("spring · text_a", "Spring coupon · Text A", "春季优惠券 · 文案甲"),
        ("text_b", "text_b", "text_b"), ("bought", "Bought in the sale", "活动中购买"),
    ],
)  # fmt: skip
def test_a_value_of_a_table_is_called_by_its_label_and_else_stands_as_it_is(words, held, english, chinese):
    own = words('[words]\nnames = { text_a = "Text A" }\nnames_zh = { text_a = "文案甲" }\n')
    assert both(own, lambda: formats.text(held)) == [english, chinese]


def test_a_value_in_chinese_keeps_its_name_on_chinese_pages_where_only_english_is_given(words):
    own = words('[words]\nnames = { "年付" = "annual", "Plan A" = "Basic" }\n')
    assert both(own, lambda: formats.text("年付")) == ["annual", "年付"]
    assert both(own, lambda: formats.text("Plan A")) == ["Basic", "Basic"]
    assert both(own, lambda: labels.said("Household size: annual")) == ["Household size: annual", "家庭人数：年付"]


def test_a_contract_and_its_end_are_called_as_the_business_does(words):
    def told():
        return _("Running ⟨contracts⟩ fell by {net}: more ended than began.").format(net=3)

    assert both(words(), told) == [
        "Running contracts fell by 3: more ended than began.", "在籍合约净减 3：终止多于新开。",
    ]  # fmt: skip
    members = words('[words]\ncontract = "paid memberships"\ncontract_zh = "付费会员"\nleave = "退会"\n')
    assert both(members, told) == [
        "Running paid memberships fell by 3: more ended than began.", "在籍付费会员净减 3：退会多于新开。",
    ]  # fmt: skip


def test_one_word_in_chinese_is_not_said_in_english(words):
    assert both(words('[words]\ncontract = "付费会员"\n'), lambda: _("running ⟨contracts⟩")) == [
        "running contracts", "在籍付费会员",
    ]  # fmt: skip


def test_words_of_another_data_set_are_not_said(words):
    both(words(), lambda: None)
    with language.spoken(language.CHINESE):
        assert formats.text("spring") == "spring" and formats.label("device") == "Device"


def test_our_own_words_in_tables_are_said_in_the_reader_s_language(words):
    assert both({}, lambda: labels.said("Most orders, highest spend, recent"))[1] == "下单最多、消费最高、最近下过单"
    assert both({}, lambda: labels.said("7 and more")) == ["7 and more", "7 及以上"]
    assert both(words(), lambda: labels.said("Household size, 2 more")) == ["Household size, 2 more", "家庭人数多 2"]
    assert both({}, lambda: labels.said("9 days"))[1] == "9 days"  # a value of the data may be such
    assert both({}, lambda: labels.said("Gender: 男"))[1] == "性别：男"
    assert both({}, lambda: labels.said("Note: Smith"))[1] == "Note: Smith"
    assert both({}, lambda: labels.said("Smith, recent")) == ["Smith, recent", "Smith, recent"]
    assert both({}, lambda: formats.text(formats.held(True))) == ["yes", "是"]


def test_channels_of_plans_are_called_by_names_that_each_reader_reads(words):
    """A shop that names none of them plans for 企业微信 and SMS all the same."""
    channel = Column("channel", Kind.NAME, "how the customer is reached")
    assert both(words(), lambda: channel.write("企业微信")) == ["WeCom", "企业微信"]
    assert both(words(), lambda: channel.write("SMS")) == ["SMS", "短信"]
    assert both(words('[words.names_zh]\nSMS = "信息"\n'), lambda: channel.write("SMS")) == ["SMS", "信息"]
