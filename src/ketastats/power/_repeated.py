"""A complete repeated-measures design: its arguments checked, its effects and variances ready for the F tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import _validate
from ..errors import InvalidArgument, InvalidType
from ..numerics import repeated_measures as kernel

__all__ = ["COVARIANCES", "TERMS", "Covariance", "covariance_of", "group_sizes", "mean_table"]

COVARIANCES = ("random_intercept", "ar1")
TERMS = ("group", "time", "interaction")

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Covariance:
    """The covariance of one person's values at the times, ``(..., times, times)``, and its name."""

    matrix: Array
    name: str

    @property
    def spherical(self) -> bool:
        """Whether every contrast of the times has the same variance, so that the univariate F is exact."""
        return self.name == "random intercept" or self.matrix.shape[-1] <= 2

    @property
    def variance(self) -> Array:
        """Variance of one value, averaged over the times."""
        return np.asarray(np.mean(np.diagonal(self.matrix, axis1=-2, axis2=-1), axis=-1))

    @property
    def between(self) -> Array:
        """Variance of a person's mean over the times."""
        return np.asarray(np.mean(self.matrix, axis=(-2, -1)))

    @property
    def contrasts(self) -> Array:
        """Covariance of the orthonormal contrasts of the times."""
        rows = kernel.helmert(self.matrix.shape[-1])
        return np.asarray(rows @ self.matrix @ rows.T)

    @property
    def within(self) -> Array:
        """Variance of a normed contrast of the times, averaged over contrasts; 1 where there is one time only."""
        times = self.matrix.shape[-1]
        if times == 1:
            return np.ones(self.matrix.shape[:-2])
        rest = times * (self.variance - self.between) / (times - 1.0)
        return np.asarray(rest)


def group_sizes(n: Any) -> Array:
    """Return the people of each group on the last axis."""
    allowed = "one whole number of people per group, such as (37, 46)"
    if isinstance(n, (str, bytes)) or np.ndim(np.asarray(n, dtype=object)) == 0:
        raise InvalidType("n", n, allowed, "For one group write n=(20,).")
    groups = [_validate.integers(size, f"n[{i}]", low=1) for i, size in enumerate(n)]
    if not groups:
        raise InvalidArgument("n", n, allowed)
    sizes = np.stack(_validate.broadcast(**{f"n[{i}]": size for i, size in enumerate(groups)}), axis=-1)
    sizes = sizes.astype(np.float64)
    if np.any(np.sum(sizes, axis=-1) <= sizes.shape[-1]):
        raise InvalidArgument("n", n, "more people than groups", "One person per group shows no variation of people.")
    return sizes


def mean_table(means: Any, groups: int) -> Array:
    """Return the true means, groups by times on the last two axes."""
    table = _validate.array(means, "means")
    allowed = f"an array of means, one row per group (here {groups}) and one column per time"
    if table.ndim < 2 or table.shape[-1] < 1:
        raise InvalidArgument("means", means, allowed, "With one time write [[m1], [m2]], with one group [[m1, m2]].")
    if table.shape[-2] != groups:
        raise InvalidArgument("means", f"an array of shape {table.shape}", allowed)
    return table


def covariance_of(covariance: Any, times: int, rho: Any, sd: Any) -> Covariance:
    """Return the covariance that a name with `rho` and `sd` stands for, or a matrix as it is."""
    spread = _validate.array(sd, "sd", low=0.0, open_low=True)
    if isinstance(covariance, str):
        return _named(_validate.choice(covariance, "covariance", COVARIANCES), times, rho, spread)
    if rho is not None or not np.array_equal(spread, 1.0):
        argument, value = ("rho", rho) if rho is not None else ("sd", sd)
        raise InvalidArgument(argument, value, "nothing beside a covariance matrix", "The matrix says it already.")
    matrix = _validate.array(covariance, "covariance")
    if matrix.ndim < 2 or matrix.shape[-2:] != (times, times):
        allowed = f"one of {', '.join(COVARIANCES)}, or a {times} by {times} matrix, as there are {times} times"
        raise InvalidArgument("covariance", f"an array of shape {matrix.shape}", allowed)
    _check_positive_definite(matrix)
    return Covariance(matrix=matrix, name="given covariance")


def _named(name: str, times: int, rho: Any, spread: Array) -> Covariance:
    if rho is None:
        raise InvalidType("rho", rho, "the correlation of a person's values", "There is no default correlation.")
    floor = -1.0 if name == "ar1" or times < 3 else -1.0 / (times - 1.0)
    correlation = _validate.array(rho, "rho", low=floor, high=1.0, open_low=True, open_high=True)
    correlation, spread = _validate.broadcast(rho=correlation, sd=spread)
    if name == "ar1":
        form = kernel.autoregressive(correlation, times)
    else:
        form = np.where(np.eye(times, dtype=bool), 1.0, correlation[..., None, None])
    matrix = np.square(spread)[..., None, None] * form
    return Covariance(matrix=matrix, name="AR(1)" if name == "ar1" else "random intercept")


def _check_positive_definite(matrix: Array) -> None:
    allowed = "a symmetric matrix with positive eigenvalues"
    scale = np.max(np.abs(matrix), initial=0.0)
    if np.any(np.abs(matrix - np.swapaxes(matrix, -1, -2)) > 1e-10 * scale):
        raise InvalidArgument("covariance", "a matrix that is not symmetric", allowed)
    roots = np.linalg.eigvalsh(matrix)
    if np.any(roots[..., 0] <= 1e-13 * roots[..., -1]):
        smallest = float(np.min(roots[..., 0]))
        raise InvalidArgument("covariance", f"a matrix with the eigenvalue {smallest:.3g}", allowed)
