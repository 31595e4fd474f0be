"""From any file to typed rows, each of them accounted for.

`wording` is what a dataset.toml, or one of the presets, says. Of each feed `feeds` says where its files are and where
things are kept; `files` turns any kind of file into text, `readings` decide as what each column is read, `rows` makes
typed and checked rows of it, with one row a key (`keys`). `parts` keep all that for a file, `sources` does it for one
table, `settlement` accounts for its rows, `terms` says what is told of columns and files in the language that is
spoken.
"""
