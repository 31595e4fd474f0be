"""What may stand in a dataset.toml: each setting with its type, its rule and one description, from which docs are made.

`settings` reads and merges the files; here is what their words may be. A word that breaks its rule raises pydantic's
ValidationError, which `settings` turns into a sentence.
"""

from __future__ import annotations

from dataclasses import field
from typing import Annotated, Any, Literal

from pydantic import (
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
)
from pydantic.dataclasses import dataclass

from helpers import language
from helpers.data import contracts, engine
from helpers.data.intake.wording import callings
from helpers.data.intake.wording.addresses import Database
from helpers.data.intake.wording.callings import Labelled, OwnWords
from helpers.data.intake.wording.forms import WORDS, Words, described
from helpers.data.intake.wording.plans import Plan, PlannedAction
from helpers.data.intake.wording.programme import HealthScore, Loyalty, Tier
from helpers.data.intake.wording.tables import Drawn, Extra, Feed, Join, Origin, Role, RowRule, Unpivot
from helpers.data.intake.wording.values import (
    Currency,
    Day,
    Delimiter,
    Encoding,
    Languages,
    Margin,
    Rate,
    Text,
    Texts,
    Weight,
    Zone,
)

Treatment = Literal["net", "drop", "keep"]


def as_markdown() -> str:
    """All settings as Markdown, for `data/raw/README.md`."""
    parts = [f"### {place}\n\n{_rows(kinds)}\n" for place, kinds in PLACES.items()]
    functions = f"Functions: {', '.join(engine.FUNCTIONS)}; over rows, by OVER: {', '.join(engine.OVER_ROWS)}."
    return "\n".join([*parts, functions])


def _rows(kinds: tuple[type, ...]) -> str:
    told = {name: text for kind in kinds for name, text in described(kind).items()}
    return "\n".join(["| setting | meaning |", "|---|---|", *(f"| {name} | {text} |" for name, text in told.items())])


@dataclass(frozen=True, config=WORDS)
class Experiment(Labelled):
    """What is declared of one experiment before its outcome is read."""

    control: Annotated[StrictStr, Field(description="the arm that the others are compared with")] = ""
    primary: Annotated[StrictStr, Field(description="the metric that decides")] = ""
    weights: Annotated[dict[str, Weight], Field(description="planned shares of the arms, in any unit")] = field(
        default_factory=dict
    )
    guardrails: Annotated[
        dict[str, Margin], Field(description="metrics that may not get worse, each with its margin, such as 0.02")
    ] = field(default_factory=dict)
    unit: Annotated[StrictStr, Field(description="where groups were assigned: the covariate that names them")] = ""


@dataclass(frozen=True, config=WORDS)
class Policy(Words):
    """What becomes of rows that can be read in two ways."""

    cancellations: Annotated[
        Treatment, Field(description="net: given back, off the revenue · drop: set aside · keep: ordinary orders")
    ] = "net"
    refunds: Annotated[
        Treatment, Field(description="net: off the revenue · drop: refunded orders are set aside · keep: ignored")
    ] = "net"
    negatives: Annotated[
        Literal["refund", "drop", "keep"],
        Field(description="orders and lines below zero: refund: money given back · drop: set aside · keep: ordinary"),
    ] = "refund"
    duplicates: Annotated[
        Literal["keep", "drop"], Field(description="equal rows of a table without a key: keep · drop")
    ] = "keep"


@dataclass(frozen=True, config=WORDS)
class Engine(Words):
    """Where the notebooks compute."""

    url: Annotated[
        StrictStr,
        Field(
            description="such as postgresql://user@host/database or sc://host:15002 (Spark Connect); the prepared "
            "tables are loaded there once; empty: DuckDB on this machine"
        ),
    ] = ""


