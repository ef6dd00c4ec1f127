"""The data sets behind a ruling, each with its interval, whatever kind of set they come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import effects
from ..claims import Claim
from ..effects import Estimate
from ..errors import InvalidArgument
from ..reconstruct import CompatibleMeans, CompatibleOutcomes, CompatibleTables
from ..regions import Region

__all__ = ["Members", "from_estimate", "from_means", "from_outcome", "from_tables"]

_DIRECTION = "the direction of the difference"
_MEASURES = {"risk_difference": "difference", "risk_ratio": "ratio", "odds_ratio": "odds_ratio"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """One data set per element, each with its interval.

    Parameters
    ----------
    columns : dict of ndarray
        What identifies each data set.
    details : dict of ndarray
        Unreported details that could decide a ruling: for each a key per data set; a two-dimensional boolean entry
        marks the data sets under each of several labels.
    low, high : ndarray, shape (2, members)
        Smallest and largest value of each limit, over the values that print so; equal where nothing is left open.
    reachable : ndarray of bool, shape (members,)
        Whether one value could at once have the largest lower and the smallest upper limit that `low` and `high`
        allow; where it is False the interval never lies in the region.
    noun : str
        What a data set is called.
    method : str
        How the interval was made.
    references : tuple of str
        Where the method was published.
    """

    columns: dict[str, Any]
    details: dict[str, Any]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    reachable: NDArray[np.bool_]
    noun: str
    method: str
    references: tuple[str, ...]

    def mirrored(self, *, ratio: bool) -> Members:
        """Return each data set twice, as it is and with its groups exchanged."""

        def turn(limit: Any) -> Any:
            with np.errstate(divide="ignore"):
                return 1.0 / limit[::-1] if ratio else -limit[::-1]

        count = self.low.shape[1]
        side = np.repeat(["group 1 as listed", "groups exchanged"], count)
        doubled = {name: np.concatenate([column, column]) for name, column in self.columns.items()}
        if "estimate" in doubled:
            doubled["estimate"][count:] = turn(self.columns["estimate"][None, :])[0]
        details = {name: np.concatenate([key, key]) for name, key in self.details.items()}
        if _DIRECTION in details:
            details[_DIRECTION][count:] *= -1
        return Members(
            columns=doubled | {"orientation": side},
            details=details | {"which group is which": side},
            low=np.concatenate([self.low, turn(self.high)], axis=1),
            high=np.concatenate([self.high, turn(self.low)], axis=1),
            reachable=np.concatenate([self.reachable, self.reachable]),
            noun=self.noun,
            method=self.method,
            references=self.references,
        )


def from_estimate(claim: Claim, estimate: Estimate, level: float) -> Members:
    """Return the elements of an estimate."""
    if estimate.scale != claim.estimand:
        remedy = "Give the claim the estimand that was estimated, or estimate what was claimed."
        raise InvalidArgument("claim", claim.estimand, f"the estimand of the data, {estimate.scale}", remedy)
    interval = estimate.confidence_interval(level)
    low, high, point = (
        np.atleast_1d(np.asarray(x, float)).ravel() for x in (interval.low, interval.high, estimate.point)
    )
    return Members(
        columns={"element": np.arange(low.size), "estimate": point},
        details={},
        low=np.stack([low, low]),
        high=np.stack([high, high]),
        reachable=np.ones(low.size, dtype=bool),
        noun="data set",
        method=interval.method,
        references=estimate.references,
    )


def from_tables(claim: Claim, tables: CompatibleTables, level: float, method: str | None) -> Members:
    """Return the compatible tables; both orientations where the groups cannot be told apart and it matters."""
    columns = {"x1": tables.x1, "n1": tables.n1, "x2": tables.x2, "n2": tables.n2}
    members = _from_columns(claim, columns, level, method)
    members.details.update(_table_details(tables))
    if tables.labelled or _exchangeable(claim.region, ratio=claim.ratio):
        return members
    return members.mirrored(ratio=claim.ratio)


def from_outcome(claim: Claim, joint: CompatibleOutcomes, name: str, level: float, method: str | None) -> Members:
    """Return one outcome of every member of a joint set."""
    part = joint.sets[name]
    if isinstance(part, CompatibleTables):
        columns = dict(zip(("x1", "n1", "x2", "n2"), joint.table(name), strict=True))
        members = _from_columns(claim, columns, level, method)
        at = joint.index[name]
        members.details.update({key: value[at] for key, value in _table_details(part).items()})
        members.details["the group sizes"] = _pairs(joint.n1, joint.n2)
        return members
    alone = from_means(claim, part, level, mirror=False)
    at = joint.index[name]
    return Members(
        columns={key: column[at] for key, column in alone.columns.items()},
        details={key: column[at] for key, column in alone.details.items()},
        low=alone.low[:, at],
        high=alone.high[:, at],
        reachable=alone.reachable[at],
        noun=alone.noun,
        method=alone.method,
        references=alone.references,
    )


def from_means(claim: Claim, means: CompatibleMeans, level: float, *, mirror: bool = True) -> Members:
    """Return the compatible splits, each with the range of its limits over the rounding interval."""
    if claim.estimand not in ("smd", "mean_difference"):
        raise InvalidArgument("claim", claim.estimand, "smd or mean_difference for compatible means")
    limits = means.intervals(level, measure=claim.estimand)
    low, high = np.stack([limits.low_min, limits.low_max]), np.stack([limits.high_min, limits.high_max])
    members = Members(
        columns={"n1": means.n1, "n2": means.n2},
        details={"the number analysed": means.n1 + means.n2, "the group sizes": _pairs(means.n1, means.n2)},
        low=low,
        high=high,
        reachable=_reachable(claim, means, low, high, level),
        noun="split",
        method=limits.method,
        references=limits.references,
    )
    if not mirror or means.sign_known or _exchangeable(claim.region, ratio=False):
        return members
    return members.mirrored(ratio=False)


def _from_columns(claim: Claim, columns: dict[str, Any], level: float, method: str | None) -> Members:
    measure = _MEASURES.get(claim.estimand)
    if measure is None:
        raise InvalidArgument("claim", claim.estimand, "one of " + ", ".join(_MEASURES) + " for 2x2 tables")
    options: dict[str, Any] = {} if method is None else {"method": method}
    estimate = effects.proportions(**columns, measure=measure, **options)
    interval = estimate.confidence_interval(level)
    low, high = np.asarray(interval.low, float), np.asarray(interval.high, float)
    return Members(
        columns=columns | {"estimate": np.asarray(estimate.point)},
        details={_DIRECTION: np.sign(columns["x1"] * columns["n2"] - columns["x2"] * columns["n1"])},
        low=np.stack([low, low]),
        high=np.stack([high, high]),
        reachable=np.ones(low.size, dtype=bool),
        noun="table",
        method=interval.method,
        references=estimate.references,
    )


def _table_details(tables: CompatibleTables) -> dict[str, Any]:
    """Return what was not reported, coarse details first: the first that decides is the one to name."""
    details: dict[str, Any] = {"the number analysed": tables.n1 + tables.n2}
    if len(tables.tests) > 1:
        details["the test"] = tables.printed_by
    return details | {"the group sizes": _pairs(tables.n1, tables.n2)}


def _reachable(claim: Claim, means: CompatibleMeans, low: Any, high: Any, level: float) -> Any:
    """Whether some t in the rounding interval of each split puts the whole interval into the region.

    The limits of d grow with t, so the lower one passes the region's lower end at one t and the upper one its upper
    end at another: the question is which comes first. It arises only where the digits leave a wide range of t.
    """
    inside = Region(claim.region.low, claim.region.high)
    asked = inside.covers(low[1], high[0]) & ~inside.covers(low[0], high[1])
    result = np.ones(asked.shape, dtype=bool)
    if claim.estimand != "smd" or not asked.any():
        return result
    at = np.nonzero(asked)[0]
    start = means.t_low[at]
    # An upper end without limit is never needed: far out the upper limit of d has left any finite region.
    stop = np.minimum(means.t_high[at], 1e4)
    tail = 0.5 * (1.0 - level)
    left, right = start.copy(), stop.copy()
    for _ in range(60):
        middle = 0.5 * (left + right)
        estimate = effects.smd_from_t(middle, means.n1[at], means.n2[at])
        passed = estimate.pvalue(inside.low, alternative="greater") < tail
        left, right = np.where(passed, left, middle), np.where(passed, middle, right)
    first = np.where(inside.covers(low[0][at], np.inf) | (inside.high == np.inf), start, right)
    estimate = effects.smd_from_t(first, means.n1[at], means.n2[at])
    result[at] = estimate.pvalue(inside.high, alternative="less") < tail
    return result


def _exchangeable(region: Region, *, ratio: bool) -> bool:
    """Whether a region looks the same with the two groups exchanged."""
    return region.low * region.high == 1.0 if ratio else region.symmetric


def _pairs(n1: Any, n2: Any) -> Any:
    return np.asarray(n1, dtype=np.int64) * (1 << 31) + np.asarray(n2, dtype=np.int64)
