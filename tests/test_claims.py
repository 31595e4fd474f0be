"""No page claims more often than it says: every claim has a line, and is tried where the truth is known.

The long form, `tests/long/test_claims.py`, tries each on many more draws.
"""

from __future__ import annotations

import pytest

import calibration
from claims import Claim, tried

DRAWS = {50: 500, 300: 500, 3000: 100}


@pytest.mark.parametrize("claim", calibration.CLAIMS, ids=lambda claim: claim.said)
def test_a_claim_is_wrong_no_more_often_than_it_says(claim: Claim):
    for size in claim.sizes:
        found = tried(claim, size, claim.part(DRAWS[size]))
        assert found.surely <= claim.nominal, f"{size}: {found} %"


def test_who_claims_something_has_a_line():
    """A module that says "beyond chance" is tried by a line in `claims_of_<word>`, or passes on what another found."""
    tried_by = {claim.by for claim in calibration.CLAIMS}
    assert calibration.claiming() - tried_by - calibration.PLANNED - {*calibration.PASSED_ON} == set()


def test_who_tells_what_another_found_asks_it():
    for teller, finder in calibration.PASSED_ON.items():
        text = (calibration.SOURCE / f"{teller}.py").read_text("utf-8")
        assert f"helpers.analyses.{finder.replace('/', '.')} import" in text
        assert finder in {claim.by for claim in calibration.CLAIMS}


def test_the_page_has_every_claim():
    """To renew it: `make calibration`."""
    page = calibration.PAGE.read_text(encoding="utf-8")
    for claim in calibration.CLAIMS:
        assert calibration.key(claim) in page
    assert page.count("\n| ") == len(calibration.CLAIMS) + 2


def test_a_claim_that_is_wrong_too_often_is_caught():
    half = Claim("heads", "nowhere", "a coin", 0.4, lambda size, draws, rng: rng.random(draws) < 0.5)
    assert tried(half, 50, 1000).surely > half.nominal
    assert str(tried(half, 50, 0)) == "not told"