@dataclass(frozen=True, config=WORDS)
class Settings(Words):
    """A data set's own words: units, policies, feeds, and parameters for notebooks."""

    title: Annotated[Text, Field(description="the name that readers see; the folder's by default")]
    title_zh: Annotated[StrictStr, Field(description="the name that readers of Chinese see; default: title")] = ""
    preset: Annotated[StrictStr, Field(description="the known source whose settings these are laid over")] = ""
    languages: Annotated[
        Languages,
        Field(
            description='of the report\'s pages, the first one first: en, zh or both, such as ["zh", "en"]; by '
            "default that of the data's title and headers"
        ),
    ] = ()
    time_zone: Annotated[Zone, Field(description="times with an offset become this zone's clock")] = "UTC"
    currency: Annotated[Currency, Field(description="such as CNY")] = ""
    rates: Annotated[
        dict[str, Rate], Field(description="what one unit of other currencies is worth in it, such as { USD = 7.1 }")
    ] = field(default_factory=dict)
    nulls: Annotated[Texts, Field(description="texts that stand for nothing, beside the usual ones")] = ()
    guests: Annotated[Texts, Field(description="texts of customer_id that name nobody, such as the 0 of guests")] = ()
    contractual: Annotated[
        StrictBool | None, Field(description="true: customers have contracts that end · false: they just stop coming")
    ] = None
    smallest_group: Annotated[
        StrictInt, Field(ge=5, le=1000, description="customers that a group has at least to be shown by itself")
    ] = 10
    encoding: Annotated[Encoding, Field(description="of all tables that say no other")] = "auto"
    delimiter: Annotated[Delimiter, Field(description="of all tables that say no other")] = "auto"
    observed_from: Annotated[Day, Field(description="who had left by this day was never recorded")] = ""
    observed_on: Annotated[Day, Field(description="the report's day where the data have no dates")] = ""
    lists: Annotated[
        StrictBool,
        Field(
            description="false: a report has no lists of customers as CSV; what the next report reads stays, for its "
            "owner alone"
        ),
    ] = True
    source: Annotated[Database, Field(description="the database that holds the tables which name no file")] = Database()
    policy: Annotated[Policy, Field(description="what becomes of cancellations, refunds, negatives and duplicates")] = (
        Policy()
    )
    feeds: Annotated[dict[str, Feed], Field(alias="tables", description="contract tables and their files")] = field(
        default_factory=dict
    )
    experiments: Annotated[dict[str, Experiment], Field(description="what is declared of each experiment")] = field(
        default_factory=dict
    )
    health: Annotated[HealthScore, Field(description="how the health of customers is scored")] = HealthScore()
    loyalty: Annotated[Loyalty, Field(description="the rules of membership, and what points are worth")] = Loyalty()
    plan: Annotated[Plan, Field(description="what may be done for whom, and what it may cost")] = Plan()
    words: Annotated[
        OwnWords, Field(description="what this business calls a contract, its end, and values of the data")
    ] = OwnWords()
    engine: Annotated[Engine, Field(description="where the notebooks compute")] = Engine()
    notebooks: Annotated[dict[str, dict[str, Any]], Field(description="parameters of single notebooks")] = field(
        default_factory=dict
    )

    def extras(self, role: Role) -> dict[str, Extra]:
        """The extra columns of one role, by name."""
        return {name: extra for feed in self.feeds.values() for name, extra in getattr(feed, role).items()}

    @property
    def own_words(self) -> language.Words:
        """What each language calls the data set, and columns, experiments, values and contracts of it."""
        described = {**self.extras("attributes"), **self.extras("covariates")}
        words = callings.of(self.words, described, self.metrics, self.experiments)
        title = {self.title: self.title_zh} if self.title_zh else {}
        return {**words, language.CHINESE: {**words[language.CHINESE], **title}}

    @property
    def attributes(self) -> tuple[str, ...]:
        """Names of the columns that describe customers beyond the contract."""
        return tuple(self.extras("attributes"))

    @property
    def as_of_export(self) -> tuple[str, ...]:
        """Names of the columns of customers that are known as of the export alone, and tell nothing of earlier days."""
        feeds = self.feeds["customers"].each if "customers" in self.feeds else ()
        extras = {name: extra.origin for feed in feeds for name, extra in feed.attributes.items()}
        origins = {name: origin for feed in feeds for name, origin in feed.columns.items()} | extras
        marked = [name for name, origin in origins.items() if origin.as_of_export]
        return tuple(marked)

    @property
    def lasting(self) -> tuple[str, ...]:
        """Names of the columns of customers that are taken to have been on earlier days as they are now."""
        return tuple(name for name in (*contracts.LASTING, *self.attributes) if name not in self.as_of_export)

    @property
    def metrics(self) -> dict[str, Extra]:
        """Experiment metrics by name: kind, what a missing value means, label."""
        return self.extras("metrics")

    @property
    def covariates(self) -> tuple[str, ...]:
        """Names of the columns known before assignment."""
        return tuple(self.extras("covariates"))


PLACES: dict[str, tuple[type, ...]] = {
    "At the top": (Settings,),
    "[source]": (Database,),
    "[policy]": (Policy,),
    "[tables.<table>]": (Feed,),
    "[words]": (OwnWords,),
    "[engine]": (Engine,),
    "A column, where a header is not enough": (Origin,),
    "An attribute, metric or covariate": (Origin, Extra),
    "[[tables.<table>.rules]]": (RowRule,),
    "A join": (Join,),
    "[tables.<table>.unpivot]": (Unpivot,),
    "[tables.subscriptions.drawn]": (Drawn,),
    "[experiments.<name>]": (Experiment,),
    "[health]": (HealthScore,),
    "[loyalty]": (Loyalty,),
    "[[loyalty.tiers]], [[loyalty.proposals.<name>]]": (Tier,),
    "[plan]": (Plan,),
    "[[plan.actions]]": (PlannedAction,),
}
