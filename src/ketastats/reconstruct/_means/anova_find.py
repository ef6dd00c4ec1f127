"""The set of analyses of variance that printed numbers leave of some choices of group sizes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ... import _validate
from ...errors import InvalidArgument, InvalidType
from ...reported import Reported, Rounding
from .._constraints import Printed, read_probability
from .._steps import free_name, removed
from .._words import equation, rounding_words
from .anova_set import CompatibleAnova
from .anova_solve import RANGES, Part, solve
from .printed import read_number, read_size, read_spread

__all__ = ["NAMES", "find", "narrowed", "read_parts"]

IntArray = NDArray[np.int64]

#: What can be printed.
NAMES = ("means", "sds", "ses", "sd", "f", "p", "eta_squared")
_OF_GROUPS = ("means", "sds", "ses")


def find(sizes: IntArray, parts: Mapping[str, Part], labels: Mapping[str, str]) -> CompatibleAnova:
    """Return the set that the printed numbers leave of choices of group sizes, shape (rows, groups).

    Without `labels`, the numbers in words, nothing is said of what emptied it.
    """
    keep, found = solve(sizes, parts)
    culprit = "" if keep.any() or not labels else _blame(sizes, parts)
    if not keep.any():
        names = list(parts)
        before = {name: parts[name] for name in names[: names.index(culprit)]} if culprit else {}
        shown = solve(sizes, before)[1]
    else:
        shown = found
    ends = {f"{name}_low": shown[name][0].min(axis=0) for name in shown}
    ends |= {f"{name}_high": shown[name][1].max(axis=0) for name in shown}
    ranges: dict[str, Any] = {name: float(end) if end.ndim == 0 else end for name, end in ends.items()}
    rows = sizes[keep]
    same = (sizes == sizes[0]).all(axis=0) if not rows.size else (rows == rows[0]).all(axis=0)
    return CompatibleAnova(
        n=np.where(same, (rows if rows.size else sizes)[0], 0),
        sizes=rows,
        df1=sizes.shape[1] - 1,
        df2=int(sizes[0].sum()) - sizes.shape[1],
        **ranges,
        printed=dict(labels),
        exhaustive=True,
        assumptions=_assumptions(parts),
        emptied_by=f"{culprit} {labels[culprit]}" if culprit else "",
        possible_sizes=sizes.shape[0],
        _ranges={name: found[name] for name in RANGES},
        _searched=sizes,
        _parts=dict(parts),
    )


def _blame(sizes: IntArray, parts: Mapping[str, Part]) -> str:
    """Return the first printed number that, with those before it, leaves nothing."""
    names = list(parts)
    for count in range(1, len(names) + 1):
        if not solve(sizes, {name: parts[name] for name in names[:count]})[0].any():
            return names[count - 1]
    return names[-1]


def narrowed(found: CompatibleAnova, given: Mapping[str, Any], rounding: str) -> CompatibleAnova:
    """Return what of a set also prints what is given."""
    rule = _validate.choice(rounding, "rounding", tuple(Rounding))
    given = {name: value for name, value in given.items() if value is not None}
    unknown = [name for name in given if name not in NAMES]
    if unknown or not given:
        raise InvalidArgument("where", unknown[0] if unknown else {}, "one of " + ", ".join(NAMES))
    new = read_parts(found._searched, rule, given)
    labels = {name: part.words for name, part in new.items()}
    named = {free_name(name, found.printed): label for name, label in labels.items()}
    left = find(found._searched, _joined(found._parts, new), {})
    culprit = "" if left else found.emptied_by
    for count, name in enumerate(new, 1) if not (left or culprit) else ():
        part = {each: new[each] for each in list(new)[:count]}
        if not find(found._searched, _joined(found._parts, part), {}):
            culprit = f"{name} {labels[name]}"
            break
    step = removed(labels, len(found), len(left), "row")
    return replace(left, printed=found.printed | named, steps=(*found.steps, step), emptied_by=culprit)


def _joined(old: Mapping[str, Part], new: Mapping[str, Part]) -> dict[str, Part]:
    """Return both together; of what was printed twice the values that print both."""
    both = dict(old)
    for name, part in new.items():
        first = both[name].numbers if name in both else (None,) * len(part.numbers)
        pairs = zip(first, part.numbers, strict=True)
        both[name] = replace(part, numbers=tuple(_met(one, two) for one, two in pairs))
    return both


def _met(one: Printed | None, two: Printed | None) -> Printed | None:
    if one is None or two is None:
        return two if one is None else one
    return Printed(two.reported, one.interval.intersect(two.interval))


def read_parts(sizes: IntArray, rule: str, given: Mapping[str, Any]) -> dict[str, Part]:
    """Return what was printed, or say what is wrong with it."""
    readers = {"means": read_number, "sds": read_spread, "ses": read_spread, "sd": read_spread}
    groups = sizes.shape[1]
    parts = {}
    for name, value in given.items():
        if name not in _OF_GROUPS:
            number = readers[name](value, name, rule) if name in readers else _share_or_f(value, name, rule)
            parts[name] = Part((number,), equation(value))
            continue
        if isinstance(value, (str, bytes, Reported)) or not isinstance(value, Sequence) or len(value) != groups:
            raise InvalidType(name, value, f"one printed number for each of the {groups} groups, or None")
        numbers = tuple(
            None if each is None else readers[name](each, f"{name}[{at}]", rule) for at, each in enumerate(value)
        )
        _refuse_unusable(name, numbers, sizes)
        texts = ("?" if each is None else each.text if isinstance(each, Reported) else str(each) for each in value)
        parts[name] = Part(numbers, "= " + ", ".join(texts), -np.inf if name == "means" else 0.0)
    return parts


def _refuse_unusable(name: str, numbers: tuple[Printed | None, ...], sizes: IntArray) -> None:
    for at, number in enumerate(numbers):
        if name == "means" and number is not None and number.reported.relation != "=":
            raise InvalidArgument(f"means[{at}]", number.reported.text, "a printed mean, without < or >")
        if name != "means" and number is not None and sizes[:, at].max() < 2:
            raise InvalidArgument(f"{name}[{at}]", number.reported.text, "None for a group of one person")


def _share_or_f(value: object, name: str, rule: str) -> Printed | None:
    return read_size(value, name, rule) if name == "f" else read_probability(value, rule, name)


def _assumptions(parts: Mapping[str, Part]) -> tuple[str, ...]:
    sentences = ["the analysis of variance was of independent groups with one factor, without covariates or weights"]
    reported = [each.reported for part in parts.values() for each in part.numbers if each is not None]
    rules = dict.fromkeys(each.rounding for each in reported if each.relation == "=")
    if rules:
        sentences.append("digits were " + " or ".join(rounding_words(rule) for rule in rules))
    if "sds" in parts:
        sentences.append("the SDs of the groups have the divisor n - 1")
    return tuple(sentences)
