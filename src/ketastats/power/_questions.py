"""Which power functions can be solved through themselves, and how each names its sizes, its effect and its margin."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import _validate
from . import _puts
from ._contrasts_by_time import groups_by_time_contrast, groups_by_time_contrast_equivalence
from ._coprimary import coprimary_equivalence
from ._crossover import bioequivalence, crossover_equivalence
from ._fieller import fieller_equivalence
from ._groups_by_time import groups_by_time, groups_by_time_equivalence
from ._invert import Put, Question
from ._margins_means import direction, means_minimum_effect, means_noninferiority, means_superiority
from ._margins_proportions import (
    proportions_minimum_effect,
    proportions_noninferiority,
    proportions_ratio_equivalence,
    proportions_superiority,
)
from ._proportion import proportion_equivalence
from ._questions_more import MORE_QUESTIONS
from ._rates_equivalence import rates_equivalence
from ._welch import means_welch_equivalence

__all__ = ["QUESTIONS"]

Array = NDArray[np.float64]
Design = _puts.Design


def _room_worse(design: Design) -> float:
    rate = _validate.real(design["p1"], "p1", low=0.0, high=1.0)
    return rate if direction(design["higher_is_better"]) > 0 else 1.0 - rate


def _room(design: Design) -> float:
    rate = _validate.real(design["p1"], "p1", low=0.0, high=1.0)
    return 1.0 - rate if _puts.pop_direction(design)[1] else rate


def _times_effect(x: Array, design: Design) -> Design:
    if design.get("means") is None:
        return design | {"effect": x}
    # The effect of given means grows with them.
    return design | {"means": _validate.array(design["means"], "means") * x[..., None, None]}


# --------------------------------------------------------------------------------------------------- units and limits
def _sd(name: str, preset: float | None = 1.0) -> Callable[[Design], Any]:
    def unit(design: Design) -> Any:
        return _validate.array(design.get(name, preset), name, low=0.0, open_low=True)

    return unit


def _larger_sd(design: Design) -> Any:
    return np.maximum(_sd("sd1")(design), _sd("sd2")(design))


def _one_if_difference(design: Design) -> float:
    return 1.0 if _puts.is_difference(design) else np.inf


def _one_if_share(design: Design) -> float:
    return 1.0 if design.get("measure") == "partial_eta_squared" else np.inf


def _margin(
    ask: Callable[..., Any], sizes: Any, required: tuple[str, ...], *optional: str, put: Put, **more: Any
) -> Question:
    return Question(ask=ask, sizes=sizes, required=required, optional=optional, put=put, filled=("margin",), **more)


_TERM = ("means", "effect", "times", "term", "covariance", "rho", "sd", "test")
_CONTRAST = ("means", "effect", "covariance", "rho", "sd")
_RATES = ("p1", "p2", "margin")
_LOG_RATIO: Design = {"put": _puts.ratio, "value": _puts.exponential}
_STEPS: Design = {"put": _puts.margin_of_rates, "value": _puts.shown_margin_of_rates, "steps": True}

#: Every question that is solved through its own power function.
QUESTIONS: dict[str, Question] = {
    **MORE_QUESTIONS,
    "bioequivalence": _margin(bioequivalence, "two", ("margin", "cv"), "ratio", "design", **_LOG_RATIO),
    "coprimary_equivalence": Question(
        ask=coprimary_equivalence, sizes="two", required=("margin", "sd", "rho"), optional=("effect", "design")
    ),
    "crossover_equivalence": _margin(
        crossover_equivalence, "two", ("margin", "sd"), "effect", "design", put=_puts.symmetric, unit=_sd("sd", None)
    ),
    "fieller_equivalence": _margin(
        fieller_equivalence, "two", ("margin", "cv"), "cv_between", "ratio", "design", **_LOG_RATIO
    ),
    "groups_by_time": Question(
        ask=groups_by_time,
        sizes="groups",
        required=(),
        optional=_TERM,
        put=_times_effect,
        filled=("effect",),
        value=_puts.shown_effect,
    ),
    "groups_by_time_contrast": Question(
        ask=groups_by_time_contrast,
        sizes="groups",
        required=("group_weights", "time_weights"),
        optional=(*_CONTRAST, "alternative"),
        put=_puts.effect,
        filled=("effect", "means"),
        unit=_sd("sd"),
    ),
    "groups_by_time_contrast_equivalence": _margin(
        groups_by_time_contrast_equivalence,
        "groups",
        ("group_weights", "time_weights", "margin"),
        *_CONTRAST,
        put=_puts.symmetric,
        unit=_sd("sd"),
    ),
    "groups_by_time_equivalence": _margin(
        groups_by_time_equivalence, "groups", ("margin",), *_TERM, "measure", put=_puts.one_number, top=_one_if_share
    ),
    "means_minimum_effect": Question(
        ask=means_minimum_effect,
        sizes="two",
        required=("margin", "effect"),
        optional=("sd",),
        put=_puts.outside_margin(),
        filled=("effect",),
        more=("direction",),
        unit=_sd("sd"),
        value=_puts.shown_effect,
    ),
    "means_noninferiority": _margin(
        means_noninferiority,
        "two",
        ("margin", "higher_is_better"),
        "effect",
        "sd",
        put=_puts.one_number,
        unit=_sd("sd"),
    ),
    "means_superiority": Question(
        ask=means_superiority,
        sizes="two",
        required=("margin", "effect", "higher_is_better"),
        optional=("sd",),
        put=_puts.beyond_margin(),
        filled=("effect",),
        unit=_sd("sd"),
        value=_puts.shown_effect,
    ),
    "means_welch_equivalence": _margin(
        means_welch_equivalence,
        "two",
        ("margin", "sd1", "sd2"),
        *("effect", "method"),
        put=_puts.symmetric,
        unit=_larger_sd,
    ),
    "proportion_equivalence": _margin(
        proportion_equivalence, "one", ("p", "margin"), put=_puts.around_rate, steps=True, top=_one_if_difference
    ),
    "proportions_minimum_effect": Question(
        ask=proportions_minimum_effect,
        sizes="two",
        required=_RATES,
        optional=("measure", "method"),
        put=_puts.second_rate,
        filled=("p2",),
        more=("direction",),
        top=_room,
        value=_puts.shown_effect,
        steps=True,
    ),
    "proportions_noninferiority": _margin(
        proportions_noninferiority,
        "two",
        (*_RATES, "higher_is_better"),
        *("measure", "method"),
        top=_one_if_difference,
        **_STEPS,
    ),
    "proportions_ratio_equivalence": _margin(
        proportions_ratio_equivalence,
        "two",
        _RATES,
        *("measure", "method"),
        **_STEPS | {"put": lambda x, design: design | {"margin": (1.0 + x)[()]}, "value": _puts.plus_one},
    ),
    "proportions_superiority": Question(
        ask=proportions_superiority,
        sizes="two",
        required=(*_RATES, "higher_is_better"),
        optional=("measure", "method"),
        put=_puts.worse_second_rate,
        filled=("p2",),
        top=_room_worse,
        value=_puts.shown_effect,
        steps=True,
    ),
    "rates_equivalence": _margin(
        rates_equivalence, "two", ("rate1", "rate2", "margin"), "exposure", "dispersion", **_LOG_RATIO
    ),
}
