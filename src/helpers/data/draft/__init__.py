"""A stranger's folder becomes a first dataset.toml: what each file holds, which table it feeds, how files are joined.

`contents` is the room of what the files hold, `feeds` the one of which tables they feed; `links` joins files;
`questions` says what their values leave open, `presets` which files a preset reads better; `folders` does it for a
folder, `databases` for a database, and `wording` writes it down.
"""

from helpers.data.draft.databases import Database, folder_name, of_database
from helpers.data.draft.folders import Draft, drafted
from helpers.data.draft.wording import as_lines, as_toml

__all__ = ["Database", "Draft", "as_lines", "as_toml", "drafted", "folder_name", "of_database"]
