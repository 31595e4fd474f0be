"""What tests of files share: a file written and read at once."""

import pytest

from helpers.data import engine
from helpers.data.intake import files


@pytest.fixture
def read(tmp_path):
    """Headers and rows, as lists of texts, of a file of that name and content; words of the layout beside it.

    What is told of the file is then its `told`.
    """

    def written_and_read(name, content, **layout):
        path, scratch = tmp_path / name, tmp_path / "scratch"
        scratch.mkdir(exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        table = files.read(engine.connect(), path, files.Layout(**layout), scratch)
        written_and_read.told = table.told
        rows = table.rows.execute().sort_values(engine.ROW)[list(table.headers)].astype(object)
        return list(table.headers), rows.where(rows.notnull(), "").to_numpy().tolist()

    return written_and_read
