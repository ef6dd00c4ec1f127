"""The questions of further nouns that are solved through their own power functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .. import _validate
from . import _puts
from ._correlation_margins import correlation_minimum_effect, correlation_noninferiority, correlation_superiority
from ._estimate import (
    estimate,
    estimate_equivalence,
    estimate_minimum_effect,
    estimate_noninferiority,
    estimate_superiority,
)
from ._invert import Question
from ._margins_means import direction
from ._margins_one_sample import (
    one_sample_minimum_effect,
    one_sample_noninferiority,
    one_sample_superiority,
    paired_minimum_effect,
    paired_noninferiority,
    paired_superiority,
)
from ._mean_ratio import (
    mean_ratio,
    mean_ratio_equivalence,
    mean_ratio_minimum_effect,
    mean_ratio_noninferiority,
    mean_ratio_superiority,
)
from ._paired_proportions import (
    paired_proportions,
    paired_proportions_equivalence,
    paired_proportions_minimum_effect,
    paired_proportions_noninferiority,
    paired_proportions_superiority,
)
from ._proportion_questions import (
    proportion,
    proportion_minimum_effect,
    proportion_noninferiority,
    proportion_superiority,
)
from ._smd import smd_equivalence, smd_minimum_effect, smd_noninferiority, smd_superiority
from ._welch_questions import (
    means_welch,
    means_welch_minimum_effect,
    means_welch_noninferiority,
    means_welch_superiority,
)

__all__ = ["MORE_QUESTIONS"]

Design = _puts.Design
Unit = Callable[[Design], Any]


def _one(design: Design) -> float:
    del design
    return 1.0


def _sd(*names: str) -> Unit:
    """Return what reads the largest of some standard deviations, 1 where one is left out."""

    def unit(design: Design) -> Any:
        parts = [_validate.array(design.get(name, 1.0), name, low=0.0, open_low=True) for name in names]
        return np.maximum.reduce(np.broadcast_arrays(*parts))

    return unit


def _four(
    asks: dict[str, Callable[..., Any]], sizes: Any, required: tuple[str, ...], optional: tuple[str, ...], unit: Unit
) -> dict[str, Question]:
    """Return the questions of a noun whose effect is called so and lies on the scale of differences."""
    basis = {"sizes": sizes, "unit": unit}
    beyond = {"put": _puts.beyond_margin(), "filled": ("effect",), "value": _puts.shown_effect}
    outside = {"put": _puts.outside_margin(), "filled": ("effect",), "value": _puts.shown_effect}
    shapes: dict[str, Any] = {
        "difference": (("effect", *required), ("alternative",), {"put": _puts.effect, "filled": ("effect",)}),
        "equivalence": (("margin", *required), ("effect",), {"put": _puts.symmetric, "filled": ("margin",)}),
        "noninferiority": (
            ("margin", "higher_is_better", *required),
            ("effect",),
            {"put": _puts.one_number, "filled": ("margin",)},
        ),
        "superiority": (("margin", "higher_is_better", "effect", *required), (), beyond),
        "minimum_effect": (("margin", "effect", *required), (), outside | {"more": ("direction",)}),
    }
    found = {}
    for which, ask in asks.items():
        must, may, rest = shapes[which]
        found[ask.__name__] = Question(ask=ask, required=must, optional=(*may, *optional), **basis, **rest)
    return found


def _ratio_questions() -> dict[str, Question]:
    basis: dict[str, Any] = {"sizes": "two"}
    cvs, margin, seen = ("cv1", "cv2"), ("margin", "higher_is_better"), {"filled": ("effect",)}
    known: dict[str, Any] = {
        "mean_ratio": (
            (mean_ratio, ("effect", *cvs), ("alternative",)),
            {"put": _puts.effect_ratio, "value": _puts.exponential} | seen,
        ),
        "mean_ratio_equivalence": (
            (mean_ratio_equivalence, ("margin", *cvs), ("effect",)),
            {"put": _puts.ratio, "value": _puts.exponential, "filled": ("margin",)},
        ),
        "mean_ratio_noninferiority": (
            (mean_ratio_noninferiority, (*margin, *cvs), ("effect",)),
            {"put": _puts.ratio_number, "value": _puts.exponential, "filled": ("margin",)},
        ),
        "mean_ratio_superiority": (
            (mean_ratio_superiority, (*margin, "effect", *cvs), ()),
            {"put": _puts.beyond_ratio, "value": _puts.shown_effect} | seen,
        ),
        "mean_ratio_minimum_effect": (
            (mean_ratio_minimum_effect, ("margin", "effect", *cvs), ()),
            {"put": _puts.outside_ratio, "value": _puts.shown_effect, "more": ("direction",)} | seen,
        ),
    }
    return {
        name: Question(ask=ask, required=must, optional=may, **basis, **rest)
        for name, ((ask, must, may), rest) in known.items()
    }


# ---------------------------------------------------------------------------------- correlations, one proportion, pairs
def _room_beyond(limit: float) -> Callable[[Design], float]:
    """Return what finds the room between a margin, on the good side of the null, and the end of the scale."""

    def top(design: Design) -> float:
        margin = float(np.max(_validate.array(design["margin"], "margin", low=0.0)))
        null = _validate.array(design.get("null", 0.0), "null")
        up = direction(design["higher_is_better"]) > 0
        return float(limit - margin - np.max(null if up else limit - null if "null" in design else null))

    return top


def _room_outside(limit: float) -> Callable[[Design], float]:
    def top(design: Design) -> float:
        low, high = _validate.margins(design["margin"])
        null = _validate.array(design.get("null", 0.0), "null")
        if _puts.pop_direction(design)[1]:
            return float(limit - np.max(high + null))
        return float(np.min(low + null) + (0.0 if "null" in design else limit))

    return top


def _room_away(design: Design) -> float:
    null = _validate.array(design["null"], "null", low=0.0, high=1.0)
    return float(1.0 - np.max(null) if _puts.pop_direction(design)[1] else np.min(null))


def _first_more(x: Any, design: Design) -> Design:
    return design | {"p10": _validate.array(design["p01"], "p01", low=0.0, high=1.0) + x}


def _room_first(design: Design) -> float:
    return float(1.0 - 2.0 * np.max(_validate.array(design["p01"], "p01", low=0.0, high=0.5)))


def _one_if_difference(design: Design) -> float:
    return 1.0 if _puts.is_difference(design) else np.inf


_CORRELATION: dict[str, Any] = {"sizes": "one", "optional": ("method",)}
_PROPORTION: dict[str, Any] = {"sizes": "one", "steps": True}
_PAIRS: dict[str, Any] = {"sizes": "one", "steps": True, "optional": ("measure", "method")}
_OF_PAIRS: dict[str, Any] = {
    "put": _puts.margin_of_rates,
    "value": _puts.shown_margin_of_rates,
    "top": _one_if_difference,
    "filled": ("margin",),
}
_OUTSIDE: dict[str, Any] = {"value": _puts.shown_effect, "more": ("direction",)}


#: Questions of correlations, of one proportion and of pairs that change.
_COUNTED: dict[str, Question] = {
    "correlation_noninferiority": Question(
        ask=correlation_noninferiority,
        required=("margin", "higher_is_better"),
        put=_puts.one_number,
        filled=("margin",),
        top=_one,
        **_CORRELATION | {"optional": ("r", "method")},
    ),
    "correlation_superiority": Question(
        ask=correlation_superiority,
        required=("margin", "higher_is_better", "r"),
        put=_puts.beyond_margin("r"),
        filled=("r",),
        value=_puts.shown_effect,
        top=_room_beyond(1.0),
        **_CORRELATION,
    ),
    "correlation_minimum_effect": Question(
        ask=correlation_minimum_effect,
        required=("margin", "r"),
        put=_puts.outside_margin("r"),
        filled=("r",),
        top=_room_outside(1.0),
        **_CORRELATION,
        **_OUTSIDE,
    ),
    "proportion": Question(
        ask=proportion,
        required=("p", "null"),
        optional=("alternative",),
        put=_puts.away_from_null,
        filled=("p",),
        top=_room_away,
        **_PROPORTION,
        **_OUTSIDE,
    ),
    "proportion_noninferiority": Question(
        ask=proportion_noninferiority,
        required=("margin", "higher_is_better", "p", "null"),
        put=_puts.one_number,
        filled=("margin",),
        top=_one,
        **_PROPORTION,
    ),
    "proportion_superiority": Question(
        ask=proportion_superiority,
        required=("margin", "higher_is_better", "p", "null"),
        put=_puts.beyond_margin("p"),
        filled=("p",),
        value=_puts.shown_effect,
        top=_room_beyond(1.0),
        **_PROPORTION,
    ),
    "proportion_minimum_effect": Question(
        ask=proportion_minimum_effect,
        required=("margin", "p", "null"),
        put=_puts.outside_margin("p"),
        filled=("p",),
        top=_room_outside(1.0),
        **_PROPORTION,
        **_OUTSIDE,
    ),
    "paired_proportions": Question(
        ask=paired_proportions,
        required=("p10", "p01"),
        put=_first_more,
        filled=("p10",),
        value=_puts.shown_effect,
        top=_room_first,
        **_PAIRS | {"optional": ("alternative", "measure", "method")},
    ),
    "paired_proportions_equivalence": Question(
        ask=paired_proportions_equivalence, required=("margin", "p10", "p01"), **_PAIRS, **_OF_PAIRS
    ),
    "paired_proportions_noninferiority": Question(
        ask=paired_proportions_noninferiority,
        required=("margin", "higher_is_better", "p10", "p01"),
        **_PAIRS,
        **_OF_PAIRS,
    ),
    "paired_proportions_superiority": Question(
        ask=paired_proportions_superiority,
        required=("margin", "higher_is_better", "p10", "p01"),
        put=_first_more,
        filled=("p10",),
        value=_puts.shown_effect,
        top=_room_first,
        **_PAIRS,
    ),
    "paired_proportions_minimum_effect": Question(
        ask=paired_proportions_minimum_effect,
        required=("margin", "p10", "p01"),
        put=_first_more,
        filled=("p10",),
        value=_puts.shown_effect,
        top=_room_first,
        **_PAIRS,
    ),
}

MORE_QUESTIONS: dict[str, Question] = {
    **_four(
        {
            "noninferiority": one_sample_noninferiority,
            "superiority": one_sample_superiority,
            "minimum_effect": one_sample_minimum_effect,
        },
        "one",
        (),
        ("sd",),
        _sd("sd"),
    ),
    **_four(
        {
            "noninferiority": paired_noninferiority,
            "superiority": paired_superiority,
            "minimum_effect": paired_minimum_effect,
        },
        "one",
        (),
        ("sd_difference",),
        _sd("sd_difference"),
    ),
    **_four(
        {
            "difference": means_welch,
            "noninferiority": means_welch_noninferiority,
            "superiority": means_welch_superiority,
            "minimum_effect": means_welch_minimum_effect,
        },
        "two",
        ("sd1", "sd2"),
        ("method",),
        _sd("sd1", "sd2"),
    ),
    **_four(
        {
            "equivalence": smd_equivalence,
            "noninferiority": smd_noninferiority,
            "superiority": smd_superiority,
            "minimum_effect": smd_minimum_effect,
        },
        "two",
        (),
        (),
        _one,
    ),
    **_four(
        {
            "difference": estimate,
            "equivalence": estimate_equivalence,
            "noninferiority": estimate_noninferiority,
            "superiority": estimate_superiority,
            "minimum_effect": estimate_minimum_effect,
        },
        "none",
        ("se",),
        ("df",),
        _sd("se"),
    ),
    **_ratio_questions(),
    **_COUNTED,
}
