"""The answers, a package a word: profiling, segmentation, churn, experiments, value, feedback, journey,
offers, plan.

A word is also its notebook and its page; words never import one another. Each word's door says what is behind it.
"""
