"""Leads: how many of each source become customers, and how soon, `sources`."""
