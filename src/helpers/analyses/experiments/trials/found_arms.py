"""The arms that an experiment has, and which of them is the control."""

from __future__ import annotations

import pandas as pd

from helpers.data.intake.wording.schema import Experiment

CONTROL_NAMES = ("control", "a", "对照", "对照组")


def found_arms(met: pd.DataFrame, words: Experiment, control: str) -> tuple[pd.DataFrame, str]:
    """The arms found or planned, the control first and then by name, and how the control was found."""
    weights = words.weights
    sizes = met.pivot_table(index="arm", columns="in_two_arms", values="customers", aggfunc="sum")
    sizes = sizes.reindex(columns=[False, True]).fillna(0).astype(int)
    name, control_from = _control(sizes, words, control)
    order = [name, *sorted((set(sizes.index) | set(weights)) - {name})]
    sizes = sizes.reindex(order, fill_value=0)
    return pd.DataFrame(
        {
            "arm": order,
            "customers": sizes[False].to_numpy(),
            "in_two_arms": sizes[True].to_numpy(),
            "weight": [float(weights.get(arm, 0)) if weights else 1.0 for arm in order],
        }
    ), control_from


def _control(sizes: pd.DataFrame, words: Experiment, control: str) -> tuple[str, str]:
    if control in sizes.index:
        return control, "parameter"
    if words.control:
        return words.control, "settings"
    named = [arm for arm in sizes.index if arm.strip().casefold() in CONTROL_NAMES]
    if len(named) == 1:
        return named[0], "name"
    return sizes[False].idxmax(), "size"
