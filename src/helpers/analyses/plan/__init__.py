"""What to do on Monday, and whether the last plan worked.

past        what became of earlier plans (`memory` has them all): `execution` as results and contacts tell; `judgement`
            of what each action changed and earned, by `outcomes`, `estimates` of the arms' differences and `verdicts`;
            `programme_effect`, what all actions change together; `personal_choice`, whether choosing customers pays
due         `portraits` of each customer, which rules (`helpers.conditions`) ask; `matches` of actions and customers,
            and what each would bring (`gains`); `days_ahead`
assignment  `exclusions` by consent, contacts (`channels`) and value; `selection` within budget and capacities;
            `holdouts` and `lots`; `listing`, and the memory that later reports judge by
"""

from helpers.analyses.plan.assignment.exclusions import Suppressed, suppressed
from helpers.analyses.plan.assignment.holdouts import Power, power
from helpers.analyses.plan.assignment.listing import Actions, actions, monday_after, remembered
from helpers.analyses.plan.assignment.selection import Chosen, chosen
from helpers.analyses.plan.due.days_ahead import Calendar, calendar
from helpers.analyses.plan.due.matches import Candidates, candidates
from helpers.analyses.plan.due.portraits import Portraits, known
from helpers.analyses.plan.past.execution import Compliance, carried_out
from helpers.analyses.plan.past.judgement import ActionEffects, effects
from helpers.analyses.plan.past.memory import History, history
from helpers.analyses.plan.past.personal_choice import PersonalChoice, personal_choice
from helpers.analyses.plan.past.programme_effect import Programme, programme

__all__ = [
    "ActionEffects",
    "Actions",
    "Calendar",
    "Candidates",
    "Chosen",
    "Compliance",
    "History",
    "PersonalChoice",
    "Portraits",
    "Power",
    "Programme",
    "Suppressed",
    "actions",
    "calendar",
    "candidates",
    "carried_out",
    "chosen",
    "effects",
    "history",
    "known",
    "monday_after",
    "personal_choice",
    "power",
    "programme",
    "remembered",
    "suppressed",
]
