"""Every 2x2 table that would print as reported."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import _validate
from ..errors import InvalidArgument
from ..numerics.table_tests import TESTS
from ..reported import Reported, Rounding
from . import _search
from ._base import CompatibleSet
from ._constraints import Constraints, read_probability, read_rate, read_statistic
from ._sizes import IntArray, read_counts, splits

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CompatibleTables", "tables"]

#: Most tables that a search returns unless the caller allows more.
DEFAULT_BUDGET = 10_000_000

_TEST_WORDS = {
    "pearson": "Pearson's chi-square without correction",
    "yates": "chi-square with Yates' correction",
    "n_minus_1": "the N - 1 chi-square",
    "lr": "the likelihood-ratio chi-square",
    "fisher": "Fisher's exact test, two-sided by probability",
    "midp": "Fisher's exact test, mid-p",
    "wald": "the unpooled z-test of two proportions",
}
_ROUNDING_WORDS = {
    Rounding.HALF: "rounded half either way",
    Rounding.HALF_UP: "rounded half up",
    Rounding.HALF_EVEN: "rounded half to even",
    Rounding.TRUNCATE: "cut off",
    Rounding.UP: "rounded away from zero",
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CompatibleTables(CompatibleSet):
    """All 2x2 tables that would print as reported.

    Parameters
    ----------
    x1, n1, x2, n2 : ndarray of int64, shape (tables,)
        Events and people in each group, sorted by n1 + n2, n1, x1, x2. When the groups cannot be told apart
        (`labelled` is False) each table stands once, the smaller group first.
    tests : tuple of str
        The tests that were allowed; empty when no p-value or statistic was given.
    printed_by : ndarray of bool, shape (tables, tests)
        Which tests print the reported digits from each table.
    labelled : bool
        Whether it is known which group is which.
    printed : dict
        The constraints as they were given.
    possible : int
        How many tables of these sizes there are at all.
    possible_splits : int
        How many pairs of group sizes were searched.
    exhaustive : bool
        Always True: the search returns every table or raises `BudgetExceeded`.
    assumptions : tuple of str
        What was assumed.
    emptied_by : str
        The constraint that left nothing, if nothing is left.

    Examples
    --------
    >>> import ketastats as ks
    >>> found = ks.reconstruct.tables(n=83, p="0.230", test="pearson")
    >>> len(found), len(found.splits)
    (14, 7)
    """

    x1: IntArray
    n1: IntArray
    x2: IntArray
    n2: IntArray
    tests: tuple[str, ...]
    printed_by: Any
    labelled: bool
    printed: dict[str, str]
    possible: int
    possible_splits: int
    exhaustive: bool
    assumptions: tuple[str, ...]
    emptied_by: str

    def __len__(self) -> int:
        return int(self.x1.size)

    @property
    def splits(self) -> IntArray:
        """The pairs of group sizes that are left, one row (n1, n2) each."""
        return np.unique(np.stack([self.n1, self.n2], axis=1), axis=0)

    @property
    def risk_difference(self) -> Any:
        """Risk difference of each table, group 1 minus group 2."""
        return self.x1 / self.n1 - self.x2 / self.n2

    @property
    def identifiability(self) -> str:
        """How many tables, splits and effects remain, and how much the digits narrowed them."""
        printed = ", ".join(value if name == "sizes" else f"{name} {value}" for name, value in self.printed.items())
        if not self:
            return f"No 2x2 table with {printed} exists: {self.emptied_by} leaves nothing of {self.possible:,} tables."
        effects = np.unique(np.round(self.risk_difference, 12))
        share = 1.0 - len(self) / self.possible
        return (
            f"{_count(len(self), 'table')} with {printed} on {_count(len(self.splits), 'split')} of "
            f"{self.possible_splits:,}, with {_count(effects.size, 'risk difference')} from {effects[0]:+.3f} to "
            f"{effects[-1]:+.3f}: the digits ruled out {_percent(share)} of {self.possible:,} tables."
        )

    def to_frame(self) -> pd.DataFrame:
        """Return the tables as a tidy data frame.

        Returns
        -------
        pandas.DataFrame
            Columns x1, n1, x2, n2, risk1, risk2, risk_difference (group 1 minus group 2), tests.
        """
        import pandas as pd

        names = np.array(["" for _ in range(len(self))], dtype=object)
        for column, test in enumerate(self.tests):
            hit = self.printed_by[:, column]
            names[hit] = [f"{name}+{test}" if name else test for name in names[hit]]
        return pd.DataFrame(
            {
                "x1": self.x1,
                "n1": self.n1,
                "x2": self.x2,
                "n2": self.n2,
                "risk1": self.x1 / self.n1,
                "risk2": self.x2 / self.n2,
                "risk_difference": self.risk_difference,
                "tests": names,
            }
        )


def tables(
    *,
    n: object = None,
    n1: object = None,
    n2: object = None,
    p: str | Reported | None = None,
    test: str | tuple[str, ...] | list[str] | None = None,
    events: object = None,
    rate1: str | Reported | None = None,
    rate2: str | Reported | None = None,
    statistic: str | Reported | None = None,
    rounding: str = "half",
    budget: int = DEFAULT_BUDGET,
    progress: bool = False,
) -> CompatibleTables:
    """Return every 2x2 table that would print the reported numbers.

    A table belongs to the set when its own forward computation prints the digits; a p-value that falls within 1e-9
    of a rounding edge is decided at higher precision. Tables for which a test is not defined (no events at all, or
    only events) print nothing under it, except that Fisher's p is then 1.

    Parameters
    ----------
    n : int or range, optional
        People in both groups together; a range when outcomes may be missing.
    n1, n2 : int or range, optional
        People in each group, if printed. Knowing one tells the groups apart.
    p : str or Reported, optional
        The two-sided p-value as printed, such as ``"0.230"``, ``"< .001"`` or ``"ns"`` (p > 0.05).
    test : str or sequence of str, optional
        The test behind `p` and `statistic`, or several that are possible: ``pearson``, ``yates``, ``n_minus_1``,
        ``lr``, ``fisher``, ``midp``, ``wald``. Named, never guessed.
    events : int or range, optional
        Events in both groups together.
    rate1, rate2 : str or Reported, optional
        Share of events in each group as printed, a percentage (``"18.9%"``) or a proportion (``"0.189"``).
    statistic : str or Reported, optional
        Chi-square as printed; for ``wald`` the z, whose sign is ignored. Exact tests have none.
    rounding : {"half", "half_up", "half_even", "truncate", "up"}
        How the digits were cut; see `Rounding`.
    budget : int
        Most tables to return. Searches that must try every table may try fifty times as many.
    progress : bool
        Whether to show a progress bar on standard error.

    Returns
    -------
    CompatibleTables
        All of them; empty (and false) when nothing prints so.

    Raises
    ------
    InvalidArgument, InvalidType
        If an argument cannot be used.
    BudgetExceeded
        If there are more tables than `budget`.

    Notes
    -----
    Under a chi-square or Wald test the statistic grows with the distance of `x1` from its expectation, so that each
    pair of margins is solved for the counts, in time proportional to n^2 [1]_. Fisher's test sums the tables that are
    no likelier than the one at hand, with ties within a relative 1e-7; mid-p takes off half its own probability [2]_.

    References
    ----------
    .. [1] Campbell I (2007). Chi-squared and Fisher-Irwin tests of two-by-two tables with small sample recommendations.
       Statistics in Medicine 26, 3661-3675. doi:10.1002/sim.2832
    .. [2] Fagerland MW, Lydersen S, Laake P (2015). Recommended confidence intervals for two independent binomial
       proportions. Statistical Methods in Medical Research 24, 224-254. doi:10.1177/0962280211415469

    Examples
    --------
    >>> import ketastats as ks
    >>> found = ks.reconstruct.tables(n=83, p="0.397", test="pearson")
    >>> len(found)
    16
    >>> ks.reconstruct.tables(n1=37, n2=46, p="0.230", test="pearson", rate1="18.9%").to_frame()[["x1", "x2"]]
       x1  x2
    0   7  14
    """
    rule = _validate.choice(rounding, "rounding", tuple(Rounding))
    if p is None and statistic is None and events is None and rate1 is None and rate2 is None:
        raise InvalidArgument("p", None, "a printed p-value", "Give p, statistic, events, rate1 or rate2 as text.")
    tests = _read_tests(test, p is not None, statistic is not None)
    sizes = splits(n, n1, n2, labelled=rate1 is not None or rate2 is not None)
    constraints = Constraints(
        p=read_probability(p, rule),
        statistic=read_statistic(statistic, rule),
        events=None if events is None else read_counts(events, "events", low=0),
        rate1=read_rate(rate1, "rate1", rule),
        rate2=read_rate(rate2, "rate2", rule),
    )
    if constraints.events is not None and constraints.events.min() > (sizes.n1 + sizes.n2).max():
        raise InvalidArgument("events", events, f"at most n, here {int((sizes.n1 + sizes.n2).max())}")
    limit = _validate.integer(budget, "budget", low=1)
    found, printed_by = _search.run(sizes, constraints, tests, limit, progress=_validate.flag(progress, "progress"))
    given = {"p": p, "statistic": statistic, "events": events, "rate1": rate1, "rate2": rate2}
    printed = {"sizes": sizes.describe()} | {
        name: _equation(value) for name, value in given.items() if value is not None
    }
    return CompatibleTables(
        x1=found[0],
        n1=found[1],
        x2=found[2],
        n2=found[3],
        tests=tests,
        printed_by=printed_by,
        labelled=sizes.labelled,
        printed=printed,
        possible=sizes.tables(),
        possible_splits=len(sizes),
        exhaustive=True,
        assumptions=_assumptions(tests, sizes.labelled, constraints),
        emptied_by="" if found[0].size else _search.blame(sizes, constraints, tests),
    )


def _read_tests(test: object, has_p: bool, has_statistic: bool) -> tuple[str, ...]:
    if not has_p and not has_statistic:
        return ()
    if test is None:
        allowed = "one or several of " + ", ".join(TESTS)
        raise InvalidArgument("test", None, allowed, "Name the test behind the printed number: it is never guessed.")
    tests = _validate.choices(test, "test", TESTS)
    exact = [name for name in tests if name in ("fisher", "midp")]
    if has_statistic and exact:
        allowed = "tests with a statistic: pearson, yates, n_minus_1, lr, wald"
        raise InvalidArgument("test", test, allowed, f"{exact[0]} has no statistic; leave statistic out.")
    return tests


def _assumptions(tests: tuple[str, ...], labelled: bool, constraints: Constraints) -> tuple[str, ...]:
    sentences = []
    if tests:
        sentences.append("the test was " + " or ".join(_TEST_WORDS[name] for name in tests))
    rules = dict.fromkeys(r.rounding for r in constraints.reported() if r.relation == "=")
    if rules:
        sentences.append("digits were " + " or ".join(_ROUNDING_WORDS[rule] for rule in rules))
    sentences.append("every person is in one of two groups and either has the event or not")
    if not labelled:
        sentences.append("the groups cannot be told apart: the smaller one stands first, so the sign is unknown")
    return tuple(sentences)


def _equation(value: object) -> str:
    text = value.text if isinstance(value, Reported) else str(value)
    # What was printed may have brought its own name and sign: "p = 0.230", "p < .001".
    text = re.sub(r"^\s*[A-Za-z]\w*\s*(?=[=<>≤≥⩽⩾])", "", text).strip()
    return text if text[:1] in "=<>≤≥⩽⩾" or text.lower().startswith(("n", "p")) else f"= {text}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _percent(share: float) -> str:
    # 99.99 % must not be printed as everything.
    return f"{np.floor(share * 10000) / 100:.2f} %"
