"""Estimators, a room a field: arrays and tables in, tables out. They know no customers, no files and no charts.

survival       curves, medians and tests of time to an event
hazards        what goes with a higher rate of events
purchases      how many purchases are to come, and what they are worth
effects        what a treatment changed, with its uncertainty
designs        how large a test must be, and how often it may be looked at
targeting      whom to treat
allocation     who gets what where there is not enough for everybody
shares         proportions and scores made of them
discontinuities  whether an outcome jumps at a threshold that a rule draws
forecasts      what is to come of a daily sum
reserves       what cohorts that are not complete will come to
inference      many tests at once, and resampling
baskets        what stands together beyond what sizes and popularity explain
clusters       groups that are found, and whether they are found again
recommenders   which goods a customer may take next
rankings       how good lists are whose first place counts most
distributions  how a quantity is spread, and whether that changed

`arrays` has the checks of arguments that all share.
"""
