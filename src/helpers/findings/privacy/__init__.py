"""Nobody is told of too few customers: `disclosure` hides in tables what would, `discretion` in sentences.

`members` says which customers stand behind a cell, where they are enough to be shown.
"""
