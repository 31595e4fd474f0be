"""What customers say: surveys, tickets as a closed loop, complaints and what follows them, themes, advocates."""

from helpers.analyses.feedback_advocates import Advocates, advocates
from helpers.analyses.feedback_aftermath import Aftermath, aftermath
from helpers.analyses.feedback_answers import Question, questions
from helpers.analyses.feedback_backlog import Backlog, OpenAges, backlog, open_ages
from helpers.analyses.feedback_complaints import Pareto, RepeatComplainers, complaint_pareto, repeat_complainers
from helpers.analyses.feedback_drivers import Drivers, drivers
from helpers.analyses.feedback_loop import ClosedLoop, ClosedLoopBy, closed_loop, closed_loop_by
from helpers.analyses.feedback_reopens import Reopens, reopens
from helpers.analyses.feedback_response import Response, response
from helpers.analyses.feedback_speed import Speed, SpeedBy, speed, speed_by
from helpers.analyses.feedback_surveys import (
    Course,
    GroupLevels,
    Satisfaction,
    Scales,
    course,
    group_levels,
    satisfaction,
    scales,
)
from helpers.analyses.feedback_themes import (
    DistinctiveThemes,
    Mentions,
    Themes,
    distinctive_themes,
    mentions,
    themes,
)

__all__ = [
    "Advocates", "Aftermath", "Backlog", "ClosedLoop", "ClosedLoopBy", "Course", "DistinctiveThemes", "Drivers",
    "GroupLevels", "Mentions", "OpenAges", "Pareto", "Question", "Reopens", "RepeatComplainers", "Response",
    "Satisfaction", "Scales", "Speed", "SpeedBy", "Themes", "advocates", "aftermath", "backlog", "closed_loop",
    "closed_loop_by", "complaint_pareto", "course", "distinctive_themes", "drivers", "group_levels", "mentions",
    "open_ages", "questions", "reopens", "repeat_complainers", "response", "satisfaction", "scales", "speed",
    "speed_by", "themes",
]  # fmt: skip
