"""A report beside those before it: the `comparison` of `yardsticks`, of `months` of data and of `decisions`.

The `shelf` has all reports, the `memory` all plans, `history` what stays of reports that are pruned.
"""
