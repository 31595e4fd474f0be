"""Which contract tables one holding feeds, by its headers and values alone."""

from __future__ import annotations

from helpers.data import contracts, headers
from helpers.data.contracts import SURVEY
from helpers.data.draft.contents import roles
from helpers.data.draft.contents.columns import FEW, FLAG, TIME
from helpers.data.draft.contents.holdings import Holding
from helpers.data.draft.feeds import (
    leavers,
    logs,
    months,
    permissions,
    programme,
    purchases,
    refunds,
    totals,
    trials,
    units,
)
from helpers.data.draft.feeds.guesses import Guess, Sql, name, stem, texts
from helpers.language import _

SAME_FOR_ALL = 0.8  # of customers have one value of a column before it describes the customer rather than the order


def guesses(holding: Holding) -> list[Guess]:
    """The tables that a holding feeds; none for a lookup file, and where nothing fits."""
    facts = next((guess for rule in RULES if (guess := rule(holding)) is not None), None)
    if facts is None:
        return _of_customers(holding)
    described = _beside(facts) if facts.table != "customers" else None
    lines = purchases.lines_of_whole_orders(facts)
    found = [units.in_own_currency(each) for each in (facts, lines, described) if each]
    return [units.in_whole(units.in_currency(each)) for each in found]


def _tickets(holding: Holding) -> Guess | None:
    key, who = roles.ticket(holding), roles.person(holding)
    if not key or (roles.order(holding) not in ("", key) and roles.about(holding) != "tickets"):
        return None
    given = {"ticket_id": key} | ({"customer_id": who} if who else {})
    found = roles.mapped(holding, "tickets", given)
    guess = Guess("tickets", holding, dict(found))
    if holding.repeats(key) < purchases.SEVERAL:
        return guess if "opened_at" in found else None
    return logs.of_tickets(guess, key)


def _surveys(holding: Holding) -> Guess | None:
    who = roles.person(holding)
    found = roles.mapped(holding, "surveys", {"customer_id": who} if who else {})
    if not {"score", "answered_at"} <= found.keys() or "amount" in roles.mapped(holding, "orders", {}):
        return None
    guess = Guess("surveys", holding, dict(found))
    if "question" not in found:
        guess.columns["question"] = Sql("'nps'" if _reaches_ten(holding, found["score"]) else "'csat'")
        guess.notes.append(
            _("no header names the question: it is taken from the range of {header!r}").format(header=found["score"])
        )
    return guess


def _reaches_ten(holding: Holding, header: str) -> bool:
    first = holding.table[header].re_extract(r"[0-9]+(?:\.[0-9]+)?", 0).nullif("")
    top = first.try_cast("float64").max().execute()
    return bool(top is not None and 5 < top <= 10)


def _subscriptions(holding: Holding) -> Guess | None:
    who = roles.person(holding)
    if not who or roles.order(holding):
        return None
    found = roles.mapped(holding, "subscriptions", {"customer_id": who})
    if not {"started_at", "ended_at"} <= found.keys() or headers.best(holding.names, "touches", "campaign"):
        return None
    return Guess("subscriptions", holding, dict(found))


def _touches(holding: Holding) -> Guess | None:
    """Messages: a campaign and to whom; a file that is called after something else that customers do is none."""
    who, about = roles.person(holding), roles.about(holding)
    campaign = headers.best(holding.names, "touches", "campaign")
    if not who or roles.order(holding) or about == "events" or not (campaign or about == "touches"):
        return None
    if "event" in roles.mapped(holding, "events", {"customer_id": who}) and about != "touches":
        return None
    return _inviting(Guess("touches", holding, dict(roles.mapped(holding, "touches", {"customer_id": who}))), campaign)


def _inviting(guess: Guess, campaign: str) -> Guess:
    """Messages of which those that invite to a survey are told by their purpose, their kind, or else their campaign."""
    holding, purpose = guess.holding, guess.columns.get("purpose")
    flag = headers.best([each.name for each in holding.columns if each.is_a(FLAG)], "touches", "invitation")
    if flag and not purpose:
        guess.columns["purpose"] = Sql(f"CASE WHEN flag({name(flag)}) THEN '{SURVEY}' END")
        return guess
    told = purpose if isinstance(purpose, str) else headers.best(holding.names, "touches", "kind")
    for header in filter(None, (told, campaign)):
        values = holding.table.select(value=holding.table[header]).distinct()
        said = values.filter(values.value.re_search(roles.INVITING)).order_by("value").limit(FEW).execute()["value"]
        if len(said):
            others = f" ELSE {name(purpose)}" if isinstance(purpose, str) else ""
            guess.columns["purpose"] = Sql(f"CASE WHEN {name(header)} IN ({texts(said)}) THEN '{SURVEY}'{others} END")
            guess.notes.append(
                _("{header!r} says which messages invite to a survey: {values}").format(
                    header=header, values=", ".join(said)
                )
            )
            break
    return guess


