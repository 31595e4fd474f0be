"""The columns of this room's tables: rows and what became of them, columns and what they hold, what looks wrong."""

from __future__ import annotations

from helpers.data import contracts
from helpers.findings.columns import Column, Kind
from helpers.findings.vocabulary import RULE, TABLE

# what became of rows
READ = Column("read", Kind.COUNT, "how many rows were read from the files")
USED = Column("used", Kind.COUNT, "how many of them are used")
MERGED = Column("merged", Kind.COUNT, "how many were merged with another row of the same key")
QUARANTINED = Column("quarantined", Kind.COUNT, "how many were set aside with a reason")
GUESTS = Column(
    "guest",
    Kind.COUNT,
    "how many are whole but for their customer, as sales to guests are",
    heading="Without a customer",
)
LATER = Column("later", Kind.COUNT, "how many are later than the report's day")
UNEXPLAINED = Column(
    "unexplained", Kind.COUNT, "how many have no outcome (below zero: more than one); none, if all is well"
)
QUARANTINED_SHARE = Column("quarantined_share", Kind.SHARE, "share of the rows read that was set aside")
RULE_OR_POLICY = Column(
    "rule",
    Kind.CODE,
    "the policy, or the rule that rows break",
    words={
        **RULE.words,
        "cancellations: {}": "policy on cancellations",
        "refunds: {}": "policy on refunds",
        "negatives: {}": "policy on amounts below zero",
        "duplicates: {}": "policy on equal rows",
    },
    fields=True,
)
OF_TABLES = Column("table", Kind.CODE, "the table whose rows it concerns, or all", words={**TABLE.words, "all": "all"})
ROWS_CONCERNED = Column("rows_concerned", Kind.COUNT, "how many rows the rule or the pattern concerns", heading="Rows")
ROWS_SET_ASIDE = Column("rows_set_aside", Kind.COUNT, "for how many of them it was the first rule that they break")
RULE_MEANING = Column(
    "done_with_rows",
    Kind.CODE,
    "what is done with such rows",
    heading="Meaning",
    words={
        "cancellations_net": "a cancelled order is money given back, not an order",
        "cancellations_drop": "cancelled rows are set aside",
        "cancellations_keep": "cancelled orders count like any other",
        "refunds_net": "refunds are taken off the money",
        "refunds_drop": "orders with a refund are set aside",
        "refunds_keep": "refunds are counted but not taken off",
        "negatives_refund": "an amount below zero is money given back, not an order",
        "negatives_drop": "rows below zero are set aside",
        "negatives_keep": "orders below zero count like any other",
        "duplicates_keep": "rows equal in every column are all used",
        "duplicates_drop": "of rows equal in every column the first is used",
        "broken": "such rows are set aside",
        "guest": "such rows are told apart, as sales to guests",
        "emptied": "such rows are used without the value",
    },
)

PLACE = Column("place", Kind.NAME, "a column of a table, or a rule on one, as a figure names it")

# as what columns were read
READING = Column("reading", Kind.NAME, "how its values are written; empty where plainly", heading="Written with")
STAND_INS = Column(
    "stand_ins",
    Kind.NAME,
    "numbers on several rows, far from all others, that may stand for none",
    heading="Perhaps none",
)
VALUES_READ = Column("values_read", Kind.COUNT, "how many of its cells say something")
UNREADABLE = Column("unreadable", Kind.COUNT, "how many of them could not be read")
UNREADABLE_SHARE = Column("unreadable_share", Kind.SHARE, "share of its values that could not be read")

# rows that repeat another one
ROWS_READ = Column("rows_read", Kind.COUNT, "how many rows were read from the files")
EQUAL_ROWS = Column("equal_rows", Kind.COUNT, "how many rows read equal an earlier one in every column")
REPEATED_KEYS = Column("repeated_keys", Kind.COUNT, "how many rows read have the key of an earlier one")
EQUAL_BUT_NUMBER = Column(
    "equal_but_number",
    Kind.COUNT,
    "how many rows in use equal an earlier one in all but their own number",
    heading="Equal but for the number",
)
REPEATS = Column("repeats", Kind.COUNT, "how many rows repeat an earlier one in any of these ways")

