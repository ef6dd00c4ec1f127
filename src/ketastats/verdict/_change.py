"""The data sets behind a ruling on a mean change of one group."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..claims import Claim
from ..errors import InvalidArgument
from ..reconstruct import CompatibleChange
from ..regions import Region
from ._members import DIRECTION, Members, exchangeable

__all__ = ["from_change"]


def from_change(claim: Claim, change: CompatibleChange, level: float) -> Members:
    """Return the compatible changes; both directions where the sign was not printed and it matters."""
    if claim.estimand != "mean_difference":
        raise InvalidArgument("claim", claim.estimand, "mean_difference for a change, which is after minus before")
    limits = change.intervals(level)
    low, high = np.stack([limits.low_min, limits.low_max]), np.stack([limits.high_min, limits.high_max])
    ends = claim.region.low, claim.region.high
    members = Members(
        columns={"n": change.n},
        details={
            "the number analysed": change.n,
            DIRECTION: np.sign(np.sign(change.mean_change_low) + np.sign(change.mean_change_high)).astype(np.int64),
        },
        low=low,
        high=high,
        reachable=_reachable(Region(*ends), change, level),
        reachable_turned=_reachable(Region(-ends[1], -ends[0]), change, level),
        noun="data set",
        method=limits.method,
        references=limits.references,
    )
    if change.sign_known or exchangeable(claim):
        return members
    return members.doubled("the sign of the change", turned=True, ratio=False)


def _reachable(region: Region, change: CompatibleChange, level: float) -> Any:
    """Return whether some values that print so bring the whole interval into the region."""
    return change.distance_outside(region.low, region.high, level) < 0.0
