"""The data sets behind a ruling, each with its interval, whatever kind of set they come from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import effects
from ..claims import Claim
from ..effects import Estimate
from ..errors import InvalidArgument
from ..reconstruct import CompatibleCounts, CompatibleMeans, CompatibleOutcomes, CompatibleTables
from ..regions import Region
from ._reachable import reachable

__all__ = [
    "GROUPS",
    "SPLIT",
    "Members",
    "exchangeable",
    "from_columns",
    "from_counts",
    "from_estimate",
    "from_means",
    "from_outcome",
    "from_tables",
    "in_sample",
]

#: Names of details that outcomes share.
SPLIT, GROUPS = "the group sizes", "which group is which"
DIRECTION = "the direction of the difference"
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
    reachable, reachable_turned : ndarray of bool, shape (members,)
        Where both limits can come to lie in the region, whether one value brings them there at once; where it is
        False the interval never lies in the region. The second is for the same data with its groups exchanged.
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
    reachable_turned: NDArray[np.bool_]
    noun: str
    method: str
    references: tuple[str, ...]

    def doubled(self, label: str, *, turned: bool, ratio: bool) -> Members:
        """Return each data set twice, the second time with its direction `turned`, under a detail of that name."""

        def turn(limit: Any) -> Any:
            """Return the other limit after the exchange; the smallest and the largest value change places."""
            with np.errstate(divide="ignore"):
                return (1.0 / limit[::-1] if ratio else -limit[::-1]) if turned else limit

        count = self.low.shape[1]
        side = np.repeat(["as listed", "exchanged"], count)
        columns = {name: np.concatenate([column, column]) for name, column in self.columns.items()}
        if "estimate" in columns:
            columns["estimate"][count:] = turn(self.columns["estimate"][None, :])[0]
        details = {name: np.concatenate([key, key]) for name, key in self.details.items()}
        if turned and DIRECTION in details:
            details[DIRECTION][count:] *= -1
        low, high = (self.high, self.low) if turned else (self.low, self.high)
        here, there = self.reachable, self.reachable_turned
        return Members(
            columns=columns | {label: side},
            details=details | {label: side},
            low=np.concatenate([self.low, turn(low)], axis=1),
            high=np.concatenate([self.high, turn(high)], axis=1),
            reachable=np.concatenate([here, there if turned else here]),
            reachable_turned=np.concatenate([there, here if turned else there]),
            noun=self.noun if self.noun.startswith("directed") else f"directed {self.noun}",
            method=self.method,
            references=self.references,
        )

    def taken(self, at: Any) -> Members:
        """Return the data sets at given places."""
        return Members(
            columns={name: column[at] for name, column in self.columns.items()},
            details={name: key[at] for name, key in self.details.items()},
            low=self.low[:, at],
            high=self.high[:, at],
            reachable=self.reachable[at],
            reachable_turned=self.reachable_turned[at],
            noun=self.noun,
            method=self.method,
            references=self.references,
        )


def exchangeable(claim: Claim) -> bool:
    """Whether the claim says the same with the two groups exchanged."""
    if claim.estimand == "proportion":
        return True
    if claim.ratio:
        # The ends of a margin m are 1/m and m, the first rounded.
        return bool(np.isclose(claim.region.low * claim.region.high, 1.0, rtol=1e-12, atol=0.0))
    return claim.region.symmetric


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
        details={"which of the estimates it is": np.arange(low.size)},
        low=np.stack([low, low]),
        high=np.stack([high, high]),
        reachable=np.ones(low.size, dtype=bool),
        reachable_turned=np.ones(low.size, dtype=bool),
        noun="data set",
        method=interval.method,
        references=estimate.references,
    )


def from_counts(claim: Claim, counts: CompatibleCounts, level: float) -> Members:
    """Return the compatible counts of one proportion."""
    estimate = effects.proportion(counts.x, counts.n)
    members = from_estimate(claim, estimate, level)
    return replace(
        members,
        columns={"x": counts.x, "n": counts.n, "estimate": members.columns["estimate"]},
        details={"the number analysed": counts.n, "the events": _pairs(counts.n, counts.x)},
        noun="count",
    )


def from_tables(claim: Claim, tables: CompatibleTables, level: float, method: str | None) -> Members:
    """Return the compatible tables; both orientations where the groups cannot be told apart and it matters."""
    columns = {"x1": tables.x1, "n1": tables.n1, "x2": tables.x2, "n2": tables.n2}
    members = from_columns(claim, columns, _size_details(tables), level, method)
    if tables.labelled or exchangeable(claim):
        return members
    return members.doubled(GROUPS, turned=True, ratio=claim.ratio)


def from_outcome(
    claim: Claim, data: CompatibleOutcomes, name: str, level: float, method: str | None
) -> tuple[Members, Any]:
    """Return what one outcome can be, each once and in one direction, and which of it each member of the set has."""
    part, code = data.sets[name], 2 * data.index[name] + data.swapped[name]
    known = np.bincount(code) > 0
    at, place = np.nonzero(known)[0], np.cumsum(known)[code] - 1
    if not isinstance(part, CompatibleTables):
        return _from_means(claim, part, level).taken(at // 2), place
    first = np.zeros(at.size, dtype=np.intp)
    first[place] = np.arange(place.size)
    columns = {key: column[first] for key, column in zip(("x1", "n1", "x2", "n2"), data.table(name), strict=True)}
    details = {key: value[at // 2] for key, value in _size_details(part).items()}
    return from_columns(claim, columns, details, level, method), place


def in_sample(members: Members, data: CompatibleOutcomes, place: Any) -> Members:
    """Return one outcome of every member of a joint set, with the split of the whole sample, which outcomes share."""
    found = members.taken(place)
    own = {"the group sizes analysed" if key == SPLIT else key: value for key, value in found.details.items()}
    return replace(found, details={SPLIT: _pairs(data.n1, data.n2)} | own)


def from_means(claim: Claim, means: CompatibleMeans, level: float) -> Members:
    """Return the compatible splits; both signs where the sign was not printed and it matters."""
    members = _from_means(claim, means, level)
    if means.sign_known or exchangeable(claim):
        return members
    return members.doubled("the sign of the difference", turned=True, ratio=False)


def _from_means(claim: Claim, means: CompatibleMeans, level: float) -> Members:
    """Return the compatible splits, each with the range of its limits over the rounding interval."""
    if claim.estimand not in ("smd", "mean_difference"):
        raise InvalidArgument("claim", claim.estimand, "smd or mean_difference for compatible means")
    limits = means.intervals(level, measure=claim.estimand)
    low, high = np.stack([limits.low_min, limits.low_max]), np.stack([limits.high_min, limits.high_max])
    ends = claim.region.low, claim.region.high
    several = len(means.tests) > 1
    return Members(
        columns={"n1": means.n1, "n2": means.n2} | ({"test": means.test} if several else {}),
        details={
            "the number analysed": means.n1 + means.n2,
            **({"the test": means.test} if several else {}),
            SPLIT: _pairs(means.n1, means.n2),
            DIRECTION: np.sign(means.t_low + means.t_high).astype(np.int64),
        },
        low=low,
        high=high,
        reachable=reachable(Region(*ends), means, low, high, claim.estimand, level),
        reachable_turned=reachable(Region(-ends[1], -ends[0]), means, low, high, claim.estimand, level),
        noun="data set" if several else "split",
        method=limits.method,
        references=limits.references,
    )


def from_columns(
    claim: Claim, columns: dict[str, Any], sizes: dict[str, Any], level: float, method: str | None
) -> Members:
    """Return 2x2 tables in columns x1, n1, x2, n2, each in the direction in which it stands.

    A proportion is that of both groups together.
    """
    if claim.estimand not in ("proportion", *_MEASURES):
        allowed = "one of " + ", ".join((*_MEASURES, "proportion")) + " for 2x2 tables"
        raise InvalidArgument("claim", claim.estimand, allowed)
    options: dict[str, Any] = {} if method is None else {"method": method}
    x1, n1, x2, n2 = (columns[name] for name in ("x1", "n1", "x2", "n2"))
    estimate: Any
    # Coarse details stand first: of several that decide alone, the first is named.
    if claim.estimand == "proportion":
        estimate = effects.proportion(x1 + x2, n1 + n2, **options)
        details = sizes | {"the number of events": x1 + x2}
    else:
        estimate = effects.proportions(**columns, measure=_MEASURES[claim.estimand], **options)
        direction = np.sign(x1 * n2 - x2 * n1)
        details = {DIRECTION: direction} | sizes | {"the events in each group": _pairs(x1, x2)}
    interval = estimate.confidence_interval(level)
    low, high = np.asarray(interval.low, float), np.asarray(interval.high, float)
    return Members(
        columns=columns | {"estimate": np.asarray(estimate.point)},
        details=details,
        low=np.stack([low, low]),
        high=np.stack([high, high]),
        reachable=np.ones(low.size, dtype=bool),
        reachable_turned=np.ones(low.size, dtype=bool),
        noun="table",
        method=interval.method,
        references=estimate.references,
    )


def _size_details(tables: CompatibleTables) -> dict[str, Any]:
    details: dict[str, Any] = {"the number analysed": tables.n1 + tables.n2}
    if len(tables.tests) > 1:
        details["the test"] = tables.printed_by
    for name, (_, prints) in tables.alternatives.items():
        label, kind = name.rsplit("_", 1)
        details[f"the {kind} of {label}"] = prints
    return details | {SPLIT: _pairs(tables.n1, tables.n2)}


def _pairs(n1: Any, n2: Any) -> Any:
    return np.asarray(n1, dtype=np.int64) * (1 << 31) + np.asarray(n2, dtype=np.int64)
