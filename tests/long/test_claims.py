"""Every claim on as many draws as the page of calibration rests on."""

from __future__ import annotations

import pytest

import calibration
from claims import Claim, tried


@pytest.mark.parametrize("claim", calibration.CLAIMS, ids=lambda claim: claim.said)
def test_a_claim_is_wrong_no_more_often_than_it_says(claim: Claim):
    for size in claim.sizes:
        found = tried(claim, size, calibration.drawn(claim, size))
        assert found.surely <= claim.nominal, f"{size}: {found} %"
