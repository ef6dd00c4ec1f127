"""How printed digits may have been cut, and what may stand behind a printed standard deviation."""

from __future__ import annotations

from dataclasses import dataclass

from ..reported import Rounding
from ._base import CONSISTENT

__all__ = ["Reading", "branches", "readings"]

_OTHERS = {
    "truncated": Rounding.TRUNCATE,
    "rounded away from zero": Rounding.UP,
    "rounded to the nearest": Rounding.HALF,
}
_TIES = "ties may go either way"


def _cuts(rule: Rounding) -> dict[str, Rounding]:
    """Return the other ways of cutting digits, in words."""
    found = {words: other for words, other in _OTHERS.items() if other is not rule}
    if rule.value.startswith("half"):
        found.pop("rounded to the nearest", None)
        return found if rule is Rounding.HALF else {_TIES: Rounding.HALF, **found}
    return found


def branches(rule: Rounding) -> dict[str, Rounding | None]:
    """Return the assumptions about how the digits were cut, the stated rule first."""
    return {CONSISTENT: None, **{f"only if {words}": other for words, other in _cuts(rule).items()}}


@dataclass(frozen=True, slots=True)
class Reading:
    """How a mean and a standard deviation may have been printed.

    Parameters
    ----------
    mean, sd : Rounding or None
        How their digits were cut; None as stated.
    ddof : int
        What is taken from the number of people in the divisor of the variance.
    error : bool
        What is called a standard deviation is the standard error of the mean.
    """

    mean: Rounding | None = None
    sd: Rounding | None = None
    ddof: int = 1
    error: bool = False


def readings(rule: Rounding, ddof: int) -> dict[str, Reading]:
    """Return the assumptions about a mean and a deviation, those stated first.

    All digits may have been cut in another way, or those of the mean alone, or those of the deviation alone; the
    variance may have the other divisor, also with all digits cut in another way; a standard error may have been called
    a deviation.
    """
    cuts = _cuts(rule)
    both = {words: Reading(other, other, ddof) for words, other in cuts.items()}
    one = {
        **{f"the mean is {words}": Reading(other, None, ddof) for words, other in cuts.items() if words != _TIES},
        **{f"the SD is {words}": Reading(None, other, ddof) for words, other in cuts.items() if words != _TIES},
    }
    other = f"the SD divides by {'n' if ddof else 'n - 1'}"
    of_sd = {other: Reading(ddof=1 - ddof), "the SD is a standard error": Reading(ddof=ddof, error=True)}
    joined = {f"{words} and {other}": Reading(cut, cut, 1 - ddof) for words, cut in cuts.items()}
    named = {**both, **one, **of_sd, **joined}
    return {CONSISTENT: Reading(ddof=ddof), **{f"only if {words}": reading for words, reading in named.items()}}
