"""Which group of one labelling is which of another: the pairs that most rows agree on."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.statistics.clusters.stability import jaccards


def matched_labels(counts: np.ndarray) -> pd.DataFrame:
    """The one-to-one pairs of groups that share most rows in all, from the `overlaps` of two labellings.

    Columns first and second (places), rows (that both labels name) and jaccard (of the pair, 1 for equal groups), by
    first; where one side has more groups, the others have no pair. The share of rows in matched pairs,
    rows.sum() / counts.sum(), is the agreement. Source: Kuhn (1955), the Hungarian method.
    """
    from scipy.optimize import linear_sum_assignment

    first, second = linear_sum_assignment(counts, maximize=True)
    similar = jaccards(counts)[first, second]
    return pd.DataFrame({"first": first, "second": second, "rows": counts[first, second], "jaccard": similar})