# how fresh and how connected tables are
ROWS_LEFT_OUT = Column("rows_left_out", Kind.COUNT, "rows later than the report's day, or of an order that is not used")
UNDATED_ROWS = Column("undated_rows", Kind.COUNT, "how many rows do not say when they happened")
FIRST_FACT_ON = Column("first_fact_on", Kind.DATE, "the day of the table's first fact")
LAST_FACT_ON = Column("last_fact_on", Kind.DATE, "the day of its last fact")
BEHIND_DAYS = Column("behind_days", Kind.DAYS, "days from the last fact to the report's day")
KEY = Column("key", Kind.FIELD, "the column that names a row of another table")
REFERS_TO = Column("refers_to", Kind.CODE, "that other table", words=TABLE.words)
ROWS_WITH_KEY = Column("rows_with_key", Kind.COUNT, "how many rows have the key", heading="Rows")
WITHOUT_MATCH = Column("without_match", Kind.COUNT, "how many of them name what the other table does not have")
WITHOUT_MATCH_SHARE = Column("without_match_share", Kind.SHARE, "share of the rows with the key that do")
MONEY_WITHOUT_MATCH = Column("money_without_match", Kind.MONEY, "money on these rows")
KEYS_WITHOUT_MATCH = Column("keys_without_match", Kind.COUNT, "how many different values of the key have no match")
NEVER_NAMED = Column("never_named", Kind.COUNT, "how many rows of the other table no row here names")
FIRST = Column("first_{}", Kind.NAME, "the first month (or day) with rows")
LAST = Column("last_{}", Kind.NAME, "the last month (or day) with rows")
WITHOUT_ROWS = Column("{}s_without_rows", Kind.COUNT, "how many months (or days) between these have no row")
FEWEST_ROWS = Column("fewest_rows", Kind.COUNT, "the fewest rows of a month (or day)")
MEDIAN_ROWS = Column("median_rows", Kind.NUMBER, "the median of the rows of its months (or days)")
MOST_ROWS = Column("most_rows", Kind.COUNT, "the most rows of a month (or day)")

# checks
CHECK = Column(
    "check",
    Kind.CODE,
    "what is checked",
    words={
        "accounted": "rows read are used, merged or quarantined",
        "contract": "rows keep the contract",
        "repeats": "no row repeats another",
        "known": "rows used are known by the report's day",
        "current": "tables go on to the report's day",
        "keys": "keys find their match",
        "months": "no month without rows",
        "days": "no day without rows",
        "shared": "no number is shared by customers or days",
        "money": "orders have an amount",
    },
)
FAILING = Column("failing", Kind.COUNT, "how many cases fail the check")
FAILING_SHARE = Column("failing_share", Kind.SHARE, "share of the cases that fail")
MOST_IN = Column("most_in", Kind.CODE, "the table with most of them; none where none fails", words=TABLE.words)
HOLDS = Column("holds", Kind.FLAG, "whether no case fails")

# what columns hold
COLUMN_KIND = Column(
    "kind",
    Kind.CODE,
    "what the column holds, by the contract or by its values",
    words={
        contracts.ID: "id",
        contracts.TEXT: "text",
        contracts.PROSE: "prose",
        contracts.FLAG: "flag",
        contracts.INTEGER: "integer",
        contracts.NUMBER: "number",
        contracts.TIME: "time",
    },
)
MISSING = Column("missing", Kind.COUNT, "how many rows have no value")
MISSING_SHARE = Column("missing_share", Kind.SHARE, "share of the rows that have none")
DISTINCT = Column("distinct", Kind.COUNT, "how many different values there are; of times how many days")
LOWEST = Column("lowest", Kind.NUMBER, "the lowest number; none of what describes a person")
FIVE_QUANTILES = (
    Column("q05", Kind.NUMBER, "the number that 5% of the values lie below", heading="5%"),
    Column("q25", Kind.NUMBER, "the number that a quarter of the values lie below", heading="25%"),
    Column("median", Kind.NUMBER, "the number that half of the values lie below"),
    Column("q75", Kind.NUMBER, "the number that three quarters of the values lie below", heading="75%"),
    Column("q95", Kind.NUMBER, "the number that 95% of the values lie below", heading="95%"),
)
HIGHEST = Column("highest", Kind.NUMBER, "the highest number; none of what describes a person")
EARLIEST = Column("earliest", Kind.DATE, "the earliest time; none of what describes a person")
LATEST = Column("latest", Kind.DATE, "the latest time; none of what describes a person")
RANGE = Column(
    "range", Kind.CODE, "both ends of the values, where they may be shown", words={"": "", "{} to {}": "{} to {}"}
)
MEDIAN_WITH_QUARTILES = Column(
    "median_with_quartiles",
    Kind.CODE,
    "the median, and between what half of the values lie",
    words={"": "", "{} ({} to {})": "{} ({} to {})"},
)
COLUMNS = Column("columns", Kind.COUNT, "how many columns")
WITH_GAPS = Column("with_gaps", Kind.COUNT, "how many of them have a value in some rows and none in others")
WITHOUT_ANY_VALUE = Column("without_any_value", Kind.COUNT, "how many of them have no value in any row")
LEVEL = Column(
    "level",
    Kind.NAME,
    "the value that rows share, or all others together; of a profile also the bin or place",
    heading="Its value",
)
MOST_FREQUENT = Column("most_frequent", Kind.NAME, "the value that most rows have, of those that may be shown")
LEVELS_SHOWN = Column("levels_shown", Kind.COUNT, "how many values may be shown")
OTHERS_SHARE = Column("others_share", Kind.SHARE, "share of the rows with any other value")

