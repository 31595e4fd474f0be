"""The house keeps its shape: what breaks a rule of design fails here by name.

Floors: `language` and `statistics` stand on the ground; `parameters` and `findings` above language,
`conditions` above parameters, `data` above these; `analyses` above data, statistics and findings; `reports` is the roof and `cli` its top. Imports run down, never up, and
never in a circle; notebooks' words (packages of `analyses`) never import one another, and neither rooms of a word nor
of a floor form a circle. A room's `__init__` is its door: words, imports and `__all__`, and no part of the room bears the name of what
the door hands on. Tests mirror the rooms: a file a module, named after it, and at most one a room; the long forms of
some stand by themselves in `long`.
"""

from __future__ import annotations

import ast
import functools
import graphlib
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
SOURCE = TESTS.parent / "src"
OF_THE_HOUSE = {
    "test_catalogue.py", "test_claims.py", "test_commands.py", "test_docs.py", "test_environment.py",
    "test_fan_out.py", "test_findings_of_pages.py", "test_guide.py",
    "test_attacks.py", "test_hardships.py", "test_invariances.py", "test_kills.py", "test_layers.py",
    "test_planted_stories.py",
    "test_notebooks.py", "test_poor_data.py", "test_privacy_of_reports.py", "test_readme.py", "test_recipes.py",
    "test_starts.py", "test_style.py", "browser/test_pages.py", "browser/test_using.py", "engines/test_parity.py",
    "engines/test_raw_rows.py", "upgrades/test_upgrades.py",
}  # fmt: skip
GROUND = {"progress", "language", "parameters", "conditions", "statistics", "findings"}
BELOW = {
    "progress": {"progress"},
    "language": {"language"},
    "parameters": {"parameters", "language"},
    "conditions": {"conditions", "parameters", "language"},
    "statistics": {"statistics", "progress"},
    "findings": {"findings", "language"},
    "data": {"data", "conditions", "parameters", "language"},
    "analyses": {"analyses", "data", *GROUND},
    "reports": {"reports", "analyses", "data", *GROUND},
    "cli": {"cli", "reports", "analyses", "data", *GROUND},
}

Arrows = dict[str, set[str]]


def name(path: Path, source: Path) -> str:
    """helpers.statistics.survival.curves for a module; helpers.statistics.survival for that room's door."""
    parts = path.relative_to(source).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def modules(source: Path) -> dict[str, Path]:
    """Every module and every door, by its dotted name."""
    return {name(path, source): path for path in source.rglob("*.py")}


def imports(module: str, path: Path, known: set[str], for_types: bool) -> set[str]:
    """The modules among `known` that `module` imports, wherever in its text; those only `for_types` if asked."""
    targets: set[str] = set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if not for_types:
        tree.body = [node for node in tree.body if not (isinstance(node, ast.If) and "TYPE_" in ast.unparse(node.test))]
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            targets.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            outer = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            origin = ".".join([*outer, *([node.module] if node.module else [])])
            for alias in node.names:
                part = f"{origin}.{alias.name}"
                targets.add(part if part in known else origin)
    return (targets & known) - {module}


def arrows(source: Path, for_types: bool = True) -> Arrows:
    """Every module with the modules and doors of the package that it imports."""
    known = modules(source)
    return {module: imports(module, path, set(known), for_types) for module, path in known.items()}


@functools.cache
def arrows_of_the_house() -> Arrows:
    """Those of the package itself, drawn once."""
    return arrows(SOURCE)


def floor(module: str) -> str:
    """The floor that a module lives on: statistics for helpers.statistics.survival.curves."""
    return module.removeprefix("helpers").removeprefix(".").partition(".")[0]


def word(module: str) -> str:
    """The notebook's word that an analysis belongs to: churn for helpers.analyses.churn.timing.curves."""
    return module.removeprefix("helpers.analyses").removeprefix(".").partition(".")[0]


