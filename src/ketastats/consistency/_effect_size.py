"""A printed effect size against its printed test."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import _validate
from ..errors import InvalidArgument, InvalidType
from ..numerics import student_t
from ..reported import Rounding
from ._base import CONSISTENT, IMPOSSIBLE, Consistency, least_assumption
from ._columns import cells, lengths
from ._effect_conventions import CONVENTIONS, DIRECTED, Convention
from ._freedom import read_freedom
from ._printed import read_column
from ._printed_effects import PrintedEffects

__all__ = ["effect_size"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Which tests each effect size can be read from; those with one numerator degree of freedom only are in `_ONE`.
_TESTS = {
    **dict.fromkeys(("d", "g"), ("t", "z", "F")),
    "d_z": ("t", "F"),
    "r": ("t", "z", "F", "chi2"),
    **dict.fromkeys(("eta_squared", "omega_squared", "epsilon_squared", "f"), ("F", "t")),
    "phi": ("chi2", "z"),
    "cramers_v": ("chi2",),
}
_OTHER_NAMES = {
    **dict.fromkeys(("cohen_d", "cohens_d"), "d"),
    **dict.fromkeys(("hedges_g", "hedge_g"), "g"),
    "cohens_f": "f",
    "V": "cramers_v",
    **{f"partial_{name}": name for name in ("eta_squared", "omega_squared", "epsilon_squared")},
}
_ONE = ("d", "g", "d_z", "r", "phi")
_TURNED = "only if the sign is turned"
_TRUNCATED = "only if truncated"
_REFERENCES = (
    "Lakens 2013, doi:10.3389/fpsyg.2013.00863",
    "Hedges 1981, doi:10.3102/10769986006002107",
)


def effect_size(
    measure: str,
    value: Any,
    *,
    test: str,
    statistic: Any,
    df: Any = None,
    df1: Any = None,
    n: Any = None,
    n1: Any = None,
    n2: Any = None,
    least: Any = 2,
    rounding: str = "half",
) -> Consistency:
    """Ask whether a printed effect size follows from its printed test, and if not, by which other formula it does.

    Everything that prints as the statistic is turned into its range of the effect size. Where only the sum of both
    groups is known, every split is tried, and the answer says which of them agree. Each argument but `measure` and
    `test` may be a column.

    Parameters
    ----------
    measure : str
        What was printed: ``"d"``, Cohen's d of two groups with the pooled SD; ``"g"``, the same without bias;
        ``"d_z"`` of pairs or of one sample, in SDs of the differences; ``"r"``, a correlation; ``"eta_squared"``,
        ``"omega_squared"`` or ``"epsilon_squared"``, partial shares of variance; ``"f"``, Cohen's f; ``"phi"`` or
        ``"cramers_v"`` of a table.
    value : str or sequence of str
        The effect size as printed.
    test : {"t", "z", "F", "chi2"}
        The test. d and g follow from t, z and F with one numerator degree of freedom, d_z from t and such an F; r from
        these and chi2 with one degree of freedom; shares of variance and f from F and t; phi from chi2 with one degree
        of freedom and z; V from chi2.
    statistic : str or sequence of str
        The statistic as printed.
    df : number, str or sequence of these, optional
        Degrees of freedom of t and chi2, and of the denominator of F. Left out for t and F of two groups they are two
        less than the people, for d_z one less than the pairs.
    df1 : number, str or sequence of these, optional
        Degrees of freedom of the numerator of F; 1 when left out.
    n : int or sequence of int, optional
        People in all, or pairs; for d of two groups ``df + 2`` when left out.
    n1, n2 : int or sequence of int, optional
        People in each group.
    least : int or sequence of int
        The smallest group that is thought possible where the split is unknown.
    rounding : str
        How digits were cut, one of `Rounding`.

    Returns
    -------
    Consistency
        One row per effect size. Columns: what was printed; effect_low and effect_high (the size of the effect that the
        statistic stands for, over every split); smaller_low and smaller_high (the range of the smaller group for which
        the numbers agree as stated, 0 where none does or where it does not matter).

    Raises
    ------
    InvalidType
        If a printed number is no text, or degrees of freedom or people are missing.
    InvalidArgument
        If an argument is out of range, the measure does not follow from the test, or the columns differ in length.

    References
    ----------
    .. [1] Lakens D (2013). Calculating and reporting effect sizes to facilitate cumulative science. Frontiers in
       Psychology 4, 863. doi:10.3389/fpsyg.2013.00863
    .. [2] Hedges LV (1981). Distribution theory for Glass's estimator of effect size and related estimators. Journal of
       Educational Statistics 6, 107-128. doi:10.3102/10769986006002107

    Examples
    --------
    >>> import ketastats as ks
    >>> ks.consistency.effect_size("d", "0.97", test="t", statistic="4.00", n1=35, n2=35).label.tolist()
    ['only if 2 t / sqrt(df)']
    >>> found = ks.consistency.effect_size("d", "0.60", test="t", statistic="2.50", df=78)
    >>> found.label.tolist(), int(found["smaller_low"][0]), int(found["smaller_high"][0])
    (['consistent'], 25, 26)
    """
    known = {**{name: name for name in CONVENTIONS}, **_OTHER_NAMES}
    kind = known[_validate.choice(measure, "measure", known)]
    name = _validate.choice(test, "test", ("t", "z", "F", "chi2"))
    if name not in _TESTS[kind]:
        raise InvalidArgument("test", name, f"{' or '.join(_TESTS[kind])} for {kind}")
    rule = Rounding(_validate.choice(rounding, "rounding", tuple(Rounding)))
    given = {"value": value, "statistic": statistic, "df": df, "df1": df1, "n": n, "n1": n1, "n2": n2, "least": least}
    printed = _read(kind, name, {key: cells(column, key) for key, column in given.items()}, rule)
    conventions = list(CONVENTIONS[kind])
    if kind == "r" and name in ("z", "chi2"):
        # Here the statistic over the root of n is the standard, and the formula of t the departure.
        standard, other, *rest = conventions
        conventions = [
            Convention("", other.power, other.formula),
            Convention("the formula of t", standard.power, standard.formula),
            *rest,
        ]
    holds = _holds(printed, conventions, truncates=rule is Rounding.TRUNCATE)
    label = least_assumption(holds)
    columns = _columns(printed, conventions[0], kind, name)
    return Consistency(
        label=label,
        holds=holds,
        columns=columns,
        method=f"{kind} recomputed from {name}",
        references=_REFERENCES,
        assumptions=(
            f"All numbers were cut by the rule {rule.value!r}.",
            "Degrees of freedom and people are exact.",
            "Where the split is unknown, every one is possible.",
        ),
        _explain=partial(_sentence, columns, label),
    )


def _holds(printed: PrintedEffects, conventions: list[Convention], *, truncates: bool) -> dict[str, NDArray[np.bool_]]:
    """Return every convention as it stands, cut digits, a turned sign, and every two of these."""
    possible, opposite = printed.possible(), printed.opposite()
    sizes = {
        truncated: [possible & printed.holds(one, truncated=truncated) for one in conventions]
        for truncated in ((False,) if truncates else (False, True))
    }
    others = [(at, f"only if {one.name}") for at, one in enumerate(conventions) if at and not one.at_most]
    holds = {CONSISTENT: sizes[False][0] & ~opposite}
    if not truncates:
        holds[_TRUNCATED] = sizes[True][0] & ~opposite
    holds[_TURNED] = sizes[False][0] & opposite
    holds |= {name: sizes[False][at] & ~opposite for at, name in others}
    if not truncates:
        holds[f"{_TRUNCATED} and the sign is turned"] = sizes[True][0] & opposite
        holds |= {f"{name} and truncated": sizes[True][at] & ~opposite for at, name in others}
    holds |= {f"{name} and the sign is turned": sizes[False][at] & opposite for at, name in others}
    # What asks least stands last.
    holds |= {f"only if {one.name}": sizes[False][at] for at, one in enumerate(conventions) if one.at_most}
    return holds


def _read(kind: str, test: str, rows: dict[str, list[Any]], rule: Rounding) -> PrintedEffects:
    number = lengths(**rows)
    n1, n2, n = (_people(rows[key], key, number) for key in ("n1", "n2", "n"))
    if np.any((n1 > 0) != (n2 > 0)):
        raise InvalidType(
            "n2" if np.any(n1 > 0) else "n1", None, "both group sizes, or neither", "Give n1 and n2, or n."
        )
    df1, df2 = _freedom(kind, test, rows, number, np.where(n1 > 0, n1 + n2, n))
    n = _all_people(kind, test, df2, n, n1, n2)
    least = np.broadcast_to(_validate.integers(rows["least"], "least", low=1), (number,))
    wrong = (n1 == 0) & (least > n // 2) & (kind in ("d", "g", "r"))
    if wrong.any():
        allowed = f"at most half of the people, here {int(n[wrong][0]) // 2}"
        raise InvalidArgument("least", int(least[wrong][0]), allowed)
    statistic = read_column(rows["statistic"], "statistic", rule, number, relations=True)
    value = read_column(rows["value"], "value", rule, number, relations=True)
    correct = kind in ("d", "g", "d_z")
    return PrintedEffects(
        value=value,
        statistic=statistic,
        squared=test in ("t", "z"),
        directed=kind in DIRECTED,
        n=n,
        n1=n1,
        n2=n2,
        least=least,
        df1=df1,
        df2=df2,
        # With one degree of freedom no multiple of d is without bias, and the correction goes to 0.
        j=np.where(df2 > 1.0, student_t.hedges_correction(np.maximum(df2, 1.5)), 0.0) if correct else np.ones(number),
    )


def _people(rows: list[Any], name: str, number: int) -> IntArray:
    """Return group sizes, 0 where none was given."""
    given = [0 if cell is None else cell for cell in rows]
    sizes = _validate.integers(given, name, low=0)
    wrong = [cell for cell, size in zip(rows, sizes, strict=True) if cell is not None and size < 1]
    if wrong:
        raise InvalidArgument(name, wrong[0], "whole numbers at least 1")
    return np.broadcast_to(sizes, (number,))


def _freedom(
    kind: str, test: str, rows: dict[str, list[Any]], number: int, n: IntArray
) -> tuple[FloatArray, FloatArray]:
    low1, high1, no1 = read_freedom(rows["df1"], "df1", number)
    low2, high2, no2 = read_freedom(rows["df"], "df", number)
    if test != "F" and not no1.all():
        raise InvalidType("df1", "given", "left out unless the test is F")
    if test == "z" and not no2.all():
        raise InvalidType("df", "given", "left out for z")
    first, second = 0.5 * low1 + 0.5 * high1, 0.5 * low2 + 0.5 * high2
    if test == "chi2":
        first = np.where(no2, 1.0, second)
        second = np.maximum(n - 2.0, 1.0)
    else:
        first = np.where(no1, 1.0, first)
        if np.any(no2 & (n == 0)):
            raise InvalidType(
                "df", None, "degrees of freedom, or the people of two groups", "Give df, n, or n1 and n2."
            )
        second = np.where(no2, np.maximum(n - 1.0 - (first if kind != "d_z" else 0.0), 1.0), second)
    if kind in _ONE and np.any(first != 1.0):
        raise InvalidArgument("df" if test == "chi2" else "df1", float(first[first != 1.0][0]), f"1 for {kind}")
    for name, found in (("df1" if test == "F" else "df", first), ("df", second)):
        wrong = found[(found < 1.0) | (found > _validate.LARGEST_COUNT)]
        if wrong.size:
            raise InvalidArgument(name, float(wrong[0]), "finite degrees of freedom, at least 1")
    return first, second


def _all_people(kind: str, test: str, df2: FloatArray, n: IntArray, n1: IntArray, n2: IntArray) -> IntArray:
    known = n1 > 0
    if np.any(known & (n > 0) & (n != n1 + n2)):
        at = int(np.argmax(known & (n > 0) & (n != n1 + n2)))
        raise InvalidArgument("n", int(n[at]), f"n1 + n2, here {int(n1[at] + n2[at])}")
    total = np.where(known, n1 + n2, n)
    if test in ("chi2", "z") and np.any(total == 0):
        raise InvalidType("n", None, f"the people in all, which {test} needs", "Give n, or n1 and n2.")
    if kind == "d_z" and np.any(known):
        raise InvalidType("n1", int(n1[known][0]), "left out for d_z", "Give the number of pairs as n.")
    # Two groups have two people more than degrees of freedom, pairs one more.
    more = 1 if kind == "d_z" else 2
    total = np.where(total == 0, np.ceil(df2).astype(np.int64) + more, total)
    if np.any(total <= more):
        raise InvalidArgument("n", int(total.min()), f"at least {more + 1} people")
    return total


def _columns(printed: PrintedEffects, standard: Convention, kind: str, test: str) -> dict[str, NDArray[Any]]:
    rows = np.arange(printed.n.size)
    known = printed.n1 > 0
    small = np.where(known, np.minimum(printed.n1, printed.n2), np.minimum(printed.least, printed.n // 2))
    even = np.where(known, small, printed.n // 2)
    one = np.ones_like(printed.df1)
    widest = _widest(printed.df1) if standard.by_shape else one
    ends = []
    for upper, split in ((False, even), (True, small)):
        # Among the shapes of a table the one nearest to a square makes V smallest.
        design = replace(printed.design(rows, truncated=False, upper=upper, n1=split), k=one if upper else widest)
        found = np.asarray(standard.formula(design), dtype=np.float64)
        ends.append(np.sqrt(np.maximum(found, 0.0)) if standard.power == 2 else found)
    smaller = [np.zeros_like(printed.n)] * 2
    if standard.by_split:
        first, last = printed.splits(standard)
        smaller = [np.where(first <= last, part, 0) for part in (first, last)]
    return {
        "measure": np.full(printed.n.shape, kind),
        "value": printed.value.texts,
        "test": np.full(printed.n.shape, test),
        "statistic": printed.statistic.texts,
        "df1": printed.df1,
        "df2": printed.df2,
        "n": printed.n,
        "effect_low": ends[0],
        "effect_high": ends[1],
        "smaller_low": smaller[0],
        "smaller_high": smaller[1],
    }


def _widest(df: FloatArray) -> FloatArray:
    """Return the fewer rows or columns less 1 of the table nearest to a square with these degrees of freedom."""
    out = np.ones_like(df)
    for k in range(2, int(np.sqrt(df.max(initial=1.0))) + 1):
        out[(df % k == 0) & (k * k <= df)] = k
    return out


def _sentence(columns: dict[str, NDArray[Any]], label: NDArray[np.str_], row: int) -> str:
    value = {name: column[row] for name, column in columns.items()}
    low, high = value["effect_low"], value["effect_high"]
    gives = f"{low:.4g}" if low == high else f"{low:.4g} to {high:.4g}"
    verdict = str(label[row])
    end = {
        CONSISTENT: f"and {value['value']} was printed; they agree",
        IMPOSSIBLE: f"but {value['value']} was printed; nothing makes them agree",
    }.get(verdict, f"but {value['value']} was printed; they agree {verdict}")
    split = ""
    if verdict == CONSISTENT and value["smaller_high"] > 0:
        first, last = value["smaller_low"], value["smaller_high"]
        split = f" with {first if first == last else f'{first} to {last}'} people in the smaller group"
    given = f"{value['test']} of {value['statistic']} in {value['n']} people"
    return f"{given} is {value['measure']} of {gives}, {end}{split}."
