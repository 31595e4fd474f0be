"""What evidence is told with."""

from helpers.findings.evidence import undrawn
from helpers.findings.facts import Share


def test_what_figure_and_table_show_is_told_where_it_is_not_what_the_headline_tells():
    told = (Share(0.08), Share(0.024))
    assert str(undrawn(told, (Share(0.096), Share(0.024)))) == "Before that, as in figure and table: 9.6% and 2.4%."
    assert undrawn(told, (Share(0.08), Share(0.024))) is None
