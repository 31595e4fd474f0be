"""From any file to typed rows, each of them accounted for.

`settings` reads dataset.toml, over one of the presets (`schema`: what may stand there, of the types in `values`;
`naming`: its tables and columns). Of each feed `feeds` says where its files are and where things are kept; `files`
turns any kind of file into text, which `unpivot` may turn and `lookups` add to; `readings` decides as what each column
is read, and `money` how currencies become one. `columns` makes values of it, in `value_types`, `rules` mark what breaks
the contract, and `parts` keep all that for a file. `sources` does it for one table, `strays` knows times that are no
facts, by the `calendar` of days with rows, `losses` stops what would lose too much.
`terms` says what is told of columns and files in the language that is spoken.
"""
