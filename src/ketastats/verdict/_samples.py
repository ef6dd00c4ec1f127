"""The pairs of samples behind a ruling on the difference of two means."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .. import effects
from ..claims import Claim
from ..errors import BudgetExceeded, InvalidArgument
from ..reconstruct import CompatibleSampleGroups
from ._members import DIRECTION, Members, from_estimate

__all__ = ["from_samples"]

_MEASURES = {"mean_difference": "difference", "smd": "smd"}
_MOST = 1_000_000


def from_samples(claim: Claim, data: CompatibleSampleGroups, level: float) -> Members:
    """Return every pair of sums and sums of squares that samples of two groups can have, the first less the second.

    The interval follows from these, so that one member stands for all samples that share them.
    """
    if claim.estimand not in _MEASURES:
        raise InvalidArgument("claim", claim.estimand, "smd or mean_difference for samples")
    if len(data.groups) != 2:
        allowed = "samples of two groups, the first of which is compared with the second"
        raise InvalidArgument("data", ", ".join(data.groups), allowed, "Join the two groups by sample_groups.")
    found = data.summaries()
    pairs = len(found[f"{next(iter(data.groups))}_sum"])
    if pairs > _MOST:
        raise BudgetExceeded("pairs of means and SDs", pairs, _MOST, "Give more digits of the means and SDs.")
    (first, one), (second, two) = data.groups.items()
    columns = {f"{name}_{key}": found[f"{name}_{key}"] for name in (first, second) for key in ("mean", "sd")}
    estimate = effects.means(
        columns[f"{first}_mean"],
        columns[f"{first}_sd"],
        one.n,
        columns[f"{second}_mean"],
        columns[f"{second}_sd"],
        two.n,
        measure=_MEASURES[claim.estimand],
    )
    members = from_estimate(claim, estimate, level)
    details = {DIRECTION: np.sign(members.columns["estimate"]).astype(np.int64)}
    details |= {f"further digits of the mean of {name}": found[f"{name}_sum"] for name in (first, second)}
    details |= {f"further digits of the SD of {name}": found[f"{name}_sd"] for name in (first, second)}
    return replace(
        members,
        columns=columns | {"estimate": members.columns["estimate"]},
        details=details,
        noun="summary pair",
    )
