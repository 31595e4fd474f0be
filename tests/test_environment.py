"""One environment, told twice: environment.yml asks for what pyproject.toml asks for, and uv.lock holds it."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).resolve().parents[1]
NAMED_BY_THE_USER = {  # and where each does its work, by a word that stands there
    "jupyterlab": ("src/helpers/cli/lab.py", '"-m", "jupyterlab"'),
    "pandas": ("src/helpers/findings/finding.py", "import pandas"),
    "seaborn": ("src/helpers/findings/drawing/charts.py", "seaborn.barplot("),
    "statsmodels": ("src/helpers/statistics/hazards/grouped_hazards.py", "GLM("),
    "scikit-learn": ("src/helpers/statistics/clusters/k_means.py", "KMeans("),
    "lifelines": ("src/helpers/analyses/churn/second_program.py", "CoxPHFitter("),
    "papermill": ("src/helpers/reports/kernels.py", "papermill.execute_notebook("),
    "nbval": ("Makefile", "--nbval-lax"),
}


@pytest.fixture(scope="module")
def pyproject():
    return tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def conda():
    return yaml.safe_load((PROJECT / "environment.yml").read_text(encoding="utf-8"))


def requirements(lines):
    """Name with extras → range, for requirement lines in pip's spelling."""
    asked = [Requirement(line) for line in lines]
    return {(canonicalize_name(each.name), frozenset(each.extras)): each.specifier for each in asked}


def by_pyproject(pyproject):
    return requirements([*pyproject["project"]["dependencies"], *pyproject["dependency-groups"]["dev"]])


def test_environment_yml_asks_for_the_names_and_ranges_of_pyproject(pyproject, conda):
    plain = [line for line in conda["dependencies"] if isinstance(line, str)]
    by_pip = [line for part in conda["dependencies"] if isinstance(part, dict) for line in part["pip"]]
    assert by_pip.pop() == "-e ."
    own = {line for line in plain if re.match(r"(python|pip)\b(?!-)", line)}
    assert own == {f"python{pyproject['project']['requires-python']}", "pip"}
    assert requirements([line for line in plain if line not in own] + by_pip) == by_pyproject(pyproject)


def test_conda_itself_brings_what_the_user_named(conda):
    by_conda = {Requirement(line).name for line in conda["dependencies"] if isinstance(line, str)}
    assert NAMED_BY_THE_USER.keys() <= by_conda


@pytest.mark.parametrize("package", NAMED_BY_THE_USER)
def test_what_the_user_named_works_where_it_is_said_to(package):
    place, word = NAMED_BY_THE_USER[package]
    assert word in (PROJECT / place).read_text(encoding="utf-8")


def test_the_lock_holds_a_version_in_every_range(pyproject):
    lock = tomllib.loads((PROJECT / "uv.lock").read_text(encoding="utf-8"))
    locked = {package["name"]: package.get("version", "") for package in lock["package"]}
    outside = [
        f"{name} {locked.get(name)} not in {range_}"
        for (name, _), range_ in by_pyproject(pyproject).items()
        if not range_.contains(locked.get(name, "0"), prereleases=True)
    ]
    assert outside == []


def test_the_makefile_reads_its_uv_from_pyproject(pyproject):
    """`make` installs uv before it can read TOML, by a pattern; it must find the pin."""
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    (pattern,) = re.findall(r"UV_PIN = \$\(shell sed -n 's/(.*?)/\\1/p' pyproject.toml\)", makefile)
    as_python = pattern.replace(r"\(", "(").replace(r"\)", ")")
    found = re.findall(as_python, (PROJECT / "pyproject.toml").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert found == [each for each in pyproject["dependency-groups"]["dev"] if each.startswith("uv==")]


def test_cleaning_leaves_the_key_of_pseudonyms(tmp_path):
    """Without it the next report would name everybody anew."""
    prepared = tmp_path / "data" / "prepared"
    (prepared / "shop-1").mkdir(parents=True)
    (prepared / "pseudonym.key").write_bytes(b"key")
    (prepared / "erased").mkdir()
    for _ in range(2):
        subprocess.run(["make", "-f", PROJECT / "Makefile", "clean"], cwd=tmp_path, check=True, capture_output=True)
        assert sorted(path.name for path in prepared.iterdir()) == ["erased", "pseudonym.key"]
