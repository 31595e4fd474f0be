"""Which road customers take: how they begin, funnels, where they leave it, what follows what, and what messages do.

Rooms: road (touchpoints, funnels, exits, paths, what comes before silence), lead (which leads become customers),
beginning (what newcomers do early, and who stays), feature (what is used, and who stays), communities (who is in them,
and what joiners buy), message (what messages do, or seem to do); `staying` is who was there and stayed, `trials` are
the experiments that would tell, `vocabulary` declares the columns.
"""

from helpers.analyses.journey.beginning.early_steps import Onboarding, onboarding
from helpers.analyses.journey.beginning.later_stays import LaterStays, later_stays
from helpers.analyses.journey.communities.joiners import Joiners, joiners
from helpers.analyses.journey.communities.members import Community, community
from helpers.analyses.journey.feature.adoption import FeatureUse, feature_use
from helpers.analyses.journey.feature.users import FeatureStays, feature_stays
from helpers.analyses.journey.lead.sources import LeadConversion, lead_conversion
from helpers.analyses.journey.message.campaigns import Responses, ResponseTimes, response_times, responses
from helpers.analyses.journey.message.pressure import Fatigue, fatigue
from helpers.analyses.journey.message.refusals import OptOuts, opt_outs
from helpers.analyses.journey.message.sent import Messages, messages
from helpers.analyses.journey.road.chains import FunnelRules, rules_from
from helpers.analyses.journey.road.conversion import FunnelBy, TimeToConvert, funnel_by, time_to_convert
from helpers.analyses.journey.road.exits import Drops, drops
from helpers.analyses.journey.road.paths import StepMatrix, Transitions, step_matrix, transitions
from helpers.analyses.journey.road.precursors import PathsBefore, before_second_order, before_silence
from helpers.analyses.journey.road.steps import Funnel, funnel
from helpers.analyses.journey.road.touches import Touchpoints, touchpoints
from helpers.analyses.journey.trials import Proof, proof

__all__ = [
    "Community", "Drops", "Fatigue", "FeatureStays", "FeatureUse", "Funnel", "FunnelBy", "FunnelRules", "Joiners",
    "LaterStays", "LeadConversion", "Messages", "Onboarding", "OptOuts", "PathsBefore", "Proof", "ResponseTimes",
    "Responses", "StepMatrix", "TimeToConvert", "Touchpoints", "Transitions",
    "before_second_order", "before_silence", "community", "drops", "fatigue", "feature_stays", "feature_use", "funnel",
    "funnel_by", "joiners", "later_stays", "lead_conversion", "messages", "onboarding", "opt_outs", "proof",
    "response_times", "responses", "rules_from", "step_matrix", "time_to_convert", "touchpoints", "transitions",
]  # fmt: skip
