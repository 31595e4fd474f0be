"""Kehu: from raw exports to a dated report, one notebook a question.

The house, from the ground up; imports only run down:

    parameters     checks of a notebook's parameters
    conditions     rules over customers' columns, checked before they are asked
    progress       a bar for somebody who waits for a long cell
    statistics     estimators: arrays and tables in, tables out; no customers, no files, no charts
    findings       what every answer is made of: a table, a figure, a sentence
    data           raw tables in, one row a customer out
    analyses       the answers, one package a word, a word a notebook
    reports        a run in, a dated folder of pages out
    cli            kehu report, kehu check, kehu lab

An analyst starts with `from helpers.data import datasets` and `from helpers.analyses import churn`.
"""
