"""Further numbers about a set of samples: which samples remain, and what was removed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

import numpy as np

from ... import _validate
from ...errors import BudgetExceeded, InvalidArgument, InvalidType
from ...reported import Interval, Reported, Rounding
from .._constraints import read_reported
from .._sizes import IntArray
from .._steps import free_name, removed
from .._words import equation, rounding_words
from .compatible import CompatibleSamples
from .filters import Filter, median_in, people_between, quantile_in, quantile_rank, skewness_in
from .listed import ListedSamples
from .question import Question, place, read_counts, read_moment, squares

__all__ = ["narrowed"]

#: What a further number says: of the question that is counted, and of samples one by one.
Said = tuple[Question, list[Filter]]
# Tables about another origin may be larger by twice and by so many cells.
_ROOM = 1_000_000
_ONE_BY_ONE = (
    "Quantiles, skewness and cut-offs are decided sample by sample. First give what can be counted: minimum, maximum, "
    "counts of single values. Or draw from the set to see which share fits, or ask marginal for a cut-off."
)
_COUNTS = "a mapping from a cut-off to a number of people, or to a pair (least, most)"


def narrowed(found: CompatibleSamples, given: Mapping[str, Any], rounding: str, budget: int) -> CompatibleSamples:
    """Return the samples of a set that also print what is given; what can be counted comes first."""
    rule = _validate.choice(rounding, "rounding", tuple(Rounding))
    limit = _validate.integer(budget, "budget", low=1)
    if not given:
        raise InvalidArgument("where", {}, "at least one further number", 'Write where(median="4").')
    # All are read before the first one narrows anything.
    said = {name: _said(name, value, found._question, rule) for name, value in given.items()}
    for name in sorted(said, key=lambda name: bool(said[name][1])):
        question, filters = _said(name, given[name], found._question, rule)
        after = _listed(found, question, filters, limit) if _by_rows(found, filters) else _counted(found, question)
        step = removed({name: _words(given[name])}, found.count, after.count, "sample")
        found = replace(
            after,
            printed=found.printed | {free_name(name, found.printed): _words(given[name])},
            assumptions=tuple(dict.fromkeys([*found.assumptions, *_cut(given[name], rule)])),
            emptied_by=found.emptied_by or ("" if after.count else name),
            steps=(*found.steps, step),
        )
    return found


def _by_rows(found: CompatibleSamples, filters: list[Filter]) -> bool:
    return isinstance(found, ListedSamples) or bool(filters)


def _counted(found: CompatibleSamples, question: Question) -> CompatibleSamples:
    """Return the samples that answer a narrower question."""
    empty = bool(found.emptied_by) or not question.exists()
    halves = question.halves(2 * found._halves.cells + _ROOM)
    return replace(found, emptied_by="narrowed" if empty else "", _question=question, _halves=halves, _kept={})


def _listed(found: CompatibleSamples, question: Question, filters: list[Filter], budget: int) -> ListedSamples:
    """Return the samples that answer a narrower question and pass all filters, looked through one by one."""
    if found.count > budget:
        raise BudgetExceeded("samples", found.count, budget, _ONE_BY_ONE)
    rows = found.counts(budget=budget)
    kept = _answers(rows, question)
    for holds in filters:
        kept &= holds(rows)
    same = {one.name: getattr(found, one.name) for one in fields(CompatibleSamples)}
    left = same | {"_question": question, "_kept": {}, "_listed": rows[kept], "emptied_by": "" if kept.any() else "all"}
    return ListedSamples(**left)


def _answers(rows: IntArray, question: Question) -> Any:
    """Return which samples are within the counts, sums and sums of squares of a question."""
    values = np.array(question.values, dtype=np.int64)
    kept = np.all((rows >= question.least) & (rows <= question.most), axis=1)
    ends = {total: (low, high) for total, low, high in squares(question)}
    allowed = np.array([ends.get(int(total), (1, 0)) for total in rows @ values], dtype=np.int64).reshape(-1, 2)
    square = rows @ values**2
    return kept & (square >= allowed[:, 0]) & (square <= allowed[:, 1])


def _said(name: str, value: Any, question: Question, rule: str) -> Said:
    """Return what one further number says."""
    if name in ("mean", "sd"):
        printed = read_moment(value, name, rule).intersect(getattr(question, name))
        return replace(question, mean=printed) if name == "mean" else replace(question, sd=printed), []
    if name == "counts":
        return _within(question, *read_counts(value, question.n, question.low, question.high, question.items)), []
    if name in ("minimum", "maximum"):
        return _end(value, name, question), []
    if name in ("at_least", "at_most"):
        return _people(value, name, question)
    if name == "quantiles":
        return question, _quantiles(value, question, rule)
    return question, [(median_in if name == "median" else skewness_in)(_interval(value, name, rule), question)]


def _interval(value: object, name: str, rule: str) -> Interval:
    """Return the values that a further number allows; a whole number is exact."""
    if isinstance(value, Interval):
        return value
    if isinstance(value, (int, np.integer)) and not isinstance(value, bool):
        return Interval(Decimal(int(value)), Decimal(int(value)), True, True)
    return read_reported(value, name, rule).interval


def _within(question: Question, least: Any, most: Any) -> Question:
    """Return a question with what else is known of single values."""
    pairs = zip(question.least, least, strict=True), zip(question.most, most, strict=True)
    return replace(question, least=tuple(map(max, pairs[0])), most=tuple(map(min, pairs[1])))


def _end(value: Any, name: str, question: Question) -> Question:
    """Return a question with the smallest or the largest value: somebody has it, and nobody lies beyond it."""
    at = place(value, question.low, question.high, question.items, name=name)
    places = range(len(question.values))
    beyond = [(where < at) if name == "minimum" else (where > at) for where in places]
    return _within(question, [int(where == at) for where in places], [0 if out else question.n for out in beyond])


def _people(value: Any, name: str, question: Question) -> Said:
    """Return how many people lie beyond cut-offs; counted where that fixes single values."""
    if not isinstance(value, Mapping):
        raise InvalidType(name, value, _COUNTS, f"Write {name}={{6: 5}}.")
    filters = []
    for cut, many in value.items():
        edge = _validate.real(cut, f"{name}[{cut!r}]", infinite=True) * question.items
        low, high = _ends(many, f"{name}[{cut!r}]", question.n)
        inside = [v >= edge if name == "at_least" else v <= edge for v in question.values]
        if high == 0 or sum(inside) == 1:
            least = [low if there else 0 for there in inside]
            question = _within(question, least, [high if there else question.n for there in inside])
        else:
            filters.append(people_between(np.array(inside), low, high))
    return question, filters


def _ends(many: Any, key: str, people: int) -> tuple[int, int]:
    """Return the fewest and the most people of a number or a pair."""
    ends = list(many) if isinstance(many, (tuple, list)) else [many, many]
    if len(ends) != 2:
        raise InvalidArgument(key, many, _COUNTS)
    low, high = (_validate.integer(end, key, high=people) for end in ends)
    if low > high:
        raise InvalidArgument(key, many, "a pair (least, most) with least at most most")
    return low, high


def _quantiles(value: Any, question: Question, rule: str) -> list[Filter]:
    allowed = "a mapping from shares between 0 and 1 to printed values"
    if not isinstance(value, Mapping):
        raise InvalidType("quantiles", value, allowed, 'Write quantiles={0.25: "3"}.')
    filters = []
    for share, printed in value.items():
        rank = quantile_rank(_validate.real(share, "quantiles", low=0.0, high=1.0), question.n)
        filters.append(quantile_in(_interval(printed, f"quantiles[{share!r}]", rule), rank, question))
    return filters


def _words(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"of {key} {_words(many)}" for key, many in value.items())
    if isinstance(value, (tuple, list)):
        return f"{value[0]} to {value[-1]}"
    return f"in {value}" if isinstance(value, Interval) else equation(value)


def _cut(value: Any, rule: str) -> list[str]:
    """Return how the digits of a further number were cut, where it has any."""
    if isinstance(value, Mapping):
        return [sentence for printed in value.values() for sentence in _cut(printed, rule)]
    if isinstance(value, (str, Reported)):
        words = rounding_words(value.rounding if isinstance(value, Reported) else rule)
        return [f"digits were {words}"]
    return []
