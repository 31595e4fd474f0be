"""What all findings mean by "beyond chance": one level of significance, and what an interval is called."""

from __future__ import annotations

SIGNIFICANCE = 0.05  # a p-value below it is beyond chance
CI = "95% CI"  # what an interval of 1 - SIGNIFICANCE is called
