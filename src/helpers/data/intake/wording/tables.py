"""What a dataset.toml may say of a table: its files, where its columns come from, rules, joins, extra columns."""

from __future__ import annotations

from dataclasses import field
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    model_validator,
)
from pydantic.dataclasses import dataclass

from helpers.data.intake.wording.forms import WORDS, Words, described, known
from helpers.data.intake.wording.values import (
    Cut,
    Delimiter,
    Encoding,
    Files,
    Headers,
    Layouts,
    Quantiles,
    Sql,
    Text,
    Texts,
    expression,
)
from helpers.language import _

Kind = Literal["proportion", "mean", "count", "ratio"]  # of a metric
Role = Literal["attributes", "metrics", "covariates"]
ROLES: dict[str, tuple[Role, ...]] = {
    "customers": ("attributes",),
    "experiments": ("metrics", "covariates"),
    "experiment_totals": ("metrics",),
}
OWN_COLUMNS = ("file", "file_row", "broken", "value", "row_hash")  # which reading adds to those of a file


def _of_numbers(given: Any) -> Any:
    """Metrics, which are numbers unless they say otherwise."""
    if not isinstance(given, dict):
        return given
    return {
        name: {"type": "number"} | ({"from": each} if isinstance(each, str | list) else each)
        if isinstance(each, str | list | dict)
        else each
        for name, each in given.items()
    }


@dataclass(frozen=True, config=WORDS)
class Origin(Words):
    """Where a column comes from: the first header found among `headers`, or an SQL expression over the file."""

    headers: Annotated[Texts, Field(alias="from", description="a header, or a list: the first found counts")] = ()
    sql: Annotated[Sql, Field(description="an expression over the columns of the row, which are texts")] = ""
    decimal: Annotated[
        Literal[".", ",", ""], Field(description="of numbers: the decimal mark, where the values do not prove it")
    ] = ""
    time_layouts: Annotated[Layouts, Field(description="of times: how they are written, such as %d/%m/%Y")] = ()
    as_of_export: Annotated[
        StrictBool,
        Field(description="of customers: true: known as of the export alone, so that it tells of no earlier day"),
    ] = False

    @model_validator(mode="before")
    @classmethod
    def _written(cls, given: Any) -> Any:
        """A header alone, a list of headers, or a table."""
        if isinstance(given, str | list):
            return {"from": given}
        if isinstance(given, dict) and {"from", "sql"} <= given.keys():
            raise ValueError(_("a column has one origin. Write either from (a header) or sql (an expression)."))
        for key in given if isinstance(given, dict) else ():
            known(key, described(cls))
        if isinstance(given, dict) and given.get("sql") == "":
            raise ValueError(_("sql is empty. Write an expression, or leave the column out."))
        return given


@dataclass(frozen=True, config=WORDS)
class Extra(Words):
    """A column kept beyond the contract; `role` is attributes, metrics or covariates.

    A ratio is the column over that of the metric `per`. Values other than 0 beyond the quantiles `cap` (lower, upper)
    count as the quantile; of a ratio these are the denominators, with which the numerators shrink or grow. None leaves
    them alone.
    """

    name: str = ""
    role: Role = "attributes"
    origin: Origin = Origin()
    type: Annotated[Literal["text", "number"], Field(description="text or number; metrics are numbers")] = "text"
    kind: Annotated[Kind, Field(description="of a metric: proportion (0 or 1), mean, count or ratio")] = "mean"
    missing: Annotated[
        Literal["0", "not eligible"], Field(description="what an empty cell of a metric means: 0 or not eligible")
    ] = "not eligible"
    better: Annotated[
        Literal["higher", "lower"], Field(description="of a metric: which way is better; lower for refunds, complaints")
    ] = "higher"
    label: Annotated[StrictStr, Field(description="the name that readers see")] = ""
    label_zh: Annotated[StrictStr, Field(description="the name that readers of Chinese see; default: label")] = ""
    per: Annotated[StrictStr, Field(description="of a ratio: the metric that it is divided by")] = ""
    squares: Annotated[
        Origin | None, Field(description="of totals: where the sum of squares comes from, which a mean or count needs")
    ] = None
    cap: Annotated[
        Quantiles | None,
        Field(description="quantiles beyond which values, or denominators, count as the quantile, such as [0, 0.99]"),
    ] = None

    @property
    def direction(self) -> int:
        """1 where more of a metric is better, -1 where less is."""
        return -1 if self.better == "lower" else 1

    @model_validator(mode="before")
    @classmethod
    def _written(cls, given: Any) -> Any:
        """As an origin, or a table that says more."""
        if isinstance(given, str | list):
            return {"origin": given}
        if not isinstance(given, dict):
            return given
        for key in given:
            known(key, described(cls) | described(Origin))
        origin = {key: word for key, word in given.items() if key in described(Origin)}
        return {"origin": origin} | {key: word for key, word in given.items() if key not in origin}

    @property
    def squared(self) -> str:
        """The name of the column that has the sum of squares."""
        return f"{self.name} squared"


@dataclass(frozen=True, config=WORDS)
class RowRule(Words):
    """A rule of one source: rows for which the SQL expression `keep` is not true go to quarantine."""

    rule: Annotated[Text, Field(description="the name under which rows are set aside")]
    keep: Annotated[Text, AfterValidator(expression), Field(description="an expression that is true of rows to keep")]


@dataclass(frozen=True, config=WORDS)
class Join(Words):
    """Columns looked up in another file, by equal values of the columns `on` (their first row wins)."""

    file: Annotated[Text, Field(description="the other file")]
    on: Annotated[Headers, Field(description="the headers that both files have, a text or a list")]
    sheet: Annotated[StrictStr, Field(description="of a workbook: the sheet")] = ""
    partial: Annotated[
        StrictBool,
        Field(description="true: the file lists only some, such as returned orders; what it lacks is no fault"),
    ] = False


