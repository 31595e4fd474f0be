"""What membership, points and discounts cost, and what they change: `spells` who was in which tier when, `costs` what
each rule gives and must bring, `thresholds` whether reaching a tier changes anything, `gradients` whether one that
is near does, `contributions` what that comes to a year, `liability` what points will cost, `discounts` who buys at
them only.
"""
