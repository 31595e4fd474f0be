"""What both kinds of server share."""

import ssl

import pytest

from helpers.data.intake.servers import forms
from helpers.data.intake.servers.forms import Kind, Refused, Why


def test_a_way_is_encrypted_where_it_has_to_be_and_proved_where_that_is_asked():
    assert forms.context("disable") is None and forms.context("prefer") is None
    assert forms.context("require").verify_mode == ssl.CERT_NONE
    assert forms.context("verify-full").verify_mode == ssl.CERT_REQUIRED and forms.context("verify-full").check_hostname


@pytest.mark.parametrize("value, kind, sql", [("12.5", Kind.EXACT, "12.5"), ("2024-01-05 10:00:00", Kind.MOMENT, "'2024-01-05 10:00:00'"), ("'", Kind.MOMENT, "''''")])  # fmt: skip
def test_a_value_is_written_as_sql(value, kind, sql):
    assert forms.literal(value, kind) == sql


@pytest.mark.parametrize("said, told", [("no.\nHINT: yes", "no"), ("没有。", "没有"), ("", ""), (OSError("x"), "x")])
def test_a_refusal_has_the_first_sentence_of_what_was_said(said, told):
    assert Refused(Why.OTHER, said).said == told