@dataclass(frozen=True, config=WORDS)
class Unpivot(Words):
    """Wide columns that become rows: one for each of them that is filled."""

    columns: Annotated[Headers, Field(description="the wide columns: headers, or patterns such as q*")]
    name: Annotated[Text, Field(description="the column that gets their headers, such as question")]
    value: Annotated[Text, Field(description="the column that gets what stands in them, such as score")]


@dataclass(frozen=True, config=WORDS)
class Drawn(Words):
    """Contracts as one row a customer tells them: how long each had been there, and whether it had left by then."""

    tenure: Annotated[Text, Field(description="the header that says how long each customer had been there")]
    left: Annotated[Text, Field(description="the header that says who had left by then")]
    unit: Annotated[
        Literal["days", "weeks", "months", "years"], Field(description="of the tenure: days, weeks, months or years")
    ] = "months"
    values: Annotated[Texts, Field(description="what the header says of those who left, where it is no yes or no")] = ()


@dataclass(frozen=True, config=WORDS)
class Feed(Words):
    """How files, or a table of a database, become one contract table; `also` are further feeds of it."""

    file: Annotated[Files, Field(description="a name, a pattern such as orders_*.csv, or a list of them")] = ()
    table: str = ""
    optional: bool = False  # named by a preset: absent files mean an absent table
    encoding: Annotated[Encoding, Field(description="auto, or such as utf-8, gb18030")] = "auto"
    delimiter: Annotated[Delimiter, Field(description="auto, or the character between two columns")] = "auto"
    sheet: Annotated[
        StrictStr, Field(description="the one of several sheets, lists in JSON or, also called table, of a database")
    ] = ""
    query: Annotated[StrictStr, Field(description="of a database: one SELECT over its own tables")] = ""
    since: Annotated[
        StrictStr,
        Field(
            description="of [source]: the column, such as updated_at or a number that grows, from whose last value on "
            "rows are read the next time; else all are"
        ),
    ] = ""
    key: Annotated[
        Texts,
        Field(description="of [source], with since: the columns by which a changed row replaces the one before"),
    ] = ()
    fields: Annotated[tuple[Cut, ...], Field(description="fixed width: name, first column (from 1), length")] = ()
    skip: Annotated[StrictInt, Field(ge=0, description="fixed width: lines before the first row")] = 0
    time_layouts: Annotated[Layouts, Field(description="how times are written, such as %d/%m/%Y")] = ()
    decimal: Annotated[
        Literal[".", ",", ""], Field(description="the decimal mark of numbers, where the values do not prove it")
    ] = ""
    accept_loss: Annotated[
        Texts, Field(description="rules that may set aside more than a fifth of the rows, by the names in `kehu check`")
    ] = ()
    anonymous: Annotated[StrictBool, Field(description="true: the source names no customers")] = False
    merge: Annotated[
        StrictBool, Field(description="true: rows of one key are one, though customers, days or amounts differ")
    ] = False
    columns: Annotated[dict[str, Origin], Field(description="contract columns and their headers")] = field(
        default_factory=dict
    )
    attributes: Annotated[dict[str, Extra], Field(description="of customers: more columns that describe them")] = field(
        default_factory=dict
    )
    metrics: Annotated[
        dict[str, Extra],
        BeforeValidator(_of_numbers),
        Field(description="of experiments and their totals: what was measured"),
    ] = field(default_factory=dict)
    covariates: Annotated[dict[str, Extra], Field(description="of experiments: known before assignment")] = field(
        default_factory=dict
    )
    rules: Annotated[tuple[RowRule, ...], Field(description="rows to set aside")] = ()
    join: Annotated[tuple[Join, ...], Field(description="files in which columns are looked up")] = ()
    unpivot: Annotated[Unpivot | None, Field(description="wide columns that become rows")] = None
    drawn: Annotated[
        Drawn | None,
        Field(description="of subscriptions: a file drawn on observed_on that says who had left, and not when"),
    ] = None
    also: tuple[Feed, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _written(cls, given: Any) -> Any:
        """One table, or a list of them, [[tables.orders]]: the first, which knows the others."""
        first, *others = given if isinstance(given, list) and given else [given]
        if not isinstance(first, dict):
            return first
        if "table" in first:  # what a database calls a sheet
            if first.keys() & {"sheet", "query"}:
                raise ValueError(_("a feed has one table. Write one of table, sheet and query."))
            first = {"sheet" if key == "table" else key: word for key, word in first.items()}
        for key in first:
            known(key, described(cls))
        return first | {"also": others} if others else first

    @property
    def of_database(self) -> bool:
        """Whether it is fed by a table, or a query, of the data set's database."""
        return not self.file

    @property
    def told(self) -> tuple[str, ...]:
        """How readers call what feeds it: the files, or the table or query of a database."""
        return self.file or (self.sheet or " ".join(self.query.split()),)

    @property
    def each(self) -> tuple[Feed, ...]:
        """This feed and those that fill the same table."""
        return (self, *self.also)

    @property
    def extras(self) -> tuple[Extra, ...]:
        """The columns kept beyond the contract."""
        squares = [
            Extra(each.squared, origin=each.squares, type="number") for each in self.metrics.values() if each.squares
        ]
        return (*self.attributes.values(), *self.metrics.values(), *squares, *self.covariates.values())

    def origin(self, column: str) -> Origin:
        """Where a column comes from: from the header of its own name where the settings say nothing."""
        extras = {extra.name: extra.origin for extra in self.extras}
        return self.columns.get(column) or extras.get(column) or Origin((column,))
