"""The demo shop and its true answers.

`truth` says what is so. `people`, `purchases`, `visits`, `memberships`, `campaigns`, `trials` and `service` draw
customers who live by it, with `draws`, `clock` and `texts`; `tables` writes them in `cells` as exports look:
`python -m helpers.data.synthetic.tables`.
"""

from helpers.data.synthetic.tables import (
    CITIES,
    write,
)

__all__ = [
    "CITIES",
    "write",
]
