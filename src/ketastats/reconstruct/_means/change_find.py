"""The set of changes that printed numbers leave, for known and unknown numbers of people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ... import _validate
from ...errors import BudgetExceeded, InvalidArgument
from ...numerics import student_t
from ...reported import Rounding
from .._sizes import IntArray, read_counts
from .._steps import free_name, removed
from .._words import equation, rounding_words
from .change_set import CompatibleChange
from .change_solve import blame, sign_known, solve
from .printed import CHANGE, PrintedMeans, read_more, words

__all__ = ["DEFAULT_BUDGET", "find", "narrowed", "people"]

#: Most numbers of people that are tried unless the caller allows more.
DEFAULT_BUDGET = 100_000
_WITH_N = ("se_change", "t", "p", "ci")
# Bodies solved at once, so that their corners stay within about 100 megabytes.
_CHUNK = 5_000
# No study is as large; and what is so near to an end counts as reached.
_LARGEST, _LOOSE = 2.0**40, 1.0 + 1e-9


def find(sizes: IntArray, printed: PrintedMeans, labels: Mapping[str, str]) -> CompatibleChange:
    """Return the set that the printed numbers leave; `labels` are all of them in words.

    Without labels nothing is said of what emptied it.
    """
    parts = [solve(sizes[at : at + _CHUNK], printed) for at in range(0, max(sizes.size, 1), _CHUNK)]
    rows: dict[str, Any] = {name: np.concatenate([part[0][name] for part in parts]) for name in parts[0][0]}
    culprit = "" if rows["n"].size or not labels else blame(sizes, printed)
    return CompatibleChange(
        **rows,
        implied_r=(min(part[1][0] for part in parts), max(part[1][1] for part in parts)),
        sign_known=sign_known(printed),
        printed=dict(labels),
        exhaustive=True,
        assumptions=_assumptions(printed),
        emptied_by=f"{culprit} {labels[culprit]}" if culprit else "",
        _printed=printed,
        _sizes=sizes,
    )


def people(n: object, printed: PrintedMeans, budget: int) -> IntArray:
    """Return the numbers of people to try: those that were given, or all up to the most that the numbers allow."""
    if n is not None:
        return read_counts(n, "n", low=2)
    needs = [name for name in _WITH_N if name in printed.numbers]
    if not needs:
        return np.array([0], dtype=np.int64)
    most = _most_people(printed)
    if not np.isfinite(most):
        raise InvalidArgument("n", n, f"a whole number of at least 2 or a range, with {', '.join(needs)} alone")
    if most > budget:
        raise BudgetExceeded("numbers of people", int(most), budget, "Give n as a range.")
    return np.arange(2, max(int(most), 2) + 1)


def _most_people(printed: PrintedMeans) -> float:
    """Return a number of people that is not passed: the squared ratio of the SD and the standard error."""
    without = printed.only(name for name in printed.names() if name not in _WITH_N)
    rows, _ = solve(np.array([0]), without)
    if not rows["n"].size:
        return 2.0
    sd, change = float(rows["sd_change_high"][0]), max(rows["mean_change_low"][0], -rows["mean_change_high"][0], 0.0)
    half = 0.0
    if "ci" in printed.numbers:
        low_min, low_max, high_min, high_max = printed.limits("ci")
        half, change = max(0.5 * (high_min - low_max), 0.0), max(change, low_min, -high_max)
    largest_t, least_p = max(abs(end) for end in printed.ends("t")), printed.ends("p", 0.0)[0]

    def least_error(n: float) -> float:
        """Return the smallest standard error among n people; it grows with n, as the tails of t become shorter."""
        critical, by_p = (
            float(student_t.isf(0.5 * tail, np.array(n - 1.0))) for tail in (1.0 - printed.level, least_p)
        )
        return max(float(printed.ends("se_change", 0.0)[0]), half / critical, float(change / min(largest_t, by_p)))

    top = 2.0
    while top < _LARGEST and top * least_error(top) ** 2 <= sd**2 * _LOOSE:
        top *= 2.0
    if top >= _LARGEST:
        return float("inf")
    bottom = top / 2.0
    while top - bottom > 1.0:
        middle = np.floor(0.5 * (bottom + top))
        bottom, top = (middle, top) if middle * least_error(middle) ** 2 <= sd**2 * _LOOSE else (bottom, middle)
    return bottom


def narrowed(
    found: CompatibleChange, given: Mapping[str, Any], *, level: float | None, rounding: str
) -> CompatibleChange:
    """Return what of a set also prints what is given."""
    given = {name: value for name, value in given.items() if value is not None}
    unknown = [name for name in given if name not in ("n", *CHANGE)]
    if unknown or not given:
        raise InvalidArgument("where", unknown[0] if unknown else {}, "one of " + ", ".join(("n", *CHANGE)))
    rule = _validate.choice(rounding, "rounding", tuple(Rounding))
    numbers = {name: value for name, value in given.items() if name != "n"}
    old = found._printed
    if "ci" in old.numbers and "ci" in numbers:
        if level is not None and level != old.level:
            raise InvalidArgument("level", level, f"{old.level:g}, the level of the interval before")
        level = old.level
    new = read_more(numbers, level, rule)
    sizes = _sizes_left(found, given, new)
    labels = {name: equation(value) if name == "n" else words(name, value, new.level) for name, value in given.items()}
    named = {free_name(name, found.printed): label for name, label in labels.items()}
    left = find(sizes, old.joined(new), {})
    culprit = "" if left else found.emptied_by or _blame(found, sizes, new, labels)
    step = removed(labels, len(found), min(len(left), len(found)), "row")
    return replace(left, printed=found.printed | named, steps=(*found.steps, step), emptied_by=culprit)


def _sizes_left(found: CompatibleChange, given: Mapping[str, Any], new: PrintedMeans) -> IntArray:
    """Return the numbers of people that further numbers leave to be tried."""
    unknown = found._sizes.size == 1 and found._sizes[0] == 0
    if "n" in given:
        wanted = read_counts(given["n"], "n", low=2)
        return wanted if unknown else np.intersect1d(found._sizes, wanted)
    return people(None, found._printed.joined(new), DEFAULT_BUDGET) if unknown else found._sizes


def _blame(found: CompatibleChange, sizes: IntArray, new: PrintedMeans, labels: Mapping[str, str]) -> str:
    """Return the first of the further numbers that, with those before it, leaves nothing."""
    if not sizes.size:
        return f"n {labels['n']}"
    names = list(labels)
    for count, name in enumerate(names, 1):
        part = new.only(each for each in names[:count] if each != "n")
        if not find(sizes if "n" in names[:count] else found._sizes, found._printed.joined(part), {}):
            return f"{name} {labels[name]}"
    return f"{names[-1]} {labels[names[-1]]}"


def _assumptions(printed: PrintedMeans) -> tuple[str, ...]:
    sentences = ["the same people were measured before and after, and all of them stand behind every number"]
    rules = dict.fromkeys(reported.rounding for reported in printed.reported() if reported.relation == "=")
    if rules:
        sentences.append("digits were " + " or ".join(rounding_words(rule) for rule in rules))
    sentences.append("the SDs have the divisor n - 1")
    if printed.numbers.keys() & {"t", "p", "ci"}:
        sentences.append("t, p and the interval are those of the paired t-test, two-sided")
    if not sign_known(printed):
        sentences.append("the direction is unknown: t and the mean change are absolute values")
    return tuple(sentences)
