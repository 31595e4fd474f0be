"""Writes down what the tables of a report hold, from the code: `make tables`."""

from __future__ import annotations

import tempfile
from pathlib import Path

import matplotlib as mpl
import pytest

from pages import NOTEBOOKS, documented, page, saved_tables

TABLES = Path(__file__).resolve().parents[1] / "docs" / "tables.md"


def main() -> None:
    """Runs all notebooks on the demo and writes down what the tables hold that they save."""
    mpl.use("agg")
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        pages = [page(path, {"save_to": folder}, patch) for path in NOTEBOOKS]
    TABLES.write_text(documented(saved_tables(pages)), encoding="utf-8")
    print(TABLES.relative_to(Path.cwd()) if TABLES.is_relative_to(Path.cwd()) else TABLES)


if __name__ == "__main__":
    main()
