"""Which goods each customer is offered: rules that score goods, tried in time, and the lists of the ones that won.

`histories` holds what each customer bought by a day, `scorers` the rules made of it, `contest` compares their lists
with what came, `time_trial` parts the time; `lists` is what is offered, made of `list_rows` and of what is
`due_and_dearer`: `exclusions` says what is left out, `spread` that not all get the same first.
"""
