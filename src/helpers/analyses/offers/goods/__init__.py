"""Goods: what counts as one (`levels`), which go together (`baskets`), which follow another (`sequels`), who moves on
to dearer ones (`ladders`), and who is due for one again
(`consumption`, shown in `repeats`, tried in `trial_of_repeats`)."""
