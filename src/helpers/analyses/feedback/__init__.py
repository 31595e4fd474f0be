"""What customers say: surveys, tickets as a closed loop, complaints and what follows them, themes, advocates.

Rooms, in the order of the page:

    voice          surveys, who answers them, what goes with the answers
    service        tickets from recorded to settled
    complaint      what is complained of, and what follows
    words          what is written
    referral       what customers whom others bring are worth, and how many come
    word_of_mouth  customers who bring others
    vocabulary     the columns of their tables, each declared once
"""

from helpers.analyses.feedback.complaint.consequences import Aftermath, aftermath
from helpers.analyses.feedback.complaint.pareto import Pareto, RepeatComplainers, complaint_pareto, repeat_complainers
from helpers.analyses.feedback.referral.brought import Brought, brought
from helpers.analyses.feedback.referral.rate import ReferralRate, referral_rate
from helpers.analyses.feedback.service.loop import ClosedLoop, closed_loop
from helpers.analyses.feedback.service.loop_by_group import ClosedLoopBy, closed_loop_by
from helpers.analyses.feedback.service.open_tickets import Backlog, OpenAges, backlog, open_ages
from helpers.analyses.feedback.service.reopening import Reopens, reopens
from helpers.analyses.feedback.service.waiting import Speed, speed
from helpers.analyses.feedback.service.waits_by_group import SpeedBy, speed_by
from helpers.analyses.feedback.service.waits_by_tier import SpeedByTier, speed_by_tier
from helpers.analyses.feedback.voice.answers import Question, questions
from helpers.analyses.feedback.voice.associations import Drivers, drivers
from helpers.analyses.feedback.voice.levels_by_group import GroupLevels, group_levels
from helpers.analyses.feedback.voice.respondents import Response, response
from helpers.analyses.feedback.voice.satisfaction_levels import Course, Satisfaction, course, satisfaction
from helpers.analyses.feedback.voice.scale_changes import Scales, scales
from helpers.analyses.feedback.word_of_mouth import Advocates, advocates
from helpers.analyses.feedback.words.topics import (
    DistinctiveThemes,
    Mentions,
    Themes,
    distinctive_themes,
    mentions,
    themes,
)

__all__ = [
    "Advocates", "Aftermath", "Backlog", "Brought", "ClosedLoop", "ClosedLoopBy", "Course", "DistinctiveThemes",
    "Drivers", "GroupLevels", "Mentions", "OpenAges", "Pareto", "Question", "ReferralRate", "Reopens",
    "RepeatComplainers", "Response", "Satisfaction", "Scales", "Speed", "SpeedBy", "SpeedByTier", "Themes",
    "advocates", "aftermath", "backlog", "brought", "closed_loop", "closed_loop_by", "complaint_pareto", "course",
    "distinctive_themes", "drivers", "group_levels", "mentions", "open_ages", "questions", "referral_rate", "reopens",
    "repeat_complainers", "response", "satisfaction", "scales", "speed", "speed_by", "speed_by_tier", "themes",
]  # fmt: skip
