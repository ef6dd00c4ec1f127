"""Tests behind a printed p, z or chi-square: their names, their sides, and how both are asked for.

A test of one side has its side in its label, as in ``fisher (greater)``; two-sided ones have none.
"""

from __future__ import annotations

from ... import _validate
from ...errors import InvalidArgument
from ...numerics.table_sides import ALTERNATIVES, CONDITIONAL, TESTS, UNCONDITIONAL
from .._words import TEST_WORDS

__all__ = ["EXACT", "label", "parted", "read_sides", "read_tests", "test_words"]

#: Tests without a statistic of their own.
EXACT = (*CONDITIONAL, *UNCONDITIONAL)
_WITH_STATISTIC = ", ".join(test for test in TESTS if test not in EXACT)
#: What common names of tests may mean.
_MEANT = {
    "chi": "Chi-square without correction is pearson, with Yates' correction yates.",
    "z": "The pooled z is that of pearson, the unpooled one wald.",
    "fisher": "Fisher's exact test is fisher.",
    "logistic": "Logistic regression prints the p of log_odds_ratio.",
    "student": "Means are found by ketastats.reconstruct.means.",
    "welch": "Means are found by ketastats.reconstruct.means.",
    "t": "Means are found by ketastats.reconstruct.means.",
    "mcnemar": "Pairs are no two groups: their tables are not searched here.",
}
_SIDES = {
    "two-sided": "",
    "greater": ", one-sided: more events in group 1",
    "less": ", one-sided: fewer events in group 1",
}


def label(test: str, alternative: str) -> str:
    """Return the label of a test of one or two sides."""
    return test if alternative == "two-sided" else f"{test} ({alternative})"


def parted(name: str) -> tuple[str, str]:
    """Return the test and the alternative of a label."""
    test, _, side = name.partition(" (")
    return test, side.removesuffix(")") or "two-sided"


def test_words(name: str) -> str:
    """Return what a test is called in a sentence."""
    test, alternative = parted(name)
    words = TEST_WORDS[test]
    return (words.removesuffix(", two-sided by probability") if alternative != "two-sided" else words) + _SIDES[
        alternative
    ]


def read_sides(alternative: object, name: str = "alternative") -> tuple[str, ...]:
    """Return one or several alternatives."""
    return _validate.choices(alternative, name, ALTERNATIVES)


def read_tests(
    test: object, alternative: object = "two-sided", *, needed: bool, exact: bool, name: str = ""
) -> tuple[str, ...]:
    """Return the labels of the tests behind p and the statistics that give no test of their own.

    `name` is the printed number that the alternative was given with, if it was not given for all.
    """
    what = f"{name} " if name else ""
    sides = read_sides(alternative, f"{what}alternative")
    if not needed:
        return ()
    if test is None:
        allowed = "one or several of " + ", ".join(TESTS)
        raise InvalidArgument("test", None, allowed, "Name the test behind the printed number: it is never guessed.")
    _help_with_names(test)
    tests = _validate.choices(test, "test", TESTS)
    if not exact:
        _refuse_exact(tests, test)
    if "blaker" in tests and sides != ("two-sided",):
        remedy = "One side alone is that of fisher."
        raise InvalidArgument(f"{what}alternative", alternative, "two-sided for the test blaker", remedy)
    return tuple(label(each, side) for each in tests for side in sides)


def _help_with_names(test: object) -> None:
    """Refuse a name that several tests go by, and say which ones."""
    for name in (test,) if isinstance(test, str) else tuple(test) if isinstance(test, (list, tuple)) else ():
        plain = name.lower().replace("-", "").replace("_", "").replace(" ", "") if isinstance(name, str) else ""
        for start, remedy in _MEANT.items():
            if name not in TESTS and plain.startswith(start):
                raise InvalidArgument("test", test, "one or several of " + ", ".join(TESTS), remedy)


def _refuse_exact(tests: tuple[str, ...], given: object) -> None:
    found = [name for name in tests if name in EXACT]
    if found:
        allowed = f"tests with a statistic: {_WITH_STATISTIC}"
        raise InvalidArgument("test", given, allowed, f"{found[0]} has no statistic; leave statistic out.")
