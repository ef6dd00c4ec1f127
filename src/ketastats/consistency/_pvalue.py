"""A printed p-value against its printed test."""

from __future__ import annotations

from functools import partial
from math import inf
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _validate
from ..errors import InvalidArgument, InvalidType
from ..numerics import printed_pvalues as kernel
from ..reported import NOT_SIGNIFICANT, Rounding
from ._base import IMPOSSIBLE, Consistency, least_assumption
from ._branches import Branch, branches
from ._columns import cells, lengths, several, words
from ._freedom import read_freedom
from ._printed import ABOVE, AT_LEAST, BELOW, EQUAL, Column, read_column
from ._printed_tests import AGAINST, ALONG, BOTH, EITHER, PrintedTests, magnitude

__all__ = ["pvalue"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Names of tests as they are printed, and the family of each; z is t with endless degrees of freedom.
TESTS = {
    "t": kernel.T,
    "z": kernel.T,
    "r": kernel.R,
    "F": kernel.F,
    "chi2": kernel.CHI2,
    "Q": kernel.CHI2,
    "Wald": kernel.CHI2,
}
_OTHER_NAMES = {"T": "t", "Z": "z", "f": "F", "q": "Q", "wald": "Wald", "R": "r"} | dict.fromkeys(
    ("X2", "x2", "Chi2", "chi-square", "chi-squared", "chisq", "G", "LR", "\u03c72", "\u03c7\u00b2"), "chi2"
)
# The level at which "ns" is read.
_USUAL = 0.05
_OTHER_SIDES = {"two-tailed": "two-sided", "one-tailed": "one-sided"}
_TAILS = {"two-sided": BOTH, "one-sided": ALONG, "greater": ALONG, "less": AGAINST}
_REFERENCES = ("Nuijten et al. 2016, doi:10.3758/s13428-015-0664-2",)


def pvalue(
    test: Any,
    statistic: Any,
    p: Any,
    *,
    df: Any = None,
    df1: Any = None,
    alternative: Any = "two-sided",
    factors: ArrayLike = (),
    sidak: ArrayLike = (),
    epsilons: ArrayLike = (),
    alpha: float = 0.05,
    rounding: str = "half",
) -> Consistency:
    """Ask whether a printed p-value follows from its printed test, and if not, what would explain it.

    Everything that prints as the statistic is turned into its range of p; the numbers agree when this range meets what
    prints as p. Each argument may be a column of an article's tests.

    Parameters
    ----------
    test : str or sequence of str
        ``"t"``, ``"z"``, ``"r"``, ``"F"``, ``"chi2"`` (also ``"G"`` and ``"LR"``), ``"Q"`` or ``"Wald"``, the square
        of a z unless it has more degrees of freedom than 1.
    statistic : str or sequence of str
        The statistic as printed, such as ``"2.20"``, ``"-2.20"`` or ``"< 1"``. Below and above speak of its absolute
        value.
    p : str or sequence of str
        The p-value as printed, such as ``".03"``, ``"< .001"`` or ``"ns"``, which says that it is above `alpha`.
    df : number, str or sequence of these, optional
        Degrees of freedom; for F those of the denominator; none for z, and 1 for Wald when left out. Text with
        decimals, such as ``"28.1"``, stands for all numbers that print so, whole numbers are exact.
    df1 : number, str or sequence of these, optional
        Degrees of freedom of the numerator of F.
    alternative : str or sequence of str
        ``"two-sided"``; ``"one-sided"`` for the tail on which the statistic lies; ``"greater"`` or ``"less"``. It says
        nothing of F with several numerator degrees of freedom, of chi2 with several, and of Q.
    factors : array_like
        Numbers, each above 1, by which p may have been multiplied to correct for several tests: 3 for Bonferroni's
        correction of three, ``(2, 3)`` for Holm's.
    sidak : array_like
        Numbers of tests, each above 1, for which p may have been corrected by Sidak's ``1 - (1 - p)^m``.
    epsilons : array_like
        Numbers, each between 0 and 1, by which both degrees of freedom of F may have been multiplied to correct for
        non-sphericity.
    alpha : float
        The level at which both decide, for the column ``decision``.
    rounding : str
        How digits were cut, one of `Rounding`.

    Returns
    -------
    Consistency
        One row per test. Each assumption is asked alone and with each other one; ``"only if corrected by some
        epsilon"`` asks least and covers all from ``1 / df1`` to 1. Columns: test, statistic, df1 and df2 (those of the
        equivalent F), p, pvalue (of the printed digits), p_low and p_high (of everything that prints so), decision:
        ``"same"``, ``"opposite"``, ``"undecided"`` when what was printed leaves the side open, or ``"opposite only if
        p = alpha is significant"`` (or is not).

    Raises
    ------
    InvalidType
        If a statistic or a p is no text, or degrees of freedom are missing or not asked for.
    InvalidArgument
        If an argument is out of range, or the columns differ in length. Printed numbers that cannot be, such as an r
        of 26, are no error but ``"impossible"``.

    References
    ----------
    .. [1] Nuijten MB, Hartgerink CHJ, van Assen MALM, Epskamp S, Wicherts JM (2016). The prevalence of statistical
       reporting errors in psychology (1985-2013). Behavior Research Methods 48, 1205-1226.
       doi:10.3758/s13428-015-0664-2

    Examples
    --------
    >>> import ketastats as ks
    >>> found = ks.consistency.pvalue("t", ["2.20", "-2.00"], ["= .018", "= .04"], df=[28, 101])
    >>> found.label.tolist()
    ['only if one-sided', 'only if p truncated']
    >>> print(found.explanation[1])
    t(101) = -2.00 gives p from 0.04764 to 0.04874, but = .04 was printed; they agree only if p truncated.
    >>> ks.consistency.pvalue("F", "2.20", ".03", df1=2, df=28)["decision"].tolist()
    ['opposite']
    """
    rule = Rounding(_validate.choice(rounding, "rounding", tuple(Rounding)))
    level = _validate.real(alpha, "alpha", low=0.0, high=1.0, open_low=True, open_high=True)
    multiples = several(factors, "factors", low=1.0, high=inf)
    roots = several(sidak, "sidak", low=1.0, high=inf)
    shares = several(epsilons, "epsilons", low=0.0, high=1.0)
    tests, names = _read(test, statistic, _not_significant(p, level), df, df1, alternative, rule)
    possible = tests.possible()
    holds = {branch.label: possible & tests.holds(branch) for branch in branches(multiples, roots, shares, rule)}
    label = least_assumption(holds)
    columns = _columns(tests, names, level)
    return Consistency(
        label=label,
        holds=holds,
        columns=columns,
        method="p-value recomputed from the printed test",
        references=_REFERENCES,
        assumptions=_assumptions(rule),
        _explain=partial(_sentence, columns, label, possible),
    )


def _read(
    test: Any, statistic: Any, p: Any, df: Any, df1: Any, alternative: Any, rule: Rounding
) -> tuple[PrintedTests, NDArray[np.str_]]:
    """Return the columns as arrays of one length, and the name of each test."""
    given = {"test": test, "statistic": statistic, "p": p, "df": df, "df1": df1, "alternative": alternative}
    rows = {name: cells(value, name) for name, value in given.items()}
    number = lengths(**rows)
    names = words(rows["test"], "test", TESTS, number, _OTHER_NAMES)
    family = np.array([TESTS[name] for name in TESTS])[names]
    labels = np.array(list(TESTS))[names]
    low1, high1, no1 = read_freedom(rows["df1"], "df1", number)
    low2, high2, no2 = read_freedom(rows["df"], "df", number)
    one_square = (labels == "Wald") & no2
    low2, high2, no2 = np.where(one_square, 1.0, low2), np.where(one_square, 1.0, high2), no2 & ~one_square
    _refuse_freedom(labels, no1, no2, high2)
    z, chi2 = labels == "z", family == kernel.CHI2
    # Every test has the degrees of freedom of the F that it amounts to.
    numerator = (
        np.where(chi2, low2, np.where(family == kernel.F, low1, 1.0)),
        np.where(chi2, high2, np.where(family == kernel.F, high1, 1.0)),
    )
    endless = z | chi2
    denominator = np.where(endless, inf, low2), np.where(endless, inf, high2)
    printed = read_column(rows["statistic"], "statistic", rule, number, relations=True)
    _refuse_percent(printed)
    one = (numerator[0] == 1.0) & (numerator[1] == 1.0)
    directed = (family == kernel.T) | (family == kernel.R) | (one & (labels != "Q"))
    signed = (family == kernel.T) | (family == kernel.R)
    sides = words(rows["alternative"], "alternative", _TAILS, number, _OTHER_SIDES)
    _, sign = magnitude(printed.ends(), printed)
    tails = _tails(sides, np.where(signed, sign[printed.code], 0))
    return (
        PrintedTests(
            family=family,
            df1=numerator,
            df2=denominator,
            welch=np.isin(labels, ("t", "F")) & (low2 == high2) & (low2 == np.floor(low2)) & np.isfinite(low2),
            directed=directed,
            tail=np.where(directed, tails, BOTH),
            statistic=printed,
            p=read_column(rows["p"], "p", rule, number, relations=True),
        ),
        labels,
    )


def _not_significant(p: Any, alpha: float) -> Any:
    """Return the column of p with "ns" as a p above the stated level."""
    if alpha == _USUAL:
        return p
    return [
        f"> {alpha!r}" if isinstance(cell, str) and NOT_SIGNIFICANT.fullmatch(cell.strip()) else cell
        for cell in cells(p, "p")
    ]


def _tails(sides: IntArray, sign: IntArray) -> IntArray:
    """Return from which tail p was taken as stated; where the sign is unknown, a stated direction leaves both open."""
    side = np.array(list(_TAILS))[sides]
    to_sign = np.where(side == "greater", sign, -sign)
    stated = np.where(to_sign > 0, ALONG, np.where(to_sign < 0, AGAINST, EITHER))
    return np.where(side == "two-sided", BOTH, np.where(side == "one-sided", ALONG, stated))


def _refuse_freedom(
    labels: NDArray[np.str_], no1: NDArray[np.bool_], no2: NDArray[np.bool_], high2: FloatArray
) -> None:
    """Refuse degrees of freedom that are missing, or stand where none belong."""
    f, z = labels == "F", labels == "z"
    for name, missing, wanted in (("df", no2, ~z), ("df1", no1, f)):
        wrong = np.nonzero(missing == wanted)[0]
        if wrong.size:
            row = int(wrong[0])
            verb = "missing" if missing[row] else "given"
            allowed = f"degrees of freedom for {'F' if name == 'df1' else 'every test but z'}, and only there"
            remedy = f"Row {row} is a {labels[row]} test with {name} {verb}; leave a cell out with None."
            raise InvalidType(name, None if missing[row] else "given", allowed, remedy)
    if (np.isinf(high2) & (labels != "t") & ~f).any():
        raise InvalidArgument("df", inf, "finite degrees of freedom, except for t and F")


def _refuse_percent(printed: Column) -> None:
    if printed.percent.any():
        place = int(np.argmax(printed.percent))
        raise InvalidArgument("statistic", printed.text(place), "a statistic, not a percentage")


def _columns(tests: PrintedTests, labels: NDArray[np.str_], alpha: float) -> dict[str, NDArray[Any]]:
    found = tests.range(Branch())
    value = np.abs(tests.statistic.values)[tests.statistic.code]
    value = np.where(tests.family == kernel.R, np.minimum(value, 1.0), value)
    middle = tuple(0.5 * (low + high) if np.any(low < high) else low for low, high in (tests.df1, tests.df2))
    p = kernel.pvalue(tests.family, value, *middle)
    low, high = _one_tail(tests.tail, found.least, found.most)
    return {
        "test": labels,
        "statistic": tests.statistic.texts,
        "df1": middle[0],
        "df2": middle[1],
        "p": tests.p.texts,
        "pvalue": _one_tail(tests.tail, p, p)[0],
        "p_low": low,
        "p_high": high,
        "decision": _decision(low, high, tests.p, alpha),
    }


def _one_tail(tail: IntArray, least: FloatArray, most: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the range of p from the tail that was stated."""
    low = np.where(tail == BOTH, least, np.where(tail == AGAINST, 1.0 - 0.5 * most, 0.5 * least))
    high = np.where(tail == BOTH, most, np.where((tail == AGAINST) | (tail == EITHER), 1.0 - 0.5 * least, 0.5 * most))
    return low, high


def _decision(low: FloatArray, high: FloatArray, p: Column, alpha: float) -> NDArray[np.str_]:
    """Return whether the printed p decides as the recomputed one does at `alpha`."""
    value, relation = p.values, p.relation
    equal, below = relation == EQUAL, relation == BELOW
    at = value == alpha
    under = (equal & (value < alpha)) | ((relation < ABOVE) & ~equal & (value < alpha)) | (below & at)
    over = (equal & (value > alpha)) | ((relation >= ABOVE) & (value > alpha)) | ((relation == ABOVE) & at)
    # 0 nothing said, 1 significant, 2 not, 3 as p = alpha is taken.
    said = np.where(under, 1, np.where(over, 2, np.where(at & (equal | (relation == AT_LEAST)), 3, 0)))[p.code]
    only_under, only_over = high < alpha, low > alpha
    opposite = ((said == 1) & only_over) | ((said == 2) & only_under)
    out = np.where(said == 0, "undecided", np.where(opposite, "opposite", "same")).astype("<U48")
    out[(said == 3) & only_over] = "opposite only if p = alpha is significant"
    out[(said == 3) & only_under] = "opposite only if p = alpha is not significant"
    return out


def _assumptions(rule: Rounding) -> tuple[str, ...]:
    return (
        f"Statistics and p were cut by the rule {rule.value!r}.",
        "Degrees of freedom without decimals are exact.",
        "Above and below a number speak of the size of a statistic, whatever its sign.",
    )


def _sentence(columns: dict[str, NDArray[Any]], label: NDArray[np.str_], possible: NDArray[np.bool_], row: int) -> str:
    name, statistic, printed = (str(columns[key][row]) for key in ("test", "statistic", "p"))
    df = {"z": "", "F": f"({columns['df1'][row]:g}, {columns['df2'][row]:g})"}.get(
        name, f"({columns['df1' if name in ('chi2', 'Q', 'Wald') else 'df2'][row]:g})"
    )
    # "t = 2.20" was printed with its name, which stands before the degrees of freedom here.
    place = next((place for place, letter in enumerate(statistic) if letter in "<>=\u2264\u2265"), None)
    statistic = f"= {statistic}" if place is None else statistic[place:]
    if not possible[row]:
        return f"{name}{df} {statistic} with p {printed}: one of them is outside what {name} or p can be."
    low, high = columns["p_low"][row], columns["p_high"][row]
    gives = f"{low:.4g}" if low == high else f"from {low:.4g} to {high:.4g}"
    verdict = str(label[row])
    end = {
        "consistent": f"and {printed} was printed; they agree",
        IMPOSSIBLE: f"but {printed} was printed; nothing makes them agree",
    }.get(verdict, f"but {printed} was printed; they agree {verdict}")
    return f"{name}{df} {statistic} gives p {gives}, {end}."
