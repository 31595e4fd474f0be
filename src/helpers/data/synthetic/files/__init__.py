"""How what was drawn is written: `cells` of an export, and the files of customers, trade and contact."""