# what the next report compares with
PROFILE_MEASURE = Column(
    "measure",
    Kind.CODE,
    "what is measured of the table or the column",
    words={
        "rows": "rows of the table",
        "missing_share": "share of missing values",
        "distinct": "different values",
        "quantile": "quantile",
        "edge": "edge of two bins",
        "share": "share of a value or a bin",
    },
)
CHANGE = Column(
    "change",
    Kind.CODE,
    "what changed since the report before",
    words={
        "appeared": "appeared",
        "vanished": "vanished",
        "rows": "rows",
        "missing": "missing",
        "distribution": "distribution",
        "new_value": "new value",
        "value_gone": "value gone",
    },
)
BEFORE = Column("before", Kind.NAME, "how it was in the report before")
NOW = Column("now", Kind.NAME, "how it is now")
SIZE = Column("size", Kind.CODE, "how large the change is", words=("large", "moderate"))

# what looks wrong
PATTERN = Column(
    "pattern",
    Kind.CODE,
    "what is suspicious",
    words={
        "spreadsheet_id": "identifier as a number",
        "digits_lost": "digits lost",
        "placeholder_id": "placeholder identifier",
        "common_id": "one customer for many",
        "sentinel": "sentinel value",
        "impossible_age": "impossible age",
        "usual_year": "year filled in by habit",
        "stray_time": "stray dates",
        "later": "later than the report",
        "constant": "constant",
        "new_unit": "change of unit",
        "new_scale": "change of scale",
        "spellings": "several spellings",
        "placeholder": "words for nothing",
    },
)
PATTERN_MEANING = Column(
    "looks_like",
    Kind.CODE,
    "what the pattern looks like",
    heading="Meaning",
    words={
        "spreadsheet_id": "identifiers written as a spreadsheet writes numbers: 17850.0, 1.2E+17",
        "digits_lost": "long identifiers that end in zeros after the 15th digit, which is all a spreadsheet keeps",
        "placeholder_id": "identifiers such as 0, 9999 or unknown, that stand for nobody",
        "common_id": "one customer has a tenth of the rows or more, as an anonymous account does",
        "sentinel": "a repeated number far from all others, such as 999 or -1",
        "impossible_age": "born after the report's day, or more than 110 years before it",
        "usual_year": "a year of birth or an age many times as frequent as those beside it",
        "stray_time": "a few dates a year or more away from all others",
        "later": "a few rows later than the report's day",
        "constant": "the same value in every row",
        "new_unit": "all medians from some month on at least 5 times those before, or a fifth of them",
        "new_scale": "all highest scores from some month on above the end of the scale before",
        "spellings": "values that differ only in case, spaces or width of letters",
        "placeholder": "texts such as unknown, N/A or 未知, which count as values",
    },
)
EVIDENCE = Column("evidence", Kind.NAME, "what shows it")
ROWS_SHARE = Column("rows_share", Kind.SHARE, "share of the table's rows that it concerns")
