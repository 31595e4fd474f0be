"""The report's folder appears whole or not at all, whatever happens to the run."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from helpers.reports import folder


def names(path):
    return sorted(entry.name for entry in path.iterdir())


def test_the_target_appears_only_when_the_block_ends(tmp_path):
    target = tmp_path / "demo" / "2025-06-30"
    with folder.building(target) as draft:
        (draft / "index.html").write_text("new")
        assert not target.exists()
    assert (target / "index.html").read_text() == "new"
    assert names(target.parent) == ["2025-06-30"]


@pytest.mark.parametrize("interruption", [RuntimeError, KeyboardInterrupt])
def test_a_run_that_stops_leaves_the_earlier_report_and_nothing_else(tmp_path, interruption):
    target = tmp_path / "2025-06-30"
    with folder.building(target) as draft:
        (draft / "index.html").write_text("old")
    with pytest.raises(interruption), folder.building(target) as draft:
        (draft / "index.html").write_text("half")
        raise interruption
    assert (target / "index.html").read_text() == "old"
    assert names(tmp_path) == ["2025-06-30"]


def test_a_second_run_replaces_the_whole_folder(tmp_path):
    target = tmp_path / "2025-06-30"
    for file in ("a.html", "b.html"):
        with folder.building(target) as draft:
            (draft / file).write_text(file)
    assert names(target) == ["b.html"]
    assert names(tmp_path) == ["2025-06-30"]


def test_two_runs_cannot_build_the_same_target_at_once(tmp_path):
    target = tmp_path / "2025-06-30"
    with folder.building(target) as draft:
        (draft / "index.html").write_text("first")
        with pytest.raises(ValueError, match="another run is writing"), folder.building(target):
            pytest.fail("the second run got in")
        assert (draft / "index.html").read_text() == "first"
    assert (target / "index.html").read_text() == "first"


def test_another_day_can_be_built_meanwhile(tmp_path):
    with folder.building(tmp_path / "2025-06-29"), folder.building(tmp_path / "2025-06-30"):
        pass
    assert names(tmp_path) == ["2025-06-29", "2025-06-30"]


def test_a_draft_that_was_published_while_we_waited_for_its_lock_is_left_alone(tmp_path, monkeypatch):
    draft, published = tmp_path / ".2025-06-30", tmp_path / "2025-06-30"
    lock = fcntl.flock

    def publish_just_before_locking(descriptor, how):
        if not published.exists():
            (draft / "index.html").write_text("theirs")
            draft.rename(published)
        lock(descriptor, how)

    monkeypatch.setattr(fcntl, "flock", publish_just_before_locking)
    os.close(folder._claimed(draft))
    assert (published / "index.html").read_text() == "theirs"
    assert names(draft) == []


def test_what_a_killed_run_left_is_cleared_and_blocks_nobody(tmp_path):
    program = f"""
        import os
        from pathlib import Path
        from helpers.reports import folder
        with folder.building(Path({str(tmp_path)!r}) / "2025-06-30") as draft:
            (draft / "stale.html").write_text("half")
            (draft / "tables").mkdir()
            os._exit(9)
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(program)], check=False)
    assert names(tmp_path) == [".2025-06-30"]
    with folder.building(tmp_path / "2025-06-30") as draft:
        assert names(draft) == []
    assert names(tmp_path) == ["2025-06-30"]


def test_a_run_killed_between_the_renames_gives_the_earlier_report_back(tmp_path):
    aside = tmp_path / ".2025-06-30.old"
    aside.mkdir()
    (aside / "index.html").write_text("old")
    with pytest.raises(RuntimeError), folder.building(tmp_path / "2025-06-30"):
        raise RuntimeError
    assert (tmp_path / "2025-06-30" / "index.html").read_text() == "old"
    assert names(tmp_path) == ["2025-06-30"]


