"""What could explain a printed p that does not follow from its test as it stands, one assumption at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from ..reported import Rounding
from ._base import CONSISTENT

__all__ = ["ONE_SIDED", "OTHER_DIRECTION", "TWO_SIDED", "Branch", "branches"]

ONE_SIDED, TWO_SIDED, OTHER_DIRECTION = "one-sided", "two-sided", "one-sided in the other direction"
_CUTS = {Rounding.TRUNCATE: "truncated", Rounding.HALF: "rounded"}


@dataclass(frozen=True, slots=True)
class Branch:
    """A set of departures from what was printed; none of them is the test as stated.

    Parameters
    ----------
    p_cut : Rounding or None
        How the digits of p were cut, where not as stated.
    p_zero : bool
        A p of zero stands for any p below its last digit.
    statistic_cut : Rounding or None
        How the digits of the statistic were cut, where not as stated.
    df_rounded : bool
        Whole degrees of freedom of t and F were rounded, as Welch's and corrected ones may be.
    side : str
        Which tail p was taken from, where it is not the stated one.
    doubled : bool
        Whether p was doubled, as where a test of one tail is made two-sided.
    factor : float
        What p was multiplied by, up to 1, as by Bonferroni or Holm.
    sidak : float
        For how many tests p was corrected by Sidak, ``1 - (1 - p)^m``.
    epsilon : float
        Both degrees of freedom of F were multiplied by it; 0 stands for any from ``1 / df1`` to 1.
    """

    p_cut: Rounding | None = None
    p_zero: bool = False
    statistic_cut: Rounding | None = None
    df_rounded: bool = False
    side: str = ""
    doubled: bool = False
    factor: float = 1.0
    sidak: float = 1.0
    epsilon: float = 1.0

    @property
    def label(self) -> str:
        """The assumption in words."""
        epsilon = f"corrected by epsilon {self.epsilon:g}" if self.epsilon else "corrected by some epsilon"
        parts = [
            f"p {_CUTS[self.p_cut]}" if self.p_cut else "",
            "a p of 0 means below its last digit" if self.p_zero else "",
            f"statistic {_CUTS[self.statistic_cut]}" if self.statistic_cut else "",
            "df rounded" if self.df_rounded else "",
            self.side,
            "doubled" if self.doubled else "",
            f"corrected by a factor of {self.factor:g}" if self.factor != 1.0 else "",
            f"corrected by Sidak for {self.sidak:g} tests" if self.sidak != 1.0 else "",
            epsilon if self.epsilon != 1.0 else "",
        ]
        given = " and ".join(part for part in parts if part)
        return f"only if {given}" if given else CONSISTENT

    @property
    def p_rule(self) -> Rounding | None:
        """How the digits of p were cut, None as stated; a zero that was cut off means below its last digit."""
        return Rounding.TRUNCATE if self.p_zero else self.p_cut


def branches(
    factors: Sequence[float], sidak: Sequence[float], epsilons: Sequence[float], rule: Rounding
) -> list[Branch]:
    """Return the test as stated, each departure alone, then every two together, and at last any epsilon.

    `rule` says how digits were cut as stated.
    """
    cuts = [cut for cut in _CUTS if cut is not rule and not (cut is Rounding.HALF and rule.value.startswith("half"))]
    one: list[dict[str, Any]] = [
        *({"p_cut": cut} for cut in cuts),
        *([] if rule is Rounding.TRUNCATE else [{"p_zero": True}]),
        *({"statistic_cut": cut} for cut in cuts),
        {"df_rounded": True},
        *({"side": side} for side in (ONE_SIDED, TWO_SIDED, OTHER_DIRECTION)),
        *({"factor": factor} for factor in factors),
        *({"sidak": number} for number in sidak),
        *({"epsilon": epsilon} for epsilon in epsilons),
        {"doubled": True},
    ]
    two = [first | second for first, second in combinations(one, 2) if _differ(first, second)]
    return [Branch(), *(Branch(**part) for part in (*one, *two)), Branch(epsilon=0.0)]


#: Departures of one kind, of which a row takes one at most.
_KINDS = {"p_zero": "p_cut", "doubled": "side", "sidak": "factor"}


def _differ(first: dict[str, Any], second: dict[str, Any]) -> bool:
    kinds = [_KINDS.get(name, name) for part in (first, second) for name in part]
    return len(set(kinds)) == len(kinds)
