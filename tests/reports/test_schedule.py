"""Notebooks run side by side, each after those it needs; what needs a failed one is skipped."""

from __future__ import annotations

import threading

import pytest
from nbformat import NotebookNode

from helpers.reports import schedule
from helpers.reports.kernels import Outcome
from helpers.reports.notebooks import Notebook


def notebook(word, *needs):
    return Notebook(word, f"What about {word}?", word, needs, {}, {}, NotebookNode())


def completed(_):
    return Outcome("completed", 1.0, NotebookNode())


def no_stop():
    pytest.fail("stopped without a reason")


def test_a_notebook_starts_after_those_it_needs_have_ended():
    events = []

    def run(each):
        events.append(f"{each.word} starts")
        events.append(f"{each.word} ends")
        return completed(each)

    outcomes = schedule.outcomes([notebook("a"), notebook("b", "a"), notebook("c", "b")], run, no_stop, 4)
    assert events == ["a starts", "a ends", "b starts", "b ends", "c starts", "c ends"]
    assert list(outcomes) == ["a", "b", "c"]


def test_independent_notebooks_run_side_by_side():
    meeting = threading.Barrier(2, timeout=600)  # broken unless both are under way at once

    def run(each):
        meeting.wait()
        return completed(each)

    outcomes = schedule.outcomes([notebook("a"), notebook("b")], run, no_stop, 2)
    assert [outcome.status for outcome in outcomes.values()] == ["completed", "completed"]


def test_no_more_notebooks_run_at_once_than_are_allowed():
    running = threading.Semaphore(1)

    def run(each):
        assert running.acquire(blocking=False), "two at once"
        running.release()
        return completed(each)

    schedule.outcomes([notebook(word) for word in "abcd"], run, no_stop, 1)


@pytest.mark.parametrize("status", ["failed", "killed", "timed out"])
def test_dependents_of_a_failed_notebook_are_skipped_and_the_others_finish(status):
    def run(each):
        return Outcome(status if each.word == "a" else "completed", 1.0, NotebookNode())

    given = [notebook("a"), notebook("b", "a"), notebook("c", "b"), notebook("d")]
    outcomes = schedule.outcomes(given, run, no_stop, 2)
    assert {word: outcome.status for word, outcome in outcomes.items()} == {
        "a": status,
        "b": "skipped",
        "c": "skipped",
        "d": "completed",
    }
    assert outcomes["b"].problem == "needs a, which did not complete"
    assert outcomes["c"].problem == "needs b, which did not complete"
    assert "Skipped: needs a" in outcomes["b"].notebook.cells[1].source


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_an_error_stops_what_is_under_way_and_starts_nothing_more(error):
    stopped, started = threading.Event(), []

    def run(each):
        started.append(each.word)
        if each.word == "a":
            raise error
        assert stopped.wait(10), "stop was not called"
        return completed(each)

    with pytest.raises(error):
        schedule.outcomes([notebook(word) for word in "abcd"], run, stopped.set, 2)
    assert set(started) <= {"a", "b", "c"}  # c may take a's place before the error is seen
    assert "d" not in started
