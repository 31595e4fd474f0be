"""How the business stands against last year and its targets, and through whom sales changed."""
