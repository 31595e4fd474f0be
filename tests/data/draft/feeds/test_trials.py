"""Files of experiments."""

from __future__ import annotations

from helpers.data.draft.feeds.guesses import Sql
from helpers.data.draft.feeds.trials import of_experiments

LINES = [f"{n},{'control,old' if n % 2 else 'treatment,new'},{n % 3 % 2},{n % 7}.5,{n % 5}" for n in range(60)]
TRIAL = "\n".join(["user_id,group,page,converted,spend,recency", *LINES]) + "\n"


def test_arm_control_outcomes_and_what_was_known_before_are_told_apart(holding):
    guess = of_experiments(holding("landing_test__csv", TRIAL))
    assert guess.columns == {"experiment": Sql("'landing_test'"), "customer_id": "user_id", "variant": "group"}
    assert guess.control == "control"
    assert guess.extras["metrics"] == {
        "converted": '{ from = "converted", kind = "proportion", missing = "0" }',
        "spend": '{ from = "spend", kind = "mean", missing = "0" }',
    }
    assert guess.extras["covariates"].keys() == {"recency"}


def test_a_column_that_only_repeats_the_arm_is_told_with_a_rule_to_choose(holding):
    guess = of_experiments(holding("landing_test__csv", TRIAL))
    assert "'page' says nearly the same as 'group'" in guess.others[0]
    assert guess.others[1].startswith('rules = [{ rule = "group and page disagree"')


def test_without_an_identifier_every_row_is_a_customer(holding):
    lines = "".join(f"{'No E-Mail' if n % 2 else 'E-Mail'},{n % 3 % 2}\n" for n in range(20))
    guess = of_experiments(holding(text="segment,visit\n" + lines))
    assert guess.columns["customer_id"] == Sql("file_row") and "every row is taken for one customer" in guess.notes[0]


def test_arms_of_which_none_is_called_control_are_asked_for(holding):
    lines = "".join(f"u{n},gate_{n % 2},{n % 30},{'True' if n % 3 else 'False'}\n" for n in range(60))
    guess = of_experiments(holding("games__csv", "userid,version,sum_gamerounds,retention_1\n" + lines))
    assert guess.extras["metrics"].keys() == {"sum_gamerounds", "retention_1"} and guess.control == ""
    assert guess.others == [
        "no arm is called control: write control = … below [experiments.games], one of gate_0, gate_1"
    ]


def test_a_file_without_a_control_is_no_experiment(holding):
    assert of_experiments(holding(text="user_id,group,converted\n1,a,0\n2,b,1\n")) is None
