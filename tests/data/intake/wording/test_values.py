"""What single settings may be."""

import datetime as dt

import pytest
from pydantic import TypeAdapter, ValidationError

from helpers.data.intake.wording import values


@pytest.mark.parametrize(
    ("kind", "given", "read"),
    [
        (values.Texts, "a", ("a",)),
        (values.Texts, ["a", "b"], ("a", "b")),
        (values.Day, dt.date(2025, 1, 2), "2025-01-02"),
        (values.Day, dt.datetime(2025, 1, 2, 3), "2025-01-02"),
        (values.Day, "", ""),
        (values.Quantiles, [0, 0.99], (0.0, 0.99)),
        (values.Delimiter, "\t", "\t"),
        (values.Encoding, "GB18030", "GB18030"),
        (values.Zone, "Asia/Shanghai", "Asia/Shanghai"),
        (values.Currency, "", ""),
        (values.Sql, "a || b", "a || b"),
        (values.Cut, ["id", 1, 8], ("id", 1, 8)),
        (values.Weight, 3, 3.0),
        (values.Layouts, "%d/%m/%Y", ("%d/%m/%Y",)),
    ],
)
def test_a_value_is_read_as_it_may_be_written(kind, given, read):
    assert TypeAdapter(kind).validate_python(given) == read


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        (values.Text, " "), (values.Text, 3), (values.Files, []), (values.Day, 20250102), (values.Quantiles, [0, True]),
        (values.Quantiles, [0.5, 0.5]), (values.Delimiter, "ab"), (values.Encoding, "base64"), (values.Zone, "Mars"),
        (values.Currency, "$"), (values.Sql, "SELECT 1"), (values.Cut, ["id", True, 8]), (values.Weight, float("nan")),
        (values.Margin, 11), (values.Layouts, "%Y"), (values.Weight, True),
    ],
)  # fmt: skip
def test_a_value_that_may_not_be_is_refused(kind, given):
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(given)
