"""Files of experiments: the arm, the control, what was measured, and what was known before."""

from __future__ import annotations

from helpers.data import headers
from helpers.data.draft.contents import roles
from helpers.data.draft.contents.columns import FLAG, NUMBER, seen
from helpers.data.draft.contents.holdings import Holding
from helpers.data.draft.feeds.guesses import Guess, Sql, name, stem, texts
from helpers.language import _

ALIKE = 0.9  # of the rows say the same in two columns


def of_experiments(holding: Holding) -> Guess | None:
    arm, control = roles.variant(holding)
    arm = arm or roles.version(holding)
    if not arm or not (control or any(_is_outcome(holding, header) for header in holding.names)):
        return None
    columns: dict[str, str | Sql] = {"experiment": Sql(f"'{stem(holding)}'")}
    who = roles.person(holding)
    columns |= {"customer_id": who or Sql("file_row"), "variant": arm}
    found = roles.mapped(holding, "experiments", {"variant": arm, **({"customer_id": who} if who else {})})
    columns |= {key: header for key, header in found.items() if key not in columns and key != "experiment"}
    guess = Guess("experiments", holding, columns, control=control)
    if not who:
        guess.notes.append(_("no header names the customer: every row is taken for one customer"))
    described = roles.describing(holding, guess.used)
    metrics = {header for header in described if _is_outcome(holding, header)}
    telling = {header for header in described if header not in metrics and _tells_the_arm(holding, arm, header)}
    guess.extras["metrics"] = {
        roles.own_name(header, "experiments"): _metric(holding, header)
        for header in sorted(metrics, key=list(described).index)
    }
    guess.extras["covariates"] = {
        roles.own_name(header, "experiments"): f'{{ from = "{header}", type = "{kind}" }}'
        for header, kind in described.items()
        if header not in metrics | telling
    }
    with_control(guess, arm)
    for header in telling:
        guess.others.append(
            _(
                "{header!r} says nearly the same as {arm!r}; to set rows aside on which they disagree, write a rule"
            ).format(header=header, arm=arm)
        )
        guess.others.append(_disagreeing(holding, arm, header))
    return guess


def with_control(guess: Guess, arm: str) -> None:
    """Says in the guess which value of the header `arm` is the control, or asks for it."""
    values = ", ".join(map(seen, guess.holding.column(arm).values))
    if guess.control:
        guess.notes.append(_("control is {arm!r}, of {values}").format(arm=guess.control, values=values))
    else:
        told = _("no arm is called control: write control = … below [experiments.{name}], one of {values}")
        guess.others.append(told.format(name=stem(guess.holding), values=values))


def _is_outcome(holding: Holding, header: str) -> bool:
    measured = holding.column(header).is_a(NUMBER) or holding.column(header).is_a(FLAG)
    return measured and headers.speaks(header, headers.OUTCOMES)


def _metric(holding: Holding, header: str) -> str:
    binary = holding.column(header).distinct <= 2
    return f'{{ from = "{header}", kind = "{"proportion" if binary else "mean"}", missing = "0" }}'


def _pairs(holding: Holding, arm: str, header: str) -> list[tuple[str, str, int]]:
    """The most frequent value of a column in each arm: arm, value, rows."""
    counts = holding.table.group_by(arm, header).agg(n=lambda rows: rows.count()).execute()
    first = counts.sort_values("n", ascending=False).drop_duplicates(arm)
    return [(str(row[arm]), str(row[header]), int(row["n"])) for _place, row in first.iterrows()]


def _tells_the_arm(holding: Holding, arm: str, header: str) -> bool:
    """Whether a column has in every arm a value of its own, on nearly all rows."""
    if holding.column(header).distinct != holding.column(arm).distinct:
        return False
    pairs = _pairs(holding, arm, header)
    return (
        len({value for _arm, value, _rows in pairs}) == len(pairs)
        and sum(n for *_pair, n in pairs) >= ALIKE * holding.rows
    )


def _disagreeing(holding: Holding, arm: str, header: str) -> str:
    agree = " OR ".join(
        f"({name(arm)} = {texts([value])} AND {name(header)} = {texts([other])})"
        for value, other, _n in _pairs(holding, arm, header)
    )
    return f'rules = [{{ rule = "{arm} and {header} disagree", keep = """{agree}""" }}]'
