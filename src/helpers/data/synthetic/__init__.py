"""The demo shop and its true answers.

`truth` says what is so; `shop` draws customers who live by it, with `clock` and `draws`. Rooms: customers (who they
are), trade (what they buy), contact (how the shop meets them), files (how all of it is written). `tables` writes the
demo: `python -m helpers.data.synthetic.tables`.
"""

from helpers.data.synthetic.files.customer_files import CITIES
from helpers.data.synthetic.tables import write

__all__ = ["CITIES", "write"]
