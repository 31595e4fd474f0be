"""What leaving means here: `definition` says it, `beginnings_and_ends` makes the stays, `silence` says how long is too
long, `false_alarms` how often a silence is broken, `other_lengths` what another length would say, `descriptions` which
columns describe a customer.
"""
