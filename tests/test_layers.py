"""Imports only go down: an arrow that runs up, or round in a circle, fails here by name.

The floors: `parameters`, `statistics` and the print room (formats, charts and what they are made with) stand on the
ground; `data` above parameters; `analyses` above all of these, with no doors between them; the rest of `reports` is
the roof, and `cli` its top. An analysis too long for one module is several of one word (churn, churn_risk): these
may import each other.
"""

from __future__ import annotations

import ast
import graphlib
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[1] / "src"
PRINT_ROOM = {"formats", "charts", "findings", "axes", "ink", "typeface"}
BELOW = {
    "parameters": set(),
    "statistics": {"statistics"},
    "print room": {"print room"},
    "data": {"data", "parameters"},
    "analyses": {"data", "statistics", "print room", "parameters"},
    "roof": {"roof", "analyses", "data", "statistics", "print room", "parameters"},
    "cli": {"roof", "analyses", "data", "statistics", "print room", "parameters"},
}


def floor(module: str) -> str:
    """The floor of a module such as helpers.reports.charts."""
    room, _, name = module.removeprefix("helpers.").partition(".")
    if room == "reports":
        return "print room" if name in PRINT_ROOM else "roof"
    return room


def modules(source: Path) -> dict[str, Path]:
    """The modules that hold code; a room's own __init__ is a name, not a module."""
    paths = (path for path in source.rglob("*.py") if path.name != "__init__.py")
    return {".".join(path.relative_to(source).with_suffix("").parts): path for path in paths}


def imports(module: str, path: Path, known: set[str], for_types: bool) -> set[str]:
    """The modules among `known` that `module` imports, wherever in its text; those only `for_types` if asked."""
    named: set[str] = set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if not for_types:
        tree.body = [node for node in tree.body if not (isinstance(node, ast.If) and "TYPE_" in ast.unparse(node.test))]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            named.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            outer = module.split(".")[: -node.level] if node.level else []
            origin = ".".join([*outer, *([node.module] if node.module else [])])
            named.update([origin, *(f"{origin}.{alias.name}" for alias in node.names)])
    return named & known


def arrows(source: Path, for_types: bool = True) -> dict[str, set[str]]:
    """Every module with the modules of the package that it imports."""
    found = modules(source)
    return {module: imports(module, path, set(found), for_types) for module, path in found.items()}


def word(module: str) -> str:
    """The notebook's word that an analysis belongs to: churn for helpers.analyses.churn_risk."""
    return module.rpartition(".")[2].partition("_")[0]


def allowed(module: str, target: str) -> bool:
    """Whether `module` may import `target`."""
    if floor(module) == floor(target) == "analyses":
        return word(module) == word(target)
    return floor(target) in BELOW[floor(module)]


def upward(drawn: dict[str, set[str]]) -> list[str]:
    """The arrows that a floor does not allow, as text."""
    return sorted(
        f"{module} -> {target}"
        for module, targets in drawn.items()
        for target in targets
        if not allowed(module, target)
    )


def test_no_import_runs_up():
    drawn = arrows(SOURCE)
    assert {"helpers.parameters", "helpers.cli", "helpers.reports.run", "helpers.data.datasets"} <= drawn.keys()
    assert upward(drawn) == []


def test_no_imports_run_in_a_circle():
    drawn = arrows(SOURCE, for_types=False)  # a name that only a type hint needs is not imported when code runs
    tuple(graphlib.TopologicalSorter(drawn).static_order())  # CycleError names the circle


def test_every_module_lives_on_a_known_floor():
    assert {floor(module) for module in modules(SOURCE)} <= BELOW.keys()


def test_rooms_have_no_code_of_their_own():
    """An __init__ with code would run on every import of the room, and imports in it would escape this file."""
    for path in SOURCE.rglob("__init__.py"):
        code = [node for node in ast.parse(path.read_text(encoding="utf-8")).body if not isinstance(node, ast.Expr)]
        assert not code, path


@pytest.mark.parametrize(
    ("module", "text", "arrow"),
    [
        ("data.engine", "from helpers.analyses import churn", "helpers.data.engine -> helpers.analyses.churn"),
        ("statistics.cox", "import helpers.data.engine", "helpers.statistics.cox -> helpers.data.engine"),
        ("statistics.cox", "from helpers import parameters", "helpers.statistics.cox -> helpers.parameters"),
        ("analyses.value", "from .churn import rate", "helpers.analyses.value -> helpers.analyses.churn"),
        ("analyses.value", "from ..reports import run", "helpers.analyses.value -> helpers.reports.run"),
        ("reports.charts", "def f():\n    import helpers.reports.run", "helpers.reports.charts -> helpers.reports.run"),
        ("reports.run", "from helpers.cli import app", "helpers.reports.run -> helpers.cli"),
        ("parameters", "from helpers.data.engine import x", "helpers.parameters -> helpers.data.engine"),
    ],
)
def test_a_planted_arrow_is_caught(tmp_path, module, text, arrow):
    plain = ["parameters", "cli", "data.engine", "statistics.cox", "analyses.churn", "analyses.value"]
    for name in [*plain, "reports.charts", "reports.run"]:
        path = tmp_path / "helpers" / Path(*name.split(".")).with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text if name == module else "", encoding="utf-8")
    assert upward(arrows(tmp_path)) == [arrow]


def test_a_planted_circle_is_caught_unless_only_type_hints_close_it(tmp_path):
    room = tmp_path / "helpers" / "statistics"
    room.mkdir(parents=True)
    (room / "cox.py").write_text("from helpers.statistics import risk_sets")
    (room / "risk_sets.py").write_text("if TYPE_CHECKING:\n    from helpers.statistics import cox")
    graphlib.TopologicalSorter(arrows(tmp_path, for_types=False)).prepare()
    (room / "risk_sets.py").write_text("from helpers.statistics import cox")
    with pytest.raises(graphlib.CycleError):
        graphlib.TopologicalSorter(arrows(tmp_path, for_types=False)).prepare()


def test_arrows_that_run_down_are_allowed(tmp_path):
    (tmp_path / "helpers" / "analyses").mkdir(parents=True)
    (tmp_path / "helpers" / "statistics").mkdir()
    (tmp_path / "helpers" / "statistics" / "cox.py").touch()
    (tmp_path / "helpers" / "analyses" / "churn_risk.py").touch()
    (tmp_path / "helpers" / "analyses" / "churn.py").write_text(
        "import pandas\nfrom helpers.statistics import cox\nfrom helpers.analyses import churn_risk"
    )
    assert upward(arrows(tmp_path)) == []
    assert arrows(tmp_path)["helpers.analyses.churn"] == {"helpers.statistics.cox", "helpers.analyses.churn_risk"}
