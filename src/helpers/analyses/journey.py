"""Which road customers take: touchpoints, funnels, where they leave, what follows what, and what messages do."""

from helpers.analyses.journey_before import PathsBefore, before_second_order, before_silence
from helpers.analyses.journey_campaigns import Responses, ResponseTimes, response_times, responses
from helpers.analyses.journey_chains import FunnelRules, rules_from
from helpers.analyses.journey_conversion import FunnelBy, TimeToConvert, funnel_by, time_to_convert
from helpers.analyses.journey_drops import Drops, drops
from helpers.analyses.journey_fatigue import Fatigue, OptOuts, fatigue, opt_outs
from helpers.analyses.journey_funnel import Funnel, funnel
from helpers.analyses.journey_messages import Messages, messages
from helpers.analyses.journey_paths import StepMatrix, Transitions, step_matrix, transitions
from helpers.analyses.journey_proof import Proof, proof
from helpers.analyses.journey_touchpoints import Step, Touchpoints, touchpoints

__all__ = [
    "Drops", "Fatigue", "Funnel", "FunnelBy", "FunnelRules", "Messages", "OptOuts", "PathsBefore", "Proof",
    "ResponseTimes", "Responses", "Step", "StepMatrix", "TimeToConvert", "Touchpoints", "Transitions",
    "before_second_order", "before_silence", "drops", "fatigue", "funnel", "funnel_by", "messages", "opt_outs", "proof",
    "response_times", "responses", "rules_from", "step_matrix", "time_to_convert", "touchpoints", "transitions",
]  # fmt: skip
