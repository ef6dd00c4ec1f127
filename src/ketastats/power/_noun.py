"""The questions that can be asked of any noun, from one probability: that tests against two ends both reject.

A noun says with which probability the data reject, at a one-sided level, "not above the lower end" and "not below the
upper end" together; an end that is infinite is not tested. Everything else follows: a difference, noninferiority and
superiority have one end, equivalence has both, and a minimum-effect test has two ends beyond which it looks, of which
only one can be passed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import _validate
from ..errors import InvalidArgument
from ._margins_means import MURPHY, PIAGGIO, direction
from ._means import ALTERNATIVES

__all__ = ["Noun", "ask_difference", "ask_equivalence", "ask_minimum_effect", "ask_noninferiority", "ask_superiority"]

Array = NDArray[np.float64]

_SCHUIRMANN = "Schuirmann 1987, doi:10.1007/BF01068419"
_NONE = np.asarray(np.inf)


@dataclass(frozen=True, slots=True, kw_only=True)
class Noun:
    """A design with its true effect.

    `within` takes both ends, on the scale of the analysis, and the one-sided level; it broadcasts. `answer` makes the
    result from the power, the method and the references. `shape` is that of the design, `test` the name of the
    one-sided test, and `ratio` says that margins are ratios, of which the analysis takes logs.
    """

    within: Callable[[Array, Array, float], Array]
    answer: Callable[[Array, float, str, tuple[str, ...]], Any]
    shape: tuple[int, ...]
    test: str
    ratio: bool = False


def ask_difference(noun: Noun, null: Array, alternative: Any, alpha: Any) -> Any:
    """Return the power of a test of no difference, or of a difference of `null`."""
    side = _validate.choice(alternative, "alternative", ALTERNATIVES)
    level = _validate.alpha(alpha)
    value = _against(noun, null=null)["null"]
    if side == "two-sided":
        power = _beyond(noun, value, value, 0.5 * level)
    else:
        power = noun.within(value, _NONE, level) if side == "greater" else noun.within(-_NONE, value, level)
    return noun.answer(power, level, f"{noun.test}, {side}", ())


def ask_equivalence(noun: Noun, margin: Any, alpha: Any) -> Any:
    """Return the power of two one-sided tests at the ends of a margin."""
    low, high = _ends(noun, margin)
    level = _validate.alpha(alpha)
    method = f"equivalence, two one-sided tests: {noun.test}"
    return noun.answer(noun.within(low, high, level), level, method, (_SCHUIRMANN,))


def ask_noninferiority(noun: Noun, margin: Any, higher_is_better: Any, alpha: Any) -> Any:
    """Return the power of one one-sided test, its bound on the bad side of no difference."""
    sign = direction(higher_is_better)
    size = _size(noun, margin, open_low=True)
    return _one_sided(noun, -sign * size, sign, alpha, "noninferiority")


def ask_superiority(noun: Noun, margin: Any, higher_is_better: Any, alpha: Any) -> Any:
    """Return the power of one one-sided test, its bound on the good side of no difference."""
    sign = direction(higher_is_better)
    size = _size(noun, margin, open_low=False)
    return _one_sided(noun, sign * size, sign, alpha, "superiority by a margin")


def ask_minimum_effect(noun: Noun, margin: Any, alpha: Any) -> Any:
    """Return the power of two one-sided tests that look beyond the ends of a margin."""
    low, high = _ends(noun, margin)
    level = _validate.alpha(alpha)
    power = _beyond(noun, low, high, level)
    return noun.answer(power, level, f"minimum-effect test, two one-sided tests: {noun.test}", (MURPHY,))


def _one_sided(noun: Noun, bound: Array, sign: float, alpha: Any, question: str) -> Any:
    level = _validate.alpha(alpha)
    power = noun.within(bound, _NONE, level) if sign > 0 else noun.within(-_NONE, bound, level)
    better = "higher is better" if sign > 0 else "lower is better"
    return noun.answer(power, level, f"{question}: {noun.test}, {better}", (PIAGGIO,))


def _beyond(noun: Noun, low: Array, high: Array, level: float) -> Array:
    """Return the probability that one of two tests rejects, that of a value below `low` or that of one above `high`."""
    above = np.where(np.isposinf(high), 0.0, noun.within(np.where(np.isposinf(high), 0.0, high), _NONE, level))
    below = np.where(np.isneginf(low), 0.0, noun.within(-_NONE, np.where(np.isneginf(low), 0.0, low), level))
    return np.asarray(np.minimum(above + below, 1.0))


def _ends(noun: Noun, margin: Any) -> tuple[Array, Array]:
    low, high = _validate.margins(margin, ratio=noun.ratio)
    if noun.ratio:
        with np.errstate(divide="ignore"):
            low, high = np.log(low), np.log(high)
    found = _against(noun, margin_low=low, margin_high=high)
    return found["margin_low"], found["margin_high"]


def _size(noun: Noun, margin: Any, *, open_low: bool) -> Array:
    """Return the size of a margin that is one number: a difference, or a ratio of which 0.8 and 1.25 are the same."""
    if noun.ratio:
        ratio = _validate.array(margin, "margin", low=0.0, open_low=True)
        size = np.abs(np.log(ratio))
        if open_low and np.any(size == 0):
            raise InvalidArgument("margin", 1.0, "a ratio other than 1", "A ratio of 1 is no difference.")
        return _against(noun, margin=size)["margin"]
    return _against(noun, margin=_validate.array(margin, "margin", low=0.0, open_low=open_low))["margin"]


def _against(noun: Noun, **values: Array) -> dict[str, Array]:
    """Return values that broadcast against the design, or say which shapes do not fit."""
    _validate.broadcast(design=np.empty(noun.shape), **values)
    return values
