"""Can a Mann-Whitney U have this value?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import _validate
from ..numerics import lattice
from ..reported import Rounding
from ._base import CONSISTENT, Consistency, agreement, least_assumption
from ._columns import rows, sizes
from ._printed import Column, read_column
from ._roundings import branches

__all__ = ["grim_u"]

_MANN = "Mann & Whitney 1947, doi:10.1214/aoms/1177730491"


def grim_u(u: object, n1: object, n2: object, *, ties: bool = True, rounding: str = "half") -> Consistency:
    """Say whether two groups of these sizes can have the printed Mann-Whitney U.

    U counts pairs, one person of each group, and a tie counts one half: it is a multiple of one half from 0 to n1 n2,
    and a whole number where no values are tied across the groups.

    Parameters
    ----------
    u : str, Reported or a column of them
        Mann-Whitney U, or Wilcoxon's W of R, as printed.
    n1, n2 : int or a column of ints
        Sizes of the two groups.
    ties : bool
        Whether ties between the groups are possible as stated.
    rounding : str
        How the digits were cut; see `Rounding`.

    Returns
    -------
    Consistency
        Labels ``"consistent"``, ``"only if truncated"`` and so on, ``"only with ties"`` when `ties` is false,
        ``"impossible"``. Columns: u, n1, n2, largest (n1 n2), and needs_ties, whether only ties print so.

    Raises
    ------
    InvalidArgument, InvalidType
        If an argument cannot be used.

    References
    ----------
    Mann & Whitney (1947), doi:10.1214/aoms/1177730491.

    Examples
    --------
    >>> import ketastats as ks
    >>> found = ks.consistency.grim_u(["30", "30.5", "30.3", "200"], n1=10, n2=12)
    >>> found.label.tolist()
    ['consistent', 'consistent', 'impossible', 'impossible']
    """
    rule = Rounding(_validate.choice(rounding, "rounding", tuple(Rounding)))
    tied = _validate.flag(ties, "ties")
    size1, size2 = sizes(n1, "n1"), sizes(n2, "n2")
    number, columns = rows(u=u, n1=list(size1), n2=list(size2))
    printed = read_column(columns["u"], "u", rule, number)
    size1, size2 = (np.broadcast_to(size, (number,)) for size in (size1, size2))
    pairs = size1 * size2
    whole, half = (_possible(printed, None, pairs, parts) for parts in (1, 2))
    holds = {label: _possible(printed, cut, pairs, 2 if tied else 1) for label, cut in branches(rule).items()}
    if not tied:
        holds["only with ties"] = half
    return Consistency(
        label=least_assumption(holds),
        holds=holds,
        columns={"u": printed.texts, "n1": size1, "n2": size2, "largest": pairs, "needs_ties": half & ~whole},
        method="GRIM-U: counts of pairs, in halves where values are tied",
        references=(_MANN,),
        assumptions=("values may be tied across the groups" if tied else "no values are tied across the groups",),
        _explain=_Sentences(printed, pairs, whole, half, holds),
    )


def _possible(printed: Column, cut: Rounding | None, pairs: NDArray[Any], parts: int) -> NDArray[np.bool_]:
    """Return whether a U between 0 and all pairs prints so that is a whole number of such parts of one."""
    ends = printed.whole(cut)
    wide = lattice.widest(2, max(lattice.largest(ends.low), lattice.largest(ends.high)))
    low, high, scale = (part.astype(object) if wide else part for part in (ends.low, ends.high, ends.scale))
    first, last = lattice.whole_between(parts * low, parts * high, ends.closed_low, ends.closed_high, scale)
    return np.asarray(np.maximum(first, 0) <= np.minimum(last, parts * pairs), dtype=bool)


@dataclass(frozen=True, slots=True)
class _Sentences:
    """Says why a row has its label."""

    printed: Column
    pairs: NDArray[Any]
    whole: NDArray[np.bool_]
    half: NDArray[np.bool_]
    holds: Mapping[str, NDArray[np.bool_]]

    def __call__(self, row: int) -> str:
        text = self.printed.at(row).text.strip()
        if self.whole[row]:
            sentence = f"A whole number of {self.pairs[row]:,} pairs prints as {text}."
        elif self.half[row]:
            sentence = f"Half a pair is left in every U that prints as {text}, so values are tied across the groups."
        else:
            sentence = f"No multiple of one half from 0 to {self.pairs[row]:,} prints as {text}."
        return sentence if self.holds[CONSISTENT][row] else sentence + agreement(self.holds, row)
