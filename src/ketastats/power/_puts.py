"""How a detectable size becomes the margin, or the true effect, of a design."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import _validate
from ._margins_means import direction

__all__ = [
    "Design",
    "around_rate",
    "away_from_null",
    "beyond_margin",
    "beyond_ratio",
    "effect",
    "effect_ratio",
    "exponential",
    "is_difference",
    "margin_of_rates",
    "one_number",
    "outside_margin",
    "outside_ratio",
    "plus_one",
    "pop_direction",
    "ratio",
    "ratio_number",
    "second_rate",
    "shown_effect",
    "shown_margin_of_rates",
    "symmetric",
    "worse_second_rate",
]

Array = NDArray[np.float64]
Design = dict[str, Any]


# ------------------------------------------------------------------------------------------------------------- margins
def symmetric(x: Array, design: Design) -> Design:
    """Put in the margin from -x to x."""
    return design | {"margin": (-x, x)}


def one_number(x: Array, design: Design) -> Design:
    """Put in the margin x."""
    return design | {"margin": x}


def ratio(x: Array, design: Design) -> Design:
    """Put in the margin from ``exp(-x)`` to ``exp(x)``."""
    # Closer to 1 than this no ratio is told from it, and beyond the other end no margin is allowed.
    size = np.clip(x, 1e-12, 90.0)
    return design | {"margin": (np.exp(-size), np.exp(size))}


def ratio_number(x: Array, design: Design) -> Design:
    """Put in the margin ``exp(x)``."""
    return design | {"margin": np.exp(np.clip(x, 1e-12, 90.0))}


def around_rate(x: Array, design: Design) -> Design:
    """Put in the margin around a proportion, without the ends that no proportion can pass."""
    p = _validate.array(design["p"], "p", low=0.0, high=1.0)
    low, high = p - x, p + x
    return design | {"margin": (np.where(low > 0, low, -np.inf), np.where(high < 1, high, np.inf))}


def margin_of_rates(x: Array, design: Design) -> Design:
    """Put in the margin x of a difference of rates, or 1 + x of their ratio."""
    return design | {"margin": (x if is_difference(design) else 1.0 + x)[()]}


# ------------------------------------------------------------------------------------------------------------- effects
def effect(x: Array, design: Design) -> Design:
    """Put in the effect x, with the sign that the test looks for."""
    return design | {"effect": -x if design.get("alternative") == "less" else x}


def effect_ratio(x: Array, design: Design) -> Design:
    """Put in the ratio ``exp(x)``, or its inverse if the test looks for that."""
    size = np.clip(x, 1e-12, 90.0)
    return design | {"effect": np.exp(-size if design.get("alternative") == "less" else size)}


def beyond_margin(name: str = "effect") -> Callable[[Array, Design], Design]:
    """Return what puts in an effect that is better than the margin by x."""

    def put(x: Array, design: Design) -> Design:
        margin = _validate.array(design["margin"], "margin", low=0.0)
        centre = _validate.array(design.get("null", 0.0), "null")
        return design | {name: centre + direction(design["higher_is_better"]) * (margin + x)}

    return put


def outside_margin(name: str = "effect") -> Callable[[Array, Design], Design]:
    """Return what puts in an effect that lies outside the margin by x, above or below."""

    def put(x: Array, design: Design) -> Design:
        rest, above = pop_direction(design)
        low, high = _validate.margins(design["margin"])
        centre = _validate.array(design.get("null", 0.0), "null")
        return rest | {name: centre + (high + x if above else low - x)}

    return put


def beyond_ratio(x: Array, design: Design) -> Design:
    """Put in a ratio that is better than the margin by a factor of ``exp(x)``."""
    size = np.abs(np.log(_validate.array(design["margin"], "margin", low=0.0, open_low=True)))
    return design | {"effect": np.exp(direction(design["higher_is_better"]) * np.minimum(size + x, 90.0))}


def outside_ratio(x: Array, design: Design) -> Design:
    """Put in a ratio outside the margin by a factor of ``exp(x)``, above or below."""
    rest, above = pop_direction(design)
    low, high = _validate.margins(design["margin"], ratio=True)
    return rest | {"effect": high * np.exp(np.minimum(x, 80.0)) if above else low * np.exp(-np.minimum(x, 80.0))}


def worse_second_rate(x: Array, design: Design) -> Design:
    """Put in a second rate that is worse than the first by x."""
    return design | {"p2": design["p1"] - direction(design["higher_is_better"]) * x}


def second_rate(x: Array, design: Design) -> Design:
    """Put in a second rate above or below the first by x."""
    rest, above = pop_direction(design)
    return rest | {"p2": design["p1"] + (x if above else -x)}


def away_from_null(x: Array, design: Design) -> Design:
    """Put in a proportion above or below the null by x."""
    rest, above = pop_direction(design)
    return rest | {"p": _validate.array(design["null"], "null", low=0.0, high=1.0) + (x if above else -x)}


# ------------------------------------------------------------------------------------------------------ what is shown
def exponential(x: Array, design: Design, found: Any) -> Any:
    """Return the ratio behind x."""
    del design, found
    return np.exp(x)


def plus_one(x: Array, design: Design, found: Any) -> Any:
    """Return the ratio behind its excess over 1."""
    del design, found
    return 1.0 + x


def shown_effect(x: Array, design: Design, found: Any) -> Any:
    """Return the size of the effect that was put in."""
    del x, design
    return np.abs(found.effect)


def shown_margin_of_rates(x: Array, design: Design, found: Any) -> Any:
    """Return the margin that was put in."""
    del found
    return x if is_difference(design) else 1.0 + x


# -------------------------------------------------------------------------------------------------------------- choices
def is_difference(design: Design) -> bool:
    """Return whether a margin is one of a difference of rates."""
    measures = ("difference", "ratio", "odds_ratio")
    return _validate.choice(design.get("measure", "difference"), "measure", measures) == "difference"


def pop_direction(design: Design) -> tuple[Design, bool]:
    """Return the design without the direction, and whether that is upwards."""
    way = _validate.choice(design.get("direction", "above"), "direction", ("above", "below"))
    return {name: value for name, value in design.items() if name != "direction"}, way == "above"
