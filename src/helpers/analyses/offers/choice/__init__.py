"""Which goods each customer is offered: rules that score goods, tried in time.

`histories` holds what each customer bought by a day, `scorers` the rules made of it, `contest` compares their lists
with what came, `time_trial` parts the time.
"""
