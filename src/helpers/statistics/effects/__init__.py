"""What a treatment changed: differences between arms, absolute and relative, with their uncertainty.

    effects.compare(control, treatment, kind="mean")

`moments` sums up an arm and `levels` reads a level from it; `comparisons`, `relative_effects`, `quantile_effects` and
`clustered_effects` set arms side by side; `skewness` keeps that true of money in unequal arms, and of means of money;
`cuped`, `strata` and `matching` take out what was known before; `heterogeneity` asks for whom; `winners_curse` how much
too large a found effect looks; `paired_changes` what changed of the same units; `bayes` what to believe;
`noncompliance` whom it reached; `sample_ratios` whether the arms are as planned.
"""

from helpers.statistics.effects.bayes import (
    FLAT,
    Posterior,
    Prior,
    posterior,
)
from helpers.statistics.effects.clustered_effects import (
    cluster_std_dev,
    clustered_effect,
    design_effect,
    intra_cluster_correlation,
)
from helpers.statistics.effects.comparisons import (
    Effect,
    compare,
    post_stratified,
)
from helpers.statistics.effects.heterogeneity import (
    equal_effects,
    shrunken_effects,
)
from helpers.statistics.effects.levels import (
    COLUMNS,
    Kind,
    level,
    value_and_gradient,
)
from helpers.statistics.effects.matching import (
    Matched,
    match,
)
from helpers.statistics.effects.moments import (
    Moments,
    total,
)
from helpers.statistics.effects.noncompliance import (
    Differences,
    EffectOnReached,
    anderson_rubin,
    differences,
    wald,
)
from helpers.statistics.effects.paired_changes import paired_change
from helpers.statistics.effects.quantile_effects import (
    quantile_effect,
    quantile_estimate,
)
from helpers.statistics.effects.relative_effects import (
    relative_effect,
)
from helpers.statistics.effects.sample_ratios import (
    SampleRatio,
    sample_ratio,
)
from helpers.statistics.effects.skewness import (
    MOST_UNEVEN,
    Sample,
    limits,
    scaled_tails,
    skewed_difference,
    skewed_interval,
    tails,
    unevenness,
)
from helpers.statistics.effects.winners_curse import (
    Exaggeration,
    exaggeration,
)

__all__ = [
    "COLUMNS",
    "Differences",
    "Effect",
    "EffectOnReached",
    "Exaggeration",
    "FLAT",
    "Kind",
    "MOST_UNEVEN",
    "Matched",
    "Moments",
    "Posterior",
    "Prior",
    "Sample",
    "SampleRatio",
    "anderson_rubin",
    "cluster_std_dev",
    "clustered_effect",
    "compare",
    "design_effect",
    "differences",
    "equal_effects",
    "exaggeration",
    "intra_cluster_correlation",
    "level",
    "limits",
    "paired_change",
    "match",
    "post_stratified",
    "posterior",
    "quantile_effect",
    "quantile_estimate",
    "relative_effect",
    "sample_ratio",
    "scaled_tails",
    "shrunken_effects",
    "skewed_difference",
    "skewed_interval",
    "tails",
    "total",
    "unevenness",
    "value_and_gradient",
    "wald",
]
