"""From any file to typed rows, each of them accounted for.

`settings` reads dataset.toml, over one of the presets; `files` turns any layout into text; `parsing` gives text its
types; `rules` sets rows aside that break their table's contract; `sources` does all of this for one table.
"""
