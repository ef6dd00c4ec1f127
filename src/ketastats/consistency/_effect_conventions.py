"""How printed effect sizes are computed from printed tests: the standard formula, and what is used in its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

__all__ = ["CONVENTIONS", "DIRECTED", "Convention", "Design"]


@dataclass(frozen=True, slots=True)
class Design:
    """What a formula may use, as floats in arrays or as fractions.

    Parameters
    ----------
    f : object
        F, chi-squared, or the square of t or z.
    n, df1, df2 : object
        People in all, and degrees of freedom of the equivalent F.
    w : object
        ``1 / n1 + 1 / n2``.
    j : object
        The correction that makes d unbiased, ``J(df2)``.
    k : object
        Rows or columns of a table less 1, whichever is fewer.
    """

    f: Any
    n: Any
    df1: Any
    df2: Any
    w: Any
    j: Any
    k: Any


@dataclass(frozen=True, slots=True)
class Convention:
    """One way to compute an effect size.

    Parameters
    ----------
    name : str
        What stands behind "only if"; empty for the standard formula.
    power : int
        Which power of the effect size the formula gives.
    formula : callable
        From a `Design` to that power; it rises with the statistic, and with `w` where it uses it.
    by_split : bool
        Whether the formula depends on how the people are split into two groups.
    by_shape : bool
        Whether it depends on the shape of the table.
    at_most : bool
        Whether the formula is only an upper bound.
    """

    name: str
    power: int
    formula: Callable[[Design], Any]
    by_split: bool = False
    by_shape: bool = False
    at_most: bool = False


def _eta(x: Design) -> Any:
    return x.f * x.df1 / (x.f * x.df1 + x.df2)


def _epsilon(x: Design) -> Any:
    return (x.f - 1) * x.df1 / (x.f * x.df1 + x.df2)


def _omega(x: Design) -> Any:
    return (x.f - 1) * x.df1 / (x.f * x.df1 + x.df2 + 1)


def _f_squared(x: Design) -> Any:
    return x.f * x.df1 / x.df2


def _r_through_d(x: Design) -> Any:
    return x.f * x.w / (x.f * x.w + 4)


_PAIRS_N = Convention("t / sqrt(n), the d of pairs", 2, lambda x: x.f / (x.df2 + 1))
_PAIRS_DF = Convention("t / sqrt(df), the d of pairs", 2, lambda x: x.f / x.df2)
_TWICE_DF = Convention("2 t / sqrt(df)", 2, lambda x: 4 * x.f / x.df2)
_TWICE_N = Convention("2 t / sqrt(n)", 2, lambda x: 4 * x.f / x.n)
_D_SQUARED = Convention("the square of d", 1, lambda x: x.f * x.w, by_split=True)

#: For every effect size the standard formula first.
CONVENTIONS: dict[str, tuple[Convention, ...]] = {
    "d": (
        Convention("", 2, lambda x: x.f * x.w, by_split=True),
        Convention("g, corrected for bias", 2, lambda x: x.j * x.j * x.f * x.w, by_split=True),
        _TWICE_DF,
        _TWICE_N,
        Convention("its SDs divide by n", 2, lambda x: x.f * x.w * x.n / (x.n - 2), by_split=True),
        _PAIRS_N,
        _PAIRS_DF,
        _D_SQUARED,
    ),
    "g": (
        Convention("", 2, lambda x: x.j * x.j * x.f * x.w, by_split=True),
        Convention(
            "corrected by 1 - 3 / (4 df - 1)",
            2,
            lambda x: (1 - 3 / (4 * x.df2 - 1)) * (1 - 3 / (4 * x.df2 - 1)) * x.f * x.w,
            by_split=True,
        ),
        Convention("d, not corrected for bias", 2, lambda x: x.f * x.w, by_split=True),
        _TWICE_DF,
        _TWICE_N,
        _PAIRS_N,
    ),
    "d_z": (
        Convention("", 2, lambda x: x.f / (x.df2 + 1)),
        Convention("g, corrected for bias", 2, lambda x: x.j * x.j * x.f / (x.df2 + 1)),
        Convention("t / sqrt(df)", 2, lambda x: x.f / x.df2),
        Convention("t sqrt(2 / n), the d of two groups", 2, lambda x: 2 * x.f / (x.df2 + 1)),
        _TWICE_DF,
        Convention("2 t / sqrt(n)", 2, lambda x: 4 * x.f / (x.df2 + 1)),
    ),
    "r": (
        Convention("", 2, _eta),
        Convention("the statistic over sqrt(n)", 2, lambda x: x.f / x.n),
        Convention("d / sqrt(d^2 + 4)", 2, _r_through_d, by_split=True),
        Convention("the square of r", 1, _eta),
    ),
    "eta_squared": (
        Convention("", 1, _eta),
        Convention("omega squared", 1, _omega),
        Convention("epsilon squared", 1, _epsilon),
        Convention("the square of Cohen's f", 1, _f_squared),
        Convention("Cohen's f", 2, _f_squared),
        Convention("the root of eta squared", 2, _eta),
        Convention("a share of all variance, that of other terms included", 1, _eta, at_most=True),
    ),
    "omega_squared": (
        Convention("", 1, _omega),
        Convention("epsilon squared", 1, _epsilon),
        Convention("eta squared", 1, _eta),
        Convention("a share of all variance, that of other terms included", 1, _omega, at_most=True),
    ),
    "epsilon_squared": (
        Convention("", 1, _epsilon),
        Convention("omega squared", 1, _omega),
        Convention("eta squared", 1, _eta),
        Convention("a share of all variance, that of other terms included", 1, _epsilon, at_most=True),
    ),
    "f": (
        Convention("", 2, _f_squared),
        Convention("the square of Cohen's f", 1, _f_squared),
        Convention("eta squared", 1, _eta),
        Convention("the root of eta squared", 2, _eta),
    ),
    "phi": (
        Convention("", 2, lambda x: x.f / x.n),
        Convention("divided by n - 1", 2, lambda x: x.f / (x.n - 1)),
        Convention("the square of phi", 1, lambda x: x.f / x.n),
        Convention("the contingency coefficient", 2, lambda x: x.f / (x.f + x.n)),
    ),
    "cramers_v": (
        Convention("", 2, lambda x: x.f / (x.n * x.k), by_shape=True),
        Convention("phi, whatever the shape of the table", 2, lambda x: x.f / x.n),
        Convention("the square of V", 1, lambda x: x.f / (x.n * x.k), by_shape=True),
        Convention("the contingency coefficient", 2, lambda x: x.f / (x.f + x.n)),
    ),
}
#: Effect sizes that have a direction where the test has one.
DIRECTED = ("d", "g", "d_z", "r", "phi")
