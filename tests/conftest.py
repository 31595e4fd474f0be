"""The demo, opened once a session; a start that is the same everywhere; and an account of what was left out."""

from __future__ import annotations

import ast
import atexit
import gc
import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:  # its import is two seconds, which a test that reads no data need not wait for
    from canaries import Reported
    from helpers.data.datasets import Dataset

PERSONAL = ("CLICOLOR", "DISPLAY", "FORCE_COLOR", "GITHUB_ACTIONS", "IPYTHON", "JUPYTER", "KEHU_", "MPL", "NO_COLOR",
            "PAPERMILL", "PYTHONDONTWRITEBYTECODE", "PY_COLORS", "TTY_", "WAYLAND_", "XDG_")  # fmt: skip
SMALL = {"KEHU_SMALLEST_GROUP": "5"}  # the least that may be set, for which most cells are shown: tests are small
if (
    sys.modules["__main__"].__spec__ is None
):  # pyspark-client takes a worker of pytest-xdist for its doctests, and ends it
    sys.modules["__main__"].__spec__ = ModuleSpec("__main__", None)
os.environ.update(SMALL)  # at once: a room's own conftest may import what reads it before the start is made the same
ONE_REPORT = ("test_privacy_of_reports.py", "test_findings_of_pages.py")  # files that look at the report of canaries
LONGEST = (*ONE_REPORT, "test_upgrades.py", "test_style.py",
           "test_backtest.py", "test_failure_times.py", "test_model_in_use.py", "test_search.py")  # fmt: skip
SERVERS = "tests/data/intake/servers/"  # files that look at the same database servers
# Public data are larger than a repository should carry: nobody fetches them for a test, and the end says so.
MAY_BE_ABSENT = "beside the project"


@pytest.fixture(scope="session")
def demo() -> Dataset:
    """The demo as of its last day."""
    from helpers.data import datasets

    return datasets.open("demo")


@pytest.fixture(scope="session")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reported]:
    """The report of a copy of the demo in which canaries are planted."""
    import canaries

    with canaries.reported(tmp_path_factory.mktemp("canaries")) as made:
        yield made


@pytest.fixture(scope="session")
def spark() -> Iterator[str]:
    """The URL of a Spark Connect server."""
    import other_engines

    with other_engines.sail() as url:
        yield url


@pytest.fixture(scope="session")
def spark_itself() -> Iterator[str]:
    """The URL of the Connect server of Spark itself; whoever asks is skipped where none is installed."""
    import other_engines

    with other_engines.spark() as url:
        yield url


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL server; whoever asks is skipped where none is installed."""
    import other_engines

    with other_engines.postgres() as url:
        yield url


def same_start(given: Mapping[str, str], home: Path) -> dict[str, str]:
    """The environment without what belongs to a person, a terminal or a shell, and with an empty home.

    matplotlib, Jupyter, IPython and fontconfig read settings in a home and write to it, which may not be possible;
    Typer and Rich fold and colour help by the terminal. Language and time zone stay: no result may depend on them.
    One thread each: beside another worker, scikit-learn's threads wait for one another and burn tens of times the CPU.
    """
    kept = {name: value for name, value in given.items() if not name.startswith(PERSONAL)}
    return kept | {"HOME": str(home), "COLUMNS": "80", "TERM": "dumb", "OMP_NUM_THREADS": "1", **SMALL}


@pytest.hookimpl(wrapper=True)
def pytest_cmdline_main(config: pytest.Config) -> Iterator[None]:
    """All tests, those of pytest-xdist's workers and of kernels among them, have the same start."""
    home = tempfile.mkdtemp(prefix="kehu-home-")
    atexit.register(shutil.rmtree, home, ignore_errors=True)  # after IPython has written its history there
    start = same_start(os.environ, Path(home))
    os.environ.clear()
    os.environ.update(start)
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Iterator[None]:
    """Nothing is searched for garbage while tests are collected, nor later in what that made: all of it stays."""
    gc.disable()
    found = yield
    gc.freeze()
    gc.enable()
    return found


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The longest files come first, so that two workers end together; of notebooks runs what nbval compares or reports leave out.

    Their other cells run as well, in the report that `test_privacy_of_reports` looks at.
    """
    notebooks: dict[Path, list[pytest.Item]] = {}
    for item in items:
        if item.path.suffix == ".ipynb":
            notebooks.setdefault(item.path, []).append(item)
            item.options["check_exception"] &= not is_optional(item)  # type: ignore[attr-defined]  # on the demo none fails
    aside = [cell for cells in notebooks.values() for cell in uncompared(cells)]
    if aside:
        config.hook.pytest_deselected(items=aside)
        items[:] = [item for item in items if item not in set(aside)]
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """A file goes to one worker, with all others that look at the same report, or at the same database servers."""
    from xdist.scheduler import LoadFileScheduling

    class TogetherScheduling(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = super()._split_scope(nodeid)
            return ONE_REPORT[0] if file.endswith(ONE_REPORT) else SERVERS if SERVERS in f"tests/{file}" else file

    return TogetherScheduling(config, log) if config.getvalue("dist") == "loadfile" else None


def uncompared(cells: list[Any]) -> list[Any]:
    """Of a notebook's cells in order those that bind no name on which a compared cell, or an optional one, rests."""
    asked: set[str] = set()
    aside = []
    for cell in reversed(cells):
        nodes = list(ast.walk(ast.parse(cell.cell.source)))
        names = [node for node in nodes if isinstance(node, ast.Name)]
        bound = {name.id for name in names if isinstance(name.ctx, ast.Store)}
        bound |= {(alias.asname or alias.name).split(".")[0] for alias in nodes if isinstance(alias, ast.alias)}
        if cell.options["check"] or is_optional(cell) or bound & asked:
            asked |= {name.id for name in names}
        else:
            aside.append(cell)
    return aside


def is_optional(cell: Any) -> bool:
    """Whether a cell is one to look closer: no report runs it, and in JupyterLab it may fail on poor data."""
    return "closer" in cell.cell.metadata.get("tags", ())


def left_out(reporter: pytest.TerminalReporter) -> Counter[str]:
    """Why tests were skipped, with how many there are of each."""
    return Counter(str(report.longrepr[-1]).removeprefix("Skipped: ") for report in reporter.stats.get("skipped", ()))


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes are called by their argument: what gzip writes has the second in it, and two workers must find the same."""
    return argname if isinstance(val, bytes) else None


def holes(reasons: Counter[str]) -> list[str]:
    """The reasons that leave a hole: on CI nothing but public data may be absent."""
    return sorted(reason for reason in reasons if MAY_BE_ABSENT not in reason)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A skipped test fails a run with CI=true in its environment, unless it may be skipped."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") == "true" and reporter and holes(left_out(reporter)) and not session.exitstatus:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says in one line each what was left out, and what of it may not be on CI."""
    reasons = left_out(terminalreporter)
    if not reasons:
        return
    terminalreporter.section("left out")
    for reason, tests in sorted(reasons.items()):
        hole = " (fails on CI)" if reason in holes(reasons) else ""
        terminalreporter.write_line(f"{tests:>4} × {reason}{hole}")
