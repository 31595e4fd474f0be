"""What a dataset.toml may say, and reading it: `settings` lays it over a preset.

`schema` is its whole, `tables`, `programme` and `plans` are parts of it, made of `forms` and `values`; `naming` finds
tables and columns, `drawn` contracts in a file that was drawn on one day. `addresses` are those
of databases, `mentions` the headers that settings name.
"""
