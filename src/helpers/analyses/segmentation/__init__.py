"""Which customers deserve what: RFM segments, value tiers, lifecycle stages and clusters that stay put.

    used = segmentation.segment_model(data, segmentation.segment_plan())
    used.labels.segments.headline()

Rooms, in the order of the page:

    keeping    the model that labels from report to report, the labels of one day, and who moved between two
    scoring    recency, frequency and money, and the segments named by them
    portraits  who the groups are and what they like, and how revenue gathers
    standing   value tiers, the shop's own levels, and lifecycle stages
    cluster    groups that the data themselves form

`groups` shows customers by label, `crossings` two labels of each, `dated_rows` is what they are all cut from,
`vocabulary` declares the columns.
"""

from helpers.analyses.segmentation.cluster.drift import ClusterDrift
from helpers.analyses.segmentation.cluster.matching import Rematch
from helpers.analyses.segmentation.cluster.model import ClusterModel
from helpers.analyses.segmentation.cluster.search import ClusterSearch
from helpers.analyses.segmentation.crossings import Crossing, crossing
from helpers.analyses.segmentation.groups import Groups
from helpers.analyses.segmentation.keeping.labels import CustomerLabels, Cuts, Labels, SegmentPlan, segment_plan
from helpers.analyses.segmentation.keeping.model_file import SegmentModel, kept_model
from helpers.analyses.segmentation.keeping.model_in_use import (
    ModelInUse,
    Why,
    compared_on,
    keep,
    labels_under,
    segment_model,
)
from helpers.analyses.segmentation.keeping.moves import Migration, migration, seen, spent
from helpers.analyses.segmentation.keeping.stability import Steadiness, steadiness
from helpers.analyses.segmentation.keeping.ways import Transitions, transitions
from helpers.analyses.segmentation.portraits.cards import Personas, personas
from helpers.analyses.segmentation.portraits.likes import Preferences, preferences
from helpers.analyses.segmentation.portraits.lorenz import Concentration, concentration
from helpers.analyses.segmentation.scoring.rfm import RfmCuts, RfmScores
from helpers.analyses.segmentation.scoring.rules import SEGMENTS, Rule
from helpers.analyses.segmentation.scoring.source import RfmSource
from helpers.analyses.segmentation.standing.gaps import StageLimits
from helpers.analyses.segmentation.standing.life_stages import Stages
from helpers.analyses.segmentation.standing.own_levels import own_levels
from helpers.analyses.segmentation.standing.value_tiers import TierPlan

__all__ = [
    "SEGMENTS", "ClusterDrift", "ClusterModel", "ClusterSearch", "Concentration", "Crossing", "CustomerLabels", "Cuts",
    "Groups", "Labels", "Migration", "ModelInUse", "Personas", "Preferences", "Rematch", "RfmCuts", "RfmScores",
    "RfmSource", "Rule", "SegmentModel", "SegmentPlan", "StageLimits", "Stages", "Steadiness", "TierPlan",
    "Transitions", "Why", "compared_on", "concentration", "crossing", "keep", "kept_model", "labels_under", "migration",
    "own_levels", "personas", "preferences", "seen", "segment_model", "segment_plan", "spent", "steadiness",
    "transitions",
]  # fmt: skip
