"""Kernels that run at once share the machine: no more than have room, each with its memory and threads."""

from __future__ import annotations

from types import SimpleNamespace

import psutil
import pytest

from helpers.data import engine
from helpers.reports import machine

GB = 1_000_000_000


@pytest.fixture
def room(monkeypatch, tmp_path):
    """Sets what the machine has: free bytes, cores, what its container allows, and what the caller does."""

    def has(free, cores=8, container="max", said=""):
        (tmp_path / "memory.max").write_text(f"{container}\n")
        monkeypatch.setattr(machine, "LIMITS", (tmp_path / "memory.max", tmp_path / "absent"))
        monkeypatch.setattr(machine, "cores", lambda: cores)
        monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=free))
        monkeypatch.setattr(psutil.Process, "memory_info", lambda _: SimpleNamespace(rss=GB))
        monkeypatch.setenv(engine.MEMORY, said)

    return has


def test_of_a_small_shop_as_many_kernels_run_as_there_are_cores(room):
    room(16 * GB)
    assert machine.at_once(5_000) == 8


def test_of_a_large_one_as_many_as_have_room_and_always_one(room):
    room(16 * GB)
    assert machine.at_once(1_000_000) == 16 * GB // (machine.KERNEL + 1_000_000 * machine.CUSTOMER) == 2
    room(2 * GB)
    assert machine.at_once(1_000_000) == machine.at_once(100_000_000) == 1


@pytest.mark.parametrize(
    ("limits", "left"),
    [
        ({}, 16),
        ({"container": 5 * GB}, 4),
        ({"said": "4"}, 3),
        ({"said": "4", "container": 3 * GB}, 2),
        ({"said": "99"}, 16),
    ],
)
def test_what_a_container_or_the_caller_allows_is_shared_with_the_report_s_own_process(room, limits, left):
    room(16 * GB, **limits)
    assert machine.memory() == left * GB


def test_each_kernel_learns_its_share_of_memory_and_threads(room):
    room(9 * GB)
    assert machine.share(3) == {engine.MEMORY: "3.00", engine.THREADS: "2"}
    room(9 * GB, cores=2)
    assert machine.share(4)[engine.THREADS] == "1"
