"""One reading for each column; what one leaves open is settled by the others, and what stays open is asked."""

import pandas as pd
import pytest

from helpers.data import contracts, engine
from helpers.data.intake.readings import decisions, evidence
from helpers.data.intake.readings.amounts.numbers import NumberReading
from helpers.data.intake.readings.decisions import AsItStands, Asked, Identifiers
from helpers.data.intake.readings.shapes import Undecided

OPEN_DAYS, OPEN_NUMBERS = ["03/04/2024", "05/06/2024"], ["1.234", "5.678"]


def decided(**columns):
    """The readings of columns, each given as how it is asked for and its texts."""
    connection = engine.connect()
    shown: dict[str, evidence.Evidence] = {}
    for name, (asked, texts) in columns.items():
        table = engine.from_frame(connection, pd.DataFrame({"text": texts}))
        shown |= evidence.of(connection, table, {name: ("text", asked.type)}, asked.zone)
    return decisions.decided({name: asked for name, (asked, _) in columns.items()}, shown)


def test_words_stand_as_they_are_and_identifiers_that_are_wrapped_are_unwrapped():
    found = decided(
        city=(Asked(contracts.TEXT), ["上海"]),
        plain=(Asked(contracts.ID), ["007"]),
        wrapped=(Asked(contracts.ID), ['="007"']),
    )
    assert [type(each.reading) for each in found.values()] == [AsItStands, AsItStands, Identifiers]
    assert found["city"].reading.told() == "" and found["plain"].clean


def test_an_order_of_days_that_one_column_proves_holds_for_those_beside_it():
    found = decided(at=(Asked(contracts.TIME), OPEN_DAYS), paid=(Asked(contracts.TIME), ["13/04/2024", "05/06/2024"]))
    assert found["at"].reading.told() == found["paid"].reading.told() == "day first"


def test_days_that_two_orders_leave_open_go_with_what_happened_to_the_same_rows():
    fact = Asked(contracts.TIME, fact=True)
    at, paid = [f"03/{day:02d}/2025" for day in range(1, 11)], [f"2025-03-{day:02d} 10:00" for day in range(2, 12)]
    assert decided(at=(fact, at), paid=(fact, paid))["at"].reading.told() == "month first"
    with pytest.raises(Undecided, match="at: .* may be"):
        decided(at=(fact, at), born=(Asked(contracts.TIME), paid))  # a day of birth proves nothing
    with pytest.raises(Undecided, match="at: .* may be"):
        decided(at=(fact, at), paid=(fact, [text.replace("-03-", "-05-") for text in paid]))


def test_a_decimal_mark_that_one_column_proves_holds_for_those_beside_it():
    found = decided(amount=(Asked(contracts.NUMBER), OPEN_NUMBERS), refund=(Asked(contracts.NUMBER), ["0,50", "1,25"]))
    assert [each.reading.decimal for each in found.values()] == [",", ","]


@pytest.mark.parametrize(
    ("asked", "texts", "told"),
    [
        (Asked(contracts.TIME), OPEN_DAYS, "at: '03/04/2024' may be 3 April 2024 or 4 March 2024. Write time_layouts"),
        (Asked(contracts.NUMBER), OPEN_NUMBERS, "at: '5.678' may be 5678 or 5.678. Write decimal"),
        (Asked(contracts.ID), ["1.23457E+17"] * 3, "at: 3 ids such as '1.23457E.17' were rounded by a spreadsheet"),
    ],
)
def test_what_no_column_settles_is_asked_by_name(asked, texts, told):
    with pytest.raises(Undecided, match=told):
        decided(at=(asked, texts), other=(Asked(contracts.TEXT), ["x"]))


def test_columns_that_prove_two_marks_settle_nothing():
    with pytest.raises(Undecided, match="open: "):
        decided(
            open=(Asked(contracts.NUMBER), OPEN_NUMBERS),
            point=(Asked(contracts.NUMBER), ["0.50", "1,234.5"]),
            comma=(Asked(contracts.NUMBER), ["0,50", "1.234,5"]),
        )


def test_what_the_settings_say_is_asked_of_no_column():
    found = decided(
        amount=(Asked(contracts.NUMBER, decimal=","), OPEN_NUMBERS),
        at=(Asked(contracts.TIME, layouts=("%d/%m/%Y",)), OPEN_DAYS),
    )
    assert isinstance(found["amount"].reading, NumberReading) and found["amount"].reading.decimal == ","
    assert found["at"].reading.layouts == ("%d/%m/%Y",)


def test_texts_that_stand_for_nothing_are_no_evidence_and_are_taken_off():
    found = decided(amount=(Asked(contracts.NUMBER, nulls=("k.A.",)), ["1,50", "k.A.", "-"]))["amount"]
    texts = engine.from_frame(engine.connect(), pd.DataFrame({"text": ["1,50", "k.A.", "-"]})).text
    assert found.reading.told() == "decimal comma" and not found.clean
    assert found.text(texts).execute().isna().tolist() == [False, True, True]
