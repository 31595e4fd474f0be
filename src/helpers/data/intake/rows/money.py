"""Money in several currencies: made one by rates, and never added up without."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import ibis
import ibis.expr.types as ir

from helpers.data.intake.feeds import Source
from helpers.data.intake.readings import Decided, Evidence
from helpers.data.intake.readings.amounts import currencies
from helpers.data.intake.readings.amounts.numbers import NumberReading
from helpers.data.intake.rows import rules
from helpers.language import _

CURRENCY, RATE = "currency", "rate"
LISTED = 5  # currencies that an error names


@dataclass(frozen=True)
class Exchange:
    """How the money of a table becomes one currency: `home`, in which one unit of the others is worth its rate.

    `by_row`: each row has its own rate. `named` are the currencies by the texts of the column that names them; where
    there is none, `signed` are the columns of money whose texts have signs, with the readings that know them.
    """

    home: str = ""
    rates: tuple[tuple[str, float], ...] = ()
    money: tuple[str, ...] = ()
    by_row: bool = False
    named: tuple[tuple[str, str], ...] = ()
    signed: tuple[tuple[str, NumberReading], ...] = ()

    def of(self, values: Mapping[str, ir.Value]) -> dict[str, ir.Value]:
        """The columns of money among `values` in the currency `home`; null where a row has no rate."""
        return {name: values[name] * self._rate(name, values) for name in self.money}

    def told(self) -> str:
        """What was exchanged, in a few words; empty where nothing was."""
        if self.by_row:
            return f"made {self.home or 'one currency'} by each row's rate"
        return (
            f"made {self.home}: {', '.join(f'1 {code} = {rate:g}' for code, rate in self.rates)}" if self.money else ""
        )

    def _rate(self, name: str, values: Mapping[str, ir.Value]) -> ir.FloatingValue:
        """What a unit of each row's money is worth; rows that name no currency are in the data set's own."""
        worth = (*self.rates, (self.home, 1.0))
        known = ibis.cases(*((self._code(name, values) == code, rate) for code, rate in worth))
        if not self.by_row:
            return known
        return ibis.coalesce(ibis.cases((values[RATE] > 0, values[RATE])), known)

    def _code(self, name: str, values: Mapping[str, ir.Value]) -> ir.StringValue:
        if self.named:
            text = values[rules.raw(CURRENCY)]
            return ibis.cases(*((text == each, code) for each, code in self.named), else_=self.home)
        readings = dict(self.signed)
        if name not in readings:
            return ibis.literal(self.home)
        return readings[name].currency(values[rules.raw(name)]).fill_null(self.home)


@dataclass(frozen=True)
class Money:
    """The currencies of a source's money: by the texts of the column that names them, else by signs in the amounts."""

    named: Mapping[str, str]
    signed: Mapping[str, NumberReading]
    by_row: bool  # each row has its own rate

    @property
    def codes(self) -> set[str]:
        """The currencies: those that are named, and those of signs that none of these goes with."""
        named, signs = set(self.named.values()), {each for reading in self.signed.values() for each in reading.signs}
        return named | {code for code in (currencies.meant(*sign, named) for sign in signs) if code not in named}


def money(
    source: Source, found: Collection[str], shown: Mapping[str, Evidence], chosen: Mapping[str, Decided]
) -> Money:
    """The currencies of the money of a source that has the columns `found`."""
    texts = shown[CURRENCY].cleaned(chosen[CURRENCY].type, chosen[CURRENCY].nulls).shapes if CURRENCY in chosen else ()
    readings = {name: chosen[name].reading for name in _columns(source) if name in chosen}
    known = (source.settings.currency, *source.settings.rates)

    def meant(sign: str) -> str:
        return currencies.meant(sign, currencies.code(sign) or sign.upper(), known)

    return Money(
        {shape.text: meant(shape.text) for shape in texts},
        {
            name: replace(each, signs=tuple((sign, currencies.meant(sign, code, known)) for sign, code in each.signs))
            for name, each in readings.items()
            if isinstance(each, NumberReading) and each.currencies
        },
        RATE in found,
    )


def exchange(source: Source, of_feed: Money, of_table: Collection[str]) -> Exchange:
    """How the money of a feed becomes one currency, beside the currencies of its whole table.

    Raises ValueError naming the currencies where there are several, or one that is not the data set's own, and neither
    rows nor settings have rates.
    """
    words, codes = source.settings, sorted({*of_feed.codes, *of_table})
    rates, home = tuple(sorted(words.rates.items())), words.currency
    if not of_feed.by_row:
        if set(codes) <= {home} or (not home and len(codes) < 2 and not set(codes) & set(words.rates)):
            return Exchange()
        if not home or any(code not in (home, *words.rates) for code in codes):
            raise _unknown(source.feed.table, codes, home)
    named, signed = tuple(sorted(of_feed.named.items())), tuple(sorted(of_feed.signed.items()))
    return Exchange(home, rates, _columns(source), of_feed.by_row, named, signed)


def check_tables(codes: Mapping[str, Collection[str]]) -> None:
    """ValueError where tables, of which `codes` has the currencies by name, are in several, and no rates make them one.

    What a table says of orders stands beside what another says of contracts, as if a unit of both were the same.
    """
    known = {code for each in codes.values() for code in each if code not in currencies.SHARED}
    meant = {table: {currencies.meant(code, code, known) for code in each} for table, each in codes.items()}
    if len(set().union(*meant.values())) > 1:
        named = ", ".join(f"{table} ({', '.join(sorted(each))})" for table, each in meant.items() if each)
        raise ValueError(
            _(
                "data set = {named}: money in several currencies does not compare. Write currency = … and "
                "rates = {{ … }} (what one unit of the others is worth in it) at the top of dataset.toml."
            ).format(named=named)
        )


def _unknown(table: str, codes: list[str], home: str) -> ValueError:
    """The currencies that have no rate, and what to write."""
    own = home or next((code for code in codes if len(code) == 3), "CNY")
    rates = ", ".join(f"{code if code.isalpha() else repr(code)} = …" for code in codes[:LISTED] if code != own)
    if len(codes) == 1:
        return ValueError(
            _(
                '{table}: its money is in {code}, not in {home}. Write currency = "{code}" or rates = {{ {rates} }} '
                "(what one unit is worth in it) at the top of dataset.toml, or map the column rate."
            ).format(table=table, code=codes[0], home=home, rates=rates)
        )
    listed = ", ".join(codes[:LISTED] + ["…"] * (len(codes) > LISTED))
    return ValueError(
        _(
            "{table}: its money is in the currencies {codes}, which do not add up. Write currency = "
            '"{own}" and rates = {{ {told} }} (what one unit is worth in it) at the top of '
            "dataset.toml, or map the column rate."
        ).format(table=table, codes=listed, own=own, told=rates)
    )


def _columns(source: Source) -> tuple[str, ...]:
    return tuple(column.name for column in source.table.columns if column.money)
