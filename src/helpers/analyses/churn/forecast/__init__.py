"""Who may leave next: `landmarks` and the `features` known on them, `encoding` and `models` that learn from them, the
`silence_chain` and the `tenure_model` where these cannot, `chances` for each customer with the `main_reasons` in
`reason_words`, the `backtest` on later days and the `call_list`.
"""
