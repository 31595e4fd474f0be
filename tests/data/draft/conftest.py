"""Files of a stranger, and what is found in them."""

from __future__ import annotations

import gzip

import pytest

from helpers.data import datasets, draft, engine
from helpers.data.draft.contents import holdings as rooms
from helpers.data.draft.feeds import tables


@pytest.fixture
def folder(tmp_path):
    """Writes files into a folder: name → text, or bytes."""

    def written(**files):
        home = tmp_path / "shop"
        home.mkdir(exist_ok=True)
        for name, content in files.items():
            path = home / name.replace("__", ".")
            data = content if isinstance(content, bytes) else content.encode()
            path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
        return home

    return written


@pytest.fixture(scope="session")
def connection():
    """One for all, as to connect is a tenth of what it costs to look at a file."""
    return engine.connect()


@pytest.fixture
def held(connection, folder, tmp_path):
    """What the files hold: name (`orders__csv`) → text."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    return lambda **files: rooms.held(connection, folder(**files), scratch)


@pytest.fixture
def holding(held):
    """What one file holds."""
    return lambda name="file__csv", text="": held(**{name: text}).holdings[0]


@pytest.fixture
def drafted(folder):
    """The draft of files."""
    return lambda **files: draft.drafted(folder(**files))


@pytest.fixture
def guessed(drafted):
    """The guesses of files, by table."""
    return lambda **files: {guess.table: guess for guess in drafted(**files).guesses}


@pytest.fixture
def fed(holding):
    """The guesses of one file, by table."""
    return lambda text, name="file__csv": {guess.table: guess for guess in tables.guesses(holding(name, text))}


@pytest.fixture
def opened(folder, tmp_path):
    """The data set of files that nobody described."""

    def of(**files):
        home = folder(**files)
        (home / "dataset.toml").write_text(draft.as_toml(draft.drafted(home)))
        return datasets.open(home, prepared=tmp_path / "prepared")

    return of


@pytest.fixture
def spent(opened):
    """What each customer spent, by a file of orders that nobody described."""
    return lambda text: opened(orders__csv=text).customers.set_index("customer_id").monetary.to_dict()
