"""What README, CONTRIBUTING and the changelog say is so."""

import re
from pathlib import Path

from helpers.data.intake.wording import settings

PROJECT = Path(__file__).resolve().parents[1]
PAGES = [
    PROJECT / name
    for name in (
        "README.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "data/raw/README.md",
        "reports/README.md",
        "docs/operations.md",
        "docs/recipes/README.md",
        "docs/en/next_questions.md",
    )
]


def test_every_make_target_that_is_named_exists():
    targets = set(re.findall(r"^([a-z0-9-]+):.*## ", (PROJECT / "Makefile").read_text(), flags=re.M))
    named = {
        word
        for page in PAGES
        for word in re.findall(r"(?:`|^)make ([a-z0-9-]+)", page.read_text(encoding="utf-8"), flags=re.M)
    }
    assert {"report", "test", "lab"} <= named <= targets


def test_the_readme_s_questions_are_the_notebooks():
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    for path in sorted((PROJECT / "notebooks").glob("*.ipynb")):
        title = re.search(r'"# ([^"\\]+\?)', path.read_text(encoding="utf-8"))[1]
        assert f"| {path.stem[3:]} | {title} |" in readme


def test_the_presets_that_are_listed_are_those_that_ship():
    text = (PROJECT / "data/raw/README.md").read_text(encoding="utf-8")
    listed = re.search(r"Presets: ([^.]+)\.", text)[1]
    assert re.findall(r"[a-z_]+", listed) == settings.preset_names()
