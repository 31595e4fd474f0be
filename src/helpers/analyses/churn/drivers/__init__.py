"""What goes with leaving: `single_attributes`, `leakage`, `hazards` of all `covariates` at once, `ratios_over_stay`,
`stated_reasons` and their `subdistribution`, and `distributions`, other shapes of the curve: `failure_times` that
lifelines fits, to `samples` of very many stays.
"""
