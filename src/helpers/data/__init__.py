"""Raw tables in, one row a customer out, as of a day.

intake reads files into typed tables and accounts for every row, by the `contracts`; engine is all that knows a
backend; `datasets` opens a data set, prepared once (preparation) and kept on the `shelf`; `spans` say how far its
tables reach; `snapshot` is one row a customer, `contract_stays` one a stay, `days` where a day begins and ends,
`lunar` those of the Chinese calendar, `ages` years lived, `counterparts` customers beside whom others are compared;
`privacy` makes pseudonyms; synthetic makes the demo.
"""
