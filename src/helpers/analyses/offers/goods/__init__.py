"""What goods go with each other and with customers: what counts as a good (`levels`), and pairs in `baskets`."""
