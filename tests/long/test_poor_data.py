"""All poor data sets on all notebooks, with their figures, as tests/test_poor_data.py asks a choice without."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.findings.spreadsheets import RUNNABLE
from helpers.reports import run
from poor_shops import POOR, hostile_texts, write
from test_poor_data import check_every_notebook_has_a_page_or_a_reason

MARKUP = ("<script>alert", "<img src=x")  # of the hostile texts


@pytest.mark.parametrize("name", POOR)
def test_every_notebook_has_a_page_or_a_reason(name, tmp_path):
    check_every_notebook_has_a_page_or_a_reason(name, tmp_path, figures=True)


def test_a_report_of_hostile_texts_runs_nothing_of_them(tmp_path):
    folder = write(hostile_texts(), tmp_path / "hostile")
    done = run.report(str(folder), names=["segmentation", "feedback", "journey"], out=tmp_path / "reports")
    assert done.completed
    pages = [path.read_text(encoding="utf-8") for path in (tmp_path / "reports").rglob("*.html")]
    assert any("&lt;script&gt;alert" in page for page in pages)
    assert not [mark for mark in MARKUP for page in pages if mark in page]
    for path in done.folder.rglob("*.csv"):
        cells = pd.read_csv(path, dtype=str, encoding="utf-8-sig", keep_default_na=False)
        run_first = [cell for column in cells for cell in cells[column] if cell.startswith(RUNNABLE)]
        assert not pd.to_numeric(pd.Series(run_first, dtype=object), errors="coerce").isna().any(), path.name
