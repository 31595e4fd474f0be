"""What a dataset.toml says of tables: names are free but for those that reading adds."""

from helpers.data.intake.wording import settings

CUSTOMERS = "[tables.customers]\nfile = 'a.csv'\n"


def test_a_name_that_only_begins_like_one_of_the_readings_own_is_free(tmp_path):
    (tmp_path / "dataset.toml").write_text(CUSTOMERS + "attributes = { read_rate = 'x' }", encoding="utf-8")
    assert settings.read(tmp_path).attributes == ("read_rate",)
