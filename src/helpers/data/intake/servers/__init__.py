"""Databases as sources of a data set: what is new of them is copied to the shelf.

`sessions` opens one reading of a server and says in sentences why it is refused; `postgresql` and `mysql` are the two
kinds, `database_files` those that are a file and are asked alike, `forms` what they share. `selects` are the SELECTs
that ask for a feed, `copies` the rows that are kept of it.
"""
