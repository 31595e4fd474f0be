"""From the files of a data set to its contract tables, once for as long as the files stay the same.

`inputs` finds the files and a key that changes with them; `contract_tables` prepares them, with their `books`, which
account for every row; `orders` and their lines complete each other, `joins` say whether keys meet; `prepared_tables`
are what stands on the shelf, as tables of the engine.
"""
