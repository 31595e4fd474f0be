"""The demo shop and its true answers.

`truth` says what is so; `behaviour` and `service` draw customers who live by it, with `draws` and `texts`; `tables`
writes them as exports look: `python -m helpers.data.synthetic.tables`.
"""

from helpers.data.synthetic.tables import (
    CITIES,
    write,
)

__all__ = [
    "CITIES",
    "write",
]
