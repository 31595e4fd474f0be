"""Health and membership are set as a dataset.toml says, or as most have them."""

from helpers.data.intake.wording import settings
from helpers.data.intake.wording.programme import HealthScore, Tier

CUSTOMERS = "[tables.customers]\nfile = 'a.csv'\n"


def test_the_score_of_health_is_set_or_as_others_set_it(tmp_path):
    (tmp_path / "dataset.toml").write_text(
        CUSTOMERS + "[health]\nweights = { complaints = 2 }\nbands = [40, 60.5]", encoding="utf-8"
    )
    health = settings.read(tmp_path).health
    assert (health.weights, health.bands, health.weighting) == ({"complaints": 2}, (40.0, 60.5), "auto")
    assert HealthScore().bands == (50.0, 75.0)


def test_membership_is_set_by_tiers_in_force_and_proposals(tmp_path):
    (tmp_path / "dataset.toml").write_text(
        CUSTOMERS + "[[loyalty.tiers]]\nname = '金卡'\nspend = 2000\n"
        "[[loyalty.proposals.lower]]\nname = '金卡'\nspend = 1500.5\nwindow_days = 180\nbenefit_rate = 0.05",
        encoding="utf-8",
    )
    loyalty = settings.read(tmp_path).loyalty
    assert loyalty.tiers == (Tier("金卡", 2000, 365),)
    assert loyalty.proposals == {"lower": (Tier("金卡", 1500.5, 180, 0.05),)}
