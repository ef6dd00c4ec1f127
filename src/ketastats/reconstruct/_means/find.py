"""The set of what printed numbers leave of two means, from group sizes and constraints that were read."""

from __future__ import annotations

from typing import Any

from .._sizes import Splits
from .._words import rounding_words
from .compatible import CompatibleMeans
from .printed import PrintedMeans
from .quantile_question import quantile_words
from .rows import blame, find_rows

__all__ = ["find"]

_TEST_WORDS = {
    "student": "Student's t-test of two groups with pooled variance",
    "welch": "Welch's t-test of two groups",
}


def find(sizes: Splits, printed: PrintedMeans, tests: tuple[str, ...], labels: dict[str, str]) -> CompatibleMeans:
    """Return the set that the printed numbers leave of the group sizes; `labels` are the numbers in words.

    Without labels nothing is said of what emptied it.
    """
    rows = find_rows(sizes.n1, sizes.n2, printed, tests)
    culprit = blame(sizes.n1, sizes.n2, printed, tests) if labels and not rows.at.size else ""
    ranges: dict[str, Any] = {f"{name}_low": low for name, low in rows.low.items()}
    ranges |= {f"{name}_high": high for name, high in rows.high.items()}
    return CompatibleMeans(
        n1=sizes.n1[rows.at],
        n2=sizes.n2[rows.at],
        test=rows.test,
        **ranges,
        sign_known=printed.sign_known,
        labelled=sizes.labelled,
        tests=tests,
        printed=({"sizes": sizes.describe()} if len(sizes) else {}) | labels,
        possible_splits=len(sizes),
        exhaustive=True,
        assumptions=_assumptions(printed, sizes, tests),
        emptied_by=f"{culprit} {labels[culprit]}" if culprit else "",
        _rows=rows,
        _printed=printed,
        _sizes=sizes,
    )


def _assumptions(printed: PrintedMeans, sizes: Splits, tests: tuple[str, ...]) -> tuple[str, ...]:
    test = " or ".join(_TEST_WORDS[test] for test in tests)
    sentences = [f"the test was {test} and no covariates, two-sided"]
    rules = dict.fromkeys(r.rounding for r in printed.reported() if r.relation == "=")
    if rules:
        sentences.append("digits were " + " or ".join(rounding_words(rule) for rule in rules))
    names = printed.numbers.keys()
    if "ci" in names:
        whose = " or ".join(test.capitalize() for test in tests)
        sentences.append(f"the confidence interval is {whose}'s, of the difference of means in the units of the scale")
    if names & {"ci1", "ci2"}:
        sentences.append("the confidence intervals of the groups are Student's, each with the SD of its own group")
    if "sd" in names:
        sentences.append("the SD is the pooled SD within groups, in the units of the scale")
    if names & {"sd1", "sd2"}:
        sentences.append("the SDs of the groups have the divisor n - 1")
    sentences += quantile_words({name.rstrip("12") for name in names}, printed.definitions)
    if printed.whole is not None:
        sentences.append(f"every value averages {printed.whole.items} whole numbers and lies on the scale")
    if names & {"d", "g"} or "welch" in tests:
        sentences.append("d and g are standardised by the pooled SD")
    if not sizes.labelled:
        sentences.append("it is not known which group has which size: the smaller one stands first")
    if not printed.sign_known:
        sentences.append("the sign is unknown: t, d and the difference are absolute values")
    return tuple(sentences)
