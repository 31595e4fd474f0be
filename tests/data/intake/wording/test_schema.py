"""A hundred wrong settings, each told in one sentence that names where it stands; and every setting is described."""

import pytest

from helpers.data.datasets import PROJECT
from helpers.data.intake.wording import schema, settings

ORDERS = "[tables.orders]\nfile = 'a.csv'\n"
CUSTOMERS = "[tables.customers]\nfile = 'a.csv'\n"
TESTS = "[tables.experiments]\nfile = 'a.csv'\n[tables.experiments.metrics]\nbought = { kind = 'proportion' }\n"
TRIAL = TESTS + "[experiments.mail]\n"

WRONG = [
    # the top
    ("title = 3", "title = 3: write a text"), ("title = ''", "title = '': it is empty"), ("title = ['a']", "title"),
    ("titel = 'x'", "dataset.toml: 'titel' is not a setting. Did you mean 'title'?"),
    ("colour = 'x'", "dataset.toml: 'colour' is not a setting"), ("feeds = {}", "dataset.toml: 'feeds' is not a setting"),
    ("preset = 3", "preset = 3"), ("preset = 'zohoo'", "preset = 'zohoo': choose one of"), ("preset = true", "preset"),
    ("time_zone = 'Asia/Shangai'", "time_zone = 'Asia/Shangai': no such time zone. Did you mean 'Asia/Shanghai'?"),
    ("languages = ['en', 'fr']", "languages = ['en', 'fr']: language = 'fr': choose one of en, zh"),
    ("languages = ['en', 'en']", "languages"),
    ("time_zone = 'CST+8'", "time_zone"), ("time_zone = 8", "time_zone = 8: write a text"), ("time_zone = ''", "time_zone"),
    ("currency = 'yuan'", "currency = 'yuan': write its three capital letters"), ("currency = 1", "currency = 1"),
    ("currency = 'cny'", "currency"), ("currency = '人民币'", "currency"),
    ("contractual = 'no'", "contractual = 'no': write true or false, without quotes"), ("contractual = 1", "contractual = 1"),
    ("contractual = 'true'", "contractual"), ("observed_from = 2023", "observed_from = 2023: write a date"),
    ("observed_from = '2023-02-30'", "observed_from = '2023-02-30': write a date"), ("observed_on = true", "observed_on"),
    ("observed_on = '30/06/2025'", "observed_on = '30/06/2025': write a date"), ("observed_on = 12:00:00", "observed_on"),
    ("policy = 'net'", "policy = 'net': write a table"), ("policy = []", "policy = []: write a table"),
    ("tables = 'orders.csv'", "tables = 'orders.csv': write a table"), ("tables = ['a']", "tables"),
    ("experiments = 3", "experiments = 3: write a table"), ("notebooks = 'churn'", "notebooks = 'churn': write a table"),
    ("encoding = 'utf-9'\n" + ORDERS, "encoding = 'utf-9': no such encoding"),
    ("delimiter = ',,'\n" + ORDERS, "delimiter = ',,': write auto, or the one character"),
    ("encoding = 'utf-9'", "encoding = 'utf-9': no such encoding"), ("delimiter = 9", "delimiter = 9: write a text"),
    # policies
    ("[policy]\nrefunds = 'nett'", "policy.refunds = 'nett': choose one of net, drop, keep. Did you mean 'net'?"),
    ("[policy]\nrefund = 'net'", "policy: 'refund' is not a setting. Did you mean 'refunds'?"),
    ("[policy]\nduplicates = 'net'", "policy.duplicates = 'net': choose one of keep, drop"),
    ("[policy]\ncancellations = true", "policy.cancellations = True: choose one of"),
    ("[policy]\ncancellations = ['net']", "policy.cancellations"),
    # tables
    ("[tables.order]\nfile = 'x'", "tables = 'order': choose one of"), ("[tables]\norders = 'a.csv'", "tables.orders = 'a.csv'"),
    ("[tables.orders]\nfille = 'x'", "tables.orders: 'fille' is not a setting. Did you mean 'file'?"),
    ("[tables.orders]\nskip = 1", "tables.orders: missing file"), ("[tables.orders]\nfile = 3", "tables.orders.file = 3"),
    ("[tables.orders]\nfile = ''", "tables.orders.file"), ("[tables.orders]\nfile = []", "tables.orders.file = []: it is empty"),
    ("[tables.orders]\nfile = ['a', 3]", "tables.orders.file.1 = 3: write a text"),
    ("[tables.orders]\nfile = { name = 'a' }", "tables.orders.file"),
    (ORDERS + "table = 'a'\nsheet = 'b'", "tables.orders: a feed has one table"),
    (ORDERS + "table = 3", "tables.orders.sheet = 3: write a text"), (ORDERS + "also = []", "tables.orders: 'also' is not"),
    (ORDERS + "query = 3", "tables.orders.query = 3: write a text"), (ORDERS + "unpivot = 'q*'", "tables.orders.unpivot = 'q*'"),
    (ORDERS + "unpivot = { columns = 'q*', name = 'question' }", "tables.orders.unpivot: missing value. Write it, such as"),
    (ORDERS + "unpivot = { columns = [], name = 'a', value = 'b' }", "tables.orders.unpivot.columns = []: it is empty"),
    (ORDERS + "unpivot = { colums = 'q', name = 'a', value = 'b' }", "tables.orders.unpivot: 'colums' is not a setting"),
    ("[tables]\norders = []", "tables.orders = []: write a table"), ("[tables]\norders = [3]", "tables.orders"),
    ("[[tables.orders]]\nfile = 'a'\n[[tables.orders]]\nskip = 1", "tables.orders[2]: missing file"),
    ("[[tables.orders]]\nfile = 'a'\n[[tables.orders]]\nfile = 'b'\nskip = -1", "tables.orders[2].skip = -1"),
    ("[[tables.orders]]\nfile = 'a'\n[[tables.orders]]\nfile = 'b'\nanonymous = true", "tables.orders.anonymous: its feeds"),
    (ORDERS + "optional = true", "tables.orders: 'optional' is not a setting"),
    (ORDERS + "encoding = 3", "tables.orders.encoding = 3"), (ORDERS + "encoding = 'rot13'", "tables.orders.encoding"),
    (ORDERS + "encoding = 'hex'", "tables.orders.encoding"), (ORDERS + "delimiter = ''", "tables.orders.delimiter = ''"),
    (ORDERS + "delimiter = '\"'", "tables.orders.delimiter"), (ORDERS + "sheet = 1", "tables.orders.sheet = 1: write a text"),
    (ORDERS + "skip = -1", "tables.orders.skip = -1"), (ORDERS + "skip = '1'", "tables.orders.skip = '1': write a whole number"),
    (ORDERS + "skip = 1.5", "tables.orders.skip = 1.5"), (ORDERS + "skip = true", "tables.orders.skip = True"),
    (ORDERS + "anonymous = 'no'", "tables.orders.anonymous = 'no': write true or false"),
    (ORDERS + "merge = 0", "tables.orders.merge = 0: write true or false"),
    (ORDERS + "fields = ['order_id', 1, 8]", "tables.orders.fields.0 = 'order_id': a name, its first column"),
    (ORDERS + "fields = [['order_id', 1]]", "tables.orders.fields.0"), (ORDERS + "fields = 8", "tables.orders.fields = 8"),
    (ORDERS + "fields = [['order_id', 0, 8]]", "tables.orders.fields.0"), (ORDERS + "fields = [['', 1, 8]]", "tables.orders.fields.0"),
    (ORDERS + "fields = [['order_id', '1', 8]]", "tables.orders.fields.0"),
    (ORDERS + "time_layouts = '%d/%m'", "tables.orders.time_layouts.0 = '%d/%m': write it with"),
    (ORDERS + "time_layouts = [3]", "tables.orders.time_layouts.0 = 3"), (ORDERS + "time_layouts = 3", "tables.orders.time_layouts"),
    (ORDERS + "columns = 'order_id'", "tables.orders.columns = 'order_id': write a table"),
    (ORDERS + "columns = { ordered = 'x' }", "tables.orders.columns: 'ordered' is not a column of orders. Did you mean"),
    (ORDERS + "columns = { amount = 3 }", "tables.orders.columns.amount = 3"),
    (ORDERS + "columns = { amount = '' }", "tables.orders.columns.amount"),
    (ORDERS + "columns = { amount = [3] }", "tables.orders.columns.amount"),
    (ORDERS + "columns = { amount = { form = 'x' } }", "tables.orders.columns.amount: 'form' is not a setting. Did you mean 'from'?"),
    (ORDERS + "columns = { amount = { from = 'x', sql = 'x' } }", "tables.orders.columns.amount: a column has one origin"),
    (ORDERS + "columns = { amount = { sql = 3 } }", "tables.orders.columns.amount.sql = 3: write a text"),
    (ORDERS + "columns = { amount = { sql = 'x +' } }", "tables.orders.columns.amount.sql = 'x +': not an SQL expression"),
    (ORDERS + "columns = { amount = { sql = \"read_text('/etc/passwd')\" } }", "tables.orders.columns.amount.sql"),
    (ORDERS + "attributes = { seats = 'x' }", "tables.orders.attributes: only customers have attributes"),
    (ORDERS + "metrics = { seats = 'x' }", "tables.orders.metrics: only experiments have metrics"),
    (CUSTOMERS + "covariates = { seats = 'x' }", "tables.customers.covariates: only experiments have covariates"),
    (CUSTOMERS + "attributes = ['industry']", "tables.customers.attributes = ['industry']: write a table"),
    (CUSTOMERS + "attributes = { city = 'x' }", "tables.customers.attributes: 'city' is the name of another column"),
    (CUSTOMERS + "attributes = { monetary = 'x' }", "tables.customers.attributes: 'monetary' is the name of another column"),
    (CUSTOMERS + "attributes = { mask_0 = 'x' }", "tables.customers.attributes: 'mask_0'"),
    (CUSTOMERS + "attributes = { file_row = 'x' }", "tables.customers.attributes: 'file_row'"),
    (CUSTOMERS + "attributes = { \"a b\" = 'x' }", "tables.customers.attributes: 'a b' is no name"),
    (CUSTOMERS + "attributes = { \"x\\\" FROM y\" = 'x' }", "tables.customers.attributes"),
    (CUSTOMERS + "attributes = { seats = { type = 'numeric' } }", "tables.customers.attributes.seats.type = 'numeric': choose one of text, number"),
    (CUSTOMERS + "attributes = { seats = { typ = 'number' } }", "tables.customers.attributes.seats: 'typ' is not a setting"),
    (CUSTOMERS + "attributes = { seats = 3 }", "tables.customers.attributes.seats = 3"),
    (CUSTOMERS + "attributes = { seats = { label = 3 } }", "tables.customers.attributes.seats.label = 3"),
    (ORDERS + "rules = 'x'", "tables.orders.rules"), (ORDERS + "rules = [{ rule = 'r' }]", "tables.orders.rules.0: missing keep"),
    (ORDERS + "rules = [{ rule = 'r', kep = 'x' }]", "tables.orders.rules.0: 'kep' is not a setting. Did you mean 'keep'?"),
    (ORDERS + "rules = [{ rule = '', keep = 'x' }]", "tables.orders.rules.0.rule"),
    (ORDERS + "rules = [{ rule = 'r', keep = '(SELECT 1)' }]", "tables.orders.rules.0.keep = '(SELECT 1)'"),
    (ORDERS + "join = 'b.csv'", "tables.orders.join"), (ORDERS + "join = [{ on = 'id' }]", "tables.orders.join.0: missing file"),
    (ORDERS + "join = [{ file = 'b.csv' }]", "tables.orders.join.0: missing on"),
    (ORDERS + "join = [{ file = 'b.csv', on = [] }]", "tables.orders.join.0.on"),
    (ORDERS + "join = [{ file = 'b.csv', on = 'id', how = 'left' }]", "tables.orders.join.0: 'how' is not a setting"),
    # experiments
    (TESTS.replace("'proportion'", "'rate'"), "tables.experiments.metrics.bought.kind = 'rate': choose one of proportion"),
    (TESTS.replace("kind = 'proportion'", "missing = 0"), "tables.experiments.metrics.bought.missing = 0: choose one of 0"),
    (TESTS.replace("kind = 'proportion'", "cap = 2"), "tables.experiments.metrics.bought.cap = 2: a lower and an upper quantile"),
    (TESTS + "spend = { kind = 'ratio' }", "tables.experiments.metrics.spend.per = '': choose one of bought"),
    (TESTS + "[tables.experiments.covariates]\nbought = 'x'", "tables.experiments: 'bought' is both a metric and a covariate"),
    (TRIAL + "unti = 'store'", "experiments.mail: 'unti' is not a setting. Did you mean 'unit'?"),
    (TRIAL + "control = 1", "experiments.mail.control = 1: write a text"), (TRIAL + "weights = [1, 2]", "experiments.mail.weights"),
    (TRIAL + "weights = { control = 'a' }", "experiments.mail.weights.control = 'a': write a number"),
    (TRIAL + "weights = { control = -1 }", "experiments.mail.weights.control = -1: write a number of at least 0"),
    (TRIAL + "primary = 'bougt'", "experiments.mail.primary = 'bougt': choose one of bought. Did you mean 'bought'?"),
    (TRIAL + "guardrails = ['bought']", "experiments.mail.guardrails = ['bought']: write a table"),
    (TRIAL + "guardrails = { spned = 0.1 }", "experiments.mail.guardrails = 'spned': choose one of bought"),
    (TRIAL + "guardrails = { bought = -0.02 }", "experiments.mail.guardrails.bought = -0.02"),
    (TRIAL + "guardrails = { bought = true }", "experiments.mail.guardrails.bought = True: write a number"),
    (TRIAL + "unit = 'store'", "experiments.mail.unit = 'store': choose one of"),
    ("experiments = { mail = 3 }", "experiments.mail = 3: write a table"),
    ("health = { weigths = {} }", "health: 'weigths' is not a setting. Did you mean 'weights'?"),
    ("health.weights.recensy = 1", "health.weights"), ("health.weights.recency = -1", "health.weights.recency = -1: write a number of at least 0"),
    ("health.bands = [75, 50]", "health.bands = [75, 50]: write two scores between 0 and 100, the lower first"),
    ("health = 3", "health = 3: write a table"), ("health.bands = 50", "health.bands = 50: write two scores"),
    ("health.weighting = 'even'", "health.weighting = 'even': choose one of auto"),
    ("notebooks = { churn = 3 }", "notebooks.churn = 3: write a table"),
    # bounds, and what one of several kinds of value may be
    ("smallest_group = 4", "smallest_group = 4: write a number of at least 5."),
    ("smallest_group = 1001", "smallest_group = 1001: write a number of at most 1000."),
    ("plan.margin = 2", "plan.margin = 2: "),
    (ORDERS + "columns.amount.sql = ''", "tables.orders.columns.amount: sql is empty."),
    # loyalty
    ("loyalty = 3", "loyalty = 3: write a table"), ("[loyalty]\ntier = []", "loyalty: 'tier' is not a setting. Did you mean"),
    ("[loyalty]\npoint_value = -1", "loyalty.point_value = -1: write a number of at least 0"),
    ("[[loyalty.tiers]]\nname = 'a'\nspend = 0", "loyalty.tiers.0.spend = 0: write a number above 0"),
    ("[[loyalty.tiers]]\nname = 'a'\nspend = 9\nbenefit_rate = 5", "loyalty.tiers.0.benefit_rate = 5: a part of the whole"),
    ("[[loyalty.tiers]]\nname = 'a'\nspend = 9\nwindow_days = 0", "loyalty.tiers.0.window_days = 0"),
    # no TOML
    ("title = ", "dataset.toml of"), ("title = 'a'\ntitle = 'b'", "dataset.toml of"), ("[a", "dataset.toml of"),
]  # fmt: skip


@pytest.mark.parametrize(("toml", "sentence"), WRONG)
def test_a_wrong_setting_is_told_in_one_sentence_that_names_it(tmp_path, toml, sentence):
    (tmp_path / "dataset.toml").write_text(toml, encoding="utf-8")
    with pytest.raises(ValueError) as caught:
        settings.read(tmp_path)
    told = str(caught.value)
    assert told.startswith(sentence) and "\n" not in told and "pydantic" not in told and told.endswith((".", "?"))


def test_the_readme_of_raw_data_has_every_setting():
    assert schema.as_markdown() in (PROJECT / "data" / "raw" / "README.md").read_text(encoding="utf-8")


def test_a_hundred_are_tried():
    assert len(WRONG) >= 100


@pytest.mark.parametrize("kind", dict.fromkeys(kind for kinds in schema.PLACES.values() for kind in kinds))
def test_every_setting_is_described_but_those_that_reading_fills_in(kind):
    filled_in = {"table", "also", "optional", "name", "role", "origin"}
    undescribed = {name for name, field in kind.__pydantic_fields__.items() if not field.description}
    assert undescribed <= filled_in and schema.described(kind)
