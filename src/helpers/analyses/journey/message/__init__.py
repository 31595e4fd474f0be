"""What messages do: `sent` ones and what followed, by `campaigns`, their `response_rates` in sentences, the `pressure`
of too many, the `refusals` to be contacted, and `shares` of messages.
"""
