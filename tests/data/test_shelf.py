"""What stands on a shelf is whole or not there, whoever is killed, and stays for as long as somebody reads it."""

import gc
import os
import signal
import subprocess
import sys

import pytest

from helpers.data import engine
from helpers.data.shelf import LEASE, SEAL, Shelf, is_whole, leased, seal


class Reader:
    """Whose life is the lease's."""


@pytest.fixture
def shelf(tmp_path):
    return Shelf(tmp_path / "shelf")


def put(shelf, name, text="a"):
    home = shelf.path / name
    with shelf.locked(), shelf.building(home) as draft:
        (draft / "table").write_text(text)
    return home


def names(shelf):
    return sorted(path.name for path in shelf.path.iterdir() if path.name != ".lock")


def test_a_folder_that_was_built_is_whole_and_one_whose_building_fails_is_not_there(shelf):
    home = put(shelf, "one")
    assert is_whole(home) and (home / "table").read_text() == "a"
    with pytest.raises(RuntimeError), shelf.locked(), shelf.building(shelf.path / "two"):
        raise RuntimeError
    assert names(shelf) == ["one"]


@pytest.mark.parametrize("harm", ["gone", "longer", "other", "no seal", "half a seal", "seal of a list"])
def test_what_is_not_as_it_was_sealed_is_not_believed(shelf, harm):
    home = put(shelf, "one")
    match harm:
        case "gone":
            (home / "table").unlink()
        case "longer":
            (home / "table").write_text("aa")
        case "other":
            (home / "table").write_text("b")
        case "no seal":
            (home / SEAL).unlink()
        case "half a seal":
            (home / SEAL).write_text((home / SEAL).read_text()[:20])
        case _:
            (home / SEAL).write_text("[]")
    assert not is_whole(home) and not leased(home, Reader())
    assert is_whole(put(shelf, "one"))


def test_what_is_read_stays_until_its_reader_is_gone(shelf):
    home, reader = put(shelf, "one"), Reader()
    assert leased(home, reader)
    put(shelf, "two")
    with shelf.locked():
        shelf.forget(shelf.path, ["two"])
    assert is_whole(home)
    del reader
    gc.collect()
    with shelf.locked():
        shelf.forget(shelf.path, ["two"])
    assert names(shelf) == ["two"]


def test_another_process_that_reads_keeps_it_and_its_death_lets_it_go(shelf):
    home = put(shelf, "one")
    code = "import fcntl, os, sys; lease = os.open(sys.argv[1], os.O_RDONLY); fcntl.flock(lease, fcntl.LOCK_SH)\n"
    code += "print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", code, home / LEASE], stdin=-1, stdout=-1, text=True) as other:
        assert other.stdout.readline() == "held\n"
        with shelf.locked():
            shelf.clear(home)
        assert is_whole(home)
        other.kill()
    with shelf.locked():
        shelf.clear(home)
    assert names(shelf) == []


def test_the_next_writer_sweeps_what_the_dead_left_and_nothing_of_the_living(shelf):
    put(shelf, "one")
    with subprocess.Popen([sys.executable, "-c", ""]) as dead:
        dead.wait()
    of_the_dead = [".draft-x", ".gone-y", f"{engine.SPILLED}{dead.pid}-z"]
    for name in (*of_the_dead, f"{engine.SPILLED}{os.getpid()}-z"):
        (shelf.path / name).mkdir()
        (shelf.path / name / "text").write_text("said in confidence")
    with shelf.locked():
        assert names(shelf) == [f"{engine.SPILLED}{os.getpid()}-z", "one"]


STEPS = ("open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.truncate")


def killed_at(step: int, work) -> bool:
    """Whether a process was killed at so many of its changes of the file system; False: it came to its end."""
    child = os.fork()
    if child == 0:
        left = [step]

        def count(event, given):
            if event in STEPS and not (event == "open" and given[1] in ("r", "rb", None)):
                left[0] -= 1
                if left[0] < 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(count)
        work()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def test_a_kill_at_any_step_leaves_the_old_or_the_new_and_nothing_beside_it(shelf):
    put(shelf, "old")

    def work():
        put(shelf, "new", "b")
        with shelf.locked():
            shelf.forget(shelf.path, ["new"])

    step = 0
    while killed_at(step, work):
        whole = [name for name in names(shelf) if not name.startswith(".") and is_whole(shelf.path / name)]
        assert {"old", "new"} & set(whole) and set(whole) == {n for n in names(shelf) if not n.startswith(".")}
        with shelf.locked():
            assert not [name for name in names(shelf) if name.startswith(".")]
        put(shelf, "old")
        step += 1
    assert step > 10 and names(shelf) == ["new"]


def test_a_seal_lists_the_files_with_size_and_hash(tmp_path):
    (tmp_path / "table").write_text("abc")
    seal(tmp_path)
    assert '"table": [\n  3,\n  "ba7816bf' in (tmp_path / SEAL).read_text()
