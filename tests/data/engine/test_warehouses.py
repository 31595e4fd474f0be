"""Which engine a URL names, and what is said of those that cannot be used."""

import builtins
import sys

import pytest

import servers
from helpers.data import engine


@pytest.mark.parametrize("url", ["", "duckdb://"])
def test_no_url_and_duckdb_s_name_the_engine_in_this_process(url):
    assert engine.checked(url) == ""


@pytest.mark.parametrize("url", ["postgresql://me@db/shop", "postgres://db/shop", "sc://spark:15002/;use_ssl=true"])
def test_urls_of_engines_that_there_are_stay_as_they_are(url):
    assert engine.checked(url) == url


@pytest.mark.parametrize("url", ["mysql://me:hush@db/shop", "spark", "http://:hush@here"])
def test_another_url_is_told_what_to_write_and_never_repeated_behind_its_scheme(url):
    with pytest.raises(ValueError, match="no such engine. Write postgresql://") as told:
        engine.checked(url)
    assert "hush" not in str(told.value)


@pytest.mark.parametrize(
    ("url", "variable"),
    [
        ("postgresql://me:hush@db/shop", "PGPASSWORD"),
        ("postgresql://db/shop?user=me&password=hush", "PGPASSWORD"),
        ("sc://spark:15002/;token=hush", "SPARK_CONNECT_AUTHENTICATE_TOKEN"),
    ],
)
def test_a_url_with_a_password_is_refused_without_saying_it(url, variable):
    with pytest.raises(ValueError, match=f"set {variable} instead") as told:
        engine.checked(url)
    assert "hush" not in str(told.value)


@pytest.mark.parametrize("scheme", ["postgresql", "sc"])
def test_an_engine_that_does_not_answer_is_one_sentence(scheme):
    with pytest.raises(ValueError, match="it cannot be reached") as told:
        engine.elsewhere(f"{scheme}://127.0.0.1:{servers.free_port()}")
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(("scheme", "package"), [("postgresql", "psycopg"), ("sc", "pyspark")])
def test_a_package_that_is_not_installed_is_named_with_the_command(scheme, package, monkeypatch):
    kind, real = {"sc": "spark"}.get(scheme, "postgres"), builtins.__import__

    def lacking(name, *rest, **options):
        if name.split(".")[0] == package:
            raise ModuleNotFoundError(f"No module named {package!r}", name=package)
        return real(name, *rest, **options)

    monkeypatch.delitem(sys.modules, f"helpers.data.engine.{kind}", raising=False)
    monkeypatch.setattr(builtins, "__import__", lacking)
    with pytest.raises(
        ValueError, match=f"{package} is not installed. Install it: uv sync --frozen --extra engine-{kind}"
    ):
        engine.elsewhere(f"{scheme}://127.0.0.1:1/shop")
