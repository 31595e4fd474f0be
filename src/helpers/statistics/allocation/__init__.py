"""Who gets what where there is not enough for everybody.

`choices` gives each row at most one option; `prices` say what one more unit of a limit would bring.
"""

from helpers.statistics.allocation.choices import (
    Allocation,
    allocate,
)

__all__ = [
    "Allocation",
    "allocate",
]
