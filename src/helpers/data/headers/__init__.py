"""What the headers of strangers mean: the `vocabulary` of the trade in several languages, and how like a header is.

Headers are folded, as files are read: case, full width, blanks and punctuation do not matter.
"""

from helpers.data.headers.matching import LEAST, best, likeliest, likeness, speaks
from helpers.data.headers.vocabulary import FILES, MEANINGS, MEANS, OUTCOMES, PERSONAL, SPREADS, SQUARES, STATES, SUMS

__all__ = [
    "FILES", "LEAST", "MEANINGS", "MEANS", "OUTCOMES", "PERSONAL", "SPREADS", "SQUARES", "STATES", "SUMS", "best",
    "likeliest", "likeness", "speaks",
]  # fmt: skip
