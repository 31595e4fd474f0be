"""Wide columns become rows, one for each of their cells that is filled."""

import pytest

from helpers.data import engine
from helpers.data.intake import files
from helpers.data.intake.rows.unpivot import unpivoted
from helpers.data.intake.wording.tables import Unpivot

WIDE = "who,Q 1,when,Q 2,NPS\na,5,2024-01-01,4,9\nb,,2024-01-02,3,\nc, ,2024-01-03,,\n"


@pytest.fixture
def text(tmp_path):
    (tmp_path / "wide.csv").write_text(WIDE)
    return files.read(engine.connect(), tmp_path / "wide.csv", files.Layout(), tmp_path)


def rows_of(table):
    return table.rows.execute().sort_values(engine.ROW)[[*table.headers, engine.ROW]].to_numpy().tolist()


@pytest.mark.parametrize("columns", [["Q 1", "Q 2", "nps"], ["q*", "NPS"], ["Q *", "nps"]])
def test_each_filled_cell_of_the_columns_is_a_row(text, columns):
    long = unpivoted(text, Unpivot(columns=columns, name="Question", value="Score"))
    assert long.headers == ("who", "when", "question", "score")
    assert rows_of(long) == [
        ["a", "2024-01-01", "q_1", "5", 1],
        ["a", "2024-01-01", "q_2", "4", 2],
        ["a", "2024-01-01", "nps", "9", 3],
        ["b", "2024-01-02", "q_2", "3", 5],
    ]


def test_a_column_that_is_not_there_and_a_name_that_is_are_told(text):
    with pytest.raises(ValueError, match=r"unpivot: no column 'q_9'\. Found who, q_1, when, q_2, nps\."):
        unpivoted(text, Unpivot(columns=["q_1", "q_9"], name="question", value="score"))
    for names in ({"name": "who", "value": "score"}, {"name": "score", "value": "Score"}):
        with pytest.raises(ValueError, match="unpivot: two columns would be called"):
            unpivoted(text, Unpivot(columns=["q*"], **names))


def test_columns_of_several_types_become_texts(tmp_path):
    (tmp_path / "a.json").write_text('[{"who": "a", "x": 1, "y": "two", "z": true}]')
    text = files.read(engine.connect(), tmp_path / "a.json", files.Layout(), tmp_path)
    long = unpivoted(text, Unpivot(columns=["x", "y", "z"], name="question", value="score"))
    assert rows_of(long) == [["a", "x", "1", 1], ["a", "y", "two", 2], ["a", "z", "true", 3]]