def allowed(module: str, target: str) -> bool:
    """Whether `module` may import `target`."""
    if floor(module) == floor(target) == "analyses":
        return word(module) == word(target)
    return floor(target) in BELOW[floor(module)]


def upward(drawn: Arrows) -> list[str]:
    """The arrows that a floor does not allow, as text."""
    return sorted(
        f"{module} -> {target}"
        for module, targets in drawn.items()
        for target in targets
        if not allowed(module, target)
    )


def room(module: str, depth: int) -> str:
    """The room of a module, `depth` names deep: helpers.statistics.survival at a depth of 3."""
    return ".".join(module.split(".")[:depth])


def between_rooms(drawn: Arrows, doors: set[str]) -> list[Arrows]:
    """The arrows between rooms, one drawing for each room that holds others.

    A door's own arrows are left out: it hands on what its parts yield, so it points at all of them.
    """
    drawings = []
    for outer in sorted(doors):
        depth = len(outer.split(".")) + 1
        inner = {module for module in drawn if module.startswith(f"{outer}.")}
        drawing: Arrows = {room(module, depth): set() for module in inner}
        for module in inner - doors:
            for target in drawn[module] & inner:
                if room(module, depth) != room(target, depth):
                    drawing[room(module, depth)].add(room(target, depth))
        drawings.append(drawing)
    return drawings


def check_no_circle(drawn: Arrows) -> None:
    """graphlib.CycleError, which names the circle, where imports run in one."""
    tuple(graphlib.TopologicalSorter(drawn).static_order())


def doors(source: Path) -> dict[str, ast.Module]:
    """Every room's door, parsed."""
    return {name(path, source): ast.parse(path.read_text(encoding="utf-8")) for path in source.rglob("__init__.py")}


def is_words_or_names(node: ast.stmt) -> bool:
    """Whether a statement may stand in a door: its docstring, an import, `__all__`."""
    if isinstance(node, ast.Assign):
        return [ast.unparse(target) for target in node.targets] == ["__all__"]
    return isinstance(node, ast.ImportFrom) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))


def code_in_doors(source: Path) -> list[str]:
    """The statements in doors that are neither words nor names, as door: statement."""
    return [
        f"{door}: {ast.unparse(node)}"
        for door, tree in doors(source).items()
        for node in tree.body
        if not is_words_or_names(node)
    ]


def hidden(source: Path) -> list[str]:
    """The parts that a door hides behind something of the same name that it hands on."""
    parts = modules(source).keys()
    names = {
        door: {
            alias.asname or alias.name for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names
        }
        for door, tree in doors(source).items()
    }
    return sorted(f"{door}.{part}" for door in names for part in names[door] if f"{door}.{part}" in parts)


def computes(path: Path) -> bool:
    """Whether a module defines a function or a class."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return any(isinstance(node, ast.FunctionDef | ast.ClassDef) for node in tree.body)


def unmirrored(source: Path, tests: Path, house: set[str]) -> list[str]:
    """Modules without a test file of their own name, and test files that are named after no module and no room.

    `house` are the test files that hold the house as a whole. A module that only declares needs no test of its own,
    and a long form is of a test that stands beside the others.
    """
    package = source / "helpers"
    modules = {
        path.relative_to(package).with_suffix("") for path in package.rglob("*.py") if path.name != "__init__.py"
    }
    rooms = {path.parent.relative_to(package) for path in package.rglob("__init__.py")}
    rooms |= {path.parent.relative_to(package) for path in package.rglob("*.toml")}
    tested = {
        path.relative_to(tests).parent / path.stem.removeprefix("test_")
        for path in tests.rglob("test_*.py")
        if path.relative_to(tests).as_posix() not in house and path.parent != tests / "long"
    }
    own = {module for module in modules if computes(package / module.with_suffix(".py"))}
    return sorted(
        [f"no test: {module}" for module in own - tested] + [f"no module: {test}" for test in tested - modules - rooms]
    )


def written(source: Path, texts: dict[str, str]) -> Path:
    """A house made of `texts`, a dotted name without `helpers` each; a name that ends in a dot is a door's."""
    for module, text in texts.items():
        parts = f"{module}__init__".split(".") if module.endswith(".") else module.split(".")
        path = source.joinpath("helpers", *parts).with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return source


