"""The demo shop and its true answers.

`truth` says what is so; `shop` draws customers who live by it, with `clock`, `draws`, `people`, `goods`, `baskets`,
`purchases`, `visits`, `memberships`, `service`, `plans`, `campaigns`, `trials`, `programme`, `birthdays` and `texts`;
`customer_files`, `trade_files` and `contact_files` write them in `cells` as exports look, and `tables` all of them:
`python -m helpers.data.synthetic.tables`.
"""

from helpers.data.synthetic.customer_files import (
    CITIES,
)
from helpers.data.synthetic.tables import (
    write,
)

__all__ = [
    "CITIES",
    "write",
]
