"""Which customers deserve what: RFM segments, value tiers, lifecycle stages and clusters that stay put."""

from helpers.analyses.segmentation_cluster_drift import ClusterDrift, cluster_drift
from helpers.analyses.segmentation_cluster_match import Rematch, rematched
from helpers.analyses.segmentation_cluster_model import ClusterModel
from helpers.analyses.segmentation_clusters import ClusterSearch, clusters, fitted_clusters
from helpers.analyses.segmentation_concentration import Concentration, concentration
from helpers.analyses.segmentation_gaps import StageLimits
from helpers.analyses.segmentation_groups import Crossing, Groups, crossing
from helpers.analyses.segmentation_labels import (
    Cuts,
    Labels,
    SegmentPlan,
    given_cuts,
    labelled,
    segment_plan,
)
from helpers.analyses.segmentation_lifecycle import Stages, stages
from helpers.analyses.segmentation_migration import Migration, Transitions, migration, seen, spent, transitions
from helpers.analyses.segmentation_model import (
    ModelInUse,
    SegmentModel,
    compared_on,
    keep,
    kept_model,
    labels_under,
    segment_model,
)
from helpers.analyses.segmentation_personas import Personas, personas
from helpers.analyses.segmentation_preferences import Preferences, preferences
from helpers.analyses.segmentation_rfm import RfmCuts, RfmScores, scores, segments
from helpers.analyses.segmentation_rfm_rules import SEGMENTS, Rule
from helpers.analyses.segmentation_rfm_source import RfmSource
from helpers.analyses.segmentation_steadiness import Steadiness, steadiness
from helpers.analyses.segmentation_tiers import TierPlan, tiers

__all__ = [
    "SEGMENTS", "ClusterDrift", "ClusterModel", "ClusterSearch", "Concentration", "Crossing", "Cuts", "Groups",
    "Labels", "Migration", "ModelInUse", "Personas", "Preferences", "Rematch", "RfmCuts", "RfmScores", "RfmSource",
    "Rule", "SegmentModel", "SegmentPlan", "StageLimits", "Stages", "Steadiness", "TierPlan", "Transitions",
    "cluster_drift", "clusters", "compared_on", "concentration", "crossing", "fitted_clusters", "given_cuts", "keep",
    "kept_model", "labelled", "labels_under", "migration", "personas", "preferences", "rematched", "scores", "seen",
    "segment_model", "segment_plan", "segments", "spent", "stages", "steadiness", "tiers", "transitions",
]  # fmt: skip
