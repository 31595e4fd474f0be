"""Which tables a file feeds, and from which of its columns: `tables` asks the whole room and yields `guesses`.

`purchases`, `refunds`, `programme`, `trials` (`totals`: summed up), `logs` and `leavers` know their files by headers
and values; `units` says in what money counts, `months` which columns are times side by side, `blanks` which are written
once for several rows.
"""