def test_no_import_runs_up():
    drawn = arrows_of_the_house()
    assert {"helpers.parameters", "helpers.cli", "helpers.reports.run", "helpers.data.datasets"} <= drawn.keys()
    assert upward(drawn) == []


def test_no_imports_run_in_a_circle():
    parts = {module: targets for module, targets in arrows(SOURCE, for_types=False).items()}
    check_no_circle(parts)  # a name that only a type hint needs is not imported when code runs


def test_no_rooms_stand_in_a_circle():
    for drawing in between_rooms(arrows_of_the_house(), set(doors(SOURCE))):
        check_no_circle(drawing)


def test_every_module_lives_on_a_known_floor():
    assert {floor(module) for module in modules(SOURCE)} - {""} <= BELOW.keys()


def test_doors_hold_no_code():
    """A door with code would run on every import of the room."""
    assert code_in_doors(SOURCE) == []


def test_every_door_says_in_words_what_is_behind_it():
    assert [door for door, tree in doors(SOURCE).items() if not ast.get_docstring(tree)] == []


def test_a_door_lists_what_it_hands_on():
    for door, tree in doors(SOURCE).items():
        names = {
            alias.asname or alias.name
            for node in tree.body
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
            if node.module != "__future__"
        }
        listed = [ast.literal_eval(node.value) for node in tree.body if isinstance(node, ast.Assign)]
        assert names == set(*listed), door


def test_no_part_is_hidden_by_what_its_door_hands_on():
    assert hidden(SOURCE) == []


def test_tests_mirror_the_rooms():
    assert unmirrored(SOURCE, TESTS, OF_THE_HOUSE) == []


def test_a_module_without_a_test_and_a_test_without_a_module_are_caught(tmp_path):
    texts = {
        "analyses.churn.": "",
        "analyses.churn.vocabulary": "RATE = 1",
        "analyses.churn.timing.": "",
        "analyses.churn.timing.curves": "def staying(): ...",
    }
    source, tests = written(tmp_path / "src", texts), tmp_path / "tests"
    for name in (
        "analyses/test_churn.py",
        "analyses/churn/test_timing.py",
        "analyses/churn/timing/test_curves.py",
        "test_style.py",
        "long/test_curves_of_millions.py",
    ):
        (tests / name).parent.mkdir(parents=True, exist_ok=True)
        (tests / name).touch()
    assert unmirrored(source, tests, {"test_style.py"}) == []
    (tests / "analyses/churn/timing/test_curves.py").rename(tests / "analyses/churn/test_curves.py")
    assert unmirrored(source, tests, {"test_style.py"}) == [
        "no module: analyses/churn/curves",
        "no test: analyses/churn/timing/curves",
    ]


