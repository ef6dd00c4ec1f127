"""What could explain a printed p that does not follow from its test as it stands, one assumption at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from ._base import CONSISTENT

__all__ = ["ONE_SIDED", "OTHER_DIRECTION", "TWO_SIDED", "Branch", "branches"]

ONE_SIDED, TWO_SIDED, OTHER_DIRECTION = "one-sided", "two-sided", "one-sided in the other direction"


@dataclass(frozen=True, slots=True)
class Branch:
    """A set of departures from what was printed; none of them is the test as stated.

    Parameters
    ----------
    p_truncated : bool
        The digits of p were cut, not rounded.
    p_zero : bool
        A p of zero stands for any p below its last digit.
    statistic_truncated : bool
        The digits of the statistic were cut.
    df_rounded : bool
        Whole degrees of freedom of t were rounded, as Welch's may be.
    side : str
        Which tail p was taken from, where it is not the stated one.
    factor : float
        What p was multiplied by, up to 1.
    epsilon : float
        Both degrees of freedom of F were multiplied by it.
    """

    p_truncated: bool = False
    p_zero: bool = False
    statistic_truncated: bool = False
    df_rounded: bool = False
    side: str = ""
    factor: float = 1.0
    epsilon: float = 1.0

    @property
    def label(self) -> str:
        """The assumption in words."""
        parts = [
            "p truncated" if self.p_truncated else "",
            "a p of 0 means below its last digit" if self.p_zero else "",
            "statistic truncated" if self.statistic_truncated else "",
            "df rounded" if self.df_rounded else "",
            self.side,
            f"corrected by a factor of {self.factor:g}" if self.factor != 1.0 else "",
            f"corrected by epsilon {self.epsilon:g}" if self.epsilon != 1.0 else "",
        ]
        given = " and ".join(part for part in parts if part)
        return f"only if {given}" if given else CONSISTENT


def branches(factors: Sequence[float], epsilons: Sequence[float], *, truncates: bool) -> list[Branch]:
    """Return the test as stated, each departure alone, then every two together; `truncates` when the rule does so."""
    one: list[dict[str, Any]] = [
        *([] if truncates else [{"p_truncated": True}, {"p_zero": True}, {"statistic_truncated": True}]),
        {"df_rounded": True},
        *({"side": side} for side in (ONE_SIDED, TWO_SIDED, OTHER_DIRECTION)),
        *({"factor": factor} for factor in factors),
        *({"epsilon": epsilon} for epsilon in epsilons),
    ]
    two = [
        first | second
        for first, second in combinations(one, 2)
        if first.keys() != second.keys() and {*first, *second} != {"p_truncated", "p_zero"}
    ]
    return [Branch(), *(Branch(**part) for part in (*one, *two))]
