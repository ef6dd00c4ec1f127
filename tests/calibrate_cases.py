"""What equivalence tests and questions of every simulated noun share: a case, and its error rates at either end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from calibrate_rows import Cell, Row, Sample, generator, row

import ketastats as ks

Data = tuple[Any, ...]
#: Data sets that are tested by the functions of ``ks.equivalence`` themselves.
FIRST = 200


def by_pvalue(estimate: Any, bound: float, side: str, alpha: float) -> Any:
    """Return for each data set whether the one-sided test of `bound` rejects."""
    return estimate.pvalue(bound, alternative=side) < alpha


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One method of one noun at one design: how data with a given true value are drawn, and what is asked of them.

    The true value is drawn at either end of ``low`` to ``margin``. ``estimate`` and ``test`` take what ``draw``
    returned; ``rejects`` says which estimates reject a bound.
    """

    noun: str
    method: str
    label: str
    margin: float
    low: float
    draw: Callable[[np.random.Generator, float, int], Data]
    estimate: Callable[..., Any]
    test: Callable[..., Any]
    rejects: Callable[[Any, float, str, float], Any] = by_pvalue


def with_r(function: Callable[..., Any], **choice: Any) -> Callable[..., Any]:
    """Return a function of pairs that takes their correlation as the last of its positional arguments."""

    def named(*data: Any, **asked: Any) -> Any:
        return function(*data[:-1], r=data[-1], **choice, **asked)

    return named


def _first(data: Data) -> Data:
    return tuple(x[:FIRST] if np.ndim(x) else x for x in data)


def equivalence(case: Case, setting: dict[str, Any]) -> Iterator[Row]:
    """Yield error rates of an equivalence test.

    Whether it rejects is read from the p-values of the estimate, without the interval that costs ten times as much;
    that the test says the same is held for the first data sets.
    """
    cell = Cell(f"equivalence.{case.noun}", case.method, case.label)
    rng, alpha, sample = generator(setting["seed"], cell), setting["alpha"], Sample(setting["replicates"])
    for end, word in ((case.low, "low"), (case.margin, "high")):
        data = case.draw(rng, end, sample.size)
        value = case.estimate(*data)
        lower = case.rejects(value, case.low, "greater", alpha)
        upper = case.rejects(value, case.margin, "less", alpha)
        test = case.test(*_first(data), margin=case.margin, alpha=alpha)
        np.testing.assert_array_equal(test.p_lower < alpha, lower[:FIRST])
        np.testing.assert_array_equal(test.p_upper < alpha, upper[:FIRST])
        np.testing.assert_array_equal(test.established, (lower & upper)[:FIRST])
        one = lower if word == "low" else upper
        yield row(cell, f"one-sided error at the {word} end", alpha, sample.rate(one))
        yield row(cell, f"equivalence error at the {word} end", alpha, sample.rate(lower & upper))


def questions(case: Case, setting: dict[str, Any]) -> Iterator[Row]:
    """Yield the errors of noninferiority, superiority by a margin and the minimum effect, the truth at either end."""
    method = f"{case.noun}, {case.method}"
    rng = generator(setting["seed"], Cell("equivalence", method, case.label))
    alpha, sample = setting["alpha"], Sample(setting["replicates"])
    for end, word in ((case.low, "low"), (case.margin, "high")):
        data = case.draw(rng, end, sample.size)
        value = case.estimate(*data)
        inside, outside = ("greater", "less") if word == "low" else ("less", "greater")
        below = case.rejects(value, case.low, "less", alpha)
        above = case.rejects(value, case.margin, "greater", alpha)
        hits = {
            "noninferiority": case.rejects(value, end, inside, alpha),
            "superiority": below if outside == "less" else above,
            "minimum_effect": below | above,
        }
        for question, seen in hits.items():
            np.testing.assert_array_equal(_asked(question, case, _first(data), word == "low", alpha), seen[:FIRST])
            cell = Cell(f"equivalence.{question}", method, case.label)
            yield row(cell, f"type I error at the {word} end", alpha, sample.rate(seen))


def _asked(question: str, case: Case, data: Data, low: bool, alpha: float) -> Any:
    """Return what the public function says of the first data sets."""
    value, asked = case.estimate(*data), {"margin": case.margin, "alpha": alpha}
    if question == "minimum_effect":
        return ks.equivalence.minimum_effect(value, **asked).established
    # Higher is better where the low end must be excluded, and where the high one must be exceeded.
    if question == "noninferiority":
        return ks.equivalence.noninferiority(value, higher_is_better=low, **asked).p_noninferiority < alpha
    return ks.equivalence.superiority(value, higher_is_better=not low, **asked).p_superiority < alpha
