"""Further numbers about a comparison of two means: what remains, and what was removed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ... import _validate
from ...errors import InvalidArgument
from ...reported import Rounding
from .._sizes import Splits, read_counts
from .._steps import free_name, removed
from .compatible import CompatibleMeans
from .find import find
from .printed import COMPARISON, GROUP, INTERVALS, PrintedMeans, read_more, words

__all__ = ["narrowed"]

_SIZES = ("n", "n1", "n2")


def narrowed(
    found: CompatibleMeans, given: Mapping[str, Any], *, level: float | None, rounding: str
) -> CompatibleMeans:
    """Return what of a set also prints what is given."""
    names = (*_SIZES, *COMPARISON, *GROUP)
    given = {name: value for name, value in given.items() if value is not None}
    unknown = [name for name in given if name not in names]
    if unknown or not given:
        raise InvalidArgument("where", unknown[0] if unknown else {}, "one of " + ", ".join(names))
    rule = _validate.choice(rounding, "rounding", tuple(Rounding))
    numbers = {name: value for name, value in given.items() if name not in _SIZES}
    new = read_more(numbers, _level(found, numbers, level), rule)
    sizes = _sizes(found, given, new)
    labels = {name: words(name, value, new.level) for name, value in given.items()}
    left = find(sizes, found._printed.joined(new), found.tests, {})
    step = removed(labels, len(found), _rows_left(found, left), "row")
    culprit = "" if left else found.emptied_by or _blame(found, given, labels, new, sizes)
    named = {free_name(name, found.printed): label for name, label in labels.items()}
    return replace(
        left,
        printed=found.printed | named,
        possible_splits=len(sizes) or found.possible_splits,
        steps=(*found.steps, step),
        emptied_by=culprit,
    )


def _level(found: CompatibleMeans, numbers: Mapping[str, Any], level: float | None) -> float | None:
    """Return the level of further intervals: all intervals have one."""
    old = found._printed
    if not any(name in old.numbers for name in INTERVALS) or not any(name in numbers for name in INTERVALS):
        return level
    if level is not None and level != old.level:
        raise InvalidArgument("level", level, f"{old.level:g}, the level of the intervals before")
    return old.level


def _sizes(found: CompatibleMeans, given: Mapping[str, Any], new: PrintedMeans) -> Splits:
    """Return the group sizes that remain to be searched, both ways round once something tells the groups apart."""
    n1, n2, labelled = found._sizes.n1, found._sizes.n2, found.labelled
    if not labelled and (new.by_group or "n1" in given or "n2" in given):
        pairs = np.stack([np.concatenate([n1, n2]), np.concatenate([n2, n1])], axis=1)
        n1, n2 = np.unique(pairs, axis=0).T
        order = np.lexsort((n1, n1 + n2))
        n1, n2, labelled = n1[order], n2[order], True
    keep = np.ones(n1.size, dtype=bool)
    for name, size in (("n", n1 + n2), ("n1", n1), ("n2", n2)):
        if name in given:
            keep &= np.isin(size, read_counts(given[name], name))
    if new.by_group:
        keep &= (n1 >= 2) & (n2 >= 2)
    return Splits(n1[keep], n2[keep], labelled)


def _rows_left(found: CompatibleMeans, left: CompatibleMeans) -> int:
    """Return how many rows of the set some row of what is left belongs to."""
    both = left.labelled and not found.labelled
    small, large = np.minimum(left.n1, left.n2), np.maximum(left.n1, left.n2)
    rows = set(zip(*((small, large) if both else (left.n1, left.n2)), left.test.tolist(), strict=True))
    return sum(row in rows for row in zip(found.n1, found.n2, found.test.tolist(), strict=True))


def _blame(
    found: CompatibleMeans, given: Mapping[str, Any], labels: Mapping[str, str], new: PrintedMeans, sizes: Splits
) -> str:
    """Return the first of the further numbers that, with those before it, leaves nothing."""
    if not len(sizes):
        return next(f"{name} {labels[name]}" for name in given if name in _SIZES)
    names = [name for name in given if name not in _SIZES]
    for count in range(1, len(names) + 1):
        if not find(sizes, found._printed.joined(new.only(names[:count])), found.tests, {}):
            return f"{names[count - 1]} {labels[names[count - 1]]}"
    return f"{names[-1]} {labels[names[-1]]}"
