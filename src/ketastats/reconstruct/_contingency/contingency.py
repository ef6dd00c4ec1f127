"""Every table with several rows and columns that would print as reported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ... import _validate
from ...errors import InvalidArgument
from ...reported import Reported
from .._tables.read import in_order, remembers_order
from .._words import DEFAULT_BUDGET
from .compatible import CompatibleContingency
from .constraints import Cell, Constraint
from .given import Given, follows_order, read_roundings
from .read import Line, Lines, Margins, margins, read_lines
from .search import blame, run
from .words import assumptions, find_alternatives, printed_words

__all__ = ["CompatibleContingency", "contingency"]

Printed = str | Reported | Mapping[str, Any] | list[Any]
Shares = Sequence[Sequence[str | Reported | None]]


@remembers_order
def contingency(
    *,
    rows: int | Sequence[Any],
    columns: int | Sequence[Any],
    n: object = None,
    p: Printed | None = None,
    test: str | Sequence[str] | None = None,
    statistic: Printed | None = None,
    cramers_v: Printed | None = None,
    cells: Sequence[Sequence[object]] | None = None,
    rates: Shares | None = None,
    column_rates: Shares | None = None,
    total_rates: Shares | None = None,
    rounding: str | Sequence[str] = "half",
    budget: int = DEFAULT_BUDGET,
) -> CompatibleContingency:
    """Return every table of several groups by several categories that would print the reported numbers.

    A table belongs to the set when its own forward computation prints the digits; a p-value that falls within 1e-9
    of a rounding edge is decided at higher precision. For two groups and two categories `tables` knows more.

    What was printed is text, or a `Reported`, or a mapping that holds the text under ``value`` and says more: ``test``
    (of this p or statistic alone) and ``rounding``. Where a name is asked for, several are alternatives. A list of
    these is several numbers that were all printed.

    Parameters
    ----------
    rows : int or sequence
        The groups: how many people are in each, as a whole number, a range, or the printed share of all people
        (``"36%"``); None where that was not printed. With only their number the groups cannot be told apart, and each
        table stands once, the smaller groups first. Every group has people in it.
    columns : int or sequence
        The categories, in the same way; or their number. A category may be empty.
    n : int or range, optional
        People in the table; needed unless all groups or all categories are known.
    p : str, Reported, mapping or list, optional
        The p-value as printed, such as ``"0.230"``, ``"< .001"`` or ``"ns"`` (p > 0.05).
    test : str or sequence of str, optional
        The test behind `p` and `statistic`, or several that are possible: ``pearson``, ``lr``, ``fisher``
        (Freeman-Halton), and the tests of a trend over groups and categories in their order with the scores 1, 2, ...:
        ``linear`` (linear-by-linear association, (n - 1) r^2) and ``armitage`` (Cochran-Armitage, n r^2). Named, never
        guessed.
    statistic : str, Reported, mapping or list, optional
        Chi-square as printed. The exact test has none.
    cramers_v : str, Reported, mapping or list, optional
        Cramer's V as printed.
    cells : sequence of sequences of int, range or None, optional
        For each group the people in each category, None where that was not printed.
    rates, column_rates, total_rates : sequence of sequences of str, Reported or None, optional
        For each group and category the share of its people among those of the group, among those of the category, and
        among all, as printed; None where nothing was.
    rounding : str or sequence of str
        How the digits were cut, or several ways that are possible for each number; see `Rounding`.
    budget : int
        Most tables to return. Up to fifty times as many may be tried, and 50 million in any case.

    Returns
    -------
    CompatibleContingency
        All of them; empty (and false) when nothing prints so.

    Raises
    ------
    InvalidArgument, InvalidType
        If an argument cannot be used.
    BudgetExceeded
        If there are more tables than the budget. They are then counted without being listed, and the error holds their
        exact number, unless too many would have to be tried for that.

    Notes
    -----
    Tables are filled cell by cell, and left as soon as chi-square is sure to become too large. The last free cell is
    solved for: in it Pearson's chi-square and that of a trend are parabolas, and the likelihood ratio falls and rises
    again, so that a printed number leaves at most two runs of whole numbers. The exact test sums the tables with the
    same margins that are no likelier than the one at hand [1]_, with ties within a relative 1e-7. Where a category is
    empty chi-square is not defined, and nothing is printed.

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
    roundings = read_roundings(rounding)
    lines = read_lines(rows, columns, roundings)
    names = {"p": p, "statistic": statistic, "cramers_v": cramers_v, "cells": cells, "rates": rates}
    given = in_order(names | {"column_rates": column_rates, "total_rates": total_rates})
    reader = Given(given, lines.shape, roundings, labelled=lines.labelled)
    tests, constraints = reader.tests(test), reader.constraints()
    directed = [each for each in constraints if each.directed]
    if directed and not lines.labelled:
        remedy = "Give rows as a sequence, None for unknown totals, so that groups are told apart."
        raise InvalidArgument(directed[0].label, given[directed[0].label], "what tells no group from another", remedy)
    totals = margins(lines, n, told=bool(directed) or follows_order(constraints, tests))
    if not given and (len(totals) > 1 or totals.free_columns):
        raise InvalidArgument("p", None, "a printed p-value", "Give p, statistic, cramers_v, cells or rates.")
    _refuse_impossible(constraints, totals, cells)
    found, printed_by = run(totals, constraints, tests, _validate.integer(budget, "budget", low=1))
    return CompatibleContingency(
        cells=found,
        tests=tests,
        printed_by=printed_by,
        labelled=totals.labelled,
        printed=_described(lines, totals) | {name: printed_words(name, value) for name, value in given.items()},
        possible=totals.possible,
        exhaustive=True,
        assumptions=assumptions(tests, totals.labelled, constraints),
        emptied_by="" if len(found) else totals.misfit or blame(totals, constraints, tests),
        alternatives=find_alternatives(found, constraints),
    )


def _described(lines: Lines, totals: Margins) -> dict[str, str]:
    words = {"rows": _line(lines.rows), "columns": _line(lines.columns)}
    people = np.unique(totals.rows.sum(axis=1))
    if not people.size:
        return words
    span = f"= {people[0]}" if people.size == 1 else f"from {people[0]} to {people[-1]}"
    return {"n": span} | words


def _refuse_impossible(constraints: tuple[Constraint, ...], totals: Margins, given: object) -> None:
    """Refuse more people in a cell than its group or its category can have."""
    for each in constraints:
        if isinstance(each, Cell) and len(totals):
            most = int(min(totals.rows[:, each.row].max(), totals.columns[:, each.column].max()))
            if each.allowed[0] > most:
                allowed = f"at most {most} people in group {each.row + 1} and category {each.column + 1}"
                raise InvalidArgument("cells", given, allowed)


def _line(line: list[Line]) -> str:
    return "(" + ", ".join(map(_total, line)) + ")"


def _total(total: Line) -> str:
    if total is None:
        return "?"
    if isinstance(total, tuple):
        return total[0].reported.text
    return str(total[0]) if total.size == 1 else f"{total[0]} to {total[-1]}"
