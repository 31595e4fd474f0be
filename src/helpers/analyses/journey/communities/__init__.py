"""The community (社群): how many are active in it, `members`, and what joiners buy, beside others alike, `joiners`."""
