from __future__ import annotations

from nbformat.v4 import new_output

from helpers.reports.pages import series


def answer(kind: str, headline: str):
    box = f'<div class="kehu-answer kehu-beside">\n<h3 class="kehu-headline">{headline}</h3>\n<p>basis</p>\n</div>'
    return new_output("display_data", {"text/html": box}, metadata={"kehu": {"kind": kind}})


def shown(*outputs):
    return [output.data["text/html"] for output in series.abridged(outputs)]


def test_the_first_answer_of_a_kind_stands_open_and_the_others_wait_below_their_headlines():
    first, second, other = shown(answer("Effects", "One."), answer("Effects", "Two."), answer("Balance", "Alike."))
    assert first.startswith('<div class="kehu-answer') and other.startswith('<div class="kehu-answer')
    assert second.startswith(
        '<details class="kehu-more"><summary><h3 class="kehu-headline">Two.</h3></summary><div class="kehu-answer'
    )
    assert second.endswith("<p>basis</p>\n</div></details>")


def test_what_is_of_no_kind_stands_as_it_is():
    printed = new_output("stream", text="5 rows")
    reasons = [new_output("display_data", {"text/html": "<p>No order says so.</p>"}) for _ in range(2)]
    assert list(series.abridged([printed, *reasons])) == [printed, *reasons]
    assert shown(*reasons) == ["<p>No order says so.</p>"] * 2
