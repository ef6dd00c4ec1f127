"""Words in which compatible sets say what was printed and what was assumed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from ..reported import Reported, Rounding

__all__ = ["DEFAULT_BUDGET", "TEST_WORDS", "counted", "equation", "joined_names", "percentage", "rounding_words"]

#: Most members that a search returns unless the caller allows more.
DEFAULT_BUDGET = 10_000_000

TEST_WORDS = {
    "pearson": "Pearson's chi-square without correction",
    "yates": "chi-square with Yates' correction",
    "n_minus_1": "the N - 1 chi-square",
    "lr": "the likelihood-ratio chi-square",
    "fisher": "Fisher's exact test, two-sided by probability",
    "fisher_central": "Fisher's exact test, twice the smaller tail",
    "blaker": "Blaker's exact test",
    "midp": "Fisher's exact test, mid-p",
    "barnard": "Barnard's exact test, ordered by pooled z",
    "barnard_unpooled": "Barnard's exact test, ordered by unpooled z",
    "boschloo": "Boschloo's exact test",
    "wald": "the unpooled z-test of two proportions",
    "log_risk_ratio": "the z-test of the log risk ratio",
    "log_odds_ratio": "the z-test of the log odds ratio, as of logistic regression",
}
_ROUNDING_WORDS = {
    Rounding.HALF: "rounded half either way",
    Rounding.HALF_UP: "rounded half up",
    Rounding.HALF_EVEN: "rounded half to even",
    Rounding.TRUNCATE: "cut off",
    Rounding.UP: "rounded away from zero",
    Rounding.HALF_DOWN: "rounded half down",
    Rounding.FLOOR: "cut down",
    Rounding.CEILING: "cut up",
}


def rounding_words(rule: str) -> str:
    """Return what a rounding rule does to digits."""
    return _ROUNDING_WORDS.get(rule, f"rounded by the rule {rule}")  # type: ignore[call-overload, no-any-return]


def equation(value: object) -> str:
    """Return what was printed as the right-hand side of an equation."""
    if isinstance(value, list):
        return " and ".join(equation(entry) for entry in value)
    if isinstance(value, Mapping):
        return _with_options(value)
    text = value.text if isinstance(value, Reported) else str(value)
    # What was printed may have brought its own name and sign: "p = 0.230", "p < .001".
    text = re.sub(r"^\s*[A-Za-z]\w*\s*(?=[=<>≤≥⩽⩾])", "", text).strip()
    # "=0.23" reads like "= 0.23".
    text = re.sub(r"^([=<>≤≥⩽⩾]+)(?=[^\s=<>≤≥⩽⩾])", r"\1 ", text)
    return text if text[:1] in "=<>≤≥⩽⩾" or text.lower().startswith(("n", "p")) else f"= {text}"


def _with_options(value: Mapping[str, Any]) -> str:
    words = []
    if value.get("value") is not None:
        words.append(equation(value["value"]))
    if value.get("ci") is not None:
        ends = (end.text if isinstance(end, Reported) else end for end in value["ci"])
        words.append(f"[{', '.join('?' if end is None else str(end) for end in ends)}]")
        words.append(f"at level {value.get('level', 0.95)}")
    names = value.get("method", value.get("test"))
    if names is not None:
        words.append(f"({_either([names] if isinstance(names, str) else names)})")
    return " ".join(words)


def _either(names: Iterable[str]) -> str:
    return " or ".join(names)


def counted(number: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def percentage(share: float) -> str:
    """Return a share as a percentage that is never rounded up: 99.99 % must not be printed as everything."""
    return f"{np.floor(share * 10000) / 100:.2f} %"


def joined_names(options: tuple[str, ...], prints: Any, size: int) -> Any:
    """Return for each of `size` members the names of the alternatives that print it, joined by ``+``."""
    names = np.array(["" for _ in range(size)], dtype=object)
    for column, option in enumerate(options):
        hit = prints[:, column]
        names[hit] = [f"{name}+{option}" if name else option for name in names[hit]]
    return names
