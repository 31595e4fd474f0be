"""A data set's own words are laid over its preset's, and mistyped ones are met with a sentence."""

import zipfile

import pytest

from helpers.data.intake.wording import settings


def read(folder, toml, preset=""):
    (folder / "dataset.toml").write_text(toml, encoding="utf-8")
    return settings.read(folder, preset)


def test_own_words_win_over_the_presets_and_columns_are_merged(tmp_path):
    words = read(
        tmp_path,
        """
        preset = "superstore_zh"
        title = "My shop"
        [policy]
        cancellations = "keep"
        [tables.order_items]
        file = "订单.csv"
        encoding = "gb18030"
        [tables.order_items.columns]
        category = "子类别"
    """,
    )
    items = words.feeds["order_items"]
    assert (words.title, words.currency, words.policy.cancellations) == ("My shop", "CNY", "keep")
    assert (items.file, items.encoding, items.optional) == (("订单.csv",), "gb18030", False)
    assert items.columns["category"].headers == ("子类别",)
    assert items.columns["order_id"].headers == ("订单 ID",)
    assert words.feeds["customers"].optional


@pytest.mark.parametrize(
    "toml, day",
    [
        ("title = 'x'", ""),
        ("observed_from = 2023-07-01", "2023-07-01"),
        ("observed_from = '2023-07-01'", "2023-07-01"),
    ],
)
def test_the_day_from_which_ends_were_recorded_is_a_date_or_text_and_empty_by_default(tmp_path, toml, day):
    assert read(tmp_path, toml).observed_from == day


@pytest.mark.parametrize("name", settings.preset_names())
def test_every_preset_reads(tmp_path, name):
    words = settings.read(tmp_path, name)
    assert words.feeds and words.preset == name


METRIC = "[tables.experiments]\nfile = 'x'\n[tables.experiments.metrics]\norders = 'orders'\nspend = "


def test_a_metric_says_its_kind_its_denominator_and_its_caps(tmp_path):
    words = "{ from = 'amount', kind = 'ratio', per = 'orders', cap = [0, 0.99] }"
    spend = read(tmp_path, METRIC + words).metrics["spend"]
    assert (spend.kind, spend.per, spend.cap) == ("ratio", "orders", (0.0, 0.99))
    plain = read(tmp_path, METRIC + "{ kind = 'count' }").metrics["spend"]
    assert (plain.kind, plain.per, plain.cap) == ("count", "", None)


@pytest.mark.parametrize(
    "words, sentence",
    [
        ("{ kind = 'ratio', per = 'order' }", "spend.per = 'order': choose one of orders. Did you mean 'orders'?"),
        ("{ kind = 'ratio' }", "spend.per = '': choose one of orders."),
        ("{ kind = 'ratio', per = 'spend' }", "spend.per = 'spend': choose one of orders."),
        ("{ kind = 'mean', per = 'orders' }", "spend.per = 'orders': only a ratio has one."),
        ("{ cap = 0.99 }", "spend.cap = 0.99: a lower and an upper quantile"),
        ("{ cap = [0.99, 0.01] }", "spend.cap = [0.99, 0.01]: a lower and an upper quantile"),
    ],
)
def test_a_metric_that_cannot_be_is_named_with_the_remedy(tmp_path, words, sentence):
    with pytest.raises(ValueError) as caught:
        read(tmp_path, METRIC + words)
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    "table, words, sentence",
    [
        (
            "experiment_totals",
            "'x'",
            ".spend: a mean is compared by its spread. Name the column with the sum of squares",
        ),
        (
            "experiment_totals",
            "{ kind = 'ratio', per = 'orders' }",
            ".spend: sums tell no ratio and no cap. Leave it out",
        ),
        ("experiment_totals", "{ squares = 'y', cap = [0, 0.9] }", ".spend: sums tell no ratio and no cap."),
        ("experiments", "{ squares = 'y' }", ".spend.squares: only totals have them. Leave it out."),
    ],
)
def test_totals_have_what_sums_tell(tmp_path, table, words, sentence):
    head = f"[tables.{table}]\nfile = 'x'\n[tables.{table}.metrics]\norders = {{ kind = 'proportion' }}\nspend = "
    with pytest.raises(ValueError) as caught:
        read(tmp_path, head + words)
    assert f"tables.{table}.metrics{sentence}" in str(caught.value)


@pytest.mark.parametrize(
    "toml, sentence",
    [
        ("titel = 'x'", "dataset.toml: 'titel' is not a setting. Did you mean 'title'?"),
        ("[policy]\nrefunds = 'nett'", "policy.refunds = 'nett': choose one of net, drop, keep. Did you mean 'net'?"),
        ("[tables.order]\nfile = 'x'", "tables = 'order': choose one of"),
        ("[tables.orders]\nfille = 'x'", "tables.orders: 'fille' is not a setting. Did you mean 'file'?"),
        ("[tables.orders]\nskip = 1", "tables.orders: missing file."),
        (
            "[experiments.mail]\nunti = 'store'",
            "experiments.mail: 'unti' is not a setting. Did you mean 'unit'?",
        ),
        (
            "[tables.orders]\nfile = 'x'\n[tables.orders.columns]\nordered = 'x'",
            "tables.orders.columns: 'ordered' is not a column of orders. Did you mean 'ordered_at'?",
        ),
        ("preset = 'zohoo'", "preset = 'zohoo': choose one of"),
        ("title = ", "dataset.toml of"),
    ],
)
def test_a_mistyped_word_is_named_with_the_remedy(tmp_path, toml, sentence):
    with pytest.raises(ValueError) as caught:
        read(tmp_path, toml)
    assert sentence in str(caught.value)


def test_a_folder_without_words_is_recognised_by_its_files_or_refused(tmp_path):
    (tmp_path / "hillstrom.csv.gz").touch()
    assert settings.read(tmp_path).preset == "hillstrom"
    (tmp_path / "hillstrom.csv.gz").unlink()
    with pytest.raises(ValueError, match="it has no dataset.toml, and its files fit no preset"):
        settings.read(tmp_path)


def test_a_list_of_feeds_is_laid_over_the_preset_one_by_one(tmp_path):
    (tmp_path / "dataset.toml").write_text(
        "preset = 'zoho'\nencoding = 'gb18030'\n[[tables.customers]]\nfile = 'a.csv'\n"
        "[[tables.customers]]\nfile = 'b.csv'\nencoding = 'utf-8'\n[tables.customers.columns]\ncity = 'Town'\n"
    )
    first, second = settings.read(tmp_path).feeds["customers"].each
    assert (first.file, first.encoding, second.file, second.encoding) == (("a.csv",), "gb18030", ("b.csv",), "utf-8")
    assert second.columns["city"].headers == ("Town",) != first.columns["city"].headers
    assert second.columns["customer_id"] == first.columns["customer_id"]
    assert not first.optional and not second.optional


def test_a_table_of_a_database_is_named_as_a_sheet_is(tmp_path):
    (tmp_path / "dataset.toml").write_text("[tables.orders]\nfile = 'shop.db'\ntable = 'sales'\n")
    assert settings.read(tmp_path).feeds["orders"].sheet == "sales"


def test_a_preset_is_known_by_files_in_an_archive_too(tmp_path):
    with zipfile.ZipFile(tmp_path / "archive.zip", "w") as archive:
        archive.writestr("tmall_order_report.csv", "a\n1\n")
    assert settings.recognised_preset(tmp_path) == "tmall"
