"""Every table with several rows and columns that would print as reported."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .. import _validate
from ..errors import InvalidArgument, InvalidType
from ..numerics.rxc import TESTS
from ..reported import Reported, Rounding
from ._constraints import Printed, read_probability, read_rate, read_statistic
from ._contingency_read import Margins, margins
from ._contingency_search import Constraints, blame, run
from ._contingency_set import CompatibleContingency
from ._read_tables import in_order, remembers_order
from ._words import DEFAULT_BUDGET, equation, rounding_words

__all__ = ["CompatibleContingency", "contingency"]

_TEST_WORDS = {
    "pearson": "Pearson's chi-square",
    "lr": "the likelihood-ratio chi-square",
    "fisher": "the Fisher-Freeman-Halton exact test",
}


@remembers_order
def contingency(
    *,
    rows: int | Sequence[int | None],
    columns: int | Sequence[int | None],
    n: object = None,
    p: str | Reported | None = None,
    test: str | Sequence[str] | None = None,
    statistic: str | Reported | None = None,
    cramers_v: str | Reported | None = None,
    rates: Sequence[Sequence[str | Reported | None]] | None = None,
    rounding: str = "half",
    budget: int = DEFAULT_BUDGET,
) -> CompatibleContingency:
    """Return every table of several groups by several categories that would print the reported numbers.

    A table belongs to the set when its own forward computation prints the digits; a p-value that falls within 1e-9
    of a rounding edge is decided at higher precision. For two groups and two categories `tables` knows more.

    Parameters
    ----------
    rows : int or sequence of int or None
        The groups: how many people are in each, None where that was not printed. With only their number the groups
        cannot be told apart, and each table stands once, the smaller groups first. Every group has people in it.
    columns : int or sequence of int or None
        The categories: how many people fall into each, None where that was not printed; or their number.
    n : int or range, optional
        People in the table; needed unless all groups or all categories are known.
    p : str or Reported, optional
        The p-value as printed, such as ``"0.230"``, ``"< .001"`` or ``"ns"`` (p > 0.05).
    test : str or sequence of str, optional
        The test behind `p` and `statistic`, or several that are possible: ``pearson``, ``lr``, ``fisher``
        (Freeman-Halton). Named, never guessed.
    statistic : str or Reported, optional
        Chi-square as printed. The exact test has none.
    cramers_v : str or Reported, optional
        Cramer's V as printed.
    rates : sequence of sequences of str, Reported or None, optional
        For each group the shares of its people in each category as printed, None where nothing was.
    rounding : {"half", "half_up", "half_even", "truncate", "up"}
        How the digits were cut; see `Rounding`.
    budget : int
        Most tables to return. Up to fifty times as many may be tried.

    Returns
    -------
    CompatibleContingency
        All of them; empty (and false) when nothing prints so.

    Raises
    ------
    InvalidArgument, InvalidType
        If an argument cannot be used.
    BudgetExceeded
        If there are more tables than the budget; they are counted before they are searched.

    Notes
    -----
    Tables are filled row by row. What the finished rows add to chi-square, and what all other rows together add at
    least, grows beyond the largest value that prints so in most of them, and these are left at once. The exact test
    sums the tables with the same margins that are no likelier than the one at hand [1]_, with ties within a relative
    1e-7. Where a category is empty chi-square is not defined, and nothing is printed.

    References
    ----------
    .. [1] Freeman GH, Halton JH (1951). Note on an exact treatment of contingency, goodness of fit and other problems
       of significance. Biometrika 38, 141-149. doi:10.1093/biomet/38.1-2.141

    Examples
    --------
    >>> import ketastats as ks
    >>> found = ks.reconstruct.contingency(rows=(30, 28, 25), columns=2, p="0.041", test="pearson")
    >>> len(found), len(set(map(tuple, found.column_totals.tolist())))
    (24, 24)
    >>> rates = [["30%", None], ["43%", None], ["60%", None]]
    >>> len(ks.reconstruct.contingency(rows=(30, 28, 25), columns=2, p="0.08", test="pearson", rates=rates))
    1
    """
    rule = Rounding(_validate.choice(rounding, "rounding", tuple(Rounding)))
    given = in_order({"p": p, "statistic": statistic, "cramers_v": cramers_v, "rates": rates})
    totals = margins(rows, columns, n)
    known = len(totals) == 1
    if not given and not known:
        raise InvalidArgument("p", None, "a printed p-value", "Give p, statistic, cramers_v or rates as text.")
    tests = _read_tests(test, given)
    constraints = Constraints(
        p=read_probability(p, rule),
        statistic=read_statistic(statistic, rule),
        cramers_v=read_probability(cramers_v, rule, "cramers_v"),
        rates=_read_rates(rates, rule, totals),
    )
    limit = _validate.integer(budget, "budget", low=1)
    cells, printed_by = run(totals, constraints, tests, limit)
    return CompatibleContingency(
        cells=cells,
        tests=tests,
        printed_by=printed_by,
        labelled=totals.labelled,
        printed=_described(totals)
        | {name: "as printed" if name == "rates" else equation(value) for name, value in given.items()},
        possible=totals.possible,
        exhaustive=True,
        assumptions=_assumptions(tests, totals.labelled, constraints),
        emptied_by="" if len(cells) else blame(totals, constraints, tests, list(given), limit),
    )


def _read_tests(test: object, given: dict[str, Any]) -> tuple[str, ...]:
    if "p" not in given and "statistic" not in given:
        return ()
    if test is None:
        allowed = "one or several of " + ", ".join(TESTS)
        raise InvalidArgument("test", None, allowed, "Name the test behind the printed number: it is never guessed.")
    tests = _validate.choices(test, "test", TESTS)
    if "statistic" in given and "fisher" in tests:
        raise InvalidArgument("test", test, "pearson, lr", "fisher has no statistic; leave statistic out.")
    return tests


def _read_rates(rates: object, rule: Rounding, totals: Margins) -> tuple[tuple[int, int, Printed], ...]:
    if rates is None:
        return ()
    height, width = totals.rows.shape[1], totals.columns.shape[1]
    allowed = f"{height} rows of {width} printed shares, None where nothing was printed"
    if isinstance(rates, (str, bytes)) or not isinstance(rates, Sequence):
        raise InvalidType("rates", rates, allowed)
    if not totals.labelled:
        raise InvalidArgument("rates", rates, allowed, "Give rows as a sequence, so that groups are told apart.")
    lines = list(rates)
    if len(lines) != height or any(
        isinstance(line, (str, bytes)) or not isinstance(line, Sequence) or len(line) != width for line in lines
    ):
        raise InvalidArgument("rates", rates, allowed)
    found = []
    for row, line in enumerate(lines):
        for column, value in enumerate(line):
            printed = read_rate(value, "rates", rule)
            if printed is not None:
                found.append((row, column, printed))
    return tuple(found)


def _described(totals: Margins) -> dict[str, str]:
    words = {"rows": _line(totals.rows), "columns": _line(totals.columns)}
    people = np.unique(totals.rows.sum(axis=1))
    span = f"= {people[0]}" if people.size == 1 else f"from {people[0]} to {people[-1]}"
    return {"n": span} | words


def _line(totals: Any) -> str:
    known = [str(column[0]) if (column == column[0]).all() else "?" for column in totals.T]
    return "(" + ", ".join(known) + ")"


def _assumptions(tests: tuple[str, ...], labelled: bool, constraints: Constraints) -> tuple[str, ...]:
    sentences = []
    if tests:
        sentences.append("the test was " + " or ".join(_TEST_WORDS[name] for name in tests))
    numbers = (constraints.p, constraints.statistic, constraints.cramers_v, *(rate for *_, rate in constraints.rates))
    rules = dict.fromkeys(
        each.reported.rounding for each in numbers if each is not None and each.reported.relation == "="
    )
    if rules:
        sentences.append("digits were " + " or ".join(rounding_words(rule) for rule in rules))
    sentences.append("every person is in one group and one category")
    if not labelled:
        sentences.append("the groups cannot be told apart: the smaller ones stand first")
    return tuple(sentences)