def test_a_place_that_cannot_be_written_is_said_in_one_sentence(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(ValueError, match=r"^out = .*cannot write there \(File exists\)\. Name another --out"):
        with folder.building(tmp_path / "file" / "2025-06-30"):
            pass


def finished(out, dataset, day):
    (out / dataset / day).mkdir(parents=True)
    (out / dataset / day / "index.html").touch()


def test_latest_leads_to_the_newest_day_also_after_an_older_one_is_made_again(tmp_path):
    for day in ("2025-06-30", "2024-12-31"):
        finished(tmp_path, "demo", day)
        folder.link_latest(tmp_path / "demo")
    assert os.readlink(tmp_path / "demo" / "latest") == "2025-06-30"
    finished(tmp_path, "demo", "2025-07-31")
    folder.link_latest(tmp_path / "demo")
    assert os.readlink(tmp_path / "demo" / "latest") == "2025-07-31"
    assert names(tmp_path / "demo") == ["2024-12-31", "2025-06-30", "2025-07-31", "latest"]


def test_reports_lists_finished_days_and_neither_drafts_nor_latest(tmp_path):
    finished(tmp_path, "telco", "2020-01-01")
    finished(tmp_path, "demo", "2025-06-30")
    finished(tmp_path, "demo", ".2025-07-31")
    finished(tmp_path, "demo", ".2025-06-30.old")
    (tmp_path / "demo" / "2025-08-31").mkdir()
    folder.link_latest(tmp_path / "demo")
    assert folder.reports(tmp_path) == {"demo": ["2025-06-30"], "telco": ["2020-01-01"]}


@pytest.mark.parametrize("exchange", [True, False])
def test_a_stop_at_the_exchange_leaves_the_earlier_report_and_says_so(tmp_path, monkeypatch, exchange):
    target = tmp_path / "2025-06-30"
    with folder.building(target) as draft:
        (draft / "index.html").write_text("old")
    if not exchange:
        monkeypatch.setattr(folder, "_swapped", lambda one, other: False)
    rename = os.rename
    monkeypatch.setattr(folder, "_flushed", stop if exchange else lambda draft: None)
    steps = iter([rename, stop])
    monkeypatch.setattr(Path, "rename", lambda one, other: next(steps, rename)(one, other))
    with pytest.raises(KeyboardInterrupt, match="interrupted; the report of 2025-06-30 is the earlier one"):
        with folder.building(target) as draft:
            (draft / "index.html").write_text("new")
    assert (target / "index.html").read_text() == "old" and names(tmp_path) == ["2025-06-30"]


def stop(*_):
    raise KeyboardInterrupt


def test_an_interrupt_before_there_is_a_report_says_that_there_is_none(tmp_path):
    with pytest.raises(KeyboardInterrupt, match="interrupted; no report was written"):
        with folder.building(tmp_path / "2025-06-30"):
            raise KeyboardInterrupt


def test_what_killed_runs_left_of_the_index_and_of_links_is_swept(tmp_path):
    finished(tmp_path, "demo", "2025-06-30")
    (tmp_path / "demo" / ".latest.77").symlink_to("2025-06-30")
    (tmp_path / "demo" / ".plan_history.parquet.77.new").touch()
    (tmp_path / ".index.html.77.new").touch()
    with folder.alone(tmp_path):
        folder.link_latest(tmp_path / "demo")
        (tmp_path / "index.html").touch()
    assert names(tmp_path) == ["demo", "index.html"] and names(tmp_path / "demo") == ["2025-06-30", "latest"]


def test_a_report_is_exchanged_in_one_step_where_the_file_system_can_and_by_two_elsewhere(tmp_path, monkeypatch):
    """Some file systems know no exchange: there a reader may come in the moment between two renames."""
    target, renames = tmp_path / "2025-06-30", []
    rename = Path.rename
    monkeypatch.setattr(Path, "rename", lambda one, other: (renames.append(other.name), rename(one, other)))
    for exchange in (folder._swapped, folder._swapped, lambda one, other: False):
        monkeypatch.setattr(folder, "_swapped", exchange)
        with folder.building(target) as draft:
            (draft / "index.html").write_text(str(len(renames)))
    assert renames == ["2025-06-30", ".2025-06-30.old", "2025-06-30"]
    assert (target / "index.html").read_text() == "1" and names(tmp_path) == ["2025-06-30"]
