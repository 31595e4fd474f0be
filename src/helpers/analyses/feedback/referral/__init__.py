"""Customers whom others bring: what they are worth (`brought`) and how many come (`rate`)."""
