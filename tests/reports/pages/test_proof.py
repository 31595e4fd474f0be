from __future__ import annotations

import copy
import re

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from helpers.reports.pages import anchors, proof

DRAWING = '<?xml version="1.0"?>\n<svg width="9pt" viewBox="0 0 9 9"><g id="a" style="fill: #23272f"/></svg>'


def ran(source: str, *outputs, tags=()):
    return new_code_cell(source, execution_count=1, outputs=list(outputs), metadata={"tags": list(tags)})


def stream(name: str, text: str):
    return new_output("stream", name=name, text=text)


def markup(notebook) -> list[str]:
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    return [output["data"]["text/html"] for output in outputs if "data" in output]


def test_what_cells_print_stays_and_what_they_warn_goes():
    notebook = new_notebook(cells=[ran("f()", stream("stderr", "Warning: /home/me"), stream("stdout", "5 rows"))])
    (cell,) = proof.readable(notebook).cells
    assert [output.text for output in cell.outputs] == ["5 rows"]


def test_the_first_heading_goes_to_the_page_and_its_text_stays():
    notebook = new_notebook(cells=[new_markdown_cell("# Who leaves?\n\nFor the head of service.\n\n## When?")])
    assert proof.readable(notebook).cells[0].source.strip() == "For the head of service.\n\n## When?" + anchors.link(
        "when"
    )


def test_a_failure_is_a_sentence_with_its_section_and_what_follows_was_not_reached_once_a_section():
    error = new_output("error", ename="KeyError", evalue="secret", traceback=["line 1"])
    notebook = new_notebook(
        cells=[
            new_markdown_cell("## Who leaves?"), ran("f()", stream("stdout", "begun"), error),
            new_markdown_cell("## Why?"), new_code_cell("g()"), new_code_cell("h()"),
            new_markdown_cell("## Trust"), new_code_cell("k()"),
        ]
    )  # fmt: skip
    page = proof.readable(notebook)
    assert markup(page) == [
        '<p class="stopped">“Who leaves?” could not be answered: the computation stopped with KeyError.</p>',
        '<p class="not-reached">Not reached: the notebook stopped before this.</p>',
        '<p class="not-reached">Not reached: the notebook stopped before this.</p>',
    ]
    assert [len(cell.get("outputs", ())) for cell in page.cells] == [0, 2, 0, 1, 0, 0, 1]


def test_a_section_says_once_what_it_lacks_and_every_answer():
    def said(words, applicable):
        note = {"kehu": {"headline": words, "applicable": applicable}}
        return new_output("display_data", {"text/html": f"<p>{words}</p>"}, metadata=note)

    none, other, answer = said("no tickets", False), said("no orders", False), said("5 orders", True)
    notebook = new_notebook(
        cells=[
            new_markdown_cell("## Who waits?"), ran("f()", none, none, answer), ran("g()", answer, none, other),
            new_markdown_cell("## Who writes?"), ran("h()", none),
        ]
    )  # fmt: skip
    cells = [markup(new_notebook(cells=[cell])) for cell in proof.readable(notebook).cells]
    answered = "<p>5 orders</p>"
    assert cells == [[], ["<p>no tickets</p>", answered], [answered, "<p>no orders</p>"], [], ["<p>no tickets</p>"]]


def test_an_error_written_for_readers_is_quoted():
    error = new_output("error", ename="ValueError", evalue="as_of = 'x': write a date as 'YYYY-MM-DD'.", traceback=[])
    (sentence,) = markup(proof.readable(new_notebook(cells=[ran("f()", error)])))
    assert "The beginning” could not be answered: as_of = &#x27;x&#x27;: write a date as" in sentence
    assert sentence.endswith("YYYY-MM-DD&#x27;.</p>")


def test_equal_figures_get_ids_of_their_own():
    show = new_output("display_data", {"text/html": '<svg><g id="a"/><use href="#a"/></svg>', "text/plain": "a"})
    again, later = copy.deepcopy(show), copy.deepcopy(show)
    shown = markup(proof.readable(new_notebook(cells=[ran("f()", show, again), ran("g()", later)])))
    ids = [re.findall(r'\bid="([^"]+)"', one) for one in shown]
    assert len({id for (id,) in ids}) == 3
    assert all(f'href="#{id}"' in one for one, (id,) in zip(shown, ids, strict=True))


def test_a_bare_figure_is_named_after_its_section():
    figure = new_output("display_data", {"image/svg+xml": DRAWING, "text/plain": "<Figure>"})
    picture = new_output("display_data", {"image/png": "iVBORw0KGgo="})
    notebook = new_notebook(cells=[new_markdown_cell('## Gold & "silver"'), ran("f()", figure, picture)])
    page = proof.readable(notebook)
    assert markup_of(page, 0).startswith('<figure role="img" aria-label="Gold &amp; &quot;silver&quot;"><svg viewBox')
    assert "var(--kehu-ink" in markup_of(page, 0)
    assert page.cells[1].outputs[1].metadata["image/png"]["alt"] == 'Gold & "silver"'


def markup_of(notebook, place: int) -> str:
    return notebook.cells[1].outputs[place].data["text/html"]


def test_parameters_and_papermill_s_notes_do_not_go_to_print():
    tags = ("parameters", "injected-parameters", "papermill-error-cell-tag")
    assert proof.readable(new_notebook(cells=[ran("a = 1", tags=[tag]) for tag in tags])).cells == []


def test_settings_are_the_notebook_s_own_parameters_as_they_were_given():
    declared = (
        'dataset: str = "demo"  # a folder\nsave_to: str = ""\n'
        "after_days: int = 180  # days that count as churned\n"
        'levels: list = ["金", "银"]  # 比较的等级\nstrict: bool = True\nrate: float = 0.05  # false alarms # at most\n'
        'note: str = ""'
    )
    notebook = new_notebook(
        cells=[
            ran(declared, tags=["parameters"]),
            ran("# Parameters\nafter_days = 90\n", tags=["injected-parameters"]),
        ]
    )
    assert [(setting.name, setting.value, setting.comment) for setting in proof.settings(notebook)] == [
        ("after_days", "90", "days that count as churned"),
        ("levels", "金, 银", "比较的等级"),
        ("strict", "yes", ""),
        ("rate", "0.05", "false alarms # at most"),
        ("note", "not set", ""),
    ]


def test_a_setting_of_several_parts_keeps_them_by_name_in_the_words_of_the_edition():
    declared = "plan: dict = {}  # what labels are made by\nsteps: list = []\nrest: dict = {}"
    given = "plan = {'tiers': {'Band 1 一档': '包邮', 'strict': True}}\nsteps = [{'at': 1}, {'at': ['a', 'b']}]"
    notebook = new_notebook(
        cells=[ran(declared, tags=["parameters"]), ran(f"# Parameters\n{given}\n", tags=["injected-parameters"])]
    )
    assert [setting.value for setting in proof.settings(notebook)] == [
        {"tiers": {"Band 1": "包邮", "strict": "yes"}}, {"1": {"at": "1"}, "2": {"at": "a, b"}}, "not set",
    ]  # fmt: skip


def test_the_notebook_itself_is_left_as_it_was():
    error = new_output("error", ename="KeyError", evalue="", traceback=[])
    notebook = new_notebook(cells=[new_markdown_cell("# Q"), ran("f()", stream("stderr", "w"), error)])
    before = copy.deepcopy(notebook)
    proof.readable(notebook)
    assert notebook == before
