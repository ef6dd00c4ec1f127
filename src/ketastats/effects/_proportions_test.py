"""Tests of no difference between two proportions, each by its name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from .. import _validate
from .._results import Result
from ..errors import BudgetExceeded, InvalidArgument
from ..numerics import conditional_tests, table_tests, unconditional
from ._base import ALTERNATIVES

__all__ = ["ChiSquareTest", "TableTest", "UnconditionalTest", "proportions_test"]

IntArray = NDArray[np.int64]
Table = tuple[IntArray, IntArray, IntArray, IntArray]

_BERGER_BOOS = "Berger & Boos 1994, doi:10.1080/01621459.1994.10476836"
_FISHER = "Fisher 1935, doi:10.2307/2342435"
_BARNARD = "Barnard 1947, doi:10.1093/biomet/34.1-2.123"

METHODS: dict[str, tuple[str, str]] = {
    "pearson": (
        "Pearson chi-square, uncorrected",
        "Pearson 1900, doi:10.1080/14786440009463897",
    ),
    "yates": (
        "Pearson chi-square with Yates' continuity correction",
        "Yates 1934, doi:10.2307/2983604",
    ),
    "n_minus_1": (
        "Pearson chi-square times (N - 1)/N",
        "Campbell 2007, doi:10.1002/sim.2832",
    ),
    "lr": (
        "Likelihood-ratio chi-square (G)",
        "Wilks 1938, doi:10.1214/aoms/1177732360",
    ),
    "wald": (
        "Wald: unpooled z of the difference",
        "Wald 1943, doi:10.2307/1990256",
    ),
    "fisher": ("Fisher exact; two-sided, all tables no likelier than this one", _FISHER),
    "fisher_central": (
        "Fisher exact; two-sided, twice the smaller tail",
        "Fay 2010, doi:10.1093/biostatistics/kxp050",
    ),
    "blaker": (
        "Blaker exact: the smaller tail, and as much of the other tail as is no larger",
        "Blaker 2000, doi:10.2307/3315916",
    ),
    "midp": (
        "Fisher exact with half the probability of the table itself (mid-p)",
        "Lancaster 1961, doi:10.1080/01621459.1961.10482105",
    ),
    "barnard": ("Barnard exact unconditional, ordered by pooled z", _BARNARD),
    "barnard_unpooled": ("Barnard exact unconditional, ordered by unpooled z", _BARNARD),
    "boschloo": (
        "Boschloo exact unconditional, ordered by Fisher's p of the same alternative",
        "Boschloo 1970, doi:10.1111/j.1467-9574.1970.tb00104.x",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TableTest(Result):
    """A test of no difference between two proportions.

    Parameters
    ----------
    x1, n1, x2, n2 : int or ndarray
        Events and people in group 1 and in group 2.
    pvalue : float or ndarray
        The p-value.
    alternative : str
        "two-sided", "greater" or "less"; "greater" says that the proportion of group 1 is larger.
    method : str
        The test that was used.
    references : tuple of str
        Where it was published.

    Examples
    --------
    >>> import ketastats as ks
    >>> float(ks.effects.proportions_test(0, 16, 15, 72, test="fisher").pvalue)
    0.06287
    """

    x1: Any
    n1: Any
    x2: Any
    n2: Any
    pvalue: Any
    alternative: str
    method: str
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChiSquareTest(TableTest):
    """A test of no difference by a chi-square with one degree of freedom.

    Parameters
    ----------
    x1, n1, x2, n2, pvalue, alternative, method, references : object
        As in `TableTest`.
    statistic : float or ndarray
        Chi-square; 0 where all or none have the event, infinite for Wald's test of all against none.
    zscore : float or ndarray
        Its root with the sign of group 1 minus group 2; one-sided p-values are tails of the normal distribution.

    Examples
    --------
    >>> import ketastats as ks
    >>> test = ks.effects.proportions_test(0, 16, 15, 72, test="yates")
    >>> print(f"{test.statistic:.2f} {test.pvalue:.4f}")
    2.68 0.1016
    """

    statistic: Any
    zscore: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class UnconditionalTest(TableTest):
    """An exact test of no difference, whatever the common proportion.

    Parameters
    ----------
    x1, n1, x2, n2, pvalue, alternative, method, references : object
        As in `TableTest`.
    statistic : float or ndarray
        What orders the tables: z with the sign of group 1 minus group 2 (Barnard), Fisher's p (Boschloo).
    maximiser : float or ndarray
        A common proportion at which tables at least as extreme are as likely as `pvalue` says.
    error_bound : float or ndarray
        The p-value by definition, a supremum, is proved to lie between `pvalue` and ``pvalue + error_bound``.
    berger_boos : float
        The part of the error rate spent on an interval for the common proportion; 0 searches all proportions.

    Examples
    --------
    >>> import ketastats as ks
    >>> test = ks.effects.proportions_test(14, 47, 48, 283, test="barnard")
    >>> print(f"{test.pvalue:.4f} at {test.maximiser:.4f}")
    0.0611 at 0.0039
    >>> bool(test.error_bound < 1e-9)
    True
    """

    statistic: Any
    maximiser: Any
    error_bound: Any
    berger_boos: float


def proportions_test(
    x1: ArrayLike,
    n1: ArrayLike,
    x2: ArrayLike,
    n2: ArrayLike,
    *,
    test: str,
    alternative: str = "two-sided",
    berger_boos: float = 0.0,
    budget: int = 20_000_000,
) -> TableTest:
    """Test that two independent proportions are equal.

    Parameters
    ----------
    x1, n1, x2, n2 : int or array_like of int
        Events and people in group 1 and in group 2; they broadcast together.
    test : str
        Large-sample tests: "pearson", "yates", "n_minus_1", "lr" or "wald". Exact tests given the number of events:
        "fisher" (two-sided: the probability of all tables no likelier than this one, equal within 1e-7 relatively),
        "fisher_central" (twice the smaller tail), "blaker" or "midp". Exact tests whatever the common proportion:
        "barnard" (tables ordered by pooled z), "barnard_unpooled" or "boschloo" (tables ordered by Fisher's p of the
        same alternative: two-sided by the two-sided p as it is under "fisher").
    alternative : {"two-sided", "greater", "less"}
        "greater" says that the proportion of group 1 is larger. Not for "blaker", which has two sides only.
    berger_boos : float
        For the unconditional tests: search only the Clopper-Pearson interval with confidence ``1 - berger_boos`` for
        the common proportion, and add `berger_boos` to the p-value. To be chosen before the data, e.g. 0.001.
    budget : int
        How many table probabilities may be worked out: for the unconditional tests those of all tables of each
        design, for the conditional ones those of the longest row.

    Returns
    -------
    ChiSquareTest, TableTest or UnconditionalTest
        For the large-sample, the conditional and the unconditional tests. Where all or none have the event the groups
        do not differ: chi-square is 0, and the two-sided p is 1 (the mid-p one half).

    Raises
    ------
    InvalidArgument
        If a count is negative, not whole, or larger than its group, a choice is not known, or one does not go with
        the test.
    BudgetExceeded
        If there is more to work out than `budget`.

    References
    ----------
    Barnard (1947), Biometrika 34, 123-138, doi:10.1093/biomet/34.1-2.123.
    Boschloo (1970), Statistica Neerlandica 24, 1-9, doi:10.1111/j.1467-9574.1970.tb00104.x.
    Berger & Boos (1994), JASA 89, 1012-1016, doi:10.1080/01621459.1994.10476836.
    Fay (2010), Biostatistics 11, 373-374, doi:10.1093/biostatistics/kxp050.

    Examples
    --------
    >>> import ketastats as ks
    >>> float(ks.effects.proportions_test(7, 37, 14, 46, test="pearson").pvalue)
    0.230
    >>> ks.effects.proportions_test([7, 9], 12, 2, 12, test="boschloo").pvalue
    array([0.0419, 0.0066])
    """
    table = _validate.counts(x1, n1, x2, n2)
    name = _validate.choice(test, "test", METHODS)
    side = _validate.choice(alternative, "alternative", ALTERNATIVES)
    gamma = _validate.real(berger_boos, "berger_boos", low=0.0, high=1.0, open_high=True)
    limit = _validate.integer(budget, "budget", low=1)
    if gamma > 0.0 and name not in unconditional.TESTS:
        allowed = f"0 for test={name!r}"
        raise InvalidArgument("berger_boos", berger_boos, allowed, "Only unconditional tests search for a maximum.")
    if name == "blaker" and side != "two-sided":
        remedy = "One tail alone is that of test='fisher'."
        raise InvalidArgument("alternative", alternative, "two-sided for test='blaker'", remedy)
    counts = dict(zip(("x1", "n1", "x2", "n2"), (column[()] for column in table), strict=True))
    method, reference = METHODS[name]
    common: dict[str, Any] = {**counts, "alternative": side, "method": method, "references": (reference,)}
    if name in table_tests.STATISTICS:
        return _chi_square(name, side, table, common)
    if name in conditional_tests.TESTS:
        _afford(conditional_tests.longest_row(*table), limit, "table probabilities in one row")
        return TableTest(pvalue=conditional_tests.pvalue(name, side, *table)[()], **common)
    _afford(unconditional.count_tables(table[1], table[3]), limit, "tables")
    return _unconditional(name, side, gamma, table, common)


def _afford(count: int, limit: int, what: str) -> None:
    if count > limit:
        raise BudgetExceeded(what, count, limit, "Raise budget, or use a large-sample test.")


def _chi_square(name: str, side: str, table: Table, common: dict[str, Any]) -> ChiSquareTest:
    x1, n1, x2, n2 = table
    difference = x1 / n1 - x2 / n2
    # Products of larger counts than these leave the range of int64.
    columns = table if max(n1.max(initial=0), n2.max(initial=0)) < 2**31 else [column.astype(float) for column in table]
    # Without events, or with nothing else, the formulas are 0/0.
    statistic = np.where(difference == 0.0, 0.0, table_tests.STATISTICS[name](*columns))
    z = np.copysign(np.sqrt(statistic), difference)
    tail = -z if side == "greater" else z
    pvalue = table_tests.chi_square_sf(statistic) if side == "two-sided" else ndtr(tail)
    return ChiSquareTest(pvalue=pvalue[()], statistic=statistic[()], zscore=z[()], **common)


def _unconditional(name: str, side: str, gamma: float, table: Table, common: dict[str, Any]) -> UnconditionalTest:
    pvalue, maximiser, bound = unconditional.pvalue(name, side, gamma, *table)
    if gamma > 0.0:
        common["method"] += f"; common proportion within its {100 * (1 - gamma):g} % interval (Berger-Boos)"
        common["references"] += (_BERGER_BOOS,)
    return UnconditionalTest(
        pvalue=pvalue[()],
        statistic=unconditional.statistic(name, side, *table)[()],
        maximiser=maximiser[()],
        error_bound=bound[()],
        berger_boos=gamma,
        **common,
    )