@pytest.mark.parametrize(
    ("module", "text", "arrow"),
    [
        ("data.engine", "from helpers.analyses import churn", "helpers.data.engine -> helpers.analyses.churn"),
        ("statistics.cox", "import helpers.data.engine", "helpers.statistics.cox -> helpers.data.engine"),
        ("statistics.cox", "from helpers import parameters", "helpers.statistics.cox -> helpers.parameters"),
        ("findings.drawing.charts", "from helpers.statistics import cox", "helpers.findings.drawing.charts -> helpers.statistics.cox"),
        ("analyses.value.terms", "from ..churn import rate", "helpers.analyses.value.terms -> helpers.analyses.churn"),
        ("analyses.value.terms", "from ...reports import run", "helpers.analyses.value.terms -> helpers.reports.run"),
        ("analyses.value.", "from ...reports import run", "helpers.analyses.value -> helpers.reports.run"),
        ("analyses.value.terms", "def f():\n    import helpers.reports.run",
         "helpers.analyses.value.terms -> helpers.reports.run"),
        ("reports.run", "from helpers.cli import app", "helpers.reports.run -> helpers.cli"),
        ("parameters", "from helpers.data.engine import x", "helpers.parameters -> helpers.data.engine"),
    ],
)  # fmt: skip
def test_a_planted_arrow_is_caught(tmp_path, module, text, arrow):
    plain = ["parameters", "cli", "data.engine", "statistics.cox", "findings.drawing.charts", "reports.run",
             "analyses.churn.", "analyses.value.", "analyses.value.terms"]  # fmt: skip
    source = written(tmp_path, dict.fromkeys(plain, "") | {module: text})
    assert upward(arrows(source)) == [arrow]


def test_a_planted_circle_is_caught_unless_only_type_hints_close_it(tmp_path):
    texts = {
        "statistics.cox": "from helpers.statistics import risk_sets",
        "statistics.risk_sets": "if TYPE_CHECKING:\n    from helpers.statistics import cox",
    }
    check_no_circle(arrows(written(tmp_path, texts), for_types=False))
    texts["statistics.risk_sets"] = "from helpers.statistics import cox"
    with pytest.raises(graphlib.CycleError):
        check_no_circle(arrows(written(tmp_path, texts), for_types=False))


def test_a_planted_circle_of_rooms_is_caught_though_no_modules_stand_in_one(tmp_path):
    texts = {
        "statistics.": "",
        "statistics.survival.": "",
        "statistics.survival.curves": "from helpers.statistics.hazards.cox import fit",
        "statistics.survival.tables": "",
        "statistics.hazards.": "",
        "statistics.hazards.cox": "",
        "statistics.hazards.baseline": "",
    }
    source = written(tmp_path, texts)
    assert [check_no_circle(drawing) for drawing in between_rooms(arrows(source), set(doors(source)))]
    written(tmp_path, {"statistics.hazards.baseline": "from helpers.statistics.survival.tables import x"})
    check_no_circle(arrows(source))
    with pytest.raises(graphlib.CycleError):
        for drawing in between_rooms(arrows(source), set(doors(source))):
            check_no_circle(drawing)


@pytest.mark.parametrize("text", ["RATE = 0.1", "def f(): pass", "import helpers.cli", "if True:\n    x = 1"])
def test_planted_code_in_a_door_is_caught(tmp_path, text):
    clean = '"""Words."""\nfrom __future__ import annotations\nfrom helpers.cli import app\n__all__ = ["app"]\n'
    source = written(tmp_path, {"analyses.churn.": clean})
    assert code_in_doors(source) == []
    assert len(code_in_doors(written(tmp_path, {"analyses.churn.": clean + text}))) == 1


def test_a_part_that_its_door_hides_is_caught(tmp_path):
    texts = {
        "analyses.churn.retention": "",
        "analyses.churn.": "from helpers.analyses.churn.retention import Retention",
    }
    assert hidden(written(tmp_path, texts)) == []
    texts["analyses.churn."] = "from helpers.analyses.churn.retention import retention"
    assert hidden(written(tmp_path, texts)) == ["helpers.analyses.churn.retention"]


def test_arrows_that_run_down_or_stay_in_a_word_are_allowed(tmp_path):
    texts = {
        "statistics.cox": "",
        "analyses.": "",
        "analyses.churn.": "from helpers.analyses.churn.risk import chances",
        "analyses.churn.risk": "import pandas\nfrom helpers.statistics import cox",
    }
    drawn = arrows(written(tmp_path, texts))
    assert upward(drawn) == []
    assert drawn["helpers.analyses.churn.risk"] == {"helpers.statistics.cox"}
    assert drawn["helpers.analyses.churn"] == {"helpers.analyses.churn.risk"}
