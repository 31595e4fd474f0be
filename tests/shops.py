"""The data that tests need, from one place."""

from pathlib import Path

SHARED = Path(__file__).resolve().parents[1] / "../shared/data"  # public data beside the project; absent elsewhere
