"""What to do on Monday, and whether the last plan worked.

execution           what became of earlier plans (`memory` has them all), as results and contacts tell
judgement           what each action changed and earned: `outcomes` of everybody as assigned, `estimates` of the arms'
                    differences, `verdicts` by the first rule that fits
programme_effect    what all actions change together
portraits           what is known of each customer, which rules (`conditions`) ask
matches             which action is for whom, and what it would bring (`gains`)
exclusions          whom we leave alone, by consent, contacts (`channels`) and value
selection           which action for whom, within budget and capacities
holdouts, lots      how many are held out, and who
listing             the list, and the memory that later reports judge by
days_ahead          what is coming
"""

from helpers.analyses.plan.days_ahead import Calendar, calendar
from helpers.analyses.plan.exclusions import Suppressed, suppressed
from helpers.analyses.plan.execution import Compliance, carried_out
from helpers.analyses.plan.holdouts import Power, power
from helpers.analyses.plan.judgement import ActionEffects, effects
from helpers.analyses.plan.listing import Actions, actions, monday_after, remembered
from helpers.analyses.plan.matches import Candidates, candidates
from helpers.analyses.plan.memory import History, history
from helpers.analyses.plan.portraits import TABLES, Portraits, known
from helpers.analyses.plan.programme_effect import Programme, programme
from helpers.analyses.plan.selection import Chosen, chosen

__all__ = [
    "ActionEffects",
    "Actions",
    "Calendar",
    "Candidates",
    "Chosen",
    "Compliance",
    "History",
    "Portraits",
    "Power",
    "Programme",
    "Suppressed",
    "TABLES",
    "actions",
    "calendar",
    "candidates",
    "carried_out",
    "chosen",
    "effects",
    "history",
    "known",
    "monday_after",
    "power",
    "programme",
    "remembered",
    "suppressed",
]
