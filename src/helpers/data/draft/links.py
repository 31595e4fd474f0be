"""How the files of a folder hang together: shared identifiers, lookups, and the same rows exported twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import ibis.expr.types as ir

from helpers.data import contracts, headers
from helpers.data.draft.contents import roles
from helpers.data.draft.contents.columns import FLAG, TIME
from helpers.data.draft.contents.holdings import Holding
from helpers.data.draft.feeds.guesses import Guess, Join, Sql, name
from helpers.data.intake.readings import ids
from helpers.language import _

Spelling = Callable[[ir.StringValue], ir.StringValue]
MEET = 0.5  # of the keys on one side are found on the other before two files are joined
TWICE = 0.9  # of the keys are the same before two files hold the same rows
STRANGERS = 0.01  # of the customers of a file are found among those who did something before it describes them
DESCRIBE = "customers"


def linked(found: list[Guess], holdings: tuple[Holding, ...]) -> tuple[list[Guess], list[str]]:
    """The guesses that hold together, joined to what they lack, and what is told of the folder."""
    told: list[str] = []
    kept = _with_refunds(_once([guess for guess in found if not guess.back], told), found, told)
    kept = [guess for guess in kept if _named(guess, kept, holdings, told)]
    kept = _of_known_people(kept, told)
    orders = any(guess.table == "orders" for guess in kept)
    for guess in kept:
        if guess.table == "order_items" and orders:  # then it is they that say who ordered, and when
            for column in ("customer_id", "ordered_at"):
                guess.columns.pop(column, None)
        _with_lookups(guess, kept, holdings)
    return kept, list(dict.fromkeys(told))


def _once(found: list[Guess], told: list[str]) -> list[Guess]:
    """Files with the same headers are taken together or, where they hold the same rows, once; sheets, and files with
    other headers of which no row is in both, are guesses of their own.
    """
    kept: list[Guess] = []
    for guess in sorted(found, key=_worth, reverse=True):
        same = [each for each in kept if each.table == guess.table]
        alike = [each for each in same if set(each.holding.names) == set(guess.holding.names)]
        other = next((each for each in alike if overlap(guess.holding, each.holding, _key(guess)) >= TWICE), None)
        if not same or (not alike and all(_beside(guess, each) for each in same)):
            kept.append(guess)
        elif not alike:
            told.append(
                _(
                    "{file}: it could feed {table} too, which {other} feeds; one file with these headers is taken"
                ).format(file=guess.holding.told, table=guess.table, other=same[0].holding.told)
            )
        elif other is not None:
            told.append(
                _("{file}: the same rows as {other}, so they are read once").format(
                    file=guess.holding.told, other=other.holding.told
                )
            )
        elif guess.holding.sheet or alike[0].holding.sheet:
            kept.append(guess)
        else:
            first = alike[0]
            both = (*first.holding.files, *guess.holding.files)
            rows = first.holding.rows + guess.holding.rows
            whole = replace(first, holding=replace(first.holding, files=both, pattern="", rows=rows))
            kept = [whole if each is first else each for each in kept]
    order = list(contracts.TABLES)
    return sorted(kept, key=lambda guess: order.index(guess.table))


def _with_refunds(kept: list[Guess], found: Iterable[Guess], told: list[str]) -> list[Guess]:
    """The guesses with those of money given back, where another file has the orders and does not say it too."""
    back = [guess for guess in found if guess.back]
    orders = [guess for guess in kept if guess.table == "orders"]
    if orders and not any({"refund", "cancelled"} & guess.columns.keys() for guess in orders):
        place = kept.index(orders[-1]) + 1
        return [*kept[:place], *back, *kept[place:]]
    words = _(
        "{file}: money given back, left out: no file has one row an order, or one has that says already what was given "
        "back or cancelled"
    )
    told += [words.format(file=guess.holding.told) for guess in back]
    return kept


def _beside(guess: Guess, other: Guess) -> bool:
    """Whether two files with other headers feed one table: both have what it needs, and no row is in both."""
    table = contracts.TABLES[guess.table]
    key = table.key[0] if table.key else ""
    mine, others = guess.columns.get(key), other.columns.get(key)
    if not isinstance(mine, str) or not isinstance(others, str) or guess.merge or other.merge:
        return False
    if mine not in guess.holding.unique or others not in other.holding.unique:
        return False
    whole = all(set(table.required) <= each.columns.keys() for each in (guess, other))
    return whole and overlap(guess.holding, other.holding, mine, others) < STRANGERS


def _worth(guess: Guess) -> tuple:
    """A guess that names the customer and more columns is worth more; of equal ones the one with more sheets, rows."""
    return "customer_id" in guess.columns, len(guess.columns), bool(guess.holding.sheet), guess.holding.rows


def _key(guess: Guess) -> str:
    key = next(
        (
            guess.columns[each]
            for each in ("order_id", "ticket_id", "customer_id")
            if isinstance(guess.columns.get(each), str)
        ),
        "",
    )
    return str(key) or guess.holding.names[0]


def overlap(left: Holding, right: Holding, header: str, other: str = "", spelled: Spelling = ids.value) -> float:
    """The share of the different ids under `header` in `left` that are in `right`, under `other` or the same header."""
    mine = left.table.select(key=spelled(left.table[header])).filter(lambda rows: rows.key.notnull()).distinct()
    theirs = right.table.select(key=spelled(right.table[other or header])).distinct()
    total = int(mine.count().execute())
    return int(mine.semi_join(theirs, "key").count().execute()) / total if total else 0.0


def _named(guess: Guess, kept: list[Guess], holdings: tuple[Holding, ...], told: list[str]) -> bool:
    """Whether a guess has its customer, by a join where the file itself lacks it, or can do without."""
    if guess.table == DESCRIBE or contracts.TABLES[guess.table].column("customer_id") is None:
        return True
    made_anew = guess.columns.get("customer_id")
    person = next((each for each in holdings if isinstance(made_anew, str) and roles.per_row(each) == made_anew), None)
    if person is not None and person is not guess.holding:
        guess.joins.append(Join(person, str(made_anew)))
        guess.columns["customer_id"] = roles.person(person)
        guess.notes.append(
            _("{header!r} is new for each row of {file}, where {person!r} names the person").format(
                header=made_anew, file=person.told, person=roles.person(person)
            )
        )
        return True
    if "customer_id" in guess.columns or guess.table == "order_items":
        return True
    if _joined_to_person(guess, kept, holdings):
        return True
    if guess.table == "orders":
        guess.anonymous = True
        guess.notes.append(_("no header names a customer"))
        return True
    told.append(
        _("{file}: it looks like {table}, but nothing in it names a customer").format(
            file=guess.holding.told, table=guess.table
        )
    )
    return False


def _joined_to_person(guess: Guess, kept: Iterable[Guess], holdings: tuple[Holding, ...]) -> bool:
    """Joins the customer by way of an order, and further where an order names the customer anew each time."""
    for other in kept:
        on = other.columns.get("order_id")
        if (
            other.table != "orders"
            or other.back
            or not isinstance(on, str)
            or on not in guess.holding.names
            or on not in other.holding.unique
        ):
            continue
        if overlap(guess.holding, other.holding, on) < MEET:
            continue
        guess.joins.append(Join(other.holding, on))
        guess.joins.extend(other.joins)
        who = other.columns.get("customer_id")
        if not other.joins:
            person = next((each for each in holdings if roles.per_row(each) == who), None)
            if person is not None:
                guess.joins.append(Join(person, str(who)))
                who = roles.person(person)
        if who is None:
            guess.joins.clear()
            return False
        guess.columns = {"customer_id": who, **guess.columns}
        guess.notes.append(
            _("the customer is looked up in {file} by {header!r}").format(file=other.holding.told, header=on)
        )
        return True
    return False


def _of_known_people(kept: list[Guess], told: list[str]) -> list[Guess]:
    """The guesses without a file of customers none of whom does anything in the other files.

    One whose ids differ by leading zeros or case alone stays: `kehu check` tells of these. Not so one that counts its
    rows from 1 and would meet few of the others by that: such are numbers of its own, of a sample, say.
    """
    facts = [guess for guess in kept if guess.table != DESCRIBE]
    people = next((guess for guess in kept if guess.table == DESCRIBE), None)
    if people is None or not facts:
        return kept
    header = str(people.columns["customer_id"])
    acting = [
        (guess.holding, str(guess.columns["customer_id"]))
        for guess in facts
        if guess.columns.get("customer_id") in guess.holding.names
    ]
    known = [overlap(people.holding, holding, header, who, ids.folded) for holding, who in acting]
    met = [overlap(holding, people.holding, who, header, ids.folded) for holding, who in acting]
    own = met and max(met) < MEET and _counts_rows(people.holding, header)
    own = own and all(not overlap(people.holding, holding, header, who) for holding, who in acting)
    if own or (met and max(*known, *met) < STRANGERS):
        told.append(
            _("{file}: none of its customers is in the other files, so it is left out").format(file=people.holding.told)
        )
        return facts
    return kept


def _counts_rows(holding: Holding, header: str) -> bool:
    """Whether the ids of a file are the numbers of its rows, from 1 on."""
    number = holding.table[header].try_cast("int64")
    ends = holding.table.agg(least=number.min(), greatest=number.max(), different=number.nunique()).execute().iloc[0]
    return ends["least"] == 1 and ends["greatest"] == ends["different"] == holding.rows


def _with_lookups(guess: Guess, kept: list[Guess], holdings: tuple[Holding, ...]) -> None:
    """Joins what a table lacks and another file has: a product's category, whether an order was returned, a day."""
    used = {id(each.holding) for each in kept if each.table != "products"}
    lookups = [each for each in holdings if id(each) not in used and each is not guess.holding]
    product = guess.columns.get("product_id")
    if guess.table == "order_items" and "category" not in guess.columns and isinstance(product, str):
        for other in lookups:
            category = headers.best(
                [each.name for each in other.columns if each.name != product and each.distinct <= 1000],
                guess.table,
                "category",
            )
            if category and product in other.unique and overlap(guess.holding, other, product) >= MEET:
                guess.joins.append(Join(other, product))
                guess.columns["category"] = category
                guess.notes.append(_("the category is looked up in {file}").format(file=other.told))
                break
    key = guess.columns.get("order_id")
    if guess.table in ("orders", "order_items") and "cancelled" not in guess.columns and isinstance(key, str):
        for other in lookups:
            said = [
                each.name
                for each in other.columns
                if each.is_a(FLAG) and headers.likeness(each.name, "orders", "cancelled") >= headers.LEAST
            ]
            if (
                key in other.names
                and said
                and said[0] not in guess.holding.names
                and overlap(other, guess.holding, key) >= MEET
            ):
                guess.joins.append(Join(other, key, partial=True))
                guess.columns["cancelled"] = Sql(f"flag({name(said[0])})")
                guess.notes.append(
                    _("{header!r} of {file} says which orders were taken back").format(header=said[0], file=other.told)
                )
                break
    campaign = guess.columns.get("campaign")
    if guess.table == "touches" and "touched_at" not in guess.columns and isinstance(campaign, str):
        for other in lookups:
            day = headers.best(
                [each.name for each in other.columns if each.is_a(TIME) and each.name != campaign],
                "touches",
                "touched_at",
            )
            if campaign in other.unique and day and overlap(guess.holding, other, campaign) >= MEET:
                guess.joins.append(Join(other, campaign))
                guess.columns["touched_at"] = day
                if "channel" not in guess.columns and (
                    way := headers.best([each for each in other.names if each != campaign], "touches", "channel")
                ):
                    guess.columns["channel"] = way
                guess.notes.append(_("{header!r} of {file} says when it was sent").format(header=day, file=other.told))
                break
