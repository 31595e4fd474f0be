"""What the settings of a feed mention is needed, and nothing else."""

from helpers.data.intake import files
from helpers.data.intake.wording import mentions, settings

TOML = """
[source]
url = "postgresql://a@h/shop"
[tables.orders]
table = "orders"
since = "Changed At"
key = ["Row No."]
join = [{ file = "people.csv", on = "account" }]
[tables.orders.columns]
customer_id = ["buyer", "买家"]
amount = { sql = "number(total) - Fee" }
[[tables.orders.rules]]
rule = "tests"
keep = "state <> 'test'"
[tables.surveys]
table = "answers"
unpivot = { columns = ["Q*"], name = "question", value = "score" }
"""


def test_columns_expressions_rules_joins_keys_and_the_contracts_own_names_are_mentioned(tmp_path):
    (tmp_path / "dataset.toml").write_text(TOML, encoding="utf-8")
    feeds = settings.read(tmp_path).feeds
    mapped = {"buyer", "买家", "total", "fee", "state", "account", "changed_at", "row_no", "refund", "order_id"}
    assert mentions.mentioned(feeds["orders"], [*mapped, "phone", "mail", "q1"]) == mapped
    assert mentions.mentioned(feeds["surveys"], ["q1", "q_2", "customer_id", "phone"]) == {"q1", "q_2", "customer_id"}


def test_a_pattern_is_folded_as_headers_are_but_for_its_stars():
    assert mentions.folded("Q No.*") == "q_no_*"


def test_a_pattern_keeps_the_sign_of_a_currency_as_headers_do():
    assert [mentions.folded(each) for each in ("Sales (€)", "Sales (€) *", "* US$", "$os")] == [
        files.fold("Sales (€)"),
        "sales_€_*",
        "*_us$",
        files.fold("$os"),
    ]


def test_a_header_with_the_sign_of_a_currency_is_mentioned_without_it(tmp_path):
    (tmp_path / "dataset.toml").write_text(TOML, encoding="utf-8")
    feeds = settings.read(tmp_path).feeds
    assert mentions.mentioned(feeds["orders"], ["refund_€", "phone_€"]) == {"refund_€"}
