"""What a set of tables with several rows and columns assumes and was printed by, in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from .._sizes import IntArray
from .._words import equation, rounding_words
from .constraints import Constraint, Tested

__all__ = ["assumptions", "find_alternatives", "printed_words"]

_TEST_WORDS = {
    "pearson": "Pearson's chi-square",
    "lr": "the likelihood-ratio chi-square",
    "fisher": "the Fisher-Freeman-Halton exact test",
    "linear": "the chi-square of linear-by-linear association",
    "armitage": "the Cochran-Armitage test of a trend",
}
_GRIDS = ("cells", "rates", "column_rates", "total_rates", "rows", "columns")


def printed_words(name: str, value: object) -> str:
    """Return what was given under one keyword."""
    return "as printed" if name in _GRIDS else equation(value)


def assumptions(tests: tuple[str, ...], labelled: bool, constraints: Iterable[Constraint]) -> tuple[str, ...]:
    """Return what a set assumes, one sentence each."""
    sentences = []
    if tests:
        sentences.append("the test was " + " or ".join(_TEST_WORDS[name] for name in tests))
    rules: dict[str, None] = {}
    for each in constraints:
        if each.options:
            sentences.append(f"{each.label}: the test was " + " or ".join(each.options))
        rules |= dict.fromkeys(
            printed.reported.rounding for printed in each.printed if printed.reported.relation == "="
        )
    if rules:
        sentences.append("digits were " + " or ".join(rounding_words(rule) for rule in rules))
    sentences.append("every person is in one group and one category")
    if not labelled:
        sentences.append("the groups cannot be told apart: the smaller ones stand first")
    return tuple(sentences)


def find_alternatives(cells: IntArray, constraints: Iterable[Constraint]) -> dict[str, tuple[tuple[str, ...], Any]]:
    """Return for each number with several tests of its own which of them print each table."""
    several = [each for each in constraints if isinstance(each, Tested) and len(each.options) > 1]
    return {
        f"{each.label}_test": (each.options, np.stack([each.prints(cells, name) for name in each.options], axis=1))
        for each in several
    }
