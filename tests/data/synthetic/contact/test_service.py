"""Service at work: tickets pass their stages in order, and surveys and invitations belong together."""

import numpy as np
import pandas as pd
import pytest

from helpers.data.synthetic.clock import DAY, DAYS, NEVER, day_number
from helpers.data.synthetic.contact import service
from helpers.data.synthetic.customers.memberships import complaining
from helpers.data.synthetic.draws import uniforms
from helpers.data.synthetic.truth import TRUTH

END = DAYS * DAY


@pytest.fixture(scope="module")
def complains(asked, people) -> np.ndarray:
    return complaining(asked[asked["unresolved"]], len(people))


@pytest.fixture(scope="module")
def work(asked) -> pd.DataFrame:
    return service.ticket_work(asked)


def test_requests_are_of_customers_and_lie_within_the_log(asked, people, placed):
    assert asked["opened"].is_monotonic_increasing and asked["opened"].max() < END
    assert (people["joined"].to_numpy()[asked["customer"]] < asked["opened"]).all()
    assert 0.5 < asked["complaint"].mean() < 0.75 and not asked["unresolved"][~asked["complaint"]].any()
    assert 0.2 < len(asked) / len(placed) < 0.3


def test_a_ticket_is_replied_to_before_it_is_closed_and_the_unresolved_stay_open(asked):
    replied, closed = asked["replied"] != NEVER, asked["closed"] != NEVER
    assert (asked["replied"][replied] > asked["opened"][replied]).all()
    assert (asked["closed"][closed] > asked["replied"][closed]).all() and (closed <= replied).all()
    open_days = (asked["closed"] - asked["opened"])[closed] / DAY
    assert open_days[asked["unresolved"]].min() > TRUTH.unresolved_days
    assert asked[["replied", "closed"]].max().max() < END


def test_the_backlog_doubles_as_more_stays_unresolved(asked):
    shares = asked[asked["complaint"]].groupby(asked["opened"] // DAY >= day_number("2025-07-01"))["unresolved"].mean()
    assert shares[True] > 1.3 * shares[False]  # of repeated complaints all are unresolved, before and after
    ends = [day_number("2025-01-01") * DAY, END]
    waiting = [((asked["opened"] < at) & ((asked["closed"] == NEVER) | (asked["closed"] >= at))).sum() for at in ends]
    assert waiting[1] > 2 * waiting[0]


def test_only_closed_tickets_are_revisited_summarised_and_opened_again(asked, work):
    closed = (asked["closed"] != NEVER).to_numpy()
    for what in ("revisited", "summarised"):
        happened = (work[what] != NEVER).to_numpy()
        assert (happened <= closed).all() and (work[what][happened] > asked["closed"][happened]).all()
    assert ((work["reopened"] > 0) <= closed).all()


def test_a_ticket_is_handled_before_the_reply_and_followed_up_before_it_is_closed(asked, work):
    replied = asked["replied"] != NEVER
    assert work["handled"][replied].between(asked["opened"][replied], asked["replied"][replied]).all()
    assert (work["handled"][~replied] == NEVER).all() and ((work["replies"] > 0) == replied).all()
    both = (work["followed_up"] != NEVER) & (asked["closed"] != NEVER)
    assert (work["followed_up"][both] <= asked["closed"][both]).all()


def test_answers_have_scores_of_their_question_and_csat_comes_after_closing(placed, asked, complains):
    answers = service.surveys(placed, asked, complains)
    scores = answers.groupby("question")["score"].agg(["min", "max"])
    assert scores.loc["nps"].tolist() == [0, 10] and scores.loc["csat"].tolist() == [1, 5]
    assert answers["minute"].is_monotonic_increasing and answers["minute"].max() < END
    closers = asked.loc[asked["closed"] != NEVER, "customer"]
    assert set(answers.loc[answers["question"] == "csat", "customer"]) <= set(closers)


def test_everybody_who_answered_after_an_order_was_invited_and_the_others_at_the_true_rate(people, placed):
    sent = service.invitations(people, placed)
    answered = (uniforms("surveys").random(len(placed)) < service.RATED) & (placed["minute"] + 2 * DAY < END)
    assert (sent["opened"] != NEVER).sum() == answered.sum()
    douyin = (people["channel"].to_numpy()[sent["customer"]] == "抖音").astype(bool)
    for here, rate in ((douyin, TRUTH.response_rates["抖音"]), (~douyin, TRUTH.response_rates[""])):
        share = (sent["opened"][here] != NEVER).mean()
        assert abs(share - rate) < 3 * np.sqrt(rate * (1 - rate) / here.sum())


def test_who_complains_in_vain_gives_lower_scores(placed, asked, complains):
    answers = service.surveys(placed, asked, complains)
    nps = answers[answers["question"] == "nps"]
    day = np.minimum(nps["minute"] // DAY, DAYS - 1)
    upset = complains[nps["customer"], day]
    assert nps["score"][upset].mean() < nps["score"][~upset].mean() - 1.5
