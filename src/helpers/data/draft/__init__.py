"""A stranger's folder becomes a first dataset.toml: what each file holds, which table it feeds, how files are joined.

`holdings` counts in the engine what the columns hold (`widths`: where a file has no delimiter); `roles` says which
header plays which part, `units` in what its money counts, `months` which columns are times side by side; `tables`,
`programme`, `refunds`, `trials`, `totals` and `logs` say which tables a file feeds (`guesses` is what they yield);
`links` joins files; `questions` says what their values leave open, `blanks` which are written once for several rows;
`folders` does it for a folder, `databases` for a database, and `wording` writes it down.
"""

from helpers.data.draft.databases import Database, folder_name, of_database
from helpers.data.draft.folders import Draft, drafted
from helpers.data.draft.wording import as_lines, as_toml

__all__ = ["Database", "Draft", "as_lines", "as_toml", "drafted", "folder_name", "of_database"]