def _events(holding: Holding) -> Guess | None:
    who = roles.person(holding)
    if not who or who in holding.unique:
        return None
    found = roles.mapped(holding, "events", {"customer_id": who})
    if "happened_at" not in found:
        return None
    guess = Guess("events", holding, dict(found))
    if "event" not in found:
        guess.columns["event"] = Sql(f"'{stem(holding)}'")
        guess.notes.append(_("no header says what was done: it is called after the file"))
    return guess


RULES = (
    programme.of_plans,
    programme.of_results,
    programme.of_consents,
    programme.of_points,
    programme.of_spending,
    programme.of_leads,
    totals.of_totals,
    trials.of_experiments,
    _tickets,
    _surveys,
    _subscriptions,
    refunds.of_refunds,
    purchases.of_lines,
    purchases.of_orders,
    _touches,
    _events,
    programme.of_goods,
)


def _of_customers(holding: Holding) -> list[Guess]:
    """A file with one row a customer."""
    who = roles.person(holding)
    if not who or (who not in holding.unique and not roles.per_row(holding)):
        return []
    found = roles.mapped(holding, "customers", {"customer_id": who})
    guess = permissions.without_refusals(programme.of_birth(Guess("customers", holding, dict(found))))
    if who not in holding.unique:
        guess.merge = True
        guess.notes.append(
            _("{header!r} comes again on {rows:,} rows, whose first stands for all").format(
                header=who, rows=holding.rows - holding.column(who).distinct
            )
        )
    churn, _values = leavers.churn(holding)
    outcome = (
        {churn, *(column.name for column in leavers.of_churn(holding)), leavers.tenure(holding)[0]} if churn else set()
    )
    beside = {header for each in months.wide(holding) for header in each.columns}
    described = roles.describing(holding, guess.used | outcome | beside)
    contracts = logs.contracts(holding, who)
    if "updated_at" not in found and not contracts:
        level = [found["level"]] if "level" in found else []
        guess.exported = (*level, *filter(roles.is_state, described))
    guess.extras["attributes"] = {
        roles.own_name(header, "customers"): _attribute(header, kind, header in guess.exported)
        for header, kind in described.items()
    }
    if guess.exported:
        guess.notes.append(
            _(
                "{columns}: as they were on the day of the export, so they tell of no earlier day; take as_of_export "
                "away where they never change"
            ).format(columns=", ".join(guess.exported))
        )
    if churn and not contracts:
        told = _("{header!r} says who had left by the day of the export, and no file says when")
        guess.others.append(told.format(header=churn))
    return [guess, *([contracts] if contracts else [])]


def _beside(facts: Guess) -> Guess | None:
    """Customers described on the rows of their orders or events, where a customer has one value nearly always."""
    holding, who = facts.holding, facts.columns.get("customer_id")
    if facts.back or not isinstance(who, str) or facts.table not in ("orders", "order_items", "subscriptions"):
        return None
    likely = roles.mapped(holding, "customers", {"customer_id": who})
    found = {
        column: header
        for column, header in likely.items()
        if column == "customer_id" or (header not in facts.used and holding.determines(who, header) >= SAME_FOR_ALL)
    }
    if len(found) < 2:
        return None
    guess = Guess("customers", holding, dict(found), merge=True)
    guess.notes.append(
        _("the rows of {table} describe their customers too; the first row of each stands for all").format(
            table=facts.table
        )
    )
    differ = sorted(set(likely) - set(found) - {"customer_id"})
    if differ:
        guess.notes.append(
            _("{columns}: not taken, for they differ from row to row of one customer").format(columns=", ".join(differ))
        )
    described = roles.describing(holding, facts.used | guess.used)
    steady = {
        header: kind for header, kind in described.items() if kind == "text" and holding.determines(who, header) >= 0.99
    }
    guess.extras["attributes"] = {
        roles.own_name(header, "customers"): _attribute(header, kind) for header, kind in steady.items()
    }
    return guess


def _attribute(header: str, kind: str, exported: bool = False) -> str:
    marks = (', type = "number"' if kind == "number" else "") + (", as_of_export = true" if exported else "")
    return f'{{ from = "{header}"{marks} }}' if marks else f'"{header}"'


def is_dated(guess: Guess) -> bool:
    """Whether a guess maps a time of something that customers did."""
    if guess.table == "customers":
        return False
    times = [column.name for column in guess.holding.columns if column.is_a(TIME)]
    texts_ = [origin.text for origin in guess.columns.values() if isinstance(origin, Sql)]
    dating = [
        column.name for column in contracts.TABLES[guess.table].columns if column.type == contracts.TIME and column.fact
    ]
    mapped = {origin for column, origin in guess.columns.items() if column in dating and isinstance(origin, str)}
    return bool(mapped & set(guess.holding.names)) or any(name(each) in text for each in times for text in texts_)
