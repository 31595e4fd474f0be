"""One row a key: rows of which several have one key are told apart, added up or merged, and what was found is told.

`sharing`: a number that several customers, or several days, have is no key, and is made one; `lines`: rows that are
parts of one order add up; `merging`: all others are one row; `uniqueness`: the three in turn, for one table.
`overlaps`: of rows without a key those that a newer export has again.
"""

from helpers.data.intake.keys.lines import order_money
from helpers.data.intake.keys.overlaps import superseded
from helpers.data.intake.keys.sharing import counts, owned, owners
from helpers.data.intake.keys.uniqueness import Unique, unique

__all__ = ["Unique", "counts", "order_money", "owned", "owners", "superseded", "unique"]
