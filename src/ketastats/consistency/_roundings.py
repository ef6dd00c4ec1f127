"""The ways in which printed digits may have been cut, and deviations divided."""

from __future__ import annotations

from collections.abc import Mapping

from ..reported import Rounding
from ._base import CONSISTENT

__all__ = ["branches", "divisor_branches"]

_BRANCHES = {
    "truncated": Rounding.TRUNCATE,
    "rounded away from zero": Rounding.UP,
    "rounded to the nearest": Rounding.HALF,
}


def branches(rule: Rounding) -> dict[str, Rounding | None]:
    """Return the assumptions about how the digits were cut, the stated rule first."""
    others = {
        f"only if {words}": other
        for words, other in _BRANCHES.items()
        if other is not rule and not (other is Rounding.HALF and rule.value.startswith("half"))
    }
    return {CONSISTENT: None, **others}


def divisor_branches(rules: Mapping[str, Rounding | None], ddof: int) -> dict[str, tuple[Rounding | None, int]]:
    """Return the assumptions about how digits were cut and about the divisor of the variance, the stated ones first."""
    other = f"the SD divides by {'n' if ddof else 'n - 1'}"
    stated = {label: (rule, ddof) for label, rule in rules.items()}
    changed = {
        f"only if {other}" if label == CONSISTENT else f"{label} and {other}": (rule, 1 - ddof)
        for label, rule in rules.items()
    }
    return {**stated, **changed}
