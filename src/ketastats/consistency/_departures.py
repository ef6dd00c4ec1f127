"""What could explain limits that do not belong to their estimate as they stand, one assumption at a time."""

from __future__ import annotations

from dataclasses import dataclass, fields

from ._base import CONSISTENT

__all__ = ["NOT_SYMMETRIC", "Departure", "departures"]

NOT_SYMMETRIC = "only if the interval is not symmetric"


@dataclass(frozen=True, slots=True)
class Departure:
    """A set of departures from what was stated; none of them is everything as stated.

    Parameters
    ----------
    truncated : bool
        All digits were cut, not rounded.
    scale : str
        Where the interval is symmetric, if not where it was stated: ``"log"`` or ``"plain"``.
    level : float
        Another level of the interval; 0 for the stated one.
    one_sided : bool
        The p-value is from one tail.
    normal : bool
        The normal distribution was used in place of t.
    student : bool
        The t distribution of n - 1 degrees of freedom was used in place of the normal one.
    swapped : bool
        The limits stand in the wrong order.
    errors : bool
        The limits are one standard error away from the estimate, whatever level was stated.
    deviation : bool
        The standard error is a standard deviation, the root of n too large.
    two_sided : bool
        A single limit is one of a two-sided interval.
    """

    truncated: bool = False
    scale: str = ""
    level: float = 0.0
    one_sided: bool = False
    normal: bool = False
    student: bool = False
    swapped: bool = False
    errors: bool = False
    deviation: bool = False
    two_sided: bool = False

    @property
    def label(self) -> str:
        """The assumption in words."""
        parts = [
            "truncated" if self.truncated else "",
            f"symmetric on the {self.scale} scale" if self.scale else "",
            f"the level is {self.level:g}" if self.level else "",
            "p is one-sided" if self.one_sided else "",
            "normal, not t" if self.normal else "",
            "t with n - 1, not normal" if self.student else "",
            "the limits are swapped" if self.swapped else "",
            "the limits are one standard error away" if self.errors else "",
            "the standard error is a standard deviation" if self.deviation else "",
            "the limit is one of two" if self.two_sided else "",
        ]
        given = " and ".join(part for part in parts if part)
        return f"only if {given}" if given else CONSISTENT


def departures(levels: list[float], *, truncates: bool) -> list[Departure]:
    """Return everything as stated, each departure alone, then every two; `truncates` when the rule does so."""
    one = [
        *([] if truncates else [Departure(truncated=True)]),
        Departure(scale="log"),
        Departure(scale="plain"),
        *(Departure(level=level) for level in levels),
        Departure(one_sided=True),
        Departure(normal=True),
        Departure(student=True),
        Departure(swapped=True),
        Departure(errors=True),
        Departure(deviation=True),
        Departure(two_sided=True),
    ]
    two = [_both(first, second) for k, first in enumerate(one) for second in one[k + 1 :]]
    return [Departure(), *one, *(pair for pair in two if pair is not None)]


def _both(first: Departure, second: Departure) -> Departure | None:
    """Return two departures together, unless both say something of the same, as of the width of the interval."""
    widths = [bool(one.level) + one.errors + one.two_sided for one in (first, second)]
    if (first.scale and second.scale) or sum(widths) > 1:
        return None
    names = [entry.name for entry in fields(Departure)]
    return Departure(**{name: getattr(first, name) or getattr(second, name) for name in names})
