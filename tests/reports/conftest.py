"""Reports of toy notebooks: one of kernels that end in every way, and a shop of four pages without any kernel."""

from __future__ import annotations

import copy
import json
from types import SimpleNamespace

import pytest
from nbformat.v4 import new_markdown_cell

from helpers.data import datasets
from helpers.reports import production, run
from helpers.reports.kernels import Outcome
from pages import untied
from toy_reports import toy_data, write


@pytest.fixture(scope="module")
def opened():
    """Lets a test say which data `datasets.open` finds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(datasets, "folder_of", lambda dataset: datasets.RAW.resolve() / dataset)
        patch.setattr(datasets, "fingerprint", lambda dataset, preset: "as it was")
        yield lambda data: patch.setattr(datasets, "open", lambda dataset, as_of=None, preset="": data)


@pytest.fixture(scope="module")
def finished(tmp_path_factory, opened):
    """A run of six notebooks: the finished run, what was told of it, and its folder."""
    home = tmp_path_factory.mktemp("home")
    source = home / "notebooks"
    source.mkdir()
    save = "import pathlib; pathlib.Path(save_to, 'segments.csv').write_text('a')"
    usual = "import os; print(*(os.environ[name] for name in ('OPENBLAS_NUM_THREADS', 'PANDAS_COPY_ON_WRITE')))"
    memory = "import os, pyarrow; print(os.environ['MALLOC_ARENA_MAX'], pyarrow.default_memory_pool().backend_name)"
    here = "import sys; print(sys.executable)"
    write(source, "01_good", here, "print(days)", save, usual, memory, own="days: int = 30  # d\n")
    write(source, "02_bad", "print('before')", "1 / 0", "print('never')")
    write(source, "03_killed", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "print('never')")
    write(source, "04_slow", "import time; time.sleep(60)", "print('never')")
    write(source, "05_dependent", "print('never')", needs=["bad"])
    write(source, "06_reader", "print(open(save_to + '/segments.csv').read())", needs=["good"])
    opened(toy_data(home, notebooks={"good": {"days": 60}}))
    told = []
    done = run.report(
        "toy",
        out=home / "reports",
        cell_timeout=4,
        source=source,
        tell=lambda word, state, _: told.append((word, state)),
    )
    return SimpleNamespace(run=done, told=told, out=home / "reports", home=home, source=source)


@pytest.fixture
def shop(tmp_path, opened, monkeypatch):
    """A toy report of four pages made without kernels: `make(names)` runs, `fail` names what stops, `ran` what ran."""
    source = tmp_path / "notebooks"
    source.mkdir()
    save = "save(rows, save_to, {name!r})"
    write(source, "01_groups", save.format(name="groups"), own="days: int = 30  # d [1 to 90]\n")
    write(source, "02_worth", save.format(name="worth"), needs=["groups"])
    write(source, "03_voice", save.format(name="voice"))
    write(source, "04_plan", save.format(name="actions"), needs=["worth"])
    opened(toy_data(tmp_path))
    shop = SimpleNamespace(ran=[], fail=set(), out=tmp_path / "reports", home=tmp_path, round=0)

    def at_once(kernels, notebook, parameters):
        (word,) = [cell.source.split("'")[1] for cell in notebook.cells if cell.source.startswith("save(")]
        shop.ran.append(word)
        tables = kernels.cwd / "tables"
        tables.mkdir(exist_ok=True)
        (tables / f"{word}.csv").write_text(f"{word} {shop.round}", encoding="utf-8")
        node = copy.deepcopy(notebook)
        node.cells.append(new_markdown_cell(f"{word} of round {shop.round}"))
        stopped = word in shop.fail
        return Outcome("failed" if stopped else "completed", 0.0, node, "in 'What?': no ink" if stopped else "")

    def make(*names, **words):
        shop.round += 1
        shop.ran.clear()
        done = run.report("toy", names=names, source=source, out=shop.out, **words)
        shop.tables = {path.stem: path.read_text(encoding="utf-8") for path in (done.folder / "tables").glob("*.csv")}
        pages = [path for path in done.folder.glob("*.html") if path.stem != "mail"]
        shop.pages = {path.stem: untied(path.read_text(encoding="utf-8")) for path in pages}
        shop.record = json.loads((done.folder / "manifest.json").read_text(encoding="utf-8"))
        return done

    monkeypatch.setattr(production.Kernels, "run", at_once)
    shop.make = make
    return shop
