"""What the headers of strangers mean: the `vocabulary` of the trade, and of a `programme`, in several languages,
with `hints` of kinds; and how like a header is.

Headers are folded, as files are read: case, full width, blanks and punctuation do not matter.
"""

from helpers.data.headers.hints import FILES, MEANS, OUTCOMES, PERSONAL, SPREADS, SQUARES, STATES, SUMS
from helpers.data.headers.matching import LEAST, answering, best, likeliest, likeness, speaks, unsigned
from helpers.data.headers.vocabulary import MEANINGS

__all__ = [
    "FILES", "LEAST", "MEANINGS", "MEANS", "OUTCOMES", "PERSONAL", "SPREADS", "SQUARES", "STATES", "SUMS", "answering",
    "best", "likeliest", "likeness", "speaks", "unsigned",
]  # fmt: skip
