"""One name for each channel, whatever a source calls it."""

import pandas as pd

from helpers.analyses.plan.assignment.channels import canonical


def test_names_of_channels():
    given = pd.Series(["sms", " 短信 ", "E-Mail", "WeCom", "电话", "Billboard", None])
    assert canonical(given).tolist()[:6] == ["SMS", "SMS", "email", "企业微信", "call", "Billboard"]
    assert pd.isna(canonical(given)[6])
