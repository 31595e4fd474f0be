"""Names of tables and columns are those of the contract, and those beyond it are told apart from all others."""

import pytest

from helpers.data.intake.wording import naming
from helpers.data.intake.wording.tables import Extra, Feed, Origin, RowRule


def test_extra_columns_know_their_name_their_role_and_the_header_that_is_called_so():
    feed = naming.named("customers", Feed(("a",), attributes={"size": Extra()}), optional=True)
    (size,) = feed.extras
    assert (size.name, size.role, size.label, size.origin) == ("size", "attributes", "size", Origin(("size",)))
    assert feed.optional and feed.table == "customers"


@pytest.mark.parametrize(
    ("table", "feed", "sentence"),
    [
        ("order", Feed(("a",)), "tables = 'order': choose one of"),
        (
            "orders",
            Feed(("a",), columns={"amuont": Origin(("x",))}),
            "'amuont' is not a column of orders. Did you mean",
        ),
        (
            "touches",
            Feed(("a",), columns={"invitation": Origin(sql="campaign = 'NPS'")}),
            r"Write `purpose = \{ sql = \"CASE WHEN campaign = 'NPS' THEN 'survey' END\" \}",
        ),
        ("touches", Feed(("a",), columns={"invitation": Origin(("asks",))}), r"CASE WHEN flag\(\\\"asks\\\"\) THEN"),
        ("orders", Feed(("a",), attributes={"size": Extra()}), "only customers have attributes"),
        ("customers", Feed(("a",), attributes={"a b": Extra()}), "'a b' is no name"),
        ("customers", Feed(("a",), attributes={"monetary": Extra()}), "'monetary' is the name of another column"),
        (
            "experiments",
            Feed(("a",), metrics={"x": Extra()}, covariates={"x": Extra()}),
            "both a metric and a covariate",
        ),
    ],
)
def test_names_that_cannot_be_are_told(table, feed, sentence):
    with pytest.raises(ValueError, match=sentence):
        naming.named(table, feed, optional=False)


def test_feeds_of_one_table_have_the_extra_columns_and_rules_of_all():
    shop = Feed(("a",), attributes={"size": Extra()}, rules=(RowRule("no tests", "a > 1"),))
    app = Feed(("b",), attributes={"device": Extra(label="Phone")})
    first, second = naming.together([naming.named("customers", each, optional=False) for each in (shop, app)]).each
    assert {extra.name: extra.label for extra in first.extras} == {"size": "size", "device": "Phone"}
    assert {extra.name for extra in second.extras} == {"size", "device"}
    assert [rule.rule for rule in first.rules] == [rule.rule for rule in second.rules] == ["no tests"]
    assert second.rules[0].keep == "TRUE" and second.table == "customers"


def test_feeds_of_one_table_agree_in_what_holds_for_all_of_its_rows():
    feeds = [naming.named("customers", Feed(("a",), merge=merge), optional=False) for merge in (True, False)]
    with pytest.raises(ValueError, match="tables.customers.merge: its feeds differ"):
        naming.together(feeds)


def test_only_what_describes_customers_is_known_as_of_the_export():
    marked = Origin(as_of_export=True)
    with pytest.raises(
        ValueError, match="tables.orders: 'channel' cannot be as_of_export. Only what describes customers"
    ):
        naming.named("orders", Feed(("a",), columns={"channel": marked}), optional=True)
    with pytest.raises(ValueError, match="tables.experiments: 'age' cannot be as_of_export."):
        naming.named("experiments", Feed(("a",), covariates={"age": Extra(origin=marked)}), optional=True)


def test_a_column_that_says_no_header_is_called_so():
    marked = Origin(as_of_export=True)
    feed = naming.named(
        "customers", Feed(("a",), columns={"level": marked}, attributes={"points": Extra(origin=marked)}), False
    )
    assert feed.origin("level") == Origin(("level",), as_of_export=True)
    assert feed.origin("points") == Origin(("points",), as_of_export=True)
