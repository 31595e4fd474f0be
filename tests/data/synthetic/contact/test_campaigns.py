"""Messages of campaigns."""

from helpers.data.synthetic.clock import NEVER
from helpers.data.synthetic.contact import campaigns


def test_messages_reach_nobody_who_opted_out_or_has_not_joined(people):
    sent = campaigns.touches(people)
    reached = people.loc[sent["customer"]].reset_index(drop=True)
    assert not reached["opted_out"].any() and (reached["joined"] < sent["sent"]).all()
    opened, clicked = sent["opened"] != NEVER, sent["clicked"] != NEVER
    assert (clicked <= opened).all() and (sent["clicked"][clicked] == sent["opened"][clicked] + 1).all()
