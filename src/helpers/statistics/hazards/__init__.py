"""What goes with a higher rate of an event: Cox, Fine and Gray, grouped hazards.

    fit = hazards.fit_cox(durations, events, covariates)
    hazards.proportional_hazards_test(fit)

`cox` is the front of `partial_likelihood`, `maximum_likelihood` and `baseline_hazard`; `proportional_hazards` and
`changing_effects` ask whether a ratio holds; `fine_gray` and `grouped_hazards` are the other models; `covariates`
checks what they are given.
"""

from helpers.statistics.hazards.changing_effects import (
    effect_over_time,
)
from helpers.statistics.hazards.covariates import (
    undetermined,
)
from helpers.statistics.hazards.cox import (
    CoxFit,
    LogLikelihood,
    fit_cox,
)
from helpers.statistics.hazards.fine_gray import (
    fit_fine_gray,
)
from helpers.statistics.hazards.grouped_hazards import (
    GroupedHazards,
    fit_grouped_hazards,
)
from helpers.statistics.hazards.maximum_likelihood import (
    SeparationWarning,
)
from helpers.statistics.hazards.proportional_hazards import (
    TOGETHER,
    proportional_hazards_test,
)

__all__ = [
    "TOGETHER",
    "CoxFit",
    "GroupedHazards",
    "LogLikelihood",
    "SeparationWarning",
    "effect_over_time",
    "fit_cox",
    "fit_fine_gray",
    "fit_grouped_hazards",
    "proportional_hazards_test",
    "undetermined",
]
