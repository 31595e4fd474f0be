"""What keeps a page from pointing at a person: how small a group may be, and what stands for smaller ones."""

from __future__ import annotations

SMALLEST_GROUP = 5  # customers; fewer are never shown by themselves
SMALL_GROUPS = "(small groups)"
UNKNOWN = "(not known)"  # what stands for a missing value where customers are grouped
